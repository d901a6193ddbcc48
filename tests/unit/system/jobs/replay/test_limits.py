"""Limits as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errclass.core.errors import UsageError
from errclass.system.jobs.replay.limits import DECISIONS, METRICS, REPLAYED, Limit, check_limit, parse_limit

BASES = {DECISIONS: 200, REPLAYED: 100}


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("changed>5%", Limit("changed>5%", "changed", ">", 5.0, percent=True)),
        (" not_decidable <= 2.5 % ", Limit("not_decidable <= 2.5 %", "not_decidable", "<=", 2.5, percent=True)),
        ("replayed<100", Limit("replayed<100", "replayed", "<", 100.0, percent=False)),
        ("newly_automatic=0", Limit("newly_automatic=0", "newly_automatic", "=", 0.0, percent=False)),
    ],
)
def test_a_limit_is_read(text: str, limit: Limit) -> None:
    """With spaces or without."""
    assert limit == parse_limit(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "changed", "changed>", ">5", "changed>-5", "changed>5%%", "changed=>5", "changed==5", "changed!=5",
        "changed>1e3", "changed>nan", "changed>5; x", "changed>\u0665", "changed>" + "9" * 400, "changed>5\nnot",
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    """With an example of how it is written."""
    with pytest.raises(UsageError, match="such as 'changed>5%'"):
        parse_limit(text)


@pytest.mark.parametrize(("name", "nearest"), [("chagned", "changed"), ("Retry_added", "retries_added")])
def test_an_unknown_metric_is_told_with_the_nearest_and_all_others(name: str, nearest: str) -> None:
    """So that nobody has to look for the page."""
    with pytest.raises(UsageError, match=f"did you mean {nearest}\\?; there are .*unreadable"):
        parse_limit(f"{name}>1")


def test_a_metric_that_is_like_no_other_is_told_with_all() -> None:
    """Without a guess."""
    with pytest.raises(UsageError, match="no metric 'xxxx'; there are changed, "):
        parse_limit("xxxx>1")


@pytest.mark.parametrize("metric", sorted(name for name, base in METRICS.items() if base is None))
def test_what_is_no_count_has_no_percentage(metric: str) -> None:
    """There is nothing that it would be a part of."""
    with pytest.raises(UsageError, match="leave the % out"):
        parse_limit(f"{metric}>5%")


@given(
    value=st.integers(0, 10**7), number=st.integers(0, 10**6), comparison=st.sampled_from((">", ">=", "<", "<=", "="))
)
def test_a_limit_is_crossed_exactly_where_the_comparison_holds(value: int, number: int, comparison: str) -> None:
    """Nothing is rounded before."""
    found = check_limit(parse_limit(f"changed{comparison}{number}"), {"changed": value}, BASES)
    python = {"=": "=="}.get(comparison, comparison)
    assert (value, eval(f"{value}{python}{number}")) == (found.value, found.crossed)


@pytest.mark.parametrize(("limit", "value"), [("changed>4%", 5.0), ("not_decidable>2%", 2.5)])
def test_a_percentage_is_of_what_the_metric_counts(limit: str, value: float) -> None:
    """Changes are looked for among what was decided anew, what could not be among all."""
    found = check_limit(parse_limit(limit), {"changed": 5, "not_decidable": 5}, BASES)
    assert (value, True) == (found.value, found.crossed)


@pytest.mark.parametrize("comparison", [">", ">=", "<", "<=", "="])
@pytest.mark.parametrize(
    ("metric", "whole"), [("changed", REPLAYED), ("newly_automatic", REPLAYED), ("not_decidable", DECISIONS)]
)
def test_a_percentage_of_nothing_is_past_every_limit(metric: str, whole: str, comparison: str) -> None:
    """A gate that has seen nothing lets nothing through, and says why."""
    found = check_limit(parse_limit(f"{metric}{comparison}5%"), {metric: 0}, {**BASES, whole: 0})
    assert (None, True) == (found.value, found.crossed)
    assert f"it is a percentage of the {whole}, and there are none" == found.unknown_because


def test_a_number_of_nothing_is_nothing() -> None:
    """Only a share needs a whole."""
    found = check_limit(parse_limit("changed>5"), {"changed": 0}, {DECISIONS: 0, REPLAYED: 0})
    assert (0, False, None) == (found.value, found.crossed, found.unknown_because)


def test_time_that_nobody_took_is_past_every_limit() -> None:
    """And the option that helps is named."""
    found = check_limit(parse_limit("minutes_added>5"), {"minutes_added": None}, BASES)
    assert (None, True) == (found.value, found.crossed)
    assert "no call was ever timed; see --minutes-per-call" == found.unknown_because


def test_one_of_very_many_is_more_than_none() -> None:
    """However small a share it is."""
    bases = {DECISIONS: 10**9, REPLAYED: 10**9}
    assert check_limit(parse_limit("changed>0%"), {"changed": 1}, bases).crossed
