"""Every command of the dashboard in one flat table: bindings, footer, palette and help are all made from it.

A read-only profile is one filter over this table, not a question asked in many places.
"""

from dataclasses import dataclass
from typing import Literal, get_args

from textual.binding import Binding, BindingType

Group = Literal["Go", "This ticket", "This row", "The cache", "Copy and open", "Session", "Help"]
Owner = Literal["app", "tickets", "ticket", "list", "tiers", "golive", "audit", "drift", "webhooks"]
"""Whose method it is: the app's, the Tickets screen's, the ticket's, a list's, the tiers', or another screen's."""
Place = Literal["home", "ticket", "failed", "list", "tiers", "golive", "audit", "drift", "webhooks"]
"""Where the keys are; `failed` is a ticket of which nothing is known."""


@dataclass(frozen=True)
class Action:
    """One command.

    Attributes:
        id: Stays the same for good, so that keys can be remapped by it.
        keys: As Textual names them.
        key: As it is written on screen.
        title: What it does, in the palette and in help.
        run: The method `action_<run>` of its owner.
        label: In the footer; "" keeps it out of there.
        places: Where it means something.
        dangerous: Leads to a write; gone in a read-only profile.
    """

    id: str
    keys: str
    key: str
    title: str
    run: str
    owner: Owner
    group: Group
    label: str = ""
    places: tuple[Place, ...] = get_args(Place)
    dangerous: bool = False


_TICKET: tuple[Place, ...] = ("ticket",)
_TICKETS: tuple[Place, ...] = ("home", "ticket", "failed")
_HOME: tuple[Place, ...] = ("home",)
_LIST: tuple[Place, ...] = ("list", "webhooks")
_WEBHOOKS: tuple[Place, ...] = ("webhooks",)
_TIERS: tuple[Place, ...] = ("tiers",)
_GOLIVE: tuple[Place, ...] = ("golive",)
_AUDIT: tuple[Place, ...] = ("audit",)
_DRIFT: tuple[Place, ...] = ("drift",)

ACTIONS: tuple[Action, ...] = (
    Action("ticket.resync", "r", "r", "Re-sync: see the plan", "remedy('r')", "ticket", "This ticket", label="re-sync",
           places=_TICKET, dangerous=True),
    Action("ticket.actions", "a", "a", "What can be done here", "actions_menu", "ticket", "This ticket",
           label="actions", places=_TICKET),
    Action("ticket.resend", "e", "e", "Resend the events", "remedy('e')", "ticket", "This ticket",
           places=_TICKET, dangerous=True),
    Action("ticket.recover", "b", "b", "Recover everyone concerned", "remedy('b')", "ticket", "This ticket",
           places=_TICKET, dangerous=True),
    Action("ticket.cancel", "x", "x", "Cancel a subscription, or take a scheduled end back", "cancel", "ticket", "This ticket",
           places=_TICKET, dangerous=True),
    Action("ticket.product", "M", "M", "Mend the product's metadata", "remedy('m')", "ticket", "This ticket",
           places=_TICKET, dangerous=True),
    Action("ticket.endpoint", "w", "w", "Mend the webhook endpoint", "remedy('w')", "ticket", "This ticket",
           places=_TICKET, dangerous=True),
    Action("ticket.link", "l", "l", "Link a customer to a user", "relink", "ticket", "This ticket",
           places=_TICKET, dangerous=True),
    Action("ticket.grant", "plus", "+", "Give a plan until a day", "grant", "ticket", "This ticket",
           places=_TICKET, dangerous=True),
    Action("ticket.signout", "S", "S", "Sign them out everywhere", "sign_out", "ticket", "This ticket",
           places=_TICKET, dangerous=True),
    Action("ticket.reply", "s", "s", "A reply to the customer, in plain words", "remedy('s')", "ticket", "This ticket",
           places=_TICKET),
    Action("ticket.refresh", "ctrl+r", "ctrl+r", "Refresh: ask every layer again", "refresh_ticket", "tickets",
           "This ticket", label="again", places=("ticket", "failed")),
    Action("copy.id", "y", "y", "Copy the id or the command under the cursor", "copy_id", "ticket", "Copy and open",
           label="copy", places=_TICKET),
    Action("ticket.new", "slash", "/", "New ticket", "new_ticket", "tickets", "Go", label="new ticket",
           places=_TICKETS),
    Action("home.acknowledge", "n", "n", "Acknowledge this until it changes or returns; again to undo",
           "silence('acknowledged')", "tickets", "This row", label="acknowledge", places=_HOME),
    Action("home.ignore", "i", "i", "Ignore this for good; again to undo", "silence('ignored')", "tickets", "This row",
           label="ignore", places=_HOME),
    Action("home.silent", "H", "H", "Show what was acknowledged or ignored, or hide it", "show_silent", "tickets", "This row",
           places=_HOME),
    Action("list.filter", "slash", "/", "Filter this list", "filter_list", "list", "Go", label="filter", places=_LIST),
    Action("list.diagnose", "d", "d", "Diagnose whom this row is about", "diagnose_row", "list", "This row",
           label="diagnose", places=_LIST),
    Action("list.resync", "r", "r", "Re-sync whom the marked rows, or this one, are about: see the plan", "resync_rows", "list",
           "This row", label="re-sync", places=_LIST, dangerous=True),
    Action("list.cancel", "x", "x", "Cancel the subscription, or take a scheduled end back", "cancel_row", "list", "This row",
           label="cancel", places=("list",), dangerous=True),
    Action("list.sync", "ctrl+r", "ctrl+r", "Bring the cache up to date from Stripe", "sync_now", "list", "The cache",
           label="refresh", places=_LIST),
    Action("list.copy", "y", "y", "Copy the id, or those of the marked rows", "copy_row_id", "list", "This row",
           label="copy", places=_LIST),
    Action("list.json", "Y", "Y", "Copy the row, or the marked ones, as JSON", "copy_row", "list", "This row", places=_LIST),
    Action("list.link", "o", "o", "Link to Stripe's Dashboard", "link_row", "list", "This row", label="link", places=_LIST),
    Action("list.actions", "a", "a", "What can be done here", "row_menu", "list", "This row", label="actions", places=_LIST),
    Action("list.back", "left_square_bracket", "[", "Back to the object before", "walk(-1)", "list", "Go", places=_LIST),
    Action("list.forward", "right_square_bracket", "]", "Forward again", "walk(1)", "list", "Go", places=_LIST),
    Action("list.leave", "escape", "esc", "Leave the input, stop the sync, close the pane", "leave_list", "list", "Go",
           places=_LIST),
    Action("tiers.sync", "ctrl+r", "ctrl+r", "Bring the cache up to date from Stripe", "sync_now", "tiers", "The cache",
           label="refresh", places=_TIERS),
    Action("tiers.open", "enter", "enter", "Subscriptions of this tier", "open_tier", "tiers", "Go", label="subscribers",
           places=_TIERS),
    Action("tiers.copy", "y", "y", "Copy the id", "copy_tier_id", "tiers", "Copy and open", label="copy", places=_TIERS),
    Action("tiers.link", "o", "o", "Link to Stripe's Dashboard", "link_tier", "tiers", "Copy and open", label="link",
           places=_TIERS),
    Action("tiers.leave", "escape", "esc", "Stop the sync", "leave_tiers", "tiers", "Go", places=_TIERS),
    Action("golive.again", "ctrl+r", "ctrl+r", "Look at both modes again", "check_again", "golive", "Go", label="again",
           places=_GOLIVE),
    Action("golive.fix", "f", "f", "Fix this check: see the plan, in live mode", "fix_check", "golive", "This row", label="fix",
           places=_GOLIVE, dangerous=True),
    Action("golive.stock", "C", "C", "Copy what live mode lacks of test mode: see the plan", "copy_to_live", "golive", "This row",
           label="copy to live", places=_GOLIVE, dangerous=True),
    Action("golive.seen", "space", "space", "You looked at what is by hand, and it is well; again takes that back", "mark_seen",
           "golive", "This row", label="looked at", places=_GOLIVE),
    Action("golive.copy", "y", "y", "Copy the commands of the fix", "copy_check", "golive", "Copy and open", label="copy",
           places=_GOLIVE),
    Action("golive.handover", "H", "H", "How the app is given its live secret and price ids", "hand_over", "golive",
           "Copy and open", label="hand over", places=_GOLIVE),
    Action("golive.run", "T", "T", "Try it out: the guided run from a purchase to the plan and back", "run_through", "golive",
           "This row", label="try it out", places=_GOLIVE, dangerous=True),
    Action("golive.report", "W", "W", "Write a report to keep, as Markdown or JSON", "write_report", "golive", "Copy and open",
           label="report", places=_GOLIVE),
    Action("audit.undo", "u", "u", "Undo: see the plan that writes back what was there", "undo_entry", "audit", "This row",
           label="undo", places=_AUDIT, dangerous=True),
    Action("audit.copy", "y", "y", "Copy the plan's id", "copy_entry", "audit", "Copy and open", label="copy", places=_AUDIT),
    Action("audit.again", "ctrl+r", "ctrl+r", "Read the journal again", "read_again", "audit", "Go", label="again",
           places=_AUDIT),
    Action("drift.resync", "r", "r", "Re-sync the marked ones, or the one under the cursor: see the plan", "resync_drifted",
           "drift", "This row", label="re-sync", places=_DRIFT, dangerous=True),
    Action("drift.mark", "space", "space", "Mark, or take the mark away", "mark_drifted", "drift", "This row", label="mark",
           places=_DRIFT),
    Action("drift.all", "A", "A", "Mark everybody whom a re-sync can help, or nobody", "mark_all", "drift", "This row",
           label="mark all", places=_DRIFT),
    Action("drift.diagnose", "d", "d", "Diagnose whom this row is about", "diagnose_drifted", "drift", "This row",
           label="diagnose", places=_DRIFT),
    Action("drift.copy", "y", "y", "Copy the customer's id", "copy_drifted", "drift", "Copy and open", label="copy",
           places=_DRIFT),
    Action("drift.again", "ctrl+r", "ctrl+r", "Look at everybody again", "look_again", "drift", "The cache", label="look again",
           places=_DRIFT),
    Action("webhooks.resend", "e", "e", "Send the marked events, or this one, again: see the plan", "resend", "webhooks",
           "This row", label="resend", places=_WEBHOOKS, dangerous=True),
    Action("webhooks.recover", "b", "b", "Recover everything since this event: see the plan", "recover", "webhooks",
           "This row", label="recover", places=_WEBHOOKS, dangerous=True),
    Action("webhooks.payload", "v", "v", "View what the event carries, and what changed", "payload", "webhooks", "This row",
           label="payload", places=_WEBHOOKS),
    Action("webhooks.probe", "P", "P", "Ask the app's endpoint four times", "probe", "webhooks", "This row", label="probe",
           places=_WEBHOOKS),
    Action("help.keys", "question_mark,f1", "?", "Keys and signs of this screen", "help_here", "app", "Help",
           label="help"),
    Action("help.palette", "colon,ctrl+p", ":", "Every command by name", "palette", "app", "Help", label="command"),
    Action("copy.show", "C", "C", "Show what was copied, to select it by hand", "show_copied", "app", "Copy and open"),
    Action("copy.evidence", "c,Y", "c", "Copy the evidence as Markdown", "copy_evidence", "ticket", "Copy and open",
           label="copy evidence", places=_TICKET),
    Action("open.stripe", "o", "o", "Link to Stripe's Dashboard", "open_link", "ticket", "Copy and open",
           label="link", places=_TICKET),
    Action("go.tickets", "1", "1", "Tickets", "go('tickets')", "app", "Go"),
    Action("go.customers", "2", "2", "Customers", "go('customers')", "app", "Go"),
    Action("go.subscriptions", "3", "3", "Subscriptions", "go('subscriptions')", "app", "Go"),
    Action("go.tiers", "4", "4", "Tiers", "go('tiers')", "app", "Go"),
    Action("go.webhooks", "5", "5", "Webhooks", "go('webhooks')", "app", "Go"),
    Action("go.drift", "6", "6", "Drift", "go('drift')", "app", "Go"),
    Action("go.audit", "8", "8", "Audit", "go('audit')", "app", "Go"),
    Action("go.golive", "7", "7", "Go-live", "go('golive')", "app", "Go"),
    Action("go.back", "left_square_bracket", "[", "Back to the ticket before", "visit(-1)", "tickets", "Go",
           places=_TICKETS),
    Action("go.forward", "right_square_bracket", "]", "Forward again", "visit(1)", "tickets", "Go", places=_TICKETS),
    Action("go.leave", "escape", "esc", "Leave the input, then go back", "leave", "tickets", "Go", places=_TICKETS),
    Action("session.mode", "m", "m", "Switch between test and live", "switch_billing_mode", "app", "Session",
           label="mode"),
    Action("session.profile", "at", "@", "Switch to another profile", "switch_profile", "app", "Session"),
    Action("session.lock", "L", "L", "Lock or unlock live writes", "toggle_lock", "app", "Session", dangerous=True),
    Action("session.privacy", "p", "p", "Mask names and e-mails, or show them", "toggle_privacy", "app", "Session",
           label="privacy"),
    Action("session.quit", "q", "q", "Quit", "leave_app", "app", "Session", label="quit"),
)  # fmt: skip


def bindings(owner: Owner) -> list[BindingType]:
    """What Textual needs to know of the actions of the app or the screen."""
    return [
        Binding(action.keys, action.run, action.title, show=False, id=action.id) for action in ACTIONS if action.owner == owner
    ]


def available(place: Place, *, read_only: bool) -> tuple[Action, ...]:
    """The actions that mean something here."""
    return tuple(action for action in ACTIONS if place in action.places and not (read_only and action.dangerous))


def allowed(run: str, place: Place, *, read_only: bool) -> bool:
    """Whether `action_<run>` may be called here; what is not in the table may."""
    named = [action for action in ACTIONS if action.run.partition("(")[0] == run]
    return not named or any(action in available(place, read_only=read_only) for action in named)
