"""Print how two models compare."""

from __future__ import annotations

from typing import Any

import click

from ..core.escaping import escape_terminal
from .output import print_table

_FIGURES = {"accuracy": "accuracy", "macro-F1": "macro_f1", "Brier skill": "brier_skill", "ECE": "calibration_error"}


def describe_verdict(judgement: dict[str, Any]) -> str:
    """Return the gate's verdict on a comparison, in a sentence."""
    reasons = "; ".join(judgement["reasons"])
    return escape_terminal(f"Gate, against {judgement['champion']}: {judgement['verdict']} ({reasons}).")


def render(judgement: dict[str, Any]) -> None:
    """Print figures and types of both models, how sure the difference is, and the verdict."""
    comparison = judgement["comparison"]
    if comparison:
        _render_figures(judgement, comparison)
        _render_types(comparison)
        click.echo(
            f"Only the challenger is right on {comparison['only_challenger']}, only the champion on "
            f"{comparison['only_champion']}; between two equally good ones a difference at least so large has the "
            f"probability {comparison['p_value']:.3f} (McNemar, exact)."
        )
    if judgement["left_out"]:
        click.echo(f"{judgement['left_out']} more texts were left out, for one of the two learned them.")
    click.echo(describe_verdict(judgement))


def _render_figures(judgement: dict[str, Any], comparison: dict[str, Any]) -> None:
    rows = [
        (role, judgement[role], *(comparison[role][figure] for figure in _FIGURES.values()))
        for role in ("champion", "challenger")
    ]
    span = f", first seen {judgement['from'][:10]} to {judgement['to'][:10]}" if judgement["from"] else ""
    title = f"{judgement['texts']} texts of {judgement['on']}{span}"
    print_table(escape_terminal(title), ("", "model", *_FIGURES), rows)


def _render_types(comparison: dict[str, Any]) -> None:
    columns = ("type", "texts", "recall before", "recall after", "F1 before", "F1 after", "points")
    keys = ("type", "examples", "champion_recall", "challenger_recall", "champion_f1", "challenger_f1", "points")
    print_table("", columns, ([change[key] for key in keys] for change in comparison["types"]))
