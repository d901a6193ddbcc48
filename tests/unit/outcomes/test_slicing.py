"""A slice of the store answers as the whole store does."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.happenings import DAY, Scene, at, decide
from support.random_history import DAYS, END, START, draw_history, write_history

from errclass.core.happenings import Action, Attempt
from errclass.core.types import Context, Label, Outcome
from errclass.outcomes import Store, check_filters, open_figures, slicing
from errclass.outcomes.depth import Depth, find_depth
from errclass.outcomes.events import resolution_event
from errclass.outcomes.mart_sessions import order_marts
from errclass.outcomes.sql_files import FOLDER, load_sql

NAMES = tuple(sorted(path.stem for path in (FOLDER / "figures").glob("*.sql")))
DEPTHS = {name: find_depth(load_sql(f"figures/{name}")) for name in NAMES}
VALUES: dict[str, Any] = {
    "size": 3,
    "seconds": 7200,
    "horizon": 3600.0,
    "history": 3 * 86_400,
    "dimension": "operation",
    "wanted": None,
    "fingerprint": f"{3:016x}",
}
"""What is asked for where a query has a parameter of the name."""
FILTERS: tuple[dict[str, Any], ...] = ({}, {"environment": "staging"}, {"type": ["network", "test"]})


def write_tangle(store: Store, seed: int) -> None:
    """Record runs whose parts lie far apart in time, and places that are quiet for long."""
    chance = random.Random(seed)
    moments = [START + timedelta(seconds=chance.randrange(DAYS * 86_400)) for _ in range(400)]
    contexts = [
        Context(
            environment=chance.choice(("production", "staging", None)),
            operation=chance.choice(("deploy", "test", None)),
            repository=chance.choice(("shop/api", "shop/web")),
            branch=f"branch {chance.randrange(12)}",
            operation_id=chance.choice((None, *(f"run {number}" for number in range(40)))),
            attempt=chance.choice((1, 1, 2, 3)),
            commit=chance.choice((None, "a", "b")),
            source=chance.choice((None, None, None, "import")),
            cancelled=chance.random() < 0.1,
        )
        for _ in moments
    ]
    failures = [f"t{number:03}" for number in range(100)]
    store.record_many(
        Outcome(
            name,
            f"error of {name}",
            time=moment,
            fingerprint=f"{chance.randrange(9):016x}",
            context=context,
            decision=decide(chance.choice(("network", "test", "build"))) if chance.random() < 0.9 else None,
            labels=(
                (
                    Label(
                        chance.choice(("network", "build", "odd")), "human", time=moment, spreads=chance.random() < 0.3
                    ),
                )
                if chance.random() < 0.2
                else ()
            ),
        )
        for name, moment, context in zip(failures, moments, contexts, strict=False)
    )
    for number, (moment, context) in enumerate(zip(moments[100:300], contexts[100:300], strict=True)):
        success = chance.random() < 0.4
        store.record_attempt(
            Attempt(
                chance.choice(failures) if not success and number % 3 == 0 else f"call {number}",
                success,
                context,
                failure_id=chance.choice((None, None, *failures[:4], chance.choice(failures))),
                unchanged=chance.random() < 0.7,
                recovery=chance.choice((None, None, "clean")),
                started=moment - timedelta(seconds=30) if number % 2 else None,
                ended=moment,
            )
        )
    for number, moment in enumerate(moments[300:]):
        name = chance.choice(failures)
        if number % 2:
            store.record_action(Action(f"a{number}", "escalate", "manual", "success", name, ended=moment))
        else:
            how = chance.choice((None, "retry"))
            store.add_events([resolution_event(name, chance.random() < 0.7, moment, f"r{number}", how)])  # type: ignore[arg-type]


def write_quiet_places(store: Store, seed: int) -> None:
    """Record failures long before others in the same place, some of them with a success between."""
    chance = random.Random(seed)
    for number in range(24):
        context = Context(operation="deploy", environment="staging", branch=f"quiet {number}")
        days = (chance.uniform(0, 8), chance.uniform(18, DAYS))
        for place, day in enumerate(days):
            time = START + timedelta(days=day)
            store.record(Outcome(f"q{number}:{place}", "boom", time=time, context=context, decision=decide("test")))
        if chance.random() < 0.4:
            ended = START + timedelta(days=chance.uniform(*days))
            store.record_attempt(Attempt(f"q{number}", True, context, ended=ended))


@pytest.fixture(scope="module", params=range(3))
def history(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A history of chance, half of it merged."""
    folder: Path = tmp_path_factory.mktemp("store")
    with Store(folder) as store:
        if request.param % 2:
            write_history(draw_history(request.param, faults=80), store)
            store.merge(wait=10)
        write_tangle(store, request.param)
        write_quiet_places(store, request.param)
        if request.param:
            store.merge(wait=10)
        yield store


def ask_all(
    store: Store, since: datetime, until: datetime, filters: dict[str, Any], names: Sequence[str] = NAMES
) -> dict[str, list[Any]]:
    """Return the rows of queries, floats without the digits that depend on the order of a product."""
    with open_figures(store, *names, filters=check_filters(filters)) as reader:
        return {
            name: [
                {key: round(cell, 6) if isinstance(cell, float) else cell for key, cell in row.items()}
                for row in reader.read(name, since, until, **parameters(name))
            ]
            for name in names
        }


def parameters(name: str) -> dict[str, Any]:
    """Return values for what a query asks for."""
    return {found: VALUES[found] for found in re.findall(r"\$(\w+)", load_sql(f"figures/{name}"))}


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_a_slice_answers_as_everything(
    history: Store, filters: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every query, in windows of any place and length, also where nothing is known any more."""
    chance = random.Random(str(filters))
    for _ in range(3):
        since = START + timedelta(hours=chance.randrange(24 * 16, 24 * (DAYS + 20)))
        compare(history, monkeypatch, since, timedelta(hours=chance.choice((6, 24, 100, 300))), filters)


def compare(
    store: Store, monkeypatch: pytest.MonkeyPatch, since: datetime, length: timedelta, filters: dict[str, Any]
) -> None:
    """Ask everything of a slice of each depth that answers it, however large, and of the whole store."""
    monkeypatch.setattr(slicing, "_MOST", -1.0)
    whole = ask_all(store, since, since + length, filters)
    monkeypatch.setattr(slicing, "_MOST", 1.0)
    monkeypatch.setattr(slicing, "_STEP", timedelta(days=1))  # so that a success is looked for more than once
    for depth in Depth:
        names = [name for name in NAMES if DEPTHS[name] <= depth]
        found = ask_all(store, since, since + length, filters, names)
        assert {name: whole[name] for name in names} == found, (depth, since, length)


def test_a_slice_of_a_store_of_any_kind(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder or a server, partly merged."""
    write_tangle(store, 7)
    store.merge(wait=10)
    Scene(store).fail("late", 1, "build", fingerprint="a" * 16)
    compare(store, monkeypatch, END - timedelta(days=3), timedelta(days=2), {})


@pytest.mark.parametrize(("success", "incidents"), [(None, 0), (10, 1), (-10, 0)])
def test_an_incident_goes_on_after_a_quiet_month(folder: Path, success: int | None, incidents: int) -> None:
    """Which began before the slice: only a success after its first failure ends it, however long ago that was."""
    with Store(folder) as store:
        scene = Scene(store)
        scene.fail("first", 0)
        scene.fail("again", 30 * DAY)
        if success is not None:
            scene.call("well", success * DAY, True)
        with open_figures(store, "recovery_time") as reader:
            rows = reader.read("recovery_time", at(29 * DAY), at(31 * DAY))
    assert incidents == sum(row["incidents"] for row in rows)


@pytest.mark.parametrize(
    ("name", "depth"),
    [
        ("known_span", Depth.NOTHING),
        ("failure_slots", Depth.ANSWERS),
        ("types_together", Depth.ANSWERS),
        ("call_counts", Depth.COURSES),
        ("failure_counts", Depth.COURSES),
        ("recovery_time", Depth.INCIDENTS),
        ("operation_groups", Depth.WATCHES),
        ("open_incidents", Depth.WATCHES),
    ],
)
def test_a_query_says_how_deep_it_looks(name: str, depth: Depth) -> None:
    """By what it and its marts select from."""
    assert depth == DEPTHS[name]


def test_every_mart_is_made_for_a_query_over_it() -> None:
    """Also where nothing below it is sliced."""
    assert [] == [name for name in order_marts() if find_depth(f"FROM {name}") == Depth.NOTHING]


@pytest.mark.parametrize("hint", [None, END - timedelta(days=2)])
def test_an_earlier_question_goes_no_deeper_than_itself(
    history: Store, hint: datetime | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was said, or asked first, is where all that is deeper begins."""
    depths: list[Depth] = []
    cut = slicing.cut_slice

    def note(session: Any, schema: str, depth: Depth, since: datetime, *, openings: bool) -> bool:
        depths.append(depth)
        return cut(session, schema, depth, since, openings=openings)

    monkeypatch.setattr("errclass.outcomes.figures.cut_slice", note)
    with open_figures(history, "operation_groups", "failure_slots", since=hint) as reader:
        reader.read("operation_groups", END - timedelta(days=2), END)
        reader.read("failure_slots", END - timedelta(days=9), END, seconds=3600)
        reader.read("failure_slots", END - timedelta(days=1), END, seconds=3600)
    assert [Depth.WATCHES, Depth.ANSWERS] == depths


@pytest.mark.parametrize(("imported", "days"), [(True, 40), (False, 40), (True, 14.08)])
def test_what_tells_nothing_of_operations_ends_no_incident(
    folder: Path, imported: bool, days: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Imported and cancelled rows that came long after the last live one: until that the store was watched."""
    with Store(folder) as store:
        scene = Scene(store)
        scene.call("well", -1, True, operation="other")
        scene.fail("down", 0, "build")
        scene.call("still well", 13.9 * DAY, True, operation="other")
        for number in range(4):
            source = "import" if imported else None
            scene.fail(f"late {number}", days * DAY + number, "build", source=source, cancelled=not imported)
        since = at(days * DAY)
        found = []
        for most in (1.0, -1.0):
            monkeypatch.setattr(slicing, "_MOST", most)
            with open_figures(store, "open_incidents", "alert_down") as reader:
                found.append(reader.read("open_incidents", since, since + timedelta(hours=1), size=5))
    assert found[0] == found[1]
    assert ["deploy"] == [row["operation"] for row in found[0]]


@pytest.mark.parametrize("first", [0, 1])
def test_a_look_goes_further_back_for_failures_than_for_calls(history: Store, first: int) -> None:
    """Whichever is asked first."""
    near, far = (END - timedelta(days=2), END), (END - timedelta(days=17), END)
    asked = [("call_counts", near), ("failure_slots", far), ("failure_slots", near)]
    asked = asked[first:] + asked[:first]
    expected = [read_alone(history, name, window) for name, window in asked]
    with open_figures(history, "call_counts", "failure_slots", since=near[0]) as reader:
        assert expected == [reader.read(name, *window, **parameters(name)) for name, window in asked]


def read_alone(store: Store, name: str, window: tuple[datetime, datetime]) -> list[dict[str, Any]]:
    """Return the rows of one query over a look of its own."""
    with open_figures(store, name) as reader:
        return reader.read(name, *window, **parameters(name))


def test_an_earlier_window_is_answered_too(history: Store) -> None:
    """With another slice than the first."""
    asked = ((END - timedelta(days=1), END), (END - timedelta(days=20), END), (START, END), (END, END))
    with open_figures(history, "failure_slots", since=END) as reader:
        found = [reader.read("failure_slots", *window, seconds=86_400) for window in asked]
    for window, rows in zip(asked, found, strict=True):
        with open_figures(history, "failure_slots") as reader:
            assert rows == reader.read("failure_slots", *window, seconds=86_400)
    assert [1, 20, DAYS, 0] >= [len(rows) for rows in found]
