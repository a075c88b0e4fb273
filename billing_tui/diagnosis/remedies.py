"""What can be done about a verdict: the tool's own keys, each allowed or with the reason why not, and what a human must do."""

from msgspec import structs

from billing_tui.diagnosis.case import Case
from billing_tui.diagnosis.links import searchable
from billing_tui.diagnosis.mendings import mendings
from billing_tui.diagnosis.replies import reply_to
from billing_tui.model.clerk import User
from billing_tui.model.diagnosis import Remedy, Verdict
from billing_tui.model.evidence import Gap
from billing_tui.model.grant import grant_of
from billing_tui.model.query import Kind
from billing_tui.model.stripe import Subscription
from billing_tui.model.text import listed, plural, quoted

_RESYNC_HELPS = frozenset(
    {
        "PBF-003",
        "PBF-014",
        "PBF-021",
        "PBF-022",
        "PBF-041",
        "PBF-050",
        "PBF-051",
        "PBF-052",
        "PBF-054",
        "PBF-053",
        "PBF-055",
        "PBF-056",
        "PBF-057",
        "PBF-058",
        "PBF-059",
        "PBF-060",
        "PBF-061",
        "PBF-063",
        "PBF-070",
        "PBF-071",
        "PBF-072",
        "PBF-074",
        "PBF-080",
        "PBF-081",
        "PBF-082",
    }
)


def remedies(case: Case, verdict: Verdict) -> tuple[Remedy, ...]:
    """The first is the one to do first."""
    if verdict.primary is None and not case.drifted:
        return ()
    found = {verdict.primary, *verdict.also, *verdict.symptoms}
    held = (_resync(case, found), *mendings(case, found), *_by_hand(case, verdict), _reply(verdict))
    return tuple(_because_of(remedy, verdict) for remedy in held if remedy)


def _because_of(remedy: Remedy, verdict: Verdict) -> Remedy:
    """What a key plans is to be written down with the cause."""
    if remedy.wanted is None:
        return remedy
    return structs.replace(remedy, wanted=structs.replace(remedy.wanted, rule=verdict.primary or ""))


def why_no_resync(case: Case) -> str | None:
    """Why the facts do not allow a re-sync; None where they do. The plan itself is made from fresh reads and may still refuse."""
    expected = case.expected
    if case.stripe_gap:
        return f"{case.stripe_gap.what} could not be read."
    if expected is None:
        return "What was bought leads to no plan of the app's; mend the product first."
    return link_trouble(case) or lowering_trouble(case, expected)


def link_trouble(case: Case) -> str | None:
    """Why it is not certain whose plan is to be written; None where it is."""
    subjects = set(case.linked_ids)
    if case.rivals and case.evidence.query.kind is Kind.EMAIL and not case.evidence.named_user:
        subjects |= {link.value for customer in case.rivals for link in case.links_of(customer)}
    if len(subjects) > 1:
        return f"The payments name {plural(len(subjects), 'different user')} ({listed(sorted(subjects))}): say which one."
    named = case.subject_id
    if named and case.evidence.linked.get(named, case) is None:
        return f"The payment names {named}, whom Clerk does not have: find who they are now, and link them first."
    if subjects and named and named not in subjects:
        return f"The payment names {next(iter(subjects))}, not {named}."
    if not case.customers:
        return None
    if not subjects and case.stored_link != named and not _in_clerk(case):
        return "Nothing but the e-mail connects the payment with this user: link them first."
    return None


def _in_clerk(case: Case) -> bool:
    path = case.profile.clerk_fields.get("customer_id")
    stored = case.user.field(path) if path and isinstance(case.user, User) else None
    return stored in {customer.id for customer in case.customers}


def lowering_trouble(case: Case, expected: str) -> str | None:
    """Why a lower plan must not be written; None where nothing is lowered or Stripe proves it."""
    rank = case.profile.rank
    lowered = [plan for plan in case.layers if rank(plan) > rank(expected)]
    if not lowered:
        return None
    given = grant_of(case.evidence.organization if case.profile.scope == "organization" else case.user)
    if given and given.until > case.evidence.at and rank(given.plan) > rank(expected):
        return f"They were given {given.plan} until {given.until.date().isoformat()}: {given.reason}"
    if given and set(lowered) == {given.plan} and not case.stripe_gap:
        return None  # what was given has run out, and that is the proof
    if searchable(case.profile) and not case.evidence.searched:
        return f"It would lower {lowered[0]} to {expected}, and Stripe's search did not say whether they have another customer."
    if case.live:
        return None
    if not case.customers:
        return f"It would lower {lowered[0]} to {expected}, and Stripe knows nothing of them: that proves nothing."
    for customer in case.customers:
        held = case.evidence.subscriptions.get(customer.id, ())
        if isinstance(held, Gap) or not any(_ended(subscription) for subscription in held):
            return f"It would lower {lowered[0]} to {expected}, and no ended subscription of {customer.id} proves that."
        if any(subscription.status in ("past_due", "incomplete") for subscription in held):
            return f"It would lower {lowered[0]} to {expected} while Stripe is still collecting."
    return None


def _ended(subscription: Subscription) -> bool:
    return subscription.status in ("canceled", "incomplete_expired", "unpaid", "paused") or subscription.ended_at is not None


def _resync(case: Case, found: set[str | None]) -> Remedy | None:
    if not case.subject_id or not (case.wrong or found & _RESYNC_HELPS):
        return None
    # What is not the plan may lag behind as well: until when it is paid.
    if not case.drifted and case.expected is not None and "PBF-063" not in found:
        return None
    why_not = why_no_resync(case)
    behind = [
        name
        for name, plan in (("Clerk", case.clerk), ("the database", case.database))
        if plan is not None and plan != case.expected
    ]
    where = listed(behind or ["Clerk and the database"])
    to = case.expected or "the plan they paid for"
    return Remedy(
        key="r",
        name="resync",
        title=f"Re-sync to {to} now in {where}",
        allowed=why_not is None,
        why_not=why_not,
        steps=tuple(f"Set {name} to {to}" for name in behind),
        command=f"billing-tui resync {case.subject_id} --mode {case.profile.mode} --apply",
    )


def _reply(verdict: Verdict) -> Remedy | None:
    """What to write to the customer, where nothing is to be mended."""
    text = "" if verdict.ours else reply_to(verdict.primary)
    if not text:
        return None
    return Remedy(
        key="s",
        name="reply",
        title="A reply to the customer, to copy",
        automatic=False,
        steps=tuple(filter(None, text.split("\n\n"))),
    )


def _by_hand(case: Case, verdict: Verdict) -> list[Remedy]:
    made = _HANDS.get(verdict.primary or "")
    return [
        Remedy(key=None, name=name, title=_for(name, title.format(**_words(case))), automatic=False, command=command)
        for name, title, command in made or ()
    ]


def _for(name: str, title: str) -> str:
    """With who must do it, where that is not whoever answers the ticket."""
    who = "The app's developers" if name in _DEVELOPERS else "A billing admin" if name in _ADMINS else ""
    return f"{who}: {title[:1].lower()}{title[1:]}" if who else title


_DEVELOPERS = frozenset(
    [
        "answer",
        "bag",
        "checkout",
        "claim",
        "clerk-key",
        "exception",
        "gate",
        "items",
        "key",
        "keys",
        "log-handler",
        "logs",
        "map",
        "marker",
        "merge-metadata",
        "new-endpoint",
        "public",
        "purge",
        "refetch",
        "secret",
        "url",
        "verify",
        "version",
        "webhook",
        "write",
        "writes",
    ]
)
_ADMINS = frozenset(["create-endpoint", "disable", "enable", "events", "extra", "link", "merge", "metadata", "relink"])


def _words(case: Case) -> dict[str, str]:
    endpoint = case.app_endpoints[0].id if case.app_endpoints else "the endpoint"
    latest = case.latest
    invoice = latest.invoice if latest else None
    price = latest.items.data[0].price if latest and latest.items.data else None
    probes = case.evidence.probes
    target = "" if isinstance(probes, Gap) else probes.unsigned.headers.get("location", "")
    return {
        "endpoint": endpoint,
        "url": case.profile.webhook_url or "the app's webhook",
        "types": listed(
            [kind for kind in case.profile.required_events if not any(held.hears(kind) for held in case.app_endpoints)]
        ),
        "invoice": (invoice and invoice.hosted_invoice_url) or "the customer's portal",
        "product": price.product_id if price else "the product",
        "path": quoted(case.profile.plan_from[0]) if case.profile.plan_from else "its metadata",
        "tiers": listed(list(case.profile.tiers)),
        "target": target or "where it redirects to",
        "link": quoted(case.profile.user_id_from[0]) if case.profile.user_id_from else "its metadata",
        "customers": listed([customer.id for customer in case.customers]),
        "mode": case.profile.mode,
    }


# By rule: name, what to do, and a command to copy where there is one.
_HANDS: dict[str, tuple[tuple[str, str, str | None], ...]] = {
    "PBF-001": (("ask", "Ask for the receipt number, the card's last four digits, the day and the exact amount", None),),
    "PBF-002": (
        ("ask-account", "Ask which account it was meant for; nobody may be given a plan for an e-mail alone", None),
        ("link", "Then write that user's id to {link} of the customer and its subscription", None),
    ),
    "PBF-003": (("merge", "Cancel or refund what is double in Stripe's Dashboard: {customers}", None),),
    "PBF-004": (
        ("link", "Write the user's id to {link} of the customer and its subscription in Stripe's Dashboard", None),
        ("checkout", "Make the app's checkout pass the user's id", None),
    ),
    "PBF-005": (
        (
            "relink",
            "Find who they are in Clerk now, and write that user's id to {link} of the customer and its subscription",
            None,
        ),
    ),
    "PBF-006": (("sign-in", "Ask them to sign in with the account that paid", None),),
    "PBF-012": (("wait", "Tell them that the bank takes some days, and that the plan starts by itself then", None),),
    "PBF-014": (("gate", "Make the handler take no_payment_required for paid", None),),
    "PBF-022": (("items", "Make the handler look at every item of a subscription, and take the best", None),),
    "PBF-023": (("invoice-link", "Send them the open invoice; the change happens when it is paid: {invoice}", None),),
    "PBF-024": (("map", "Add the price to the app's list, and to `prices` of this profile", None),),
    "PBF-040": (("keys", "Put the live keys into the site, and ask them to buy again; nothing was charged", None),),
    "PBF-042": (("key", "Use the key of the app's own Stripe account", None),),
    "PBF-043": (
        ("clerk-key", "Put the production instance's key of Clerk into the app", "wrangler secret put CLERK_SECRET_KEY"),
    ),
    "PBF-053": (
        ("new-endpoint", "Make a new endpoint that is sent whole events of this account, and put its secret into the app", None),
    ),
    "PBF-055": (
        ("verify", "Hand the raw body to the check (req.text()), use constructEventAsync, and set the host's clock", None),
    ),
    "PBF-056": (("public", "Make the webhook's path public in the app's middleware", None),),
    "PBF-057": (("exception", "Make an exception for POST to exactly this path: {url}", None),),
    "PBF-059": (("url", "Deploy the webhook at {url}, or set the URL of {endpoint} to where it is", None),),
    "PBF-061": (
        ("answer", "Look at the host's DNS, certificate and log; let the handler answer at once and work afterwards", None),
    ),
    "PBF-062": (
        ("disable", "Find out which of them the app's secret belongs to, and disable the other in Stripe's Dashboard", None),
    ),
    "PBF-063": (
        (
            "version",
            "Read the period from the subscription's items, or make an endpoint of the version that the code knows",
            None,
        ),
    ),
    "PBF-071": (
        (
            "refetch",
            "Make the handler fetch the subscription again, and look for another live one before it takes a plan away",
            None,
        ),
    ),
    "PBF-073": (("webhook", "Grant the plan from the webhook, and not from the page that follows the checkout", None),),
    "PBF-074": (("write", "Find out why the store refuses the write: a missing row, a key, a policy, a full record", None),),
    "PBF-081": (("merge-metadata", "Make the app merge metadata where it now replaces it", None),),
    "PBF-082": (("bag", "Make the handler write to the place that the app reads", None),),
    "PBF-083": (("workspace", "Ask them to switch to the organization that pays, or write the plan on the organization", None),),
    "PBF-084": (("ask-giver", "Ask who gave them the plan and until when; nothing is lowered by itself", None),),
    "PBF-091": (("claim", "Add the plan to the token's claims in Clerk's Dashboard", None),),
    "PBF-092": (("screenshot", "Ask for a screenshot with their user id", None),),
    "PBF-010": (("checkout-link", "Send a new checkout link; what the bank shows is a hold that it drops", None),),
    "PBF-011": (("invoice-link", "Send them the open invoice to finish: {invoice}", None),),
    "PBF-013": (("explain", "Explain that the payment was given back; a new purchase starts a new subscription", None),),
    "PBF-020": (("portal-link", "Send them the link to the customer portal, to pay or to subscribe again", None),),
    "PBF-021": (("extra", "Cancel or refund the extra subscription in Stripe's Dashboard", None),),
    "PBF-030": (("metadata", "Write the plan ({tiers}) to {path} of {product} in Stripe's Dashboard", None),),
    "PBF-031": (("metadata", "Copy the value to {path} of {product} in Stripe's Dashboard; leave the old key for others", None),),
    "PBF-032": (("metadata", "Correct the value at {path} of {product} to one of {tiers}, without blanks or capitals", None),),
    "PBF-041": (("purge", "Look for other {mode} rows that hold ids of the other mode", None),),
    "PBF-050": (
        ("create-endpoint", "Create a webhook endpoint for {url} in Stripe's Dashboard, then put its secret into the app", None),
    ),
    "PBF-051": (("enable", "Find out why {endpoint} was disabled, then enable it in Stripe's Dashboard", None),),
    "PBF-052": (("events", "Add {types} to {endpoint} in Stripe's Dashboard", None),),
    "PBF-054": (("secret", "Put the signing secret of {endpoint} into the app", "wrangler secret put STRIPE_WEBHOOK_SECRET"),),
    "PBF-058": (("url", "Set the URL of {endpoint} to {target} in Stripe's Dashboard", None),),
    "PBF-060": (("logs", "Read the app's log for the failing events", "wrangler tail"),),
    "PBF-070": (("log-handler", "Make the app's handler log what it does with these events", None),),
    "PBF-072": (("marker", "Make the handler mark an event after its work, or in the same transaction", None),),
    "PBF-080": (("writes", "Make the handler write both places, or report when one refuses", None),),
    "PBF-090": (("reload", "Ask them to wait a minute and reload, or to sign out and in", None),),
    "PBF-099": (("ask-account", "Ask which account they are signed in to", None),),
}
