"""Every check, in the order of their numbers."""

from billing_tui.golive.check import Check
from billing_tui.golive.checks import account, alike, catalogue, clerk, database, endpoint, host, portal, probe, tried
from billing_tui.golive.checks.by_hand import BY_HAND

_READ: tuple[Check, ...] = (
    account.live_key,
    account.account_activated,
    catalogue.tiers_on_sale,
    catalogue.parity,
    catalogue.plan_present,
    catalogue.plan_canonical,
    catalogue.free_not_sold,
    catalogue.mapped_exist,
    catalogue.archived_mapped,
    endpoint.endpoint_there,
    endpoint.endpoint_enabled,
    endpoint.events_selected,
    endpoint.events_useful,
    endpoint.not_everything,
    endpoint.version,
    probe.nothing_before,
    probe.accepted,
    probe.refused,
    probe.replay_refused,
    probe.fast,
    endpoint.alone,
    account.not_mixed,
    account.scopes,
    account.known_by_name,
    alike.set_up_alike,
    database.no_test_ids,
    database.no_unpaid,
    database.once_only,
    host.secrets_set,
    tried.tried_out,
    portal.portal_active,
    portal.portal_id,
    portal.portal_prices,
    clerk.production,
    clerk.claim,
    clerk.lifetime,
    probe.public_route,
)

CHECKS: tuple[Check, ...] = tuple(sorted((*_READ, *BY_HAND), key=lambda held: held.id))
