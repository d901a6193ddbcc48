"""``errclass outcomes merge``, ``prune``, ``vacuum``, ``export`` and taking an export in."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from pathlib import Path

import pytest
from support.command_line import Finished, call_errclass

from errclass.core.clock import utc_now
from errclass.core.happenings import Action, Attempt, CaseResult, Message
from errclass.core.types import Context, Decision, Label, Outcome, Plan
from errclass.outcomes import Store
from errclass.outcomes.tables import TABLES

CAUSE = "0123456789abcdef"


def outcomes(*arguments: object) -> Finished:
    return call_errclass("outcomes", *arguments)


def fill(store: Store) -> None:
    """Put a row into every table, an old and a new one into most."""
    for name, days in (("old", 400), ("labelled", 400), ("new", 1)):
        time = utc_now() - timedelta(days=days)
        decision = Decision("transient", "network", "low", True, 0.9, "retry_with_backoff", plan=Plan())
        source = "human" if name == "labelled" else "weak"
        labels = (Label("network", source, time=time, author="ada"),)  # type: ignore[arg-type]
        context = Context(operation="deploy", commit="c0ffee")
        store.record(
            Outcome(name, f"=boom {name}", time, CAUSE, context, 1, True, "npm", decision=decision, labels=labels,
                    failing_tests=("t",))
        )  # fmt: skip
        store.record_attempt(Attempt(f"{name}-1", True, context, name, ended=time, passed_tests=("t",)))
        store.record_action(Action(f"{name}-2", "recover", "clear_cache", "success", name, ended=time))
        store.record_message(Message(f"{name}-3", "slack", "high", "sent", name, time=time))
        store.record_cases([CaseResult(f"{name}-4", "other", True, time=time)])
    store.undo_label(store.label("new", "test"))
    store.register("model", "linear-1", "trained", {"examples": 7}, author="ada")


@pytest.fixture
def store(home: Path) -> Store:
    """The store of the home, with something in it."""
    store = Store(home / "store")
    fill(store)
    return store


def test_every_row_of_every_table_is_exported_once(store: Store) -> None:
    """With table and id, waiting ones too; an id stands in one row only."""
    rows = outcomes("export").lines
    assert set(TABLES) == {row["table"] for row in rows}
    ids = [row["id"] for row in rows]
    assert len(ids) == len(set(ids))
    assert ["old", "labelled", "new"] == [row["id"] for row in rows if row["table"] == "failures"]


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_export_taken_into_an_empty_store_is_the_same(store: Store, home: Path, tree: Path, form: str) -> None:
    """Row for row, and so is every answer."""
    target = tree / f"export.{form}"
    assert 0 == outcomes("export", "--format", form, "--out", target).code
    before, history = outcomes("export").out, store.history(CAUSE, Context(operation="deploy"), type="network")
    store.merge()
    merged = store.history(CAUSE, Context(operation="deploy"), type="network")
    store.close()
    (home / "store").rename(home / "elsewhere")
    done = outcomes("import", target, "--format", "json")
    assert (0, [], 3) == (done.code, done.json[0]["skipped"], done.json[0]["tables"]["failures"])
    assert before == outcomes("export").out
    with Store(home / "store") as other:
        found = other.history(CAUSE, Context(operation="deploy"), type="network")
    assert (history.seen, merged.retry, merged.type_seen) == (found.seen, found.retry, found.type_seen)


def test_export_taken_in_twice_adds_nothing(store: Store, tree: Path) -> None:
    """Also into the store that it came from."""
    before = outcomes("export", "--out", tree / "a.jsonl") and (tree / "a.jsonl").read_text()
    for _ in range(2):
        outcomes("import", tree / "a.jsonl")
    assert before == outcomes("export").out


def test_damaged_lines_of_an_export_are_skipped_and_told(store: Store, tree: Path) -> None:
    """A row that lacks a column cannot become one; a foreign table is none."""
    lines = outcomes("export").out.splitlines()
    broken = json.loads(lines[0])
    del broken["occurred_at"]
    bad = [json.dumps(broken), '{"table": "customers", "id": 1}', "{", '{"table": "failures", "id": "x"}']
    (tree / "a.jsonl").write_text("\n".join([*lines, *bad]))
    done = outcomes("import", tree / "a.jsonl", "--format", "json")
    assert ["2 skipped: a column is missing", "1 skipped: no row of a store", "1 skipped: broken JSON"] == [
        reason.split(" (")[0] for reason in done.json[0]["skipped"]
    ]


def test_csv_holds_no_formula(store: Store, tree: Path) -> None:
    """A text that begins with = is text to a spreadsheet too."""
    outcomes("export", "--format", "csv", "--out", tree / "csv")
    with (tree / "csv" / "failures.csv").open(newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    done = outcomes("import", tree / "csv")
    assert (2, True) == (done.code, "in CSV, for other programs" in done.err)
    assert ["'=boom old", "'=boom labelled", "'=boom new"] == texts


@pytest.mark.parametrize(
    ("options", "message"),
    [(("--format", "csv"), "--out"), (("--format", "parquet", "--out", "."), "is not empty")],
)
def test_export_without_a_proper_place_is_refused(options: tuple[str, ...], message: str, tree: Path) -> None:
    """Nothing is overwritten."""
    (tree / "something").write_text("x")
    done = outcomes("export", *options)
    assert (2, "") == (done.code, done.out)
    assert message in done.err


def test_recent_rows_alone_are_exported(store: Store) -> None:
    """By the time that each table's rows happened."""
    rows = outcomes("export", "--since", "30d").lines
    assert ["new"] == [row["id"] for row in rows if row["table"] == "failures"]


def test_old_rows_are_pruned_and_labelled_ones_kept(store: Store) -> None:
    """With all that belongs to them, and the counts follow."""
    store.merge()
    counted = outcomes("prune", "--older-than", "365d", "--dry-run", "--format", "json")
    assert 3 == store.stats().outcomes
    done = outcomes("prune", "--older-than", "365d", "--format", "json")
    assert counted.json["rows"] == done.json["rows"]
    assert (1, 1, 1) == tuple(done.json["rows"][name] for name in ("failures", "decisions", "attempts"))
    rows = outcomes("export").lines
    assert {"labelled", "new"} == {row["id"] for row in rows if row["table"] == "failures"}
    assert not [row for row in rows if row["id"].startswith("old")]
    found = store.history(CAUSE, Context(operation="deploy"))
    assert (2, 2) == (found.seen, found.retries)


def test_labelled_ones_can_be_pruned_too(store: Store) -> None:
    """When asked for."""
    outcomes("prune", "--older-than", "365d", "--labelled")
    assert ["new"] == [outcome.id for outcome in store.outcomes()]


def test_age_can_be_a_setting(store: Store, home: Path) -> None:
    """Of the user, for a job that runs every night."""
    assert 2 == outcomes("prune").code
    (home / "config.toml").write_text('[outcomes]\nretention = "365d"\n')
    assert 0 == outcomes("prune").code
    assert 2 == store.stats().outcomes
    (home / "config.toml").write_text('[outcomes]\nretention = "a while"\n')
    done = outcomes("prune")
    assert (2, True) == (done.code, "outcomes.retention" in done.err)


def test_vacuum_gives_space_back_and_loses_nothing(store: Store, home: Path) -> None:
    """The file is smaller, the rows are the same."""
    store.record_many(Outcome(f"{n}", f"{n}" * 3000, utc_now() - timedelta(days=500)) for n in range(2000))
    store.merge()
    outcomes("prune", "--older-than", "365d")
    before, size = outcomes("export").out, (home / "store" / "outcomes.duckdb").stat().st_size
    done = outcomes("vacuum")
    assert (0, "MB before" in done.out) == (done.code, True)
    assert size > (home / "store" / "outcomes.duckdb").stat().st_size
    assert before == outcomes("export").out
    assert 0o600 == (home / "store" / "outcomes.duckdb").stat().st_mode & 0o777
    store.record(Outcome("later", "boom"))
    assert 1 == store.merge()


@pytest.mark.parametrize("command", [("merge",), ("vacuum",), ("export",), ("prune", "--older-than", "1d")])
def test_a_store_that_does_not_exist_stays_so(command: tuple[str, ...], home: Path) -> None:
    """Upkeep of nothing is no error, and makes nothing."""
    assert 0 == outcomes(*command).code
    assert not home.exists()


def test_merge_tries_again_what_could_not_be_merged(store: Store, home: Path) -> None:
    """And says how many are left."""
    import sqlite3

    store.close()
    with sqlite3.connect(home / "store" / "inbox.sqlite") as inbox:
        inbox.execute("INSERT INTO events (kind, id, payload) VALUES ('outcome', 'bad', '{}')")
    inbox.close()
    first, second = outcomes("merge"), outcomes("merge")
    assert "0 wait, 1 cannot be merged" in first.out
    assert "0 events merged, 0 wait, 1 cannot be merged" in second.out
    assert 1 == store.stats().parked


def test_a_row_that_no_column_takes_is_skipped(store: Store, tree: Path) -> None:
    """A time before all times, a number beyond 64 bits, what is no JSON; and the store goes on."""
    row = next(line for line in outcomes("export").lines if line["table"] == "failures")
    bad = [{**row, "id": "x", **change} for change in (
        {"occurred_at": "0001-01-01T00:00:00+14:00"}, {"tags": "x"}, {"occurred_at": "soon"}, {"attempt": "many"},
    )]  # fmt: skip
    (tree / "a.jsonl").write_text("\n".join(json.dumps(line) for line in [*bad, {**row, "id": "y", "attempt": 10**25}]))
    done = outcomes("import", tree / "a.jsonl", "--format", "json")
    assert (0, 1) == (done.code, done.json[0]["rows"])
    assert done.json[0]["skipped"][0].startswith("4 skipped: a value is not what its column takes")
    assert (3, 1) == (store.stats().outcomes, store.stats().parked)


def test_counts_of_a_large_export_are_whole(home: Path, tree: Path) -> None:
    """Failures and their decisions come in different merges."""
    decision = Decision("transient", "network", "low", True, 0.9, "retry_with_backoff", plan=Plan())
    with Store(home / "store") as source:
        source.record_many(Outcome(f"{n}", "boom", fingerprint=CAUSE, decision=decision) for n in range(9000))
    outcomes("export", "--out", tree / "a.jsonl")
    (home / "store").rename(home / "elsewhere")
    outcomes("import", tree / "a.jsonl")
    with Store(home / "store") as other:
        found = other.history(CAUSE, Context(), type="network")
    assert (9000, 9000) == (found.seen, found.type_seen)


def test_pruned_failures_count_no_more(home: Path) -> None:
    """As attempts neither."""
    with Store(home / "store") as recent:
        recent.record_many(
            Outcome(f"{n}", "boom", utc_now() - timedelta(hours=2), CAUSE, Context(operation="deploy"))
            for n in range(3)
        )
        assert 3 == recent.history(CAUSE, Context(operation="deploy")).failed_attempts
    outcomes("prune", "--older-than", "1h")
    with Store(home / "store") as recent:
        found = recent.history(CAUSE, Context(operation="deploy"))
    assert (0, 0) == (found.seen, found.failed_attempts)


def test_label_that_was_taken_back_keeps_nothing(store: Store) -> None:
    """The failure is dropped with its age."""
    (outcome,) = [one for one in store.outcomes() if one.id == "labelled"]
    store.undo_label(outcome.labels[0].id)
    outcomes("prune", "--older-than", "365d")
    assert ["new"] == [one.id for one in store.outcomes()]
