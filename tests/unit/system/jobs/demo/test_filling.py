"""What a demo store says of itself is what stands in its tables, and what was planted can be found there."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.demo import DAYS, UNTIL, DemoStore, write_demo
from support.source import find_source

from errclass.outcomes import Store, list_marts, open_marts
from errclass.reports import make_report

END = UNTIL.replace(tzinfo=None)
START = END - timedelta(days=DAYS)
CAUSES: dict[str, dict[str, Any]] = yaml.safe_load(
    (find_source() / "data" / "demo" / "causes.yaml").read_text(encoding="utf-8")
)
CAUSE = "json_extract_string(metadata, '$.cause')"


def time_of(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=None)


def failures_of(demo: DemoStore, cause: str) -> list[tuple[Any, ...]]:
    """Return time, operation, environment, fingerprint and id of all failures with a cause."""
    return demo.ask(
        f"SELECT occurred_at, operation, environment, fingerprint, id FROM failures WHERE {CAUSE} = ? ORDER BY 1", cause
    )


def followers_of(demo: DemoStore, cause: str, recovery: str | None) -> tuple[int, int]:
    """Return how many calls followed failures with a cause, and how many of them passed."""
    causes = {row[4] for row in failures_of(demo, cause)}
    calls = demo.ask("SELECT failure_id, success FROM attempts WHERE recovery IS NOT DISTINCT FROM ?", recovery)
    passed = [success for failure, success in calls if failure in causes]
    return len(passed), sum(passed)


def test_the_counts_are_those_of_the_tables(demo_store: DemoStore) -> None:
    """Every call once, every failure decided."""
    counts = {
        "actions": "SELECT count(*) FROM actions",
        "calls": "SELECT count(*) FROM attempts",
        "cancelled": "SELECT count(*) FROM failures WHERE cancelled",
        "failures": "SELECT count(*) FROM failures",
        "labelled": "SELECT count(*) FROM labels",
        "messages": "SELECT count(*) FROM notifications",
    }
    assert demo_store.document["counts"] == {name: demo_store.ask(query)[0][0] for name, query in counts.items()}
    assert demo_store.ask("SELECT id FROM failures ORDER BY 1") == demo_store.ask(
        "SELECT id FROM attempts WHERE NOT success ORDER BY 1"
    )
    assert demo_store.ask("SELECT id FROM failures ORDER BY 1") == demo_store.ask(
        "SELECT failure_id FROM decisions WHERE type IS NOT NULL AND decision_id IS NOT NULL ORDER BY 1"
    )


def test_everything_is_marked_as_demo_and_within_the_span(demo_store: DemoStore) -> None:
    """The repositories' names show it in every report."""
    assert [("demo", "true")] == demo_store.ask(
        "SELECT DISTINCT source, json_extract_string(metadata, '$.demo') FROM failures"
    )
    assert [("demo",)] == demo_store.ask("SELECT DISTINCT source FROM attempts")
    assert [] == demo_store.ask("SELECT id FROM failures WHERE NOT starts_with(repository, 'demo/')")
    for table, column in (
        ("failures", "occurred_at"),
        ("attempts", "ended_at"),
        ("actions", "ended_at"),
        ("labels", "labelled_at"),
        ("notifications", "created_at"),
        ("resolutions", "resolved_at"),
        ("test_results", "occurred_at"),
    ):
        ((first, last),) = demo_store.ask(f"SELECT min({column}), max({column}) FROM {table}")
        assert START <= first <= last < END, table


def test_it_was_decided_by_the_model_and_not_by_the_truth(demo_store: DemoStore) -> None:
    """The facts are there that rules read, the rules that fired, and the model was wrong now and then."""
    assert [(demo_store.document["model_version"], demo_store.document["rules_revision"])] == demo_store.ask(
        "SELECT DISTINCT model_version, rules_revision FROM decisions"
    )
    assert [] == demo_store.ask("SELECT id FROM decisions WHERE facts = '{}' OR rules_fired = '[]' OR trace = '[]'")
    rows = demo_store.ask(
        f"SELECT {CAUSE}, type FROM failures JOIN decisions ON failure_id = failures.id WHERE NOT cancelled"
    )
    right = sum(CAUSES[cause]["type"] == decided for cause, decided in rows)
    assert 0.8 * len(rows) < right < len(rows)


def test_decisions_know_what_happened_before_them(demo_store: DemoStore) -> None:
    """The same cause in the same operation, as of then and not of today."""
    rows = demo_store.ask(
        "SELECT fingerprint, json_extract(document, '$.history.seen')::BIGINT FROM failures "
        "JOIN decisions ON failure_id = failures.id WHERE fingerprint IS NOT NULL ORDER BY occurred_at, failures.id"
    )
    seen: Counter[str] = Counter()
    for fingerprint, known in rows:
        assert seen[fingerprint] == (known or 0)
        seen[fingerprint] += 1
    assert max(seen.values()) > 10


def test_the_outage_is_seen_in_its_hours_only(demo_store: DemoStore) -> None:
    """In all its operations; nearly every call of theirs fails, and all work afterwards."""
    outage = demo_store.truth("outage")
    since, until, operations = time_of(outage["since"]), time_of(outage["until"]), outage["where"]["operation"]
    rows = failures_of(demo_store, outage["cause"])
    assert len(rows) == outage["found"]["failures"] >= 50
    assert {*operations} == {operation for _, operation, *_ in rows}
    # A run that began within it may end later.
    assert since <= rows[0][0] <= rows[-1][0] <= until + timedelta(minutes=30)
    calls = demo_store.ask(
        "SELECT success FROM attempts WHERE operation IN (SELECT unnest(?)) AND started_at >= ? AND started_at < ?",
        operations,
        since,
        until,
    )
    assert sum(success for (success,) in calls) < 0.15 * len(calls)
    assert {*operations} == {
        name
        for (name,) in demo_store.ask("SELECT operation FROM attempts WHERE success AND ended_at > ?", until)
        if name in operations
    }


def test_the_regression_begins_when_it_is_said_and_goes_on(demo_store: DemoStore) -> None:
    """One fingerprint that was never seen before, with the version that brought it."""
    truth = demo_store.truth("regression")
    rows = failures_of(demo_store, truth["cause"])
    (fingerprint,) = truth["found"]["fingerprints"]
    assert {fingerprint} == {row[3] for row in rows}
    assert len(rows) == truth["found"]["failures"] == truth["found"]["fingerprints"][fingerprint] >= 5
    assert time_of(truth["since"]) <= rows[0][0] < time_of(truth["since"]) + timedelta(days=1, hours=12)
    assert [("2.4.0",)] == demo_store.ask(
        f"SELECT DISTINCT json_extract_string(metadata, '$.version') FROM failures WHERE {CAUSE} = ?", truth["cause"]
    )
    assert (0, 0) == (truth["found"]["passes"], followers_of(demo_store, truth["cause"], None)[1])


def test_the_flaky_test_is_the_only_one(demo_store: DemoStore) -> None:
    """It failed and passed on the same commit, again and again; other tests that failed did not."""
    truth = demo_store.truth("flaky_test")
    results: defaultdict[tuple[str, str], set[bool]] = defaultdict(set)
    for test, commit, passed in demo_store.ask("SELECT test, commit_id, passed FROM test_results"):
        results[test, commit].add(passed)
    flaky = Counter(test for (test, _), seen in results.items() if len(seen) == 2)
    assert {truth["expected"]["test"]} == set(flaky)
    assert flaky[truth["expected"]["test"]] >= 4
    assert len({test for test, _ in results}) > 5
    assert (truth["found"]["tries"], truth["found"]["passes"]) == followers_of(demo_store, truth["cause"], None)


def test_the_incident_at_the_end_is_open(demo_store: DemoStore) -> None:
    """No call of that place worked since."""
    truth = demo_store.truth("open_incident")
    assert len(failures_of(demo_store, truth["cause"])) == truth["found"]["failures"] >= 2
    assert [] == demo_store.ask(
        "SELECT id FROM attempts WHERE operation = ? AND environment = ? AND success AND ended_at > ?",
        truth["where"]["operation"][0],
        truth["where"]["environment"],
        time_of(truth["since"]) + timedelta(minutes=15),
    )


@pytest.mark.parametrize(("name", "helps"), [("recovery_that_works", True), ("recovery_that_does_not", False)])
def test_one_recovery_helps_and_one_does_not(demo_store: DemoStore, name: str, helps: bool) -> None:
    """As the calls after it tell; the recipe is used for nothing else."""
    truth = demo_store.truth(name)
    found, expected = truth["found"], truth["expected"]
    for recovery, kind in ((truth["recovery"], "recovery"), (None, "rerun")):
        assert (found[kind]["tries"], found[kind]["passes"]) == followers_of(demo_store, truth["cause"], recovery)
    tries, passes = found["recovery"]["tries"], found["recovery"]["passes"]
    assert tries >= 5
    spread = 4 * math.sqrt(tries * expected["recovery_passes"] * (1 - expected["recovery_passes"]))
    assert abs(passes - tries * expected["recovery_passes"]) <= spread
    assert (passes > tries / 2) == helps
    assert [(tries,)] == demo_store.ask("SELECT count(*) FROM attempts WHERE recovery = ?", truth["recovery"])


def test_more_fails_in_hours_of_work(demo_store: DemoStore) -> None:
    """Counted with the outage left out, which would help."""
    times = [
        time
        for (time,) in demo_store.ask(
            f"SELECT occurred_at FROM failures WHERE {CAUSE} <> ?", demo_store.truth("outage")["cause"]
        )
    ]
    working = sum(time.weekday() < 5 and 8 <= time.hour < 18 for time in times)
    assert abs(working / len(times) - demo_store.truth("season")["expected"]["work_share"]) < 0.12
    weekend = sum(time.weekday() > 4 for time in times)
    assert weekend < 0.2 * len(times)


def test_people_labelled_a_third_and_said_the_truth(demo_store: DemoStore) -> None:
    """After the failure; not what was decided, but what it was."""
    rows = demo_store.ask(
        f"SELECT {CAUSE}, labels.type, labels.source, labelled_at > occurred_at FROM labels "
        "JOIN failures ON failures.id = labels.failure_id"
    )
    assert {(CAUSES[cause]["type"], "human", True) for cause, *_ in rows} == {tuple(said) for _, *said in rows}
    assert all(CAUSES[cause]["type"] == said for cause, said, *_ in rows)
    share = len(rows) / demo_store.document["counts"]["failures"]
    assert 0.2 < share < 0.36  # what failed last is not labelled yet


def test_every_mart_has_something_to_tell(demo_store: DemoStore) -> None:
    """Reports and notebooks find content wherever they look, but for people who contradict each other."""
    names = [mart.name for mart in list_marts()]
    with Store(demo_store.folder) as store, open_marts(store) as session:
        told = [name for name in names if session.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchall()]
    assert {"label_disagreements"} == {*names} - {*told}


def test_the_same_options_give_the_same_rows(tmp_path: Path) -> None:
    """In every table, all but when they were written; and so the same figures. Another seed gives others."""
    one, two, other = (write_demo(tmp_path / name, days=7, seed=seed) for name, seed in (("a", 5), ("b", 5), ("c", 6)))
    assert one.document == two.document
    tables = [
        name
        for (name,) in one.ask("SELECT DISTINCT table_name FROM duckdb_tables() WHERE database_name = 'history'")
        if name not in {"store_state", "applied_migrations", "schema_migrations"}
    ]
    assert {"failures", "decisions", "attempts", "actions", "labels", "resolutions", "summaries"} <= {*tables}
    for table in tables:
        assert read_rows(one, table) == read_rows(two, table), table
    assert read_rows(one, "failures") != read_rows(other, "failures")
    assert figures_of(one) == figures_of(two) != figures_of(other)


def read_rows(demo: DemoStore, table: str) -> list[tuple[Any, ...]]:
    columns = [
        name
        for (name,) in demo.ask(
            "SELECT column_name FROM duckdb_columns() WHERE database_name = 'history' AND table_name = ?", table
        )
        if name not in {"recorded_at", "applied_at"}
    ]
    return sorted(demo.ask(f"SELECT {', '.join(columns)} FROM history.{table}"), key=str)


def figures_of(demo: DemoStore) -> Any:
    with Store(demo.folder) as store:
        return make_report(store, "summary", window="7d", now=UNTIL).to_dict()["data"]
