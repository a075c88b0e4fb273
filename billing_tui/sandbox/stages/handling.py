"""Causes that lie in the app behind a sound endpoint: what it was told was right, what it wrote was not.

Each concerns one person alone, so that several of them fit in one world.
"""

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
