"""The evidence of a ticket as Markdown, to paste where the ticket is kept."""

from collections.abc import Iterable

from billing_tui.diagnosis.privacy import Mask
from billing_tui.diagnosis.words import HOP_WORDS, verdict_note
from billing_tui.model.diagnosis import Diagnosis
from billing_tui.model.moment import rfc3339


def markdown(found: Diagnosis, mask: Mask) -> str:
    """Verdict, layers, what the matching rules saw, what to do, the timeline, and what was not known."""
    subject, evidence = found.subject, found.evidence
    who = [*subject.emails, *filter(None, [subject.user_id, subject.organization_id]), *subject.customer_ids]
    text = [
        f"## {_plain(found.verdict.headline)}",
        "",
        f"{verdict_note(found)}, {evidence.profile.name} in {evidence.profile.mode} mode, read at {rfc3339(evidence.at)}",
        "",
        *_list(f"`{_code(each)}`" for each in who or [evidence.query.text]),
        "",
        *([_plain(found.summary), ""] if found.summary else []),
        "### Layers",
        "",
        *_list(f"{hop.name}: {HOP_WORDS[hop.state]}{f' ({_plain(hop.value)})' if hop.value else ''}" for hop in found.strip),
        "",
        *_section("What was seen", _facts(found)),
        *_section(
            "What to do", (_plain(each.title) + (f": `{_code(each.command)}`" if each.command else "") for each in found.remedies)
        ),
        *_section(
            "Timeline",
            (f"{rfc3339(each.at)} {_plain(each.what)} {_plain(each.says)} {_plain(each.id)}".rstrip() for each in found.timeline),
        ),
        *_section("Not known", _unknown(found)),
        *_section("Requests", (f"`{_code(each)}`" for each in found.requests)),
    ]
    return mask("\n".join(text).rstrip() + "\n")


def _facts(found: Diagnosis) -> Iterable[str]:
    for finding in found.findings:
        if finding.result == "match":
            yield f"{finding.id} {_plain(finding.name)}: {_plain(finding.headline)}"
            yield from (
                f"{fact.source}{f' `{_code(fact.id)}`' if fact.id else ''}: {_plain(fact.says)}" for fact in finding.facts
            )


def _unknown(found: Diagnosis) -> Iterable[str]:
    for finding in found.findings:
        if finding.result == "unknown":
            yield f"{finding.id} {_plain(finding.name)}" + (
                f", needs {_plain(', '.join(finding.missing))}" if finding.missing else ""
            )


def _section(title: str, entries: Iterable[str]) -> list[str]:
    listed = _list(entries)
    return [f"### {title}", "", *listed, ""] if listed else []


def _list(entries: Iterable[str]) -> list[str]:
    return [f"- {entry}" for entry in entries]


def _plain(text: str) -> str:
    """Text that Markdown leaves alone."""
    return "".join("\\" + sign if sign in "\\`*_[]<>#|" else sign for sign in text)


def _code(text: str) -> str:
    return text.replace("`", "'")
