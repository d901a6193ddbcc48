from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errclass.core.frozen import FrozenDict
from errclass.outcomes.chances import PRIOR_TRIES, estimate_chance, recovery_chances, retry_chance
from errclass.outcomes.tallies import Tally

COUNTS = st.integers(0, 500).flatmap(lambda tries: st.tuples(st.just(tries), st.integers(0, tries)))


def test_nothing_observed_is_no_chance() -> None:
    """Rather than a made-up half."""
    assert estimate_chance({}) is None
    assert estimate_chance({"category": (0, 0), "fingerprint": (0, 0)}) is None


def test_one_level_alone_starts_from_the_uniform() -> None:
    """30 of 42 is Beta(31, 13): mean 0.7045, central 95 % from 0.5633 to 0.8282 (SciPy's beta.ppf)."""
    chance = estimate_chance({"category": (42, 30)})
    assert chance is not None
    assert (0.7045, 42, 30, "category") == (chance.mean, chance.tries, chance.successes, chance.level)
    assert (chance.low, chance.high) == (pytest.approx(0.5633, abs=2e-4), pytest.approx(0.8282, abs=2e-4))


def test_narrow_level_takes_the_wide_one_as_its_prior() -> None:
    """One failure of its own moves it from the type's mean by one part in five."""
    chance = estimate_chance({"type": (101, 81), "fingerprint": (1, 0)})
    assert chance is not None
    wide = (81 + 1) / (100 + 2)  # without its own failure
    assert ("fingerprint", 1) == (chance.level, chance.tries)
    assert chance.mean == pytest.approx(PRIOR_TRIES * wide / (PRIOR_TRIES + 1), abs=1e-4)


def test_own_observations_do_not_count_twice() -> None:
    """Where the type saw nothing but this fingerprint, the prior knows nothing."""
    same = estimate_chance({"category": (40, 40), "type": (40, 40), "fingerprint": (40, 40)})
    assert same is not None
    assert same.mean == pytest.approx((40 + 1) / (40 + 2), abs=1e-4)


def test_level_without_observations_passes_the_wide_one_on() -> None:
    """A new fingerprint of a known type is told by its type."""
    chance = estimate_chance({"category": (100, 50), "type": (10, 9), "fingerprint": (0, 0)})
    assert chance is not None
    assert ("type", 10, 9) == (chance.level, chance.tries, chance.successes)


@given(COUNTS, COUNTS, COUNTS)
def test_interval_holds_the_mean(own: tuple[int, int], more: tuple[int, int], most: tuple[int, int]) -> None:
    """And all three are probabilities, whatever the counts."""
    kind = own[0] + more[0], own[1] + more[1]
    chance = estimate_chance({"fingerprint": own, "type": kind, "category": (kind[0] + most[0], kind[1] + most[1])})
    assert chance is None or 0 <= chance.low <= chance.mean <= chance.high <= 1


@given(COUNTS)
def test_success_never_lowers_the_chance(counts: tuple[int, int]) -> None:
    """Nor does a failure raise it."""
    tries, passed = counts
    before = estimate_chance({"category": (100, 50), "type": (tries + 20, passed + 10), "fingerprint": counts})
    better = {"category": (101, 51), "type": (tries + 21, passed + 11), "fingerprint": (tries + 1, passed + 1)}
    after = estimate_chance(better)
    assert after is not None
    if tries and before is not None:
        assert after.mean >= before.mean - 1e-4


def test_recoveries_are_ranked_by_what_they_are_worth() -> None:
    """Those tried for this cause and those tried for its type only."""
    own = Tally(recoveries=FrozenDict({"clear_cache": (10, 1)}))
    kind = Tally(recoveries=FrozenDict({"clear_cache": (10, 1), "reinstall": (20, 19)}))
    found = recovery_chances({"fingerprint": own, "type": kind})
    assert ["reinstall", "clear_cache"] == [one.recovery for one in found]
    assert ["type", "fingerprint"] == [one.chance.level for one in found]


def test_retry_ignores_what_recoveries_did() -> None:
    """Only an unchanged re-run tells what an unchanged re-run is worth."""
    assert retry_chance({"fingerprint": Tally(recoveries=FrozenDict({"reinstall": (20, 19)}))}) is None
