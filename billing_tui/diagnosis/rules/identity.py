"""Causes in who somebody is: nobody in Stripe, two customers, no link between the customer and the user."""

from billing_tui.diagnosis.case import Case
from billing_tui.diagnosis.elsewhere import pays_elsewhere
from billing_tui.diagnosis.links import Carriers, links, strays
from billing_tui.diagnosis.rule import Judgement, match, no, rule, unknown
from billing_tui.model.clerk import User
from billing_tui.model.database import AppRow
from billing_tui.model.diagnosis import Fact, Layer
from billing_tui.model.evidence import DeadCustomer, Gap
from billing_tui.model.text import listed, short


@rule("PBF-001", "Nothing in Stripe for this identity", Layer.IDENTITY, ours=False)
def nothing_in_stripe(case: Case) -> Judgement:
    evidence = case.evidence
    if case.customers or case.sessions:
        return no()
    gap = next((piece for piece in (evidence.customers, evidence.sessions) if isinstance(piece, Gap) and piece.exit_code), None)
    if gap:
        return unknown(gap)
    if isinstance(evidence.customers, Gap):
        return unknown(evidence.customers)
    if isinstance(evidence.dead_customer, DeadCustomer) or (isinstance(case.row, AppRow) and case.row.customer_id):
        return no(Fact(source="database", says="The app's database names a customer of Stripe's."))
    if pays_elsewhere(case):
        return no(Fact(source="stripe.customer", says="The other mode knows them."))
    mode = case.profile.mode
    return match(
        "medium",
        f"Stripe's {mode} mode knows nobody by {evidence.query.text}.",
        Fact(
            source="stripe.customer", field="email", value=evidence.query.text, says="No customer has this e-mail, in any case."
        ),
        Fact(source="stripe.checkout_session", says="No checkout was started with it."),
        detail="Ask for the receipt number, the last four digits of the card, the day and the exact amount.",
    )


@rule("PBF-003", "Duplicate Stripe customers, the app follows the wrong one", Layer.IDENTITY)
def duplicate_customers(case: Case) -> Judgement:
    if isinstance(case.evidence.customers, Gap):
        return unknown(case.evidence.customers)
    if len(case.customers) < 2 or case.best is None:
        return unknown(case.stripe_gap) if case.stripe_gap and len(case.customers) > 1 else no()
    paying = next((held for held in case.customers if held.id == case.best.customer_id), None)
    followed = _followed(case)
    if paying is None or followed is None or followed[0] == paying.id:
        return no()
    wrong, where = followed
    return match(
        "high" if len({held.customer_id for held in case.live}) == 1 else "medium",
        f"They are in Stripe twice, and the app follows {short(wrong)} while {short(paying.id)} is the one that pays.",
        Fact(source="stripe.customer", id=paying.id, field="email", value=paying.email, says="Has the live subscription."),
        Fact(
            source="database" if where == "database" else "stripe.customer",
            id=wrong,
            says=f"Is the one that the {where} points to.",
        ),
    )


def _followed(case: Case) -> tuple[str, str] | None:
    """The customer that the app follows, and what says so: its own record before the link in Stripe."""
    ids = {customer.id for customer in case.customers}
    if isinstance(case.row, AppRow) and case.row.customer_id in ids:
        return case.row.customer_id or "", "database"
    path = case.profile.clerk_fields.get("customer_id")
    stored = case.user.field(path) if path and isinstance(case.user, User) else None
    if isinstance(stored, str) and stored in ids:
        return stored, "Clerk user"
    linked = [customer.id for customer in case.customers if case.links_of(customer)]
    return (linked[0], "link in its metadata") if len(linked) == 1 else None


@rule("PBF-004", "No user link on the object that the handler reads", Layer.IDENTITY)
def no_link(case: Case) -> Judgement:
    if case.stripe_gap:
        return unknown(case.stripe_gap)
    best = case.best
    if best is None or not case.wrong:
        return unknown(case.layers_gap) if best and case.layers_gap and not _linked(case) else no()
    if _linked(case):
        return no()
    if isinstance(case.evidence.sessions, Gap) and case.evidence.sessions.exit_code and _reads_sessions(case):
        return unknown(case.evidence.sessions)
    if case.stored_link and case.undelivered:
        return no(Fact(source="database", says="The app can find them by the customer id that it has on record."))
    customer = tuple(held for held in case.customers if held.id == best.customer_id)
    astray = strays(Carriers(customer, (best,), case.sessions), case.profile)
    looked = listed([f"“{path}”" for path in case.profile.user_id_from])
    facts = [Fact(source="stripe.subscription", id=best.id, says=f"Nothing stands at {looked}.")]
    facts += [
        Fact(
            source="stripe",
            id=held.object_id,
            field=held.path,
            value=held.value,
            says="Names somebody where the app does not look.",
        )
        for held in astray[:3]
    ]
    return match(
        "high",
        "The payment carries no user, so the app could not tell whose it is.",
        *facts,
        detail="A user id stands under another name." if astray else "",
    )


def _linked(case: Case) -> bool:
    best = case.best
    if best is None:
        return True
    customer = tuple(held for held in case.customers if held.id == best.customer_id)
    sessions = tuple(
        held for held in case.sessions if held.subscription in (best.id, None) or getattr(held.subscription, "id", "") == best.id
    )
    return bool(links(Carriers(customer, (best,), sessions), case.profile))


def _reads_sessions(case: Case) -> bool:
    return any(path.startswith("session.") for path in case.profile.user_id_from)
