"""Figures for reports: the described queries in ``sql/figures``, asked over one look at the store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..core.frozen import FrozenDict
from .mart_sessions import find_sources, open_marts, set_window
from .reader import ask
from .sql_files import load_sql
from .store import Store

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_KEPT = ("incidents",)
"""Computed once for all windows, since that takes longest."""


class FigureReader:
    """Ask queries of ``sql/figures``, each for the window that is wanted; all over the same state of the store."""

    def __init__(self, session: DuckDBPyConnection) -> None:
        self._session = session

    def read(self, name: str, since: datetime, until: datetime, **parameters: Any) -> list[dict[str, Any]]:
        """Return the rows of ``sql/figures/<name>.sql`` from ``since`` on and before ``until``, by column name."""
        set_window(self._session, since, until)
        return ask(self._session, f"figures/{name}", parameters)

    def read_one(self, name: str, since: datetime, until: datetime, **parameters: Any) -> dict[str, Any] | None:
        """Return the first row; None without any."""
        return next(iter(self.read(name, since, until, **parameters)), None)


@contextmanager
def open_figures(
    store: Store, *names: str, filters: Mapping[str, tuple[str, ...]] = FrozenDict()
) -> Iterator[FigureReader]:
    """Yield what reads the named queries; ``filters`` (see ``check_filters``) choose what counts in all of them.

    Raises StoreError like ``Store.reading``.
    """
    marts = sorted(set().union(*(find_sources(load_sql(f"figures/{name}")) for name in names)))
    with open_marts(store, *marts, filters=filters, tables=_KEPT) as session:
        yield FigureReader(session)
