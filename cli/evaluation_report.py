"""Print what a model reached on labelled failures."""

from __future__ import annotations

from typing import Any

import click

from ..core.escaping import escape_terminal
from .output import print_table

_FIGURES = {
    "accuracy": "accuracy",
    "macro-F1": "macro_f1",
    "Brier skill": "brier_skill",
    "ECE": "calibration_error",
    "answers at 2 %": "coverage_at_2",
    "at 5 %": "coverage_at_5",
}
_MOST_LABELS = 10


def complain(report: dict[str, Any]) -> None:
    """Say on standard error what was left out, and what makes the figures less than they seem."""
    lines = [f"{report['path']}: {reason}" for reason in report["skipped"]]
    lines += [f"{report['path']}: {line}" for line in _describe_foreign(report["foreign_labels"])]
    if report["flattering"]:
        lines.append(
            f"{report['repeated']} of the {report['examples']} texts stand in the texts that come with errclass, "
            "names and numbers aside: these figures flatter"
        )
    for line in lines:
        click.echo(escape_terminal(f"errclass: {line}"), err=True)


def _describe_foreign(labels: list[dict[str, Any]]) -> list[str]:
    lines = [
        f"{label['rows']} left out: the label {label['label']!r} is no type of the model"
        + (f", the nearest is {label['nearest']}" if label["nearest"] else "")
        for label in labels[:_MOST_LABELS]
    ]
    if len(labels) > _MOST_LABELS:
        lines.append(f"{len(labels) - _MOST_LABELS} more labels are no types of the model")
    return [*lines, "labels are translated with --map FILE"] if lines else []


def render(report: dict[str, Any]) -> None:
    """Print the figures of all systems, then types, mistakes and retries of ours."""
    results = report["results"]
    rows = ([r["name"], *(r[key] for key in _FIGURES.values()), round(r["microseconds"])] for r in results)
    print_table(f"{report['model']} on {report['examples']} texts", ("", *_FIGURES, "us per text"), rows)
    scores = ((s["type"], s["examples"], s["precision"], s["recall"], s["f1"]) for s in results[0]["types"])
    print_table("", ("type", "texts", "precision", "recall", "F1"), scores)
    if report["confusions"]:
        mistakes = ((c["truth"], c["answer"], c["examples"]) for c in report["confusions"])
        print_table("Most frequent mistakes", ("right", "answered", "texts"), mistakes)
    retry = report["retry"]
    if retry:
        click.echo(
            f"Whether an unchanged re-run helps: right on {100 * retry['right']:.0f} % of {retry['examples']} texts; "
            f"{100 * retry['wrongly_retried']:.0f} % would be re-run in vain."
        )
