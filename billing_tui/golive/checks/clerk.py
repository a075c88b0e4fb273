"""Clerk in live mode: a production instance, whose tokens carry the plan and do not live too long."""

import json

from billing_tui.golive.check import Found, by_hand, failed, live_check, passed, unknown
from billing_tui.golive.facts import Side
from billing_tui.model.clerk import JwtTemplate
from billing_tui.model.diagnosis import Fact
from billing_tui.model.evidence import Gap
from billing_tui.model.golive import Fix

_LONGEST = 300


@live_check("GL-29", "Clerk is a production instance", "blocker")
def production(live: Side) -> Found:
    instance = live.configuration.instance
    if isinstance(instance, Gap):
        return unknown(instance)
    fact = Fact(
        source="clerk.instance",
        id=instance.id,
        field="environment_type",
        value=instance.environment_type,
        says="Is the live key's instance.",
    )
    if not instance.environment_type:
        return unknown("Clerk does not say what kind of instance it is")
    if instance.environment_type != "production":
        return failed(
            f"Live mode signs users in with a {instance.environment_type} instance of Clerk.",
            fact,
            fix=Fix(title="Use the production instance's key (sk_live_…)."),
        )
    return passed("Live mode signs users in with Clerk's production instance.", fact)


def _template(live: Side) -> JwtTemplate | Found:
    name, held = live.profile.clerk_jwt_template, live.configuration.templates
    if not name:
        return by_hand(
            "No JWT template is configured: if the app reads the plan from the session token, look at its claims in Clerk."
        )
    if isinstance(held, Gap):
        return unknown(held)
    found = next((template for template in held if template.name == name), None)
    return found or failed(
        f"Clerk's live instance has no JWT template {name}.", fix=Fix(title="Make the template in the production instance.")
    )


@live_check("GL-30", "The token carries the plan", "blocker")
def claim(live: Side) -> Found:
    held = _template(live)
    if isinstance(held, Found):
        return held
    path = live.profile.clerk_plan_field
    if path and f"user.{path}" not in json.dumps(held.claims) and f"org.{path}" not in json.dumps(held.claims):
        fact = Fact(source="clerk.jwt_template", id=held.id, field="claims", says=f"Does not mention user.{path}.")
        return failed(
            f"The template {held.name} does not carry the plan.",
            fact,
            fix=Fix(title=f'Add "plan": "{{{{user.{path}}}}}" to its claims.'),
        )
    return passed(f"The template {held.name} carries the plan.")


@live_check("GL-31", "Tokens do not live too long", "warning")
def lifetime(live: Side) -> Found:
    held = _template(live)
    if isinstance(held, Found):
        return held
    fact = Fact(source="clerk.jwt_template", id=held.id, field="lifetime", value=held.lifetime, says="Seconds.")
    if held.lifetime > _LONGEST:
        return failed(
            f"A token of {held.name} lives {held.lifetime} s, and shows the old plan for as long.",
            fact,
            fix=Fix(title="Let it live for a minute."),
        )
    return passed(f"A token of {held.name} lives {held.lifetime} s.", fact)
