from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from errclass.core.clock import utc_now
from errclass.core.types import Example, Label, Outcome
from errclass.outcomes import Store, load_training_set
from errclass.outcomes.training_set import REPEAT_CAP
from errclass.outcomes.weights import SOURCE_WEIGHTS

START = datetime(2026, 11, 1, tzinfo=UTC)


def labelled(name: str, *labels: Label, text: str = "boom", fingerprint: str | None = "f" * 16) -> Outcome:
    """An outcome with opinions on it."""
    return Outcome(name, text, START, fingerprint, tool="npm", labels=labels)


def test_absent_store_teaches_nothing(store: Store) -> None:
    """And is not created by asking."""
    assert ([], False) == (load_training_set(store), store.exists())


def test_unlabelled_outcome_teaches_nothing(store: Store) -> None:
    """A decision of our own is no truth."""
    store.record(labelled("a"))
    assert [] == load_training_set(store)


@pytest.mark.parametrize(("source", "weight"), [("human", 3.0), ("import", 1.0), ("outcome", 0.5), ("weak", 0.2)])
def test_weight_follows_the_source(store: Store, source: str, weight: float) -> None:
    """Human labels weigh most; weak ones are marked as such."""
    store.record(labelled("a", Label("network", source, retryable=True)))  # type: ignore[arg-type]
    kind = "weak" if source == "weak" else "store"
    assert [Example("boom", "network", True, weight, "npm", kind)] == load_training_set(store)


def test_sources_rank_by_weight() -> None:
    """The table says who wins."""
    assert ["human", "import", "outcome", "weak"] == sorted(SOURCE_WEIGHTS, key=SOURCE_WEIGHTS.__getitem__)[::-1]


def test_human_wins_over_a_later_import(store: Store) -> None:
    """The source counts before the time."""
    human = Label("test", "human", time=START)
    store.record(labelled("a", human, Label("build", "import", time=START + timedelta(days=1))))
    assert ["test"] == [example.type for example in load_training_set(store)]


def test_latest_of_one_source_wins(store: Store) -> None:
    """People may change their mind."""
    store.record(labelled("a"))
    store.label("a", "test")
    store.merge()
    store.label("a", "build")
    assert ["build"] == [example.type for example in load_training_set(store)]


def test_person_corrects_the_whole_cause(store: Store) -> None:
    """Imported labels on other cases of the same fingerprint no longer teach the wrong type."""
    imported = [labelled(str(number), Label("build", "import")) for number in range(5)]
    store.record_many([*imported, labelled("h", Label("dependency", "human"))])
    assert [("dependency", 3.0)] == [(example.type, example.weight) for example in load_training_set(store)]


def test_correction_stays_within_its_cause(store: Store) -> None:
    """Another fingerprint keeps its own label."""
    store.record_many(
        [labelled("a", Label("build", "import"), fingerprint="e" * 16), labelled("h", Label("test", "human"))]
    )
    assert ["build", "test"] == sorted(example.type for example in load_training_set(store))


def test_frequent_failure_is_capped(store: Store) -> None:
    """A hundred cases of one cause are one example of at most three times the weight."""
    store.record_many(labelled(str(number), Label("network", "import")) for number in range(100))
    assert [REPEAT_CAP] == [example.weight for example in load_training_set(store)]


def test_texts_without_fingerprint_are_causes_of_their_own(store: Store) -> None:
    """Equal texts are one example, different ones are two."""
    label = Label("unknown", "import")
    store.record_many(labelled(str(n), label, text=t, fingerprint=None) for n, t in enumerate(["x", "x", "y"]))
    assert [("x", 2.0), ("y", 1.0)] == [(example.text, example.weight) for example in load_training_set(store)]


def test_label_of_weight_zero_is_left_out(store: Store) -> None:
    """Weight 0 takes an opinion out."""
    store.record(labelled("a", Label("network", "human", weight=0.0)))
    assert [] == load_training_set(store)


def test_of_people_who_disagree_the_last_counts(store: Store) -> None:
    """On another failure of the same cause, too."""
    early, late = (
        Label(kind, "human", time=START + timedelta(days=days)) for kind, days in (("test", 0), ("build", 1))
    )
    store.record_many([labelled("a", late), labelled("b", early)])
    assert ["build"] == [example.type for example in load_training_set(store)]


def test_opinion_that_was_taken_back_teaches_nothing(store: Store) -> None:
    """And what stood before it stands again."""
    store.record(labelled("a", Label("test", "import")))
    label = store.label("a", "build")
    assert ["build"] == [example.type for example in load_training_set(store)]
    store.undo_label(label)
    assert ["test"] == [example.type for example in load_training_set(store)]


def test_what_was_taken_back_later_still_taught(store: Store) -> None:
    """So that a training can be repeated."""
    store.record(labelled("a", Label("test", "human")))
    moment = utc_now()
    (outcome,) = store.outcomes()
    store.undo_label(outcome.labels[0].id)
    assert (["test"], []) == (
        [example.type for example in load_training_set(store, until=moment)],
        load_training_set(store),
    )


def test_what_was_recorded_later_is_left_out(store: Store) -> None:
    """By the time of recording, whatever time a label claims."""
    store.record(labelled("a", Label("test", "import", time=START + timedelta(days=9999))))
    moment = utc_now()
    store.record(labelled("b", Label("build", "import", time=START), fingerprint="e" * 16))
    assert ["test"] == [example.type for example in load_training_set(store, until=moment)]
    assert ["build", "test"] == sorted(example.type for example in load_training_set(store))
