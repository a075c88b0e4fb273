"""`billing-tui diagnose`: one ticket, for a person or for a program."""

import asyncio

import click

from billing_tui.cli.documents import diagnosis_document
from billing_tui.cli.options import Asked, shared_options
from billing_tui.cli.output import error_of, print_document
from billing_tui.diagnosis.markdown import markdown
from billing_tui.diagnosis.privacy import mask_for
from billing_tui.diagnosis.words import ALL_WELL, CONFIDENCE
from billing_tui.model.diagnosis import Diagnosis, Finding
from billing_tui.model.evidence import Cost
from billing_tui.model.problem import NotThere, Problem
from billing_tui.model.text import plural
from billing_tui.workspace import Workspace


@click.command()
@click.argument("query")
@click.option("--user", metavar="ID", default="", help="The account that the ticket came from, when it is not QUERY.")
@click.option("--no-probe", is_flag=True, help="Do not ask the app's webhook endpoint anything.")
@click.option("--markdown", "as_markdown", is_flag=True, help="The evidence as Markdown, names and e-mails masked.")
@click.option("--all", "every_rule", is_flag=True, help="With --json: every rule, also those that do not match.")
@shared_options
def diagnose(query: str, user: str, no_probe: bool, as_markdown: bool, every_rule: bool, asked: Asked) -> None:
    """Say which layer is wrong for one person, why, and what to do.

    QUERY is an e-mail, a Stripe id (cus_ sub_ in_ pi_ ch_ cs_ evt_), a Clerk id (user_ org_), or a receipt or invoice number.
    """
    workspace = asked.open()
    held = asyncio.run(_diagnosed(workspace, query, user, not no_probe))
    problem = _problem(workspace, held)
    if asked.as_json:
        document = diagnosis_document(held, every_rule=every_rule)
        print_document(document | ({"error": error_of(problem)} if problem else {}))
    elif as_markdown:
        click.echo(markdown(held, mask_for(held, on=True)), nl=False)
    else:
        _print(held)
    if problem:
        click.echo(click.style(problem.message, fg="red"), err=True)
        click.echo(problem.hint, err=True, nl=bool(problem.hint))
    click.get_current_context().exit(problem.exit_code if isinstance(problem, NotThere) else held.verdict.exit_code)


async def _diagnosed(workspace: Workspace, query: str, user: str, probe: bool) -> Diagnosis:
    last: Diagnosis | None = None
    try:
        async for held in workspace.diagnose(query, user=user, probe=probe, so_far=False):
            last = held
    finally:
        await workspace.close()
    if last is None:
        raise AssertionError("a gathering yields at least once")
    return last


def _problem(workspace: Workspace, held: Diagnosis) -> Problem | None:
    """What to complain of beside the document: that nobody was found, or why there is no verdict."""
    nobody = workspace.nobody(held)
    if nobody:
        return nobody
    if held.verdict.primary is None:
        return Problem(held.verdict.headline, held.verdict.detail, code="no_verdict")
    return None


def _print(held: Diagnosis) -> None:
    verdict = held.verdict
    subject = held.subject
    names = [*subject.emails[:1], subject.key or "", *subject.customer_ids[:2]]
    click.echo(click.style("  ".join(filter(None, names)) or held.evidence.query.text, bold=True))
    good = verdict.primary == ALL_WELL
    glyph, colour = (
        ("✓", "green") if good else ("?", "yellow") if verdict.primary is None else ("✗", "red" if verdict.ours else "yellow")
    )
    label = "  ".join(filter(None, (verdict.primary or "no verdict", CONFIDENCE.get(verdict.confidence or "", ""))))
    click.echo(f"{click.style(f'{glyph} {verdict.headline}', fg=colour, bold=True)}   {click.style(label, dim=True)}")
    for line in filter(None, (verdict.detail, held.summary)):
        click.echo(f"  {line}")
    click.echo()
    layers = (("Stripe", held.layers.stripe), ("Clerk", held.layers.clerk), ("Database", held.layers.database))
    for name, plan in layers:
        right = plan == held.expected_plan
        click.echo(
            f"  {name:<10}{click.style(plan or 'unknown', fg='green' if right and plan else 'yellow' if plan is None else 'red')}"
        )
    for title, found in (("Evidence", _matched(held)), ("Unknown", _unknown(held)), ("What to do", _remedies(held))):
        if found:
            click.echo(f"\n  {click.style(title, bold=True)}")
            for line in found:
                click.echo(f"  {line}")
    click.echo(f"\n  {click.style(_cost(held.cost), dim=True)}")


def _matched(held: Diagnosis) -> list[str]:
    found: list[Finding] = [finding for finding in held.findings if finding.result == "match"]
    lines = []
    for finding in found:
        if finding.id != held.verdict.primary:
            lines.append(f"{finding.id}  {finding.headline}")
        lines += [f"{fact.id or fact.source:<34} {fact.says}" for fact in finding.facts]
    return lines


def _unknown(held: Diagnosis) -> list[str]:
    """What is missing, each with the rules that lack it: one closed door mostly hides many of them."""
    lacking: dict[str, list[str]] = {}
    for found in held.findings:
        if found.result == "unknown":
            lacking.setdefault(", ".join(found.missing), []).append(found.id)
    return [f"{missing}: {ids[0] if len(ids) == 1 else plural(len(ids), 'rule')}" for missing, ids in lacking.items()]


def _remedies(held: Diagnosis) -> list[str]:
    lines = []
    for remedy in held.remedies:
        tail = f"   {remedy.command}" if remedy.command and remedy.allowed else ""
        lines.append(f"{'▸' if remedy.automatic else '·'} {remedy.title}{tail}")
        if remedy.why_not:
            lines.append(f"  not now: {remedy.why_not}")
        if remedy.name == "reply":
            lines += [f"    {step}" for step in remedy.steps]
    return lines


def _cost(cost: Cost) -> str:
    """`8 Stripe, 3 Clerk and 2 database requests, 7 for the configuration, 4 probes, in 2 round trips, 412 ms`."""
    probes = f", {cost.probe_requests} probes" if cost.probe_requests else ""
    return (
        f"{cost.stripe_requests} Stripe, {cost.clerk_requests} Clerk and {cost.database_queries} database requests, "
        f"{cost.configuration_requests} for the configuration{probes}, "
        f"in {plural(cost.sequential_round_trips, 'round trip')}, {cost.elapsed_ms} ms"
    )
