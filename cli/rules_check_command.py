"""``errclass rules check``: rules that cannot work as they are written."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import click

from ..core.errors import UsageError
from ..core.escaping import escape_terminal
from ..rules import Policy
from ..rules.lint import CHECKS, Finding, LintReport, lint_policy, load_sound
from .options import format_option, read_settings
from .output import print_json, show_progress, write_scalar
from .rule_options import rules_option

_UNDECIDED = "The search came to no answer within its budget: this is not proved, neither way."


@click.command(name="check")
@rules_option
@click.option("--only", "only", multiple=True, type=click.Choice(list(CHECKS)), help="Only what this check finds.")
@click.option("--strict", is_flag=True, help="Exit with 1 also where a question could not be decided.")
@format_option
def check_command(folders: tuple[Path, ...], only: tuple[str, ...], strict: bool, form: str) -> None:
    """Load the rules strictly, and find those that cannot work as they are written; exit with 1 where there are any.

    Each finding is proved: by facts that show it, or by a search through all there are. What the checks find, and what
    to do about it, is in docs/rule-checks.md; `errclass rules test` runs the cases that rules bring.

    \b
    Examples:
      errclass rules check --rules our-rules/
      errclass rules check --only contradictory --only loops
      errclass rules check --strict --rules our-rules/
    """
    from ..system.rules_in_use import lay_over
    from ..system.taxonomy_in_use import find_taxonomy

    _require_folders(folders)
    settings = read_settings()
    policy, faults = load_sound(lay_over(settings.rule_layers, folders), find_taxonomy(settings).tables())
    report = _check(policy, only)
    findings = faults + report.findings
    if form == "json":
        revision, rules = (policy.revision, len(policy.rules)) if policy else (None, 0)
        print_json({"revision": revision, "rules": rules, "findings": findings, "undecided": report.undecided})
    else:
        _print_findings(findings)
        _print_undecided(report.undecided)
        _print_counts(policy, findings, report.undecided)
    sys.exit(1 if findings or (strict and report.undecided) else 0)


def _require_folders(folders: Iterable[Path]) -> None:
    for folder in folders:
        if not folder.is_dir():
            raise UsageError(f"--rules {folder}: is no folder; give the folder that holds the rules")


def _check(policy: Policy | None, only: tuple[str, ...]) -> LintReport:
    if policy is None:
        return LintReport((), ())
    with show_progress() as show:
        return lint_policy(policy, only, show)


def _print_findings(findings: Iterable[Finding]) -> None:
    for finding in findings:
        lines = [" ".join((f"{finding.check}:", *finding.rules)), f"  {finding.message}"]
        if finding.facts:
            facts = (f"    {name}: {write_scalar(value)}" for name, value in finding.facts.items())
            lines += ["  for example:", *facts]
        lines.append(f"  {finding.advice}")
        click.echo("\n".join(map(escape_terminal, lines)) + "\n")


def _print_undecided(questions: Iterable[str]) -> None:
    for question in questions:
        click.echo(f"undecided: {escape_terminal(question)}\n  {_UNDECIDED}\n")


def _print_counts(policy: Policy | None, findings: Iterable[Finding], undecided: tuple[str, ...]) -> None:
    counts = Counter(finding.check for finding in findings)
    found = ", ".join(f"{count} {check}" for check, count in counts.items()) or "nothing found"
    rules = f"{len(policy.rules)} rules" if policy else "no rules could be loaded"
    revision = f" (revision {policy.revision})" if policy else ""
    click.echo(f"{rules}: {found}; {len(undecided)} questions not decided{revision}")
