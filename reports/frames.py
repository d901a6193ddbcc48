"""Values as tables of pandas, for notebooks: the one place that knows pandas, which is the user's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from ..core.errors import MissingExtraError

if TYPE_CHECKING:
    from pandas import DataFrame

    Frames = dict[str, DataFrame]


@dataclass(frozen=True, slots=True)
class Rows:
    """Hold what becomes a table: its columns, and rows of as many cells."""

    columns: tuple[str, ...]
    cells: tuple[tuple[Any, ...], ...]


def lay_rows(kind: type, values: Iterable[Any]) -> Rows:
    """Return values of a dataclass as rows, a column for each field."""
    return lay_groups(kind, "", {"": values})


def lay_groups(kind: type, name: str, groups: Mapping[str, Iterable[Any]]) -> Rows:
    """Return values of a dataclass in groups as rows; the first column says which group, where it has a ``name``."""
    columns = tuple(field.name for field in fields(kind))
    return Rows(
        (name, *columns)[not name :],
        tuple(
            (group, *(getattr(value, column) for column in columns))[not name :]
            for group, values in groups.items()
            for value in values
        ),
    )


def make_frames(tables: Mapping[str, Rows]) -> Frames:
    """Return the tables as frames; raise MissingExtraError where pandas is not installed."""
    try:
        from pandas import DataFrame
    except ImportError as error:
        raise MissingExtraError("pandas") from error
    return {name: DataFrame(list(one.cells), columns=list(one.columns)) for name, one in tables.items()}
