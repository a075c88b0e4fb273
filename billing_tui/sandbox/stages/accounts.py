"""Causes that lie in who is who, and in where one looks: other addresses, other accounts, the other mode.

In all of these the app and its endpoint work; what they heard, they did for whom they were told.
"""

from billing_tui.sandbox.commerce import Link, buy, start_incomplete
from billing_tui.sandbox.stages.scene import DAY, MINUTE, Scene
from billing_tui.sandbox.stripe import objects
from billing_tui.sandbox.stripe.shapes.base import nulls
from billing_tui.sandbox.stripe.shapes.catalogue import plan_of
from billing_tui.sandbox.stripe.table import Obj
from billing_tui.sandbox.world import other


def another_address(scene: Scene) -> str:
    """PBF-002: the family's mailbox paid, and nothing names the user, who signs in with another address."""
    scene.user["email_addresses"][0]["email_address"] = f"signs.in.{scene.person.email}".lower()
    scene.app.database.set_email(scene.user_id, f"signs.in.{scene.person.email}")
    scene.make_customer(linked=False, remembered=False)
    scene.buy(scene.price("pro"), linked=False)
    return f"paid as {scene.person.email}, which no user has"


def gone_user(scene: Scene) -> str:
    """PBF-005: deleted their account, signed up anew, and the subscription still names the old one."""
    old = scene.clerk.add_user(email=f"old.{scene.person.email}", created_at=scene.at - 300 * DAY)
    scene.clerk.users.pop(old["id"])
    _buy_naming(scene, old["id"])
    return f"the payment names {old['id']}, who deleted their account"


def two_accounts(scene: Scene) -> str:
    """PBF-006: bought with one account, and has signed in to another since."""
    payer = _joined(scene, f"work.{scene.person.email}")
    customer = scene.make_customer(linked=False, remembered=False)
    customer["metadata"] = {"clerkUserId": payer["id"]}
    purchase = buy(scene.account, customer, scene.price("pro"), link=Link.to(payer["id"]), at=scene.at, hearing=scene.hearing)
    scene.heard(purchase.events)
    scene.user["last_sign_in_at"] = (scene.at + 5 * MINUTE) * 1000
    return f"bought as {payer['email_addresses'][0]['email_address']}, and is signed in as {scene.person.email}"


def _joined(scene: Scene, email: str) -> Obj:
    """Another user of the app."""
    user: Obj = scene.clerk.add_user(
        email=email, created_at=scene.at - 30 * DAY, last_sign_in_at=scene.at - MINUTE, public_metadata={"plan": "free"}
    )
    scene.app.add_row(user["id"], email, at=scene.at - 30 * DAY)
    return user


def on_its_way(scene: Scene) -> str:
    """PBF-012: a direct debit that the bank has not settled."""
    customer = scene.make_customer()
    price = scene.price("pro")
    subscription, intent = start_incomplete(
        scene.account, customer, price, user_id=scene.user_id, at=scene.at, hearing=scene.hearing
    )
    intent["status"], intent["next_action"] = "processing", None
    debit = {"type": "sepa_debit", "sepa_debit": {"last4": "3000", "country": "DE"}}
    objects.charge(
        scene.account, intent, customer=customer, created=scene.at, status="pending", paid=False, payment_method_details=debit
    )
    objects.checkout_session(
        scene.account,
        customer=customer,
        price=price,
        payment_status="unpaid",
        client_reference_id=scene.user_id,
        subscription=subscription["id"],
        created=scene.at,
    )
    return "pays by direct debit, which takes some days"


def waiting_for_payment(scene: Scene) -> str:
    """PBF-023: asked for more, and the bank wants to be asked."""
    subscription = scene.buy(scene.price("starter")).subscription
    pro = scene.price("pro")
    subscription["pending_update"] = {
        **nulls(
            "billing_cycle_anchor", "cancel_at_period_end", "discount", "discounts", "metadata", "trial_end", "trial_from_plan"
        ),
        "expires_at": scene.at + DAY,
        "subscription_items": [{**subscription["items"]["data"][0], "price": pro, "plan": plan_of(pro)}],
    }
    return "asked for pro, whose payment waits for 3-D Secure"


def in_the_other_mode(scene: Scene) -> str:
    """PBF-040."""
    there = scene.world.stripe(other(scene.mode))
    customer = objects.customer(there, email=scene.person.email, name=scene.person.name, created=scene.at - MINUTE)
    price = next(
        row
        for row in there.table("price")
        if row["active"] and there.get("product", row["product"])["metadata"].get("plan") == "pro"
    )
    buy(there, customer, price, link=Link(), at=scene.at, hearing=scene.hearing)
    return f"bought in {other(scene.mode)} mode"


def other_instance(scene: Scene) -> str:
    """PBF-043: the payment names a user of the other mode's Clerk, where the same person has an account too."""
    there = scene.world.clerk(other(scene.mode)).add_user(
        email=f"{scene.mode}.{scene.person.email}", created_at=scene.at - 90 * DAY
    )
    _buy_naming(scene, there["id"])
    return f"the payment names {there['id']}, a user of the other instance"


def _buy_naming(scene: Scene, user_id: str) -> None:
    """A purchase for somebody whom the app can't find."""
    scene.named = user_id
    scene.make_customer(linked=False, remembered=False)["metadata"] = {"clerkUserId": user_id}
    scene.buy(scene.price("pro"), heard=False)
