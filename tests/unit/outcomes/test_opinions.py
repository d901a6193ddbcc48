"""Who counts when several speak of the same failures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errclass.core.errors import UsageError
from errclass.core.types import Label, Outcome
from errclass.outcomes import Store, load_training_set
from errclass.outcomes.events import label_event
from errclass.outcomes.opinions import Reach, list_opinions, measure_reach, take_back

START = datetime(2026, 11, 1, tzinfo=UTC)
CAUSE = "f" * 16
NAMES = ("a", "b", "c", "alone")

Said = tuple[str, Label]
LABELS = st.builds(
    Label,
    st.sampled_from(["network", "test", "build"]),
    st.sampled_from(["human", "import", "outcome", "weak"]),
    time=st.integers(0, 5).map(lambda hours: START + timedelta(hours=hours)),
    author=st.sampled_from([None, "alice", "bob"]),
    spreads=st.booleans(),
)
SPEECHES = st.lists(st.tuples(st.sampled_from(NAMES), LABELS), max_size=6)
FEW = settings(max_examples=20, deadline=None)


@contextmanager
def open_filled(speeches: list[Said]) -> Iterator[Store]:
    """A store with three failures of one cause and one without, and what was said of them, in this order."""
    with TemporaryDirectory() as folder, Store(Path(folder) / "store") as store:
        store.record_many(Outcome(name, "boom", START, None if name == "alone" else CAUSE) for name in NAMES)
        store.add_events(label_event(name, label, f"l{number}") for number, (name, label) in enumerate(speeches))
        yield store


def counting(store: Store) -> dict[str, Any]:
    """What counts for each failure."""
    with store.reading() as session:
        rows = session.execute("SELECT failure_id, type, source, own FROM effective_labels").fetchall()
    return {row[0]: row[1:] for row in rows}


@FEW
@given(SPEECHES, st.randoms())
def test_a_person_wins_whatever_the_order(speeches: list[Said], random: Any) -> None:
    """Of events and of what comes first in the store."""
    shuffled = list(speeches)
    random.shuffle(shuffled)
    with open_filled(shuffled) as store:
        found = counting(store)
    spread = any(label.source == "human" and label.spreads and name != "alone" for name, label in speeches)
    for name in NAMES:
        own = any(label.source == "human" for spoken, label in speeches if spoken == name)
        assert (own or (spread and name != "alone")) == (name in found and found[name][1] == "human")


@FEW
@given(SPEECHES, st.sampled_from(NAMES), LABELS)
def test_undoing_restores_what_stood_before(speeches: list[Said], name: str, label: Label) -> None:
    """For all failures, and for training."""
    with open_filled(speeches) as store:
        before = counting(store), load_training_set(store)
        store.add_events([label_event(name, label, "one more")])
        store.undo_label("one more")
        assert before == (counting(store), load_training_set(store))


@FEW
@given(SPEECHES)
def test_spreading_never_overrides_a_person_on_the_failure_itself(speeches: list[Said]) -> None:
    """However late it comes."""
    late = Label("syntax", "human", time=START + timedelta(days=9), spreads=True)
    with open_filled([("a", Label("database", "human", time=START)), *speeches, ("b", late)]) as store:
        type_, source, own = counting(store)["a"]
    assert ("human", True) == (source, own)
    assert "syntax" != type_


@FEW
@given(SPEECHES)
def test_what_is_listed_agrees_with_what_counts(speeches: list[Said]) -> None:
    """At most one opinion counts, and none that was taken back."""
    with open_filled([*speeches, ("a", Label("build", "human"))]) as store:
        store.undo_label("l0")
        found = counting(store)
        for name in NAMES:
            listed = [opinion for opinion in list_opinions(store, name) if opinion.counts]
            assert [found[name][0] for _ in range(name in found)] == [opinion.type for opinion in listed]
            assert not [opinion for opinion in listed if opinion.undone]


@pytest.fixture
def filled(store: Store) -> Store:
    """Three failures of one cause."""
    store.record_many(Outcome(name, "boom", START, CAUSE) for name in "abc")
    return store


def test_the_reach_of_a_label_is_told(filled: Store) -> None:
    """An opinion on a failure itself keeps what spreads off it."""
    own = filled.label("a", "test")
    spread = filled.label("b", "build", spreads=True)
    assert Reach(1, 1) == measure_reach(filled, [own])
    assert Reach(3, 2) == measure_reach(filled, [spread])
    assert Reach(0, 0) == measure_reach(filled, ["none"])


def test_taking_back_is_an_event(filled: Store) -> None:
    """The opinion stays in the list, with who took it back; a second time changes nothing."""
    label = filled.label("a", "test", author="alice", spreads=True)
    for author in ("bob", "carol"):
        assert "test" == take_back(filled, "b", label, author=author).type
    filled.merge()
    (opinion,) = list_opinions(filled, "c")
    assert ("bob", False, "alice", "a") == (opinion.undone_by, opinion.counts, opinion.author, opinion.outcome_id)
    assert opinion.undone is not None


def test_an_unknown_label_is_not_taken_back(filled: Store) -> None:
    """Nor one that does not speak of the failure; those that do are named."""
    elsewhere = filled.label("a", "test")
    here = filled.label("b", "build")
    for label in ("none", elsewhere):
        with pytest.raises(UsageError, match=f"no label '{label}' on outcome 'b'; .*: {here}"):
            take_back(filled, "b", label)
    assert ["build"] == [opinion.type for opinion in list_opinions(filled, "b") if opinion.counts]
