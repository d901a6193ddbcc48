"""What re-runs and recoveries were seen to bring."""

from __future__ import annotations

from typing import Any

import pytest
from support.happenings import Scene, at, decide

from errclass.core.types import Context
from errclass.outcomes import Observed, Store, load_observed

CAUSE, OTHER = "a" * 16, "b" * 16


@pytest.fixture
def scene(store: Store) -> Scene:
    """Two failures of one cause, one of another, all network."""
    scene = Scene(store)
    for name, minutes, cause in (("f1", 0, CAUSE), ("f2", 10, CAUSE), ("f3", 20, OTHER)):
        scene.fail(name, minutes, "network", fingerprint=cause)
    return scene


def look(scene: Scene, since: float = -1) -> Observed:
    return load_observed(scene.store, at(since))


def test_a_re_run_speaks_for_its_cause(scene: Scene) -> None:
    """With counts of its own, and wider groups behind it as everywhere."""
    scene.call("r1", 1, True, failure_id="f1")
    scene.call("r2", 11, False, failure_id="f2")
    scene.call("r3", 21, True, failure_id="f3")
    found, other = look(scene).chance(CAUSE, None), look(scene).chance(OTHER, None)
    assert found is not None
    assert other is not None
    assert (2, 1, "fingerprint", 1, 1) == (found.tries, found.successes, found.level, other.tries, other.successes)
    assert 0 < found.low < found.mean < found.high < 1
    scene.store.merge()  # decisions count wider groups only then
    history = scene.store.history(CAUSE, Context(), type="network", category="transient")
    assert found == history.retry


@pytest.mark.parametrize("fingerprint", [None, OTHER, "never seen", ""])
def test_what_was_not_tried_on_the_cause_itself_has_no_chance(scene: Scene, fingerprint: str | None) -> None:
    """Others of its type are no observation."""
    scene.call("r1", 1, True, failure_id="f1")
    assert None is look(scene).chance(fingerprint, None)


def test_recoveries_are_kept_apart_by_recipe(scene: Scene) -> None:
    """One recipe says nothing of another, nor of a plain re-run."""
    scene.call("r1", 1, True, failure_id="f1", unchanged=False, recovery="free_space")
    found = look(scene).chance(CAUSE, "free_space")
    assert found is not None
    assert (1, 1) == (found.tries, found.successes)
    assert [None, None] == [look(scene).chance(CAUSE, recipe) for recipe in (None, "reinstall")]


def test_the_end_of_each_failure_since_the_moment_is_known(scene: Scene) -> None:
    """Of several re-runs one success is enough; what was not re-run has no end."""
    scene.call("r1", 1, False, failure_id="f1")
    scene.call("r2", 2, True, failure_id="f1")
    scene.call("r3", 11, False, failure_id="f2")
    scene.call("r4", 21, True, failure_id="f3", unchanged=False, recovery="free_space")
    assert {("f1", None): True, ("f2", None): False, ("f3", "free_space"): True} == look(scene).ends
    assert {("f3", "free_space"): True} == look(scene, 20).ends


@pytest.mark.parametrize(("operation", "seconds"), [("deploy", 30.0), ("build", 90.0), ("other", 50.0), (None, 50.0)])
def test_calls_tell_how_long_one_takes(scene: Scene, operation: str | None, seconds: float) -> None:
    """The mean of the operation's own, of all where it has none; a call that ended before it began is none."""
    scene.call("c1", 1, True, seconds=20)
    scene.call("c2", 2, False, seconds=40)
    scene.call("c3", 3, True, seconds=90, operation="build")
    scene.call("c4", 4, True, seconds=-1000)
    scene.call("c5", 5, True)
    assert seconds == look(scene).call_seconds(operation)


def test_without_durations_nothing_is_made_up(scene: Scene) -> None:
    """Not even a usual minute."""
    scene.call("c1", 1, True)
    assert None is look(scene).call_seconds("deploy")


def test_no_store_has_seen_nothing(place: str) -> None:
    """And is not made by looking."""
    with Store(place) as store:
        found = load_observed(store, at(0))
        assert (None, None, False) == (found.chance(CAUSE, None), found.call_seconds(None), store.exists())


def test_a_fingerprint_that_was_decided_in_two_ways_has_one_chance(scene: Scene) -> None:
    """Its own counts are those of both; the wider groups are those of what it mostly was."""
    scene.fail("f4", 30, fingerprint=CAUSE, decision=decide("test"))
    for number, failure in enumerate(("f1", "f2", "f4")):
        scene.call(f"r{number}", 40 + number, True, failure_id=failure)
    found: Any = look(scene).chance(CAUSE, None)
    assert (3, 3, "fingerprint") == (found.tries, found.successes, found.level)
