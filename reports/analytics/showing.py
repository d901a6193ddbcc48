"""What both reports show in the same way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..sections import Cell, Column, Section, Table
from ..wording import write_cell
from .data import Insight


def show_insights(insights: Sequence[Insight]) -> Section:
    """Return what is worth knowing, with what it rests on."""
    if not insights:
        return Section("Worth knowing", notes=("There is nothing that chance alone may not explain.",))
    rows = tuple((one.message, ", ".join(_list_evidence(one.evidence))) for one in insights)
    return Section("Worth knowing", tables=(Table("Insights", (Column("what"), Column("rests on")), rows),))


def explain_gaps(reasons: Mapping[str, str]) -> tuple[str, ...]:
    """Return a note for each thing that could not be judged."""
    return tuple(f"Not judged: {name.replace('_', ' ')}, since {reason}." for name, reason in sorted(reasons.items()))


def make_table(name: str, columns: str, rows: Iterable[tuple[Cell, ...]]) -> Table:
    """Return a table; ``columns`` are separated by commas, each with its unit after a colon where it has one."""
    return Table(name, tuple(map(_column, columns.split(", "))), tuple(rows))


def _column(text: str) -> Column:
    name, _, unit = text.partition(":")
    return Column(name, unit)  # type: ignore[arg-type]


def _list_evidence(evidence: Mapping[str, Cell]) -> Iterator[str]:
    for name, value in evidence.items():
        words = _write_number(value) if isinstance(value, float) else write_cell(value)
        yield f"{name.replace('_', ' ')}: {words}"


def _write_number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.4g}"
