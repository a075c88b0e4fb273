"""Causes in whom a payment names: another address, a user who is gone, or somebody else than who complains."""

from billing_tui.diagnosis.case import Case
from billing_tui.diagnosis.links import Carriers, strays
from billing_tui.diagnosis.rule import Judgement, match, no, rule, unknown
from billing_tui.model.clerk import User
from billing_tui.model.diagnosis import Fact, Layer
from billing_tui.model.evidence import Gap, not_asked
from billing_tui.model.moment import from_unix, from_unix_ms
from billing_tui.model.text import short

_UNASKED = not_asked("the user")


@rule("PBF-002", "Paid with another e-mail", Layer.IDENTITY)
def other_address(case: Case) -> Judgement:
    if case.stripe_gap:
        return unknown(case.stripe_gap)
    best = case.best
    payer = next((held for held in case.customers if best and held.id == best.customer_id), None)
    if best is None or payer is None or not payer.email or case.links or case.stored_link:
        return no()
    users = case.evidence.users
    if isinstance(users, Gap):
        return unknown(users)
    if any(payer.email.lower() in {email.lower() for email in user.emails} for user in users):
        return no()
    if isinstance(case.user, Gap):
        return unknown(case.user)
    if not (case.lacking or case.user is None) or any(plan == case.expected for plan in case.layers):
        return no()
    named = isinstance(case.user, User)
    hinted = strays(Carriers((payer,), (best,), case.sessions), case.profile)
    return match(
        "high" if hinted else "medium" if named else "low",
        f"It was paid with an e-mail that no user of the app has: {payer.email}.",
        Fact(source="stripe.customer", id=payer.id, field="email", value=payer.email, says="Is who paid."),
        Fact(source="clerk.user", field="email_address", value=payer.email, says="Nobody in Clerk has this address."),
        *(
            Fact(source="stripe", id=held.object_id, field=held.path, value=held.value, says="May name the user.")
            for held in hinted[:2]
        ),
        detail="Ask which account it was meant for, then link the customer to it; never by the e-mail alone.",
    )


@rule("PBF-005", "Link points at a wrong or dead Clerk user", Layer.IDENTITY)
def dead_link(case: Case) -> Judgement:
    if case.stripe_gap:
        return unknown(case.stripe_gap)
    if not case.paid or not case.linked_ids:
        return no()
    named = next((held for held in case.linked_ids if held.startswith("user_")), "")
    found = next((user for user in case.users if user.id == named), None) or case.evidence.linked.get(named, _UNASKED)
    if not named or found is _UNASKED:
        return no()
    if isinstance(found, Gap):
        return unknown(found)
    if isinstance(found, User):
        return _barred(found) if found.banned or found.locked else no()
    if case.evidence.linked_elsewhere is True:
        return no(Fact(source="clerk.user", id=named, says="Is a user of the other mode's instance."))
    if isinstance(case.evidence.linked_elsewhere, Gap) and case.evidence.linked_elsewhere.exit_code:
        return unknown(case.evidence.linked_elsewhere)
    holder = next((user for user in case.users if user.id != named), None)
    facts = [Fact(source="clerk.user", id=named, says="Is whom the payment names; Clerk has no such user.")]
    if holder:
        facts.append(Fact(source="clerk.user", id=holder.id, says="Has the e-mail now."))
    again = " They have signed up again since, as another user." if holder else ""
    return match("high", f"The payment names a user who no longer exists in Clerk ({short(named)}).{again}", *facts)


def _barred(user: User) -> Judgement:
    word = "banned" if user.banned else "locked"
    return match(
        "medium",
        f"The user whom the payment names is {word} in Clerk, so they can't sign in.",
        Fact(source="clerk.user", id=user.id, field=word, value=True, says=f"Is {word}."),
    )


@rule("PBF-006", "Signed in to another account", Layer.IDENTITY, ours=False)
def other_account(case: Case) -> Judgement:
    if case.stripe_gap:
        return unknown(case.stripe_gap)
    payer, complainer = _payer(case), _complainer(case)
    if isinstance(payer, Gap):
        return unknown(payer)
    if payer is None or complainer is None or payer.id == complainer.id:
        return no()
    bought = next((held for held in case.evidence.subscriptions.values() if not isinstance(held, Gap) and held), ())
    plans = {case.plan_of(held).tier for held in bought if held.status in case.profile.paid_statuses}
    value = payer.field(case.profile.clerk_plan_field) if case.profile.clerk_plan_field else None
    if not plans or value not in plans:
        return no()
    since = max((held.created for held in bought), default=0)
    signed_in = complainer.last_sign_in_at
    if signed_in is None or from_unix_ms(signed_in) < from_unix(since):
        return no(Fact(source="clerk.user", id=complainer.id, says="Has not signed in since the purchase."))
    email = next(iter(payer.emails), payer.id)
    return match(
        "high",
        f"The payment is on another account of theirs, {email}, which has the plan; they are signed in to a different one.",
        Fact(
            source="clerk.user",
            id=payer.id,
            field=case.profile.clerk_plan_field,
            value=str(value),
            says="Is whom the payment names, and has it.",
        ),
        Fact(
            source="clerk.user",
            id=complainer.id,
            field="last_sign_in_at",
            value=signed_in,
            says="Is who complains, and was signed in since.",
        ),
        detail=f"Ask them to sign in as {email}.",
    )


def _payer(case: Case) -> User | Gap | None:
    """Whom the payments name, where that is one user."""
    named = list(dict.fromkeys(link.value for customer in case.everyone for link in case.links_of(customer)))
    if len(named) != 1:
        return None
    known = next((user for user in case.users if user.id == named[0]), None)
    return known or case.evidence.linked.get(named[0])


def _complainer(case: Case) -> User | None:
    """Who the ticket came from: as named, or the only holder of the address asked for."""
    wanted = case.evidence.named_user
    if wanted:
        held = case.evidence.linked.get(wanted) or next((user for user in case.users if user.id == wanted), None)
        return held if isinstance(held, User) else None
    return case.users[0] if len(case.users) == 1 else None
