from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from errclass.core.types import Label, Outcome
from errclass.outcomes import Store, count_disagreements, list_disagreements

START = datetime(2026, 11, 1, tzinfo=UTC)
CAUSE = "f" * 16


def say(kind: str, source: str = "human", author: str | None = None, *, hours: int = 0, spreads: bool = True) -> Label:
    return Label(kind, source, time=START + timedelta(hours=hours), author=author, spreads=spreads)  # type: ignore[arg-type]


def record(store: Store, **speeches: Label | tuple[Label, ...]) -> None:
    """One failure of the cause for each name, with what was said of it."""
    for name, labels in speeches.items():
        said = labels if isinstance(labels, tuple) else (labels,)
        store.record(Outcome(name, "boom", START, CAUSE, labels=said))


@pytest.mark.parametrize(
    ("labels", "winner"),
    [
        ((say("test", hours=0), say("build", "import", hours=9)), ("test", "human")),
        ((say("test", author="bob"), say("build", author="alice", hours=1)), ("build", "human (alice)")),
        ((say("weird", "weak", hours=9), say("build", "import")), ("build", "import")),
        ((say("network", "outcome"), say("build", "weak", hours=1)), ("network", "outcome")),
    ],
)
def test_the_winner_comes_first(store: Store, labels: tuple[Label, ...], winner: tuple[str, str]) -> None:
    """A person wins, and the latest among persons."""
    record(store, a=labels, b=(), c=())
    (found,) = list_disagreements(store)
    assert winner == (found.winner.type, found.winner.voice)
    assert (3, [3, 0], 1) == (found.count, [one.failures for one in found.opinions], count_disagreements(store))
    store.merge()
    assert [found] == list_disagreements(store)


def test_each_opinion_knows_its_failures(store: Store) -> None:
    """One on a failure itself stands beside the one that spread."""
    record(store, a=say("test", author="bob", spreads=False), b=say("build", author="alice"), c=())
    (found,) = list_disagreements(store)
    assert {"build": 2, "test": 1} == {one.type: one.failures for one in found.opinions}


@pytest.mark.parametrize(
    ("reason", "labels"),
    [
        ("they agree", (say("test", author="bob"), say("test", "import"))),
        ("somebody changed his mind", (say("test", author="bob"), say("build", author="bob", hours=1))),
        ("nobody spoke", ()),
    ],
)
def test_no_disagreement(store: Store, reason: str, labels: tuple[Label, ...]) -> None:
    """Only opinions that stand beside each other disagree."""
    record(store, a=labels)
    assert ([], 0) == (list_disagreements(store), count_disagreements(store)), reason


def test_what_was_taken_back_disagrees_no_more(store: Store) -> None:
    """Nor do two causes with each other."""
    record(store, a=say("test", author="bob"))
    label = store.label("a", "build", author="alice")
    assert 1 == count_disagreements(store)
    store.undo_label(label)
    store.record(Outcome("other", "boom", START, None, labels=(say("build"),)))
    assert 0 == count_disagreements(store)


def test_the_most_frequent_comes_first(store: Store) -> None:
    """Then by cause."""
    both = (say("test"), say("build", "import"))
    store.record(Outcome("rare", "boom", START, "0" * 16, labels=both))
    record(store, a=both, b=())
    assert ["b", "rare"] == [found.id for found in list_disagreements(store)]


def test_an_absent_store_has_none(store: Store) -> None:
    """And is not created by asking."""
    assert ([], 0, False) == (list_disagreements(store), count_disagreements(store), store.exists())
