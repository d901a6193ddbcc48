"""The numbers of a chart as a table, for whoever does not see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..sections import Cell, Column, Table, Unit

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_Drawn = Mapping[str, Any]


def list_numbers(figure: Figure, title: str) -> Table | None:
    """Return what a chart shows, a row for each name or place; None where it shows nothing that has two axes.

    What is only there to guide the eye (``hoverinfo`` is ``skip``) is left out.
    """
    drawn = figure.to_plotly_json()
    layout = drawn.get("layout", {})
    columns: dict[str, tuple[Unit, dict[Cell, Cell]]] = {}
    rows: dict[Cell, None] = {}
    for trace in drawn["data"]:
        if trace.get("hoverinfo") != "skip":
            for name, unit, values in _read_trace(trace, layout):
                columns[name] = (unit, values)
                rows |= dict.fromkeys(values)
    if not columns:
        return None
    first = _name_axis(layout, _find_names(drawn["data"][0], layout))
    cells = tuple((row, *(values.get(row) for _, values in columns.values())) for row in rows)
    return Table(title, (first, *(Column(name, unit) for name, (unit, _) in columns.items())), cells)


def _read_trace(trace: _Drawn, layout: _Drawn) -> Iterator[tuple[str, Unit, dict[Cell, Cell]]]:
    """Yield a name, a unit and a value for each row."""
    names = _find_names(trace, layout)
    measures = "x" if names == "y" else "y"
    places, values = _list(trace.get(names)), _list(trace.get(measures))
    name, unit = str(trace.get("name") or _name_axis(layout, measures).name), _name_axis(layout, measures).unit
    if "z" in trace:
        across = [str(place) for place in _list(trace.get("x"))]
        for number, column in enumerate(across):
            yield column, "", {row: line[number] for row, line in zip(_list(trace.get("y")), trace["z"], strict=True)}
    elif places and len(places) == len(values):
        yield name, unit, dict(zip(places, values, strict=True))
        for end, reaches in _read_whiskers(trace.get(f"error_{measures}") or {}):
            reached = (
                None if value is None or reach is None else value + end * reach
                for value, reach in zip(values, reaches, strict=True)
            )
            yield f"{name}, {'low' if end < 0 else 'high'}", unit, dict(zip(places, reached, strict=True))


def _read_whiskers(error: _Drawn) -> Iterator[tuple[int, list[float | None]]]:
    for end, part in ((-1, "arrayminus"), (1, "array")):
        if part in error:
            yield end, _list(error[part])


def _find_names(trace: _Drawn, layout: _Drawn) -> str:
    """Return the axis on which names or places stand."""
    listed = trace.get("orientation") == "h" or layout.get("yaxis", {}).get("type") == "category"
    return "y" if listed else "x"


def _name_axis(layout: _Drawn, axis: str) -> Column:
    said = layout.get(f"{axis}axis", {})
    title = said.get("title", {}).get("text") or axis
    return Column(title, _find_unit(said))


def _find_unit(axis: _Drawn) -> Unit:
    if str(axis.get("tickformat", "")).endswith("%"):
        return "share"
    return "seconds" if axis.get("type") == "log" else ""  # only times reach from seconds to weeks


def _list(values: Any) -> list[Any]:
    return [] if values is None else list(values)
