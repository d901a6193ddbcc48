"""The logs of the demo: the same break has the same words, each call its own numbers."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from errclass.core.taxonomy import Taxonomy
from errclass.system.jobs.demo.texts import write_log
from errclass.system.jobs.demo.world import Cause, load_world

WORLD = load_world()
MOMENT = datetime(2026, 3, 2, 9, 30, 15, tzinfo=UTC)
CAUSES = [pytest.param(cause, id=name) for name, cause in WORLD.causes.items()]


def write(cause: Cause, breakage: str = "one", call: str = "one") -> str:
    return write_log(cause, WORLD.pipelines[0], MOMENT, breakage=breakage, call=call)


@pytest.mark.parametrize("cause", CAUSES)
def test_a_log_is_the_same_for_the_same_names_and_has_no_gap(cause: Cause) -> None:
    """Every ``$name`` is filled in."""
    assert write(cause) == write(cause)
    assert not re.search(r"\$\w", write(cause))


@pytest.mark.parametrize("cause", [case for case in CAUSES if case.values[0].picks])
def test_a_break_keeps_its_words_and_other_breaks_have_others(cause: Cause) -> None:
    """From call to call only numbers differ."""

    def words(text: str) -> set[str]:
        return {choice for choices in cause.picks.values() for choice in choices if choice in text}

    assert {frozenset(words(write(cause)))} == {frozenset(words(write(cause, call=str(n)))) for n in range(20)}
    assert 1 < len({frozenset(words(write(cause, breakage=str(n)))) for n in range(40)})


@pytest.mark.parametrize("cause", CAUSES)
def test_a_cause_is_of_a_known_type_and_its_chances_are_chances(cause: Cause, taxonomy: Taxonomy) -> None:
    """What lasts until it is mended is helped by nothing before."""
    assert cause.type in taxonomy.names
    assert 0 <= cause.rerun <= 1
    assert 0 <= cause.cure <= 1
    assert cause.lasts is None or (cause.rerun == 0 and cause.recipe is None)
    assert (cause.habit == "recover") == (cause.recipe is not None)


def test_the_causes_are_of_all_types_but_no_other() -> None:
    """Each type of the taxonomy occurs; each cause is met by some operation, or planted."""
    assert 14 == len({cause.type for cause in WORLD.causes.values()})
    met = {name for pipeline in WORLD.pipelines for name in pipeline.causes}
    planted = {"cancelled", "certificate", "flaky-payment", "registry-outage", "total-regression"}
    assert set(WORLD.causes) == met | planted
    assert not met & planted
