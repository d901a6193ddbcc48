"""Figures for reports: the described queries in ``sql/figures``, asked over one look at the store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from ..core.frozen import FrozenDict
from .depth import Depth, find_depth
from .mart_sessions import add_marts, find_marts, open_filtered, set_window
from .reader import ask
from .slicing import cut_slice
from .sql_files import load_sql
from .store import Store

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_KEPT: Final = ("answered_failures", "failure_ends", "runs", "retries", "observed_operations", "incidents")
"""Marts without a window that are computed once for all questions, since that takes longest."""
_OPENINGS: Final = frozenset({"open_incidents"})
"""Queries that show incidents from before their window, which a slice must then hold from their very beginning."""
_REMOTE: Final = "SELECT 1 FROM duckdb_databases() WHERE type = 'postgres'"
"""Tables of a server are read once and kept; to read those of a file again is quicker than to keep them."""
_FEW = 500
"""Ids up to which DuckDB looks at parts of a table where one may be, rather than at all that lie between them."""


class FigureReader:
    """Ask queries of ``sql/figures``, each for the window that is wanted; all over the same state of the store."""

    def __init__(self, session: DuckDBPyConnection, names: tuple[str, ...], since: datetime | None) -> None:
        self._session = session
        self._depths = {name: find_depth(_load(name)) for name in names}
        self._openings = not _OPENINGS.isdisjoint(names)
        self._local = not session.execute(_REMOTE).fetchall()
        self._hint = since
        self._slices: dict[Depth, datetime] = {}
        """From when on each answers."""

    def read(self, name: str, since: datetime, until: datetime, **parameters: Any) -> list[dict[str, Any]]:
        """Return the rows of ``sql/figures/<name>.sql`` from ``since`` on and before ``until``, by column name.

        The parameter ``history`` says how many seconds before the window a query looks at, too.
        """
        self._reach(self._depths[name], since - timedelta(seconds=parameters.get("history", 0)))
        set_window(self._session, since, until)
        return ask(self._session, f"figures/{name}", parameters)

    def read_one(self, name: str, since: datetime, until: datetime, **parameters: Any) -> dict[str, Any] | None:
        """Return the first row; None without any."""
        return next(iter(self.read(name, since, until, **parameters)), None)

    def _reach(self, depth: Depth, since: datetime) -> None:
        """Use a slice that answers from ``since`` on: one for all queries, as far back as was said they would ask."""
        if depth == Depth.NOTHING:
            return
        self._hint = self._hint or since
        found = [one for one, start in self._slices.items() if one >= depth and start <= since]
        if not found:
            found = [depth if since < self._hint else max(self._depths.values())]
            self._cut(found[0], min(self._hint, since))
        self._session.execute(f"SET search_path = '{_name_schema(found[0])},main'")

    def _cut(self, depth: Depth, since: datetime) -> None:
        schema = _name_schema(depth)
        self._session.execute("SET search_path = 'main'")
        self._session.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        self._session.execute(f"CREATE SCHEMA {schema}")
        self._session.execute(f"SET search_path = '{schema},main'")
        sliced = cut_slice(self._session, schema, depth, since, openings=self._openings)
        marts = find_marts(*(_load(name) for name, own in self._depths.items() if own <= depth))
        add_marts(self._session, marts, () if depth <= Depth.ANSWERS and self._local else _KEPT)
        self._slices[depth] = since if sliced else datetime.min.replace(tzinfo=since.tzinfo)


@contextmanager
def open_figures(
    store: Store,
    *names: str,
    filters: Mapping[str, tuple[str, ...]] = FrozenDict(),
    since: datetime | None = None,
) -> Iterator[FigureReader]:
    """Yield what reads the named queries; ``filters`` (see ``check_filters``) choose what counts in all of them.

    ``since``: the earliest beginning of the windows that most queries will be asked for, by default that of the first
    question. What is asked for an earlier one is answered too, over a look that goes no deeper than the query needs.
    Raises StoreError like ``Store.reading``.
    """
    # What does not fit into memory would go into the folder that the process was started in.
    with TemporaryDirectory(prefix="errclass-") as folder, open_filtered(store, filters) as session:
        session.execute("SET temp_directory = ?", [folder])
        session.execute(f"SET dynamic_or_filter_threshold = {_FEW}")
        yield FigureReader(session, names, since)


def _name_schema(depth: Depth) -> str:
    return f"slice_{depth.name.lower()}"


def _load(name: str) -> str:
    return load_sql(f"figures/{name}")
