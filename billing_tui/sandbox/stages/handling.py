"""Causes that lie in the app behind a sound endpoint: what it was told was right, what it wrote was not.

Each concerns one person alone, so that several of them fit in one world.
"""

from billing_tui.sandbox.commerce import cancel
from billing_tui.sandbox.stages.scene import DAY, Scene
from billing_tui.sandbox.stripe import objects
from billing_tui.sandbox.world import other


def id_of_other_mode(scene: Scene) -> str:
    """PBF-041: the row still holds the customer of a purchase that was tried out in the other mode."""
    made = scene.at - 40 * DAY
    stale = objects.customer(
        scene.world.stripe(other(scene.mode)), email=scene.person.email, name=scene.person.name, created=made
    )
    scene.app.database.set_customer(scene.user_id, stale["id"], made)
    scene.make_customer(remembered=False)
    scene.buy(scene.price("pro"))
    return f"the row holds {stale['id']}, which is a {other(scene.mode)} customer"


def nothing_written(scene: Scene) -> str:
    """PBF-070."""
    scene.app.faults.ignore.add(scene.make_customer()["id"])
    scene.buy(scene.price("pro"))
    return "the app answered 200 and wrote nothing"


def marked_then_crashed(scene: Scene) -> str:
    """PBF-072."""
    scene.app.faults.mark_then_crash.add(scene.make_customer()["id"])
    scene.buy(scene.price("pro"))
    return "the ledger has the events, the work behind them was never done"


def clerk_skipped(scene: Scene) -> str:
    """PBF-080: the lagging side is Clerk."""
    scene.app.faults.skip_clerk.add(scene.make_customer()["id"])
    scene.buy(scene.price("pro"))
    return "the database has the plan, Clerk does not"


def free_of_charge(scene: Scene) -> str:
    """PBF-014: the handler waits for a payment, and there was none to make."""
    scene.app.faults.ignore.add(scene.make_customer()["id"])
    scene.buy(scene.price("pro"), trial_days=14)
    return "began with a trial, and the app waits for money"


def extra_first(scene: Scene) -> str:
    """PBF-022: the first item is a seat, the second the plan."""
    scene.app.faults.first_item_only.add(scene.make_customer()["id"])
    seat = next(price for price in scene.account.table("price") if price["nickname"] == "Extra seat")
    scene.buy(seat, extras=((scene.price("pro"), 1),))
    return "an extra seat stands before the plan, and the app reads the first item alone"


def period_lost(scene: Scene) -> str:
    """PBF-063: the plan is right, until when it is paid is not."""
    scene.app.faults.old_shape.add(scene.make_customer()["id"])
    scene.buy(scene.price("pro"))
    return "the handler reads current_period_end where it stood before basil"


def ended_afterwards(scene: Scene) -> str:
    """PBF-071: changed plans by buying anew; the end of the old subscription came last, and took the plan."""
    bought = scene.at - 20 * DAY
    scene.make_customer(created=bought - 60)
    old = scene.buy(scene.price("starter"), at=bought).subscription
    scene.buy(scene.price("pro"))
    cancel(scene.account, old, at=scene.at + 120, hearing=scene.hearing)
    scene.heard([event for event in scene.new_events() if event["data"]["object"].get("id") == old["id"]][-1:])
    return "the end of their old subscription was taken for the end of everything"


def no_row(scene: Scene) -> str:
    """PBF-074: the update of a row that is not there changes nothing, and nobody looks at the count."""
    scene.make_customer(remembered=False)
    scene.app.database.forget(scene.user_id)
    scene.buy(scene.price("pro"))
    return "the app's database has no row for them"


def replaced_in_clerk(scene: Scene) -> str:
    """PBF-081: the onboarding replaces the whole metadata."""
    scene.buy(scene.price("pro"))
    scene.user["public_metadata"] = {"onboarded": True}
    scene.user["updated_at"] = (scene.at + 240) * 1000
    return "the app's onboarding wrote over the user's metadata"


def unsafe_bag(scene: Scene) -> str:
    """PBF-082."""
    scene.app.faults.skip_clerk.add(scene.make_customer()["id"])
    scene.buy(scene.price("pro"))
    scene.user["unsafe_metadata"] = {"plan": "pro"}
    scene.user["updated_at"] = (scene.at + 5) * 1000
    return "the handler writes the plan to unsafe_metadata"


def given_by_hand(scene: Scene) -> str:
    """PBF-084: a gift, marked as one."""
    scene.make_customer()
    scene.user["public_metadata"] = {"plan": "pro", "comp": "for the talk in May"}
    scene.app.database.set_plan(scene.user_id, "pro", scene.at)
    return "was given pro by hand"
