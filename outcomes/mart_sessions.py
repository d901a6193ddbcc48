"""Sessions of a store with its marts as views."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any

from ..core.errors import UsageError
from ..core.frozen import FrozenDict
from .folder_backend import READ_WAIT
from .sql_files import FOLDER, load_sql
from .store import Store
from .times import to_naive_utc

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MACROS = (
    "window_start",
    "window_end",
    "in_window",
    "seconds_in_window",
    "seconds_in_day",
    "days_between",
    "is_wanted",
    "in_places",
    "in_kinds",
    "place_name",
    "slice_start",
    "slice_since",
    "exact_sum",
    "exact_mean",
)
"""In an order in which each needs only those before it."""
_SOURCE = re.compile(r"\b(?:FROM|JOIN)\s+(\w+)\b(?!\.)")
"""What a query selects from, but for whole tables, which it asks for as ``main.failures``."""


@contextmanager
def open_marts(
    store: Store,
    *names: str,
    since: datetime | None = None,
    until: datetime | None = None,
    filters: Mapping[str, tuple[str, ...]] = FrozenDict(),
    categories: Mapping[str, str] = FrozenDict(),
    wait: float = READ_WAIT,
) -> Iterator[DuckDBPyConnection]:
    """Yield a session of the store in which the named marts are views; all marts when none is named.

    ``since`` (inclusive) and ``until`` (exclusive) choose what counts in marts that have a window, ``filters`` (see
    ``check_filters``) which incidents count in marts of recovery, as in ``mttr``, and which failures in
    ``co_occurrence``. ``categories``: type -> category, for types that only labels name. A mart is bound when it is
    made, which costs 1 to 20 ms each, so that naming what is needed is quicker. Raises UsageError for an unknown name,
    StoreError like ``Store.reading``.
    """
    chosen = order_marts(names)
    with open_filtered(store, filters, categories, wait=wait) as session:
        set_window(session, since, until)
        add_marts(session, chosen)
        yield session


@contextmanager
def open_filtered(
    store: Store,
    filters: Mapping[str, tuple[str, ...]] = FrozenDict(),
    categories: Mapping[str, str] = FrozenDict(),
    *,
    wait: float = READ_WAIT,
) -> Iterator[DuckDBPyConnection]:
    """Yield a session that has all that marts need, and none yet; see ``open_marts``."""
    with store.reading(wait=wait) as session:
        for name, values in filters.items():
            session.execute(f"SET VARIABLE only_{name} = ?", [list(values)])
        session.execute("CREATE TABLE type_categories (type VARCHAR, category VARCHAR)")
        if categories:
            rows = [list(pair) for pair in categories.items()]
            session.executemany("INSERT INTO type_categories VALUES (?, ?)", rows)
        for macro in _MACROS:
            session.execute(load_sql(f"macros/{macro}"))
        session.execute(f"CREATE VIEW decided_categories AS {load_sql('decided_categories')}")
        yield session


def read_mart(
    store: Store,
    name: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    categories: Mapping[str, str] = FrozenDict(),
) -> list[dict[str, Any]]:
    """Return the rows of one mart by column name, in no order; see ``open_marts``."""
    with open_marts(store, name, since=since, until=until, categories=categories) as session:
        cursor = session.execute(f"FROM {name}")
        columns = [column[0] for column in cursor.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def set_window(session: DuckDBPyConnection, since: datetime | None, until: datetime | None) -> None:
    """Choose what counts from now on; None leaves that side as it is, open at first."""
    for variable, moment in (("since", since), ("until", until)):
        if moment is not None:
            session.execute(f"SET VARIABLE {variable} = ?", [to_naive_utc(moment)])


def add_marts(session: DuckDBPyConnection, names: Iterable[str], tables: Collection[str] = ()) -> None:
    """Add marts, in an order that ``order_marts`` gave, to the schema in use of a session of ``open_filtered``.

    ``tables``: marts that are computed once and kept, for what asks for them often; they must not have a window.
    """
    for place, name in (("", "answered_failures"), *(("marts/", name) for name in names)):
        kind = "TABLE" if name in tables else "VIEW"
        session.execute(f"CREATE {kind} {name} AS {load_sql(place + name)}")


def order_marts(names: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the named marts, or all, with those that they need before them; raise UsageError for an unknown name."""
    needs = _read_needs()
    chosen: set[str] = set()
    waiting = list(names) or list(needs)
    while waiting:
        name = waiting.pop()
        if name not in needs:
            raise UsageError(f"no mart {name!r}; there are {', '.join(sorted(needs))}")
        if name not in chosen:
            chosen.add(name)
            waiting += needs[name]
    return tuple(TopologicalSorter({name: needs[name] for name in sorted(chosen)}).static_order())


def find_sources(query: str) -> frozenset[str]:
    """Return the marts that a query selects from."""
    return frozenset(_SOURCE.findall(query)) & _list_names()


def find_marts(*queries: str) -> tuple[str, ...]:
    """Return the marts that queries select from, with those that these need before them; none where they ask none."""
    sources = frozenset[str]().union(*map(find_sources, queries))
    return order_marts(sources) if sources else ()


def find_tables(query: str, *marts: str) -> frozenset[str]:
    """Return everything that a query and these marts select from by its bare name; also parts of their own."""
    return frozenset(_SOURCE.findall("\n".join((query, *(load_sql(f"marts/{name}") for name in marts)))))


@cache
def _list_names() -> frozenset[str]:
    return frozenset(path.stem for path in (FOLDER / "marts").glob("*.sql"))


@cache
def _read_needs() -> Mapping[str, frozenset[str]]:
    """Return which marts each mart selects from."""
    return {name: find_sources(load_sql(f"marts/{name}")) for name in _list_names()}
