"""The account and its keys: whose it is, whether it may take money, whether the pair of modes is not mixed up."""

from billing_tui.golive.check import Found, both_check, check, failed, live_check, passed, unknown
from billing_tui.golive.facts import Both, Side
from billing_tui.model.diagnosis import Fact
from billing_tui.model.evidence import Gap
from billing_tui.model.golive import Fix
from billing_tui.model.problem import Problem, Refused
from billing_tui.model.text import listed, plural


@check("GL-01", "The Stripe key is a live one", "blocker")
def live_key(both: Both) -> Found:
    if isinstance(both.live, Refused):
        return failed(both.live.message, fix=Fix(title=both.live.hint))
    if isinstance(both.live, Problem):
        return unknown(both.live)
    account = both.live.configuration.account
    if isinstance(account, Gap):
        return unknown(account)
    return passed(
        "The live key is a live key, and Stripe accepts it.", Fact(source="stripe.account", id=account.id, says="Is its account.")
    )


@live_check("GL-03", "The account is the right one, and activated", "blocker")
def account_activated(live: Side) -> Found:
    account = live.configuration.account
    if isinstance(account, Gap):
        return unknown(account)
    wanted = live.profile.stripe_account
    if wanted and account.id != wanted:
        return failed(
            f"The live key belongs to {account.id}, but the profile expects {wanted}.",
            Fact(source="stripe.account", id=account.id, says="Is the key's account."),
            fix=Fix(title="Use the key of the right account, or correct stripe_account in the configuration."),
        )
    if account.charges_enabled is None:
        return unknown("the key may not read whether the account is activated (Account: Read)")
    missing = [] if account.charges_enabled else ["charges are not enabled"]
    missing += ["its details are not submitted"] if account.details_submitted is False else []
    fact = Fact(
        source="stripe.account", id=account.id, field="charges_enabled", value=account.charges_enabled, says=str(account.name)
    )
    if missing:
        return failed(
            f"The account can't take money yet: {listed(missing)}.",
            fact,
            fix=Fix(title="Finish the activation in Stripe's Dashboard."),
        )
    return passed(f"{account.name or account.id} is activated and may take money.", fact)


@both_check("GL-24", "No mixed pair", "blocker")
def not_mixed(test: Side, live: Side) -> Found:
    facts = []
    if test.secret_mark and test.secret_mark == live.secret_mark:
        facts.append(Fact(source="profile", field="webhook_secret", says="Test and live hold the same signing secret."))
    prices = test.prices
    if not isinstance(prices, Gap) and not isinstance(live.prices, Gap):
        mixed = [held for held in live.profile.prices if held in prices and held not in live.prices]
        facts += [
            Fact(source="profile", id=held, field="prices", says="Is a price of test mode, mapped for live.") for held in mixed
        ]
    if test.profile.webhook_url and test.profile.webhook_url == live.profile.webhook_url:
        facts.append(
            Fact(source="profile", field="webhook_url", value=live.profile.webhook_url, says="Is the same for test and live.")
        )
    if facts:
        return failed(
            f"{plural(len(facts), 'value')} of one mode stand in the other.", *facts, fix=Fix(title="Give each mode its own.")
        )
    return passed("Nothing of test mode stands in live mode's configuration.")


@live_check("GL-25", "The key may read what it takes", "warning")
def scopes(live: Side) -> Found:
    configuration = live.configuration
    pieces = (configuration.account, configuration.prices, configuration.endpoints, live.portals)
    lacking = [piece for piece in pieces if isinstance(piece, Gap) and piece.permission]
    if lacking:
        rows = tuple(dict.fromkeys(piece.permission for piece in lacking))
        return failed(
            f"The live key lacks {listed(rows)}.",
            *(Fact(source="stripe.key", field="permission", value=piece.permission, says=piece.message) for piece in lacking),
            fix=Fix(title="Edit the key in Stripe's Dashboard (Developers, API keys)."),
        )
    return passed("The live key may read everything that was asked for.")


@live_check("GL-41", "Customers know who charged them", "info")
def known_by_name(live: Side) -> Found:
    account = live.configuration.account
    if isinstance(account, Gap):
        return unknown(account)
    if account.settings is None or account.business_profile is None:
        return unknown("the key may not read the account's settings (Account: Read)")
    payments = account.settings.payments
    missing = [] if payments and payments.statement_descriptor else ["what stands on a bank statement"]
    missing += [] if account.business_profile.support_email or account.business_profile.support_url else ["where to ask for help"]
    if missing:
        return failed(
            f"The account does not say {listed(missing)}.",
            Fact(source="stripe.account", id=account.id, field="settings", says="Lacks it."),
            fix=Fix(title="Fill it in, in Stripe's Dashboard, Settings, Business, Public details."),
        )
    said = Fact(
        source="stripe.account", id=account.id, value=str(payments and payments.statement_descriptor), says="Is on statements."
    )
    return passed("Statements and receipts say who charged, and where to ask. Whether receipts are sent no API tells.", said)
