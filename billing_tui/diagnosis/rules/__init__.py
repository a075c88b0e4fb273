"""The catalogue: every rule, most upstream first."""

from billing_tui.diagnosis.rule import Rule
from billing_tui.diagnosis.rules import catalogue, delivery, handler, identity, mode, payment, session, state, subscription

RULES: tuple[Rule, ...] = (
    identity.nothing_in_stripe,
    identity.duplicate_customers,
    identity.no_link,
    mode.stale_ids,
    payment.nothing_paid,
    payment.unfinished,
    payment.given_back,
    subscription.does_not_entitle,
    subscription.follows_wrong_one,
    catalogue.key_missing,
    catalogue.key_misnamed,
    catalogue.value_not_canonical,
    delivery.no_endpoint,
    delivery.endpoint_disabled,
    delivery.types_not_enabled,
    delivery.signature_rejected,
    delivery.redirect,
    handler.handler_fails,
    handler.marker_swallowed,
    handler.nothing_written,
    state.layers_disagree,
    session.stale_token,
    state.healthy,
)
