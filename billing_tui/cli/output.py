"""Printing: documents on standard output, everything else on standard error, and failures as two plain sentences."""

import json
from typing import Any

import click

from billing_tui.model.problem import Problem


def print_document(document: dict[str, Any]) -> None:
    """One JSON document, alone."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def cell(value: object) -> object:
    """A value for comma-separated lines: a spreadsheet must not take somebody's name for a formula."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value


def error_of(problem: Problem) -> dict[str, str]:
    """A problem as the contract's `error` object."""
    return {"code": problem.code, "message": problem.message, "hint": problem.hint}


def complain(problem: Problem, *, as_json: bool) -> int:
    """Tells a person what happened and what to do; with `--json` a program too. Returns the exit code."""
    click.echo(click.style(problem.message, fg="red"), err=True)
    if problem.hint:
        click.echo(problem.hint, err=True)
    if as_json:
        print_document({"error": error_of(problem)})
    return problem.exit_code
