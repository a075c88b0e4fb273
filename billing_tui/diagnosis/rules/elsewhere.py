"""Causes in where one looks: the other mode, another account, another instance of Clerk."""

from billing_tui.diagnosis.case import Case
from billing_tui.diagnosis.elsewhere import pays_elsewhere
from billing_tui.diagnosis.rule import Judgement, match, no, rule, unknown
from billing_tui.model.clerk import Instance, User
from billing_tui.model.diagnosis import Fact, Layer
from billing_tui.model.evidence import Gap
from billing_tui.model.text import plural, short


@rule("PBF-040", "Paid in the other mode", Layer.MODE)
def paid_in_other_mode(case: Case) -> Judgement:
    found = case.evidence.elsewhere
    if found is None or case.customers or case.sessions:
        return no()
    if isinstance(found, Gap):
        return unknown(found) if found.exit_code else no()
    paying = pays_elsewhere(case)
    if not paying:
        return no()
    here = case.profile.mode
    there = "test" if here == "live" else "live"
    facts = [
        Fact(
            source="stripe.customer",
            id=customer.id,
            field="livemode",
            value=there == "live",
            says=f"Has a live subscription in {there} mode.",
        )
        for customer in paying[:3]
    ]
    if there == "test":
        return match(
            "high",
            "They paid in test mode: no money moved, and the app's production does not count it.",
            *facts,
            detail="The site may still use its test keys. Nothing was charged, so there is nothing to refund.",
        )
    return match("high", "They paid in live mode; this is test mode.", *facts, detail="Look there.", ours=False)


@rule("PBF-042", "Wrong Stripe account", Layer.MODE)
def wrong_account(case: Case) -> Judgement:
    profile, configuration = case.profile, case.evidence.configuration
    if not profile.prices or not profile.webhook_url:
        return no()
    if isinstance(configuration.prices, Gap) or isinstance(configuration.endpoints, Gap):
        return unknown(configuration.prices if isinstance(configuration.prices, Gap) else None)
    known = [price for price in profile.prices if price in configuration.prices]
    if known or case.app_endpoints:
        return no()
    account = getattr(configuration.account, "id", "") or "this account"
    return match(
        "high",
        f"The key belongs to another Stripe account than the app's: {account} has none of its prices and no endpoint of it.",
        Fact(source="stripe.price", says=f"None of the {plural(len(profile.prices), 'configured price')} is there."),
        Fact(source="stripe.webhook_endpoint", field="url", value=profile.webhook_url, says="No endpoint has this address."),
    )


@rule("PBF-043", "Clerk instance mismatch", Layer.MODE)
def clerk_mismatch(case: Case) -> Judgement:
    if not case.profile.clerk_plan_field:
        return no()
    if case.evidence.linked_elsewhere is True:
        named = next(iter(case.linked_ids), "")
        other = "test" if case.profile.mode == "live" else "live"
        return match(
            "high",
            f"The payment names a user of Clerk's other instance ({short(named)} is known in {other} mode alone).",
            Fact(source="clerk.user", id=named, says=f"Is not in {case.profile.mode} mode's instance, and is in the other."),
            detail="The app's server has the other instance's key.",
        )
    instance = case.evidence.configuration.instance
    mixed = isinstance(instance, Instance) and instance.environment_type not in ("", "production")
    if (
        case.profile.mode != "live"
        or case.profile.allow_mode_mix
        or not mixed
        or not (case.wrong or not isinstance(case.user, User))
    ):
        return no()
    if not case.paid or not isinstance(instance, Instance):
        return no()
    return match(
        "high",
        f"Live mode is set up with a {instance.environment_type} instance of Clerk, which has none of the real users.",
        Fact(
            source="clerk.instance",
            id=instance.id,
            field="environment_type",
            value=instance.environment_type,
            says="Is whose key it is.",
        ),
    )
