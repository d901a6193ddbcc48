"""Print what has moved, and whether it is time to train again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from ..core.escaping import escape_terminal
from .output import print_table

Row = tuple[str, object, object]


def render(report: dict[str, Any]) -> None:
    """Print the figures of both windows, the types, the places that moved, and the verdict."""
    title = f"The last {report['since']} beside {report['reference'] or 'nothing'}; model {report['model']}"
    print_table(escape_terminal(title), ("", "recent", "before"), _list_figures(report))
    types = report["types"]
    if types["types"]:
        rows = ((one["type"], one["recent"], one["before"], one["points"]) for one in types["types"])
        told = f"Causes by type; {100 * types['distance']:.0f} % moved (p {types['p_value']:.4f})"
        print_table(told, ("type", "recent", "before", "points"), rows)
    if report["moves"]:
        moves = ((one["kind"], one["name"], one["recent"], one["before"], one["points"]) for one in report["moves"])
        print_table("What fails more or less often", ("", "name", "recent", "before", "points"), moves)
    click.echo(escape_terminal(f"Retrain: {report['retrain']} ({'; '.join(report['reasons'])})."))


def _list_figures(report: dict[str, Any]) -> Iterator[Row]:
    yield ("outcomes", report["outcomes"]["recent"], report["outcomes"]["before"])
    yield ("never seen before", _percent(report["unseen"]["recent"]), _percent(report["unseen"]["before"]))
    (answers, answers_before), (labelled, labelled_before) = (
        (report[key]["recent"], report[key]["before"]) for key in ("answers", "labelled")
    )
    yield ("decided", answers["decided"], answers_before["decided"])
    yield ("mean confidence", answers["confidence"], answers_before["confidence"])
    yield ("in doubt", _percent(answers["abstained"]), _percent(answers_before["abstained"]))
    yield ("re-runs that ended", answers["retried"], answers_before["retried"])
    yield ("of these well", _percent(answers["retried_well"]), _percent(answers_before["retried_well"]))
    yield ("labelled causes", labelled["cases"], labelled_before["cases"])
    yield ("accuracy on them", labelled["accuracy"], labelled_before["accuracy"])
    yield ("ECE on them", labelled["calibration_error"], labelled_before["calibration_error"])


def _percent(share: float | None) -> str | None:
    return None if share is None else f"{100 * share:.0f} %"
