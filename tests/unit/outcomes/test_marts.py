"""Every mart is described, column by column, and answers on any store."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from errclass import outcomes
from errclass.core.errors import UsageError
from errclass.core.types import Outcome
from errclass.outcomes import Store, list_marts, open_marts, read_mart
from errclass.outcomes.mart_sessions import order_marts
from errclass.outcomes.sql_files import FOLDER, load_sql
from errclass.outcomes.tables import TABLES

MARTS = list_marts()
NAMES = [mart.name for mart in MARTS]


def describe(store: Store) -> dict[str, list[tuple[str, str]]]:
    """Return the columns of every mart with their types, as DuckDB tells them."""
    with open_marts(store) as session:
        return {
            name: [(row[0], row[1]) for row in session.execute(f"DESCRIBE {name}").fetchall()] for name in order_marts()
        }


def test_every_mart_is_a_query_and_a_description() -> None:
    """Neither is there alone, and nothing else is there."""
    files_there = sorted(entry.name for entry in (FOLDER / "marts").iterdir())
    assert sorted(f"{name}.{kind}" for name in NAMES for kind in ("sql", "yaml")) == files_there


def test_every_column_is_described_in_order(store: Store) -> None:
    """And no column is described that is not there."""
    expected = {mart.name: [column.name for column in mart.columns] for mart in MARTS}
    assert expected == {name: [column for column, _ in columns] for name, columns in describe(store).items()}


def test_columns_are_of_few_types(store: Store) -> None:
    """What every reader can take: no huge integers, no zones, nothing nested."""
    types = {kind for columns in describe(store).values() for _, kind in columns}
    assert {"BIGINT", "BOOLEAN", "DATE", "DOUBLE", "TIMESTAMP", "VARCHAR"} == types


def test_every_unit_is_of_a_column_that_is_a_fraction_or_a_time(store: Store) -> None:
    """Seconds and shares say so."""
    types = {(name, *column) for name, columns in describe(store).items() for column in columns}
    with_unit = {(mart.name, column.name, "DOUBLE") for mart in MARTS for column in mart.columns if column.unit}
    assert with_unit <= types
    named = {(m.name, c.name) for m in MARTS for c in m.columns if "seconds" in c.name or c.name.endswith("_rate")}
    assert named == {(m.name, c.name) for m in MARTS for c in m.columns if c.unit and (m.name, c.name) in named}


def test_every_text_of_a_description_is_there() -> None:
    """A title, what a row is, and sentences."""
    assert [] == [mart.name for mart in MARTS if not (mart.title and mart.grain.startswith("one row per "))]
    texts = [(mart.name, text) for mart in MARTS for text in (mart.description, *(c.description for c in mart.columns))]
    assert [] == [(name, text) for name, text in texts if not text.endswith(".")]


def test_names_do_not_hide_a_table(store: Store) -> None:
    """A mart beside a table of the same name could not be made."""
    with store.reading() as session:
        views = {
            row[0] for row in session.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
        }
    assert set(TABLES) < views
    assert set() == views & set(NAMES)


def test_every_query_says_first_what_it_is_about() -> None:
    """In a comment."""
    assert [] == [name for name in NAMES if not load_sql(f"marts/{name}").startswith("-- ")]


@pytest.mark.parametrize("folder", ["figures", "marts"])
def test_sums_of_fractions_do_not_depend_on_their_order(folder: str) -> None:
    """Threads add in any order; ``exact_sum`` and ``exact_mean`` make the same of any."""
    inexact = re.compile(r"(?<!_)\b(?:avg\(|sum\([^()]*\b(?:\w*seconds|confidence|area|survived)\b)")
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (FOLDER / folder).glob("*.sql")}
    assert {} == {name: found for name, text in texts.items() if (found := inexact.findall(text))}


@pytest.mark.parametrize("mart", MARTS, ids=NAMES)
def test_the_window_is_described_where_there_is_one(mart: outcomes.Mart) -> None:
    """Directly, or through the marts that it needs."""
    texts = [load_sql(f"marts/{name}") for name in order_marts([mart.name])]
    assert (mart.window is not None) == any("in_window(" in text for text in texts)


def never(_: Store) -> None:
    """Write nothing."""


def wait(store: Store) -> None:
    """Leave a failure in the inbox."""
    store.record(Outcome("a", "boom"))


def merge(store: Store) -> None:
    """Have a failure in the history."""
    wait(store)
    store.merge()


def merge_and_wait(store: Store) -> None:
    """Have one there and one here."""
    merge(store)
    store.record(Outcome("b", "boom"))


@pytest.mark.parametrize(("write", "failures"), [(never, 0), (wait, 1), (merge, 1), (merge_and_wait, 2)])
def test_every_mart_answers_wherever_the_events_are(
    store: Store, write: Callable[[Store], None], failures: int
) -> None:
    """Nowhere, in the inbox, in the history, in both."""
    write(store)
    with open_marts(store) as session:
        found = {name: len(session.execute(f"FROM {name}").fetchall()) for name in NAMES}
    assert {failures} == {found[name] for name in ("failure_facts", "failure_types", "runs", "operation_events")}
    assert failures > 0 or {0} == set(found.values())


def test_reading_an_absent_store_writes_nothing(store: Store, folder: Path) -> None:
    """As every look at it."""
    assert [] == read_mart(store, "reliability")
    assert not folder.parent.exists()


def test_an_unknown_mart_is_refused(store: Store) -> None:
    """With the names that there are, before the store is opened."""
    with pytest.raises(UsageError, match=r"no mart 'mtbr'; there are co_occurrence, .*, mttr, "):
        read_mart(store, "mtbr")


def test_only_what_is_named_is_made(store: Store) -> None:
    """With what it needs."""
    with open_marts(store, "retry_worth") as session:
        made = {row[0] for row in session.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()}
    assert {"failure_types", "retries", "retry_worth"} == made & set(NAMES)
