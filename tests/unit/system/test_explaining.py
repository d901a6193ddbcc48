"""An answer becomes an explanation."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from errclass.classify.artefact import Model
from errclass.core.frozen import FrozenDict
from errclass.core.types import (
    Chance,
    CodeHit,
    Decision,
    Failure,
    Flip,
    History,
    Prediction,
    RecoveryChance,
    Region,
    Signals,
    TypeProbability,
)
from errclass.system.explaining import explain_answer
from errclass.system.pipeline import Answer
from errclass.system.taxonomy_file import load_taxonomy

TEXT = "start\n\x1b[31mERROR: Connection refused\x1b[0m\nmore\rover\nend"


def make_answer(
    *, causes: tuple[int, ...] = (2, 3), numbers: tuple[int, ...] = (), history: History | None = None
) -> Answer:
    region = Region("ERROR: Connection refused", 2, 3, causes)
    hit = CodeHit("errno", "ECONNREFUSED", 7, 25, 2, "network", "exact")
    signals = Signals(region, "ERROR: Connection refused", "0123456789abcdef", (hit,), tool="curl")
    prediction = Prediction((TypeProbability("network", 0.9), TypeProbability("build", 0.1)))
    decision = Decision(
        category="transient",
        type="network",
        severity="low",
        retryable=True,
        confidence=0.9,
        suggested_action="retry_with_backoff",
        alternatives=prediction.ranked[1:],
    )
    return Answer(
        Failure(TEXT, line_numbers=numbers), signals, prediction, history or History(), FrozenDict(), decision
    )


class Told:
    """A classifier that can say what decides; only that is asked of it here."""

    version = "told"

    def find_flip(self, signals: Signals) -> Flip:
        return Flip("build", (signals.region.text,))


def explain(answer: Answer, classifier: object = None) -> dict[str, object]:
    return explain_answer(answer, Model(classifier, load_taxonomy(), {}, Path()))  # type: ignore[arg-type]


def test_what_would_flip_it_is_told() -> None:
    """The lines, and what it would be without them."""
    expected = {"type": "build", "without": ["ERROR: Connection refused"]}
    assert expected == explain(make_answer(), Told())["flip"]


def test_a_classifier_that_cannot_tell_is_not_asked() -> None:
    """Not all can."""
    assert explain(make_answer())["flip"] is None


def test_nothing_flips_what_the_rules_decided() -> None:
    """The model's lines do not explain a type that is not the model's."""
    answer = make_answer()
    other = replace(answer, decision=replace(answer.decision, type="database"))
    assert explain(other, Told())["flip"] is None


def test_the_contract_of_the_command_line_is_kept() -> None:
    """``type``, ``cause_lines``, ``region`` and ``decision`` at the top level, and all of it is JSON."""
    explanation = json.loads(json.dumps(explain(make_answer())))
    assert "network" == explanation["type"] == explanation["decision"]["type"]
    assert ([2, 3], {"start": 2, "end": 3}) == (explanation["cause_lines"], explanation["region"])
    assert "the bytes did not get through" == explanation["meaning"]
    assert [{"table": "errno", "code": "ECONNREFUSED", "line": 2, "type": "network"}] == explanation["codes"]


def test_lines_are_shown_clean_and_in_their_rank() -> None:
    """Without the sequences that coloured them."""
    lines = explain(make_answer(causes=(3, 2)))["lines"]
    assert [{"number": 3, "text": "more over"}, {"number": 2, "text": "ERROR: Connection refused"}] == lines


def test_numbers_of_a_condensed_log_are_those_of_the_source() -> None:
    """The text holds the lines 10, 2000, 2001 and 90000 of it."""
    answer = make_answer(causes=(2000,), numbers=(10, 2000, 2001, 90_000))
    assert [{"number": 2000, "text": "ERROR: Connection refused"}] == explain(answer)["lines"]


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        (History(), ["Never seen before."]),
        (
            History(available=False),
            ["The store is busy, damaged or not counted yet; this was decided without history."],
        ),
        (History(seen=1), ["Seen 1 time before."]),
        (
            History(seen=3, last_seen=datetime(2026, 3, 2, 10, 5, tzinfo=UTC), recovery_seconds=5400),
            ["Seen 3 times before, last on 2026-03-02 10:05 UTC, over after 1.5 h on average."],
        ),
        (
            History(seen=60, retry=Chance(0.7143, 0.5604, 0.8301, 42, 30, "fingerprint")),
            ["Seen 60 times before.", "retry: 71 % (n = 42, 95 % 56-83)"],
        ),
        (
            History(retry=Chance(0.9, 0.8, 0.96, 100, 91, "type")),
            ["Never seen before.", "retry: 90 % (n = 100 of type network, 95 % 80-96)"],
        ),
        (
            History(seen=2, recoveries=(RecoveryChance("clear_cache", Chance(0.5, 0.1, 0.9, 2, 1, "category")),)),
            ["Seen 2 times before.", "clear_cache: 50 % (n = 2 of its category, 95 % 10-90)"],
        ),
        (
            History(seen=9, jobs=7, incident=True, flaky_tests=("t1", "t2")),
            [
                "Seen 9 times before.",
                "It hit 7 jobs within half an hour: the cause is most likely not theirs.",
                "Flaky, for they passed and failed on one commit: t1, t2.",
            ],
        ),
    ],
)
def test_what_happened_before_is_told_line_by_line(history: History, expected: list[str]) -> None:
    """Counts come from the store; none is made up."""
    assert expected == explain(make_answer(history=history))["before"]


def test_a_type_of_nobodys_taxonomy_has_no_meaning(tmp_path: Path) -> None:
    """It is shown all the same."""
    from dataclasses import replace

    answer = make_answer()
    answer = replace(answer, decision=replace(answer.decision, type="gremlins"))
    assert ("gremlins", "") == (explain(answer)["type"], explain(answer)["meaning"])
