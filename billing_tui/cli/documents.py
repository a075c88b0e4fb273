"""The contract's JSON documents, made from what the workspace returns."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec import to_builtins

from billing_tui.cache.sync import SyncReport
from billing_tui.golive.report import check_document
from billing_tui.model.change import Change
from billing_tui.model.diagnosis import Diagnosis, Remedy
from billing_tui.model.golive import Checked
from billing_tui.model.moment import rfc3339
from billing_tui.model.profile import Profile
from billing_tui.model.report import report_of
from billing_tui.model.stripe import Account


def diagnosis_document(held: Diagnosis, *, every_rule: bool = False) -> dict[str, Any]:
    """`billing-tui/diagnosis/1`. Only rules that matched or are unknown, unless all are wanted."""
    evidence, verdict = held.evidence, held.verdict
    account = evidence.configuration.account
    return {
        "schema": "billing-tui/diagnosis/1",
        "profile": evidence.profile.name,
        "mode": evidence.profile.mode,
        "account": account.id or None if isinstance(account, Account) else None,
        "at": rfc3339(evidence.at),
        "query": evidence.query.text,
        "subject": to_builtins(held.subject),
        "verdict": {
            "primary": verdict.primary,
            "also": list(verdict.also),
            "symptoms": list(verdict.symptoms),
            "ours": verdict.ours,
            "confidence": verdict.confidence,
            "headline": verdict.headline,
            "detail": verdict.detail or None,
        },
        "expected_plan": held.expected_plan,
        "layers": to_builtins(held.layers),
        "rules": [
            {
                "id": found.id,
                "name": found.name,
                "result": found.result,
                "confidence": found.confidence,
                "evidence": to_builtins(found.facts),
                "missing": list(found.missing),
            }
            for found in held.findings
            if every_rule or found.result != "no"
        ],
        "remedies": [_remedy(remedy) for remedy in held.remedies],
        "cost": to_builtins(held.cost),
    }


def _remedy(held: Remedy) -> dict[str, Any]:
    """What a program can use; how this one plans it is its own matter."""
    return {name: value for name, value in to_builtins(held).items() if name != "wanted"}


def plan_document(change: Change) -> dict[str, Any]:
    """`billing-tui/plan/1`."""
    return {
        "schema": "billing-tui/plan/1",
        "profile": change.profile,
        "mode": change.mode,
        "account": change.account,
        "at": rfc3339(change.at),
        "plan_id": change.plan_id,
        "action": change.action,
        "applied": change.applied,
        "query": change.query,
        "subject": change.subject or None,
        "customer_id": change.customer_id,
        "title": change.title or None,
        "because": change.because or None,
        "steps": [to_builtins(step) for step in change.steps],
        "confirm": change.confirm or None,
        "warnings": list(change.warnings),
        "refused": change.refused,
        "undo": change.undo,
        **({"report": to_builtins(report)} if change.applied and (report := report_of(change)) else {}),
    }


def sync_document(profile: Profile, account: str, report: SyncReport) -> dict[str, Any]:
    """`billing-tui/sync/1`."""
    return {**headed("sync", profile, account), **to_builtins(report)}


def list_document(
    profile: Profile, account: str, objects: str, rows: Sequence[dict[str, Any]], synced_at: datetime | None
) -> dict[str, Any]:
    """`billing-tui/list/1`."""
    return {
        **headed("list", profile, account),
        "objects": objects,
        "count": len(rows),
        "synced_at": rfc3339(synced_at) if synced_at else None,
        "rows": list(rows),
    }


def golive_document(profile: Profile, account: str, checks: Sequence[Checked]) -> dict[str, Any]:
    """`billing-tui/golive/1`."""
    return {**headed("golive", profile, account), "checks": [check_document(held) for held in checks]}


def keys_document(profile: str, mode: str, keys: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """`billing-tui/keys/1`; no row holds a secret."""
    return named("keys", profile, mode) | {"keys": list(keys)}


def headed(name: str, profile: Profile, account: str) -> dict[str, Any]:
    """What every document begins with."""
    return {
        "schema": f"billing-tui/{name}/1",
        "profile": profile.name,
        "mode": profile.mode,
        "account": account or None,
        "at": rfc3339(datetime.now(UTC)),
    }


def named(name: str, profile: str | None = None, mode: str | None = None) -> dict[str, Any]:
    """What a document begins with that is about a profile by its name at most, and about no account."""
    at = rfc3339(datetime.now(UTC))
    return {"schema": f"billing-tui/{name}/1", "profile": profile, "mode": mode, "account": None, "at": at}
