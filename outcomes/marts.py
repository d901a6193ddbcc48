"""The marts: tables made for reports, each an SQL file with its description beside it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from .sql_files import FOLDER


@dataclass(frozen=True, slots=True)
class Column:
    """Describe one column of a mart."""

    name: str
    description: str
    unit: str = ""
    """``s``, ``0 to 1``, or empty for counts, names and times."""


@dataclass(frozen=True, slots=True)
class Mart:
    """Describe one mart."""

    name: str
    title: str
    grain: str
    """What one row stands for."""
    description: str
    columns: tuple[Column, ...]
    window: str | None = None
    """The time by which ``since`` and ``until`` choose what counts; None where they change nothing."""


@cache
def list_marts() -> tuple[Mart, ...]:
    """Return all marts by name: the files in ``sql/marts``."""
    import yaml

    return tuple(
        _read_mart(path.stem, yaml.safe_load(path.read_text(encoding="utf-8")))
        for path in sorted((FOLDER / "marts").glob("*.yaml"))
    )


def _read_mart(name: str, document: dict[str, Any]) -> Mart:
    units = document.get("units", {})
    columns = tuple(Column(column, text, units.get(column, "")) for column, text in document["columns"].items())
    return Mart(name, document["title"], document["grain"], document["description"], columns, document.get("window"))
