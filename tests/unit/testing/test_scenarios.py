"""Scenarios are run against our classes, and a wrong expectation is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from errclass.testing.scenarios import main

Save = Callable[..., Path]

NO_JITTER = {"kind": "exponential", "base_s": 1, "factor": 2, "jitter": "none"}


def fixed(seconds: float) -> dict[str, float]:
    return {"min_s": seconds, "max_s": seconds}


def backoff(
    config: dict[str, Any], expect: dict[str, Any], *inputs: dict[str, Any], name: str = "bo-1"
) -> dict[str, Any]:
    scenario = {"id": name, "config": config, "expect": expect}
    return scenario | {"inputs": list(inputs)} if inputs else scenario


def breaker(*steps: dict[str, Any], name: str = "ec-1", **config: Any) -> dict[str, Any]:
    usual = {
        "trip": {"kind": "failures_in_window", "failures": 2, "window_s": 10},
        "open_s": 5,
        "half_open": {"permits": 1, "permit_kind": "in_flight", "decide": "successes", "successes": 1},
    }
    return {"id": name, "family": "errclass", "config": usual | config, "steps": list(steps)}


def call(t: float, outcome: str, **expect: Any) -> dict[str, Any]:
    return {"t": t, "op": "call", "outcome": outcome, "expect": expect}


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Write scenarios into a file."""

    def save_them(*scenarios: Any) -> Path:
        path = tmp_path / "scenarios.json"
        path.write_text(json.dumps({"scenarios": scenarios}), encoding="utf-8")
        return path

    return save_them


TRUE = {
    "a curve and where it ends": backoff(
        NO_JITTER | {"max_attempts": 4},
        {"delays": [fixed(1), fixed(2), fixed(4)], "calls": 4, "stop": {"reason": "attempts", "after_attempt": 4}, "total_s": 7},
    ),
    "full jitter is uniform": backoff(
        NO_JITTER | {"jitter": "full", "max_attempts": 3, "cap_s": 1.5},
        {"delays": [{"min_s": 0, "max_s": 1}, {"min_s": 0, "max_s": 1.5}], "mean_s": [0.5, 0.75], "distribution": "uniform"},
    ),
    "added jitter below the cap": backoff(
        NO_JITTER | {"jitter": "additive", "jitter_s": 0.5, "max_attempts": 3, "cap_s": 9},
        {"delays": [{"min_s": 1, "max_s": 1.5}, {"min_s": 2, "max_s": 2.5}], "mean_s": [1.25, 2.25]},
    ),
    "decorrelated delays grow from the one before": backoff(
        {"kind": "decorrelated", "base_s": 1, "cap_s": 20, "max_attempts": 8}, {"relation": "U(base, 3 * previous)", "calls": 8}
    ),
    "a thousand attempts do not overflow": backoff(
        NO_JITTER | {"cap_s": 30, "max_attempts": None}, {"delay_at": {"1": fixed(1), "2000": fixed(30)}}
    ),
    "a base by class": backoff(
        NO_JITTER | {"base_s_by_class": {"throttling": 1, "transient": 0.5}, "max_attempts": 3},
        {"delays": [fixed(1), fixed(1)]},
        {"error": "throttling"}, {"error": "transient"},
    ),
    "what is not worth it ends it": backoff(
        NO_JITTER | {"max_attempts": 9},
        {"calls": 2, "delays": [fixed(1)], "stop": {"reason": "non_retryable", "after_attempt": 2}},
        {"error": "transient"}, {"error": "non_retryable"},
    ),
    "a Retry-After is a minimum, with a ceiling": backoff(
        NO_JITTER | {"retry_after": "minimum", "retry_after_max_s": 50, "max_attempts": 5},
        {"delays": [fixed(7), fixed(10), fixed(4), fixed(50)]},
        {"error": "throttling", "retry_after_s": 7},
        {"error": "throttling", "retry_after": "Fri, 02 Jan 2026 00:00:10 GMT", "response_date": "Fri, 02 Jan 2026 00:00:00 GMT"},
        {"error": "throttling", "retry_after": "soon"},
        {"error": "throttling", "retry_after": "9999"},
    ),
    "time inside of calls counts towards the deadline": backoff(
        NO_JITTER | {"call_takes_s": 1.5, "deadline_s": 6, "max_attempts": None},
        {"calls": 2, "delays": [fixed(1)], "stop": {"reason": "deadline"}, "total_s": 4},
    ),
    "a cancelled task ends at once": backoff(
        NO_JITTER | {"cancel_at_s": 2.5, "max_attempts": 9}, {"calls": 2, "stop": {"reason": "cancelled"}, "total_s": 2.5}
    ),
    "a budget": backoff(
        NO_JITTER | {"base_s": 0, "max_attempts": 2, "budget": {"capacity": 30, "cost": 14, "refund_clean_success": 1}},
        {"retries_granted": 2, "left_tokens": 2, "stop": {"reason": "budget"}},
    ),
    "a breaker inside of the loop": backoff(
        NO_JITTER | {"base_s": 0, "max_attempts": 9, "breaker": {"failures": 2, "window_s": 10, "open_s": 5}},
        {"calls": 2, "delays": [fixed(0)], "stop": {"reason": "circuit_open", "after_attempt": 2}, "raises": "the last one"},
    ),
    "a breaker": breaker(
        call(0, "failure", allowed=True), call(0, "failure", state="open", opened=1), call(4, "success", allowed=False),
        call(5, "success", allowed=True, state="closed"), {"t": 6, "op": "stats", "expect": {"rejected": 1, "failures": 2}},
    ),
    "a breaker by hand": breaker(
        {"t": 0, "op": "force_open", "expect": {"state": "forced_open"}}, call(99, "success", allowed=False),
        {"t": 99, "op": "reset", "expect": {"state": "closed"}},
    ),
}  # fmt: skip


@pytest.mark.parametrize("scenario", TRUE.values(), ids=TRUE.keys())
def test_a_true_scenario_has_no_mismatch(scenario: Any, save: Save, capsys: pytest.CaptureFixture[str]) -> None:
    """And is none that is not applicable."""
    assert 0 == main([str(save(scenario))])
    assert "scenarios 1 mismatches 0 not_applicable 0\n" == capsys.readouterr().out


LIES = [
    (backoff(NO_JITTER | {"max_attempts": 2}, {"delays": [fixed(2)]}), "after failure 1: delay is 1"),
    (backoff(NO_JITTER | {"max_attempts": 3}, {"delays": [fixed(1)]}), "number of delays is 2, expected 1"),
    (backoff(NO_JITTER | {"max_attempts": 3}, {"calls": 4}), "calls is 3, expected 4"),
    (backoff(NO_JITTER | {"max_attempts": 3}, {"total_s": 4}), "total_s is 3.0, expected 4"),
    (backoff(NO_JITTER | {"max_attempts": 3}, {"stop": {"reason": "deadline"}}), "stop.reason is 'attempts', expected 'deadline'"),
    (backoff(NO_JITTER | {"max_attempts": 3}, {"stop": {"after": 3}}), "stop.after is None, expected 3"),
    (backoff(NO_JITTER | {"max_attempts": 3}, {"delay_at": [{"attempt": 9, "min_s": 1}]}), "after failure 9: delay is None"),
    (backoff(NO_JITTER | {"jitter": "full", "max_attempts": 2}, {"mean_s": [0.6]}), "mean delay is 0."),
    (
        backoff(NO_JITTER | {"jitter": "equal", "max_attempts": 2}, {"delays": [{"min_s": 0, "max_s": 1}], "distribution": "uniform"}),
        "distribution is '0.5",
    ),
    (backoff(NO_JITTER | {"jitter": "full", "max_attempts": 2}, {"delays": [{"min_s": 0, "max_s": 0.9}]}), "after failure 1: delay is 0.9"),
    (
        backoff(NO_JITTER | {"max_attempts": 2, "budget": {"capacity": 30, "cost": 14}}, {"retries_granted": 3, "left_tokens": 1}),
        "retries_granted is 2, expected 3",
    ),
    (breaker(call(0, "failure"), call(1, "failure", state="closed")), "step 1 (call at 1 s): state is 'open', expected 'closed'"),
    (breaker(call(0, "success", allowed=False)), "allowed is True, expected False"),
]  # fmt: skip


@pytest.mark.parametrize(("scenario", "told"), LIES)
def test_a_wrong_expectation_is_a_mismatch(
    scenario: Any, told: str, save: Save, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what was expected and what was found; the exit code says so too."""
    assert 1 == main([str(save(scenario))])
    printed = capsys.readouterr().out.splitlines()
    assert told in printed[0]
    assert f"scenarios 1 mismatches {len(printed) - 1} not_applicable 0" == printed[-1]


BEYOND_US = [
    (backoff(NO_JITTER | {"jitter": "additive", "jitter_s": 1, "cap_s": 2, "max_attempts": 3}, {"delays": [fixed(2), fixed(2)]}), "vanish"),
    (backoff(NO_JITTER | {"jitter": "proportional", "jitter_ratio": 0.2}, {}), "not proportional"),
    (backoff(NO_JITTER | {"jitter": "gaussian"}, {}), "no gaussian jitter"),
    (backoff(NO_JITTER | {"deadline_s": 5, "deadline_mode": "truncate"}, {}), "no mode 'truncate'"),
    (backoff(NO_JITTER | {"retry_after": "raise_by_at_most"}, {}), "a Retry-After is a minimum"),
    (backoff(NO_JITTER | {"hedging": 2}, {}), "no option for hedging"),
    (backoff(NO_JITTER | {"kind": "quadratic"}, {}), "no curve 'quadratic'"),
    (backoff(NO_JITTER | {"max_attempts": 0}, {}), "our options refuse it: attempts"),
    (backoff(NO_JITTER | {"max_attempts": 2}, {"colour": "red"}), "no check of colour"),
    (backoff(NO_JITTER | {"max_attempts": 2}, {"relation": "each is longer"}), "decorrelated ones only"),
    (backoff(NO_JITTER | {"jitter": "full", "max_attempts": 2}, {"distribution": "normal"}, {"error": "transient"}), "'normal'"),
    (backoff(NO_JITTER | {"max_attempts": 2}, {}, {"error": "sunspots"}), "no class 'sunspots'"),
    (backoff(NO_JITTER | {"budget": {"capacity": 9, "cost": 1, "refund_retried_success": 2}}, {}), "the cost of the last one"),
    (breaker(trip={"kind": "moon"}), "no trip of the kind 'moon'"),
    (breaker(half_open={"permits": 3, "decide": "coin"}), "not decided by 'coin'"),
    (breaker(mood="bad"), "no option for mood"),
    (breaker(call(0, "success", mood="bad")), "no 'mood' to compare"),
    (breaker({"t": 0, "op": "dance"}), "no step 'dance'"),
    (breaker(open_s=-1), "our options refuse it"),
    (breaker(call(0, "failure", state="open"), name="r4j-16"), "a deliberate difference"),
]  # fmt: skip


@pytest.mark.parametrize(("scenario", "reason"), BEYOND_US)
def test_what_ours_cannot_express_is_not_applicable(
    scenario: Any, reason: str, save: Save, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the reason; it is no mismatch."""
    assert 0 == main([str(save(scenario))])
    printed = capsys.readouterr().out.splitlines()
    assert (f"not applicable {scenario['id']}: ", "scenarios 1 mismatches 0 not_applicable 1") == (
        printed[0][: len(f"not applicable {scenario['id']}: ")], printed[-1],
    )  # fmt: skip
    assert reason in printed[0]


def test_a_family_is_run_alone(save: Save, capsys: pytest.CaptureFixture[str]) -> None:
    """By its name, or by the beginning of the ids where a file names none."""
    lie = backoff(NO_JITTER | {"max_attempts": 2}, {"calls": 3})
    path = save(breaker(call(0, "success", allowed=True)), lie)
    assert (0, 1, 1) == (
        main([str(path), "--family", "errclass"]), main([str(path), "--family", "bo"]), main([str(path)]),
    )  # fmt: skip
    assert ["scenarios 1 mismatches 0", "scenarios 1 mismatches 1", "scenarios 2 mismatches 1"] == [
        line.partition(" not_")[0] for line in capsys.readouterr().out.splitlines() if line.startswith("scenarios")
    ]


def test_a_family_that_is_not_there_is_refused(save: Save, capsys: pytest.CaptureFixture[str]) -> None:
    """With those that are."""
    assert 2 == main([str(save(breaker(), backoff(NO_JITTER, {}))), "--family", "polly"])
    assert "the families of this file are bo, errclass" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("not json", "is no JSON"),
        ("[]", "no list 'scenarios'"),
        ('{"scenarios": []}', "no list 'scenarios'"),
        ('{"scenarios": ["x"]}', "it is no object"),
        ('{"scenarios": [{"id": 1, "config": {}, "expect": {}}]}', "'id' is no text"),
        ('{"scenarios": [{"id": "a", "config": [], "expect": {}}]}', "'config' is no object"),
        ('{"scenarios": [{"id": "a", "config": {}}]}', "neither a list 'steps' nor an object 'expect'"),
        ('{"scenarios": [{"id": "a", "config": {}, "steps": 3}]}', "'steps' is no list"),
        ('{"scenarios": [{"id": "a", "config": {}, "steps": []}]}', "scenario a is malformed: KeyError: 'trip'"),
        (
            '{"scenarios": [{"id": "a", "config": {"kind": "fixed", "base_s": "x"}, "expect": {}}]}',
            "scenario a is malformed",
        ),
    ],
)
def test_a_file_that_is_none_is_refused(
    content: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what is wrong and where; nothing on standard output."""
    path = tmp_path / "x.json"
    path.write_text(content, encoding="utf-8")
    assert 2 == main([str(path)])
    printed = capsys.readouterr()
    assert ("", True) == (printed.out, told in printed.err)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With its name."""
    assert 2 == main([str(tmp_path / "none.json")])
    assert "none.json: cannot be read: No such file or directory" in capsys.readouterr().err
