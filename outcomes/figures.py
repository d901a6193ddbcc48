"""Figures for reports: the described queries in ``sql/figures``, asked over one look at the store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from ..core.frozen import FrozenDict
from .mart_sessions import add_marts, find_sources, open_filtered, order_marts, set_window
from .reader import ask
from .slicing import SCHEMA, cut_slice
from .sql_files import load_sql
from .store import Store

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_KEPT: Final = ("answered_failures", "failure_ends", "runs", "retries", "observed_operations", "incidents")
"""Marts without a window that are computed once for all questions, since that takes longest."""
_OPENINGS: Final = frozenset({"open_incidents"})
"""Queries that show incidents from before their window, which a slice must then hold from their very beginning."""
_FEW = 500
"""Ids up to which DuckDB looks at parts of a table where one may be, rather than at all that lie between them."""
_SLICED, _WHOLE = f"SET search_path = '{SCHEMA},main'", "SET search_path = 'main'"


class FigureReader:
    """Ask queries of ``sql/figures``, each for the window that is wanted; all over the same state of the store."""

    def __init__(self, session: DuckDBPyConnection, names: tuple[str, ...], since: datetime | None) -> None:
        self._session = session
        self._marts = order_marts(marts) if (marts := _find_marts(names)) else ()
        self._openings = not _OPENINGS.isdisjoint(names)
        self._hint = since
        self._since: datetime | None = None
        """From when on the slice answers; None before there is one."""
        self._whole = False

    def read(self, name: str, since: datetime, until: datetime, **parameters: Any) -> list[dict[str, Any]]:
        """Return the rows of ``sql/figures/<name>.sql`` from ``since`` on and before ``until``, by column name.

        The parameter ``history`` says how many seconds before the window a query looks at, too.
        """
        self._reach(since - timedelta(seconds=parameters.get("history", 0)))
        set_window(self._session, since, until)
        return ask(self._session, f"figures/{name}", parameters)

    def read_one(self, name: str, since: datetime, until: datetime, **parameters: Any) -> dict[str, Any] | None:
        """Return the first row; None without any."""
        return next(iter(self.read(name, since, until, **parameters)), None)

    def _reach(self, since: datetime) -> None:
        """Have a slice that answers from ``since`` on; the first one reaches as far as was said it would have to."""
        if self._whole or (self._since is not None and self._since <= since):
            return
        self._since = since if self._hint is None else min(since, self._hint)
        self._session.execute(f"SET dynamic_or_filter_threshold = {_FEW}")
        self._session.execute(_WHOLE)
        self._session.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        self._session.execute(f"CREATE SCHEMA {SCHEMA}")
        self._session.execute(_SLICED)
        self._whole = not cut_slice(self._session, self._since, openings=self._openings)
        add_marts(self._session, self._marts, _KEPT)


@contextmanager
def open_figures(
    store: Store,
    *names: str,
    filters: Mapping[str, tuple[str, ...]] = FrozenDict(),
    since: datetime | None = None,
) -> Iterator[FigureReader]:
    """Yield what reads the named queries; ``filters`` (see ``check_filters``) choose what counts in all of them.

    ``since``: the earliest beginning of a window that will be asked for, if known; what is asked for an earlier one
    is answered too, but work is done twice. Raises StoreError like ``Store.reading``.
    """
    # What does not fit into memory would go into the folder that the process was started in.
    with TemporaryDirectory(prefix="errclass-") as folder, open_filtered(store, filters) as session:
        session.execute("SET temp_directory = ?", [folder])
        yield FigureReader(session, names, since)


def _find_marts(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset().union(*(find_sources(load_sql(f"figures/{name}")) for name in names))
