"""``errclass models drift``: what has moved, and whether it is time to train again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.command_line import call_errclass
from support.corpus import pick_examples, write_jsonl

from errclass.core.clock import utc_now
from errclass.core.ids import new_id
from errclass.core.types import Context, Decision, Label, Outcome
from errclass.outcomes import Store

pytestmark = pytest.mark.usefixtures("use_small_model")


def decide(kind: str, confidence: float = 0.9) -> Decision:
    return Decision("persistent", kind, "low", False, confidence, "fix", model_version="linear-1")


def outcomes(
    days: range,
    kinds: dict[str, int],
    *,
    causes: int = 20,
    confidence: float = 0.9,
    truth: str | None = None,
    **fields: Any,
) -> Iterator[Outcome]:
    """So many outcomes a day of each type, of a few causes that come back; ``days`` ago."""
    now = utc_now()
    for day in days:
        for kind, number in kinds.items():
            for count in range(number):
                cause = (day * number + count) % causes
                yield Outcome(
                    new_id(),
                    f"{kind} {cause}",
                    now - timedelta(days=day, hours=1),
                    f"{kind}-{cause}-{fields.get('era', '')}"[:16].ljust(16, "0"),
                    context=Context(job=fields.get("job", "nightly")),
                    tool=fields.get("tool", "npm"),
                    decision=decide(kind, confidence),
                    labels=(Label(truth, "human"),) if truth else (),  # type: ignore[arg-type]
                )


def drift(*options: str) -> dict[str, Any]:
    done = call_errclass("models", "drift", "--format", "json", *options)
    assert (0, "") == (done.code, done.err)
    report: dict[str, Any] = done.json
    return report


def record(home: Path, *series: Iterator[Outcome]) -> None:
    with Store(home / "store") as store:
        for one in series:
            store.record_many(one)
        store.merge()


USUAL = {"network": 2, "test": 2}


def test_a_steady_time_needs_no_training(home: Path) -> None:
    """The same causes, types and answers as before."""
    record(home, outcomes(range(90), USUAL))
    report = drift("--since", "30d")
    assert ("no", "the time before") == (report["retrain"], report["reference"])
    assert (0.0, 0.0) == (report["types"]["distance"], report["unseen"]["recent"])
    assert {"recent": 120, "before": 240} == report["outcomes"]


def test_new_causes_are_a_reason(home: Path) -> None:
    """Most of what fails was never seen before."""
    record(home, outcomes(range(30, 90), USUAL), outcomes(range(30), USUAL, era="new"))
    report = drift()
    assert ("yes", 1.0) == (report["retrain"], report["unseen"]["recent"])
    assert "never seen before" in report["reasons"][0]


def test_another_mix_is_a_reason(home: Path) -> None:
    """Causes of other types than before, more than chance explains."""
    record(home, outcomes(range(30, 90), {"network": 4, "test": 1}), outcomes(range(30), {"network": 1, "database": 6}))
    report = drift()
    assert "yes" == report["retrain"]
    assert any("of another type" in reason for reason in report["reasons"])
    assert {"database", "network", "test"} == {one["type"] for one in report["types"]["types"]}


def test_doubt_and_errors_are_reasons(home: Path) -> None:
    """The answers became less sure, and on what people labelled they are wrong."""
    record(
        home,
        outcomes(range(30, 90), USUAL, causes=40),
        outcomes(range(30), USUAL, causes=40, confidence=0.7, truth="system"),
    )
    report = drift()
    assert "yes" == report["retrain"]
    assert {"cases": 80, "accuracy": 0.0, "calibration_error": 0.7} == report["labelled"]["recent"]
    assert 2 == sum("confidence" in reason for reason in report["reasons"])


def test_tools_and_jobs_that_moved_are_listed(home: Path) -> None:
    """With counts, most moved first."""
    record(
        home,
        outcomes(range(30, 90), {"network": 2}, tool="npm", job="web"),
        outcomes(range(30), {"network": 1}, tool="npm", job="web"),
        outcomes(range(30), {"network": 3}, tool="gradle", job="web"),
    )
    moves = drift()["moves"]
    assert [("gradle", 90, 0, 75.0), ("npm", 30, 120, -75.0)] == [
        (move["name"], move["recent"], move["before"], move["points"]) for move in moves
    ]


@pytest.mark.parametrize("number", [0, 5])
def test_too_little_is_said(number: int, home: Path) -> None:
    """An empty store is not created by asking."""
    if number:
        record(home, outcomes(range(number), {"network": 1}))
    report = drift()
    assert ("not enough data", number) == (report["retrain"], report["outcomes"]["recent"])
    assert bool(number) == home.exists()


def test_the_training_set_stands_in_for_the_time_before(home: Path) -> None:
    """A store that has just been started: what the model learned was seen; its mix of types is shown."""
    record(home, outcomes(range(20), {"network": 5}))
    report = drift()
    assert ("the training set", "yes", 1.0) == (report["reference"], report["retrain"], report["unseen"]["recent"])
    assert {"type": "syntax", "recent": 0, "before": 16, "points": -20.0} in report["types"]["types"]


def test_what_the_model_learned_was_seen(home: Path, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By cause."""
    history = write_jsonl(tree / "history.jsonl", pick_examples(("network", "syntax", "test"), 20))
    assert 0 == call_errclass("outcomes", "import", history).code
    assert 0 == call_errclass("train", "--no-corpus", "--classifier", "bayes").code
    monkeypatch.delenv("ERRCLASS_MODEL")
    report = drift()
    assert ("no", 0) == (report["retrain"], report["unseen"]["recent_outcomes"])
    assert 50 < report["unseen"]["of"]


@pytest.mark.parametrize("since", ["", "30", "d", "0d", "yesterday", "-3d", "1y"])
def test_an_unknown_window_is_a_mistake(since: str, home: Path) -> None:
    """Never silently a day."""
    done = call_errclass("models", "drift", "--since", since)
    assert (2, "", 1, True) == (done.code, done.out, done.err.count("\n"), "24h or 30d" in done.err)


def test_hours_and_weeks_are_windows_too(home: Path) -> None:
    """Whatever people write."""
    record(home, outcomes(range(90), USUAL))
    spans = {since: drift("--since", since)["outcomes"]["recent"] for since in ("48h", "2w", "90d")}
    assert {"48h": 8, "2w": 56, "90d": 360} == spans
    report = drift("--since", "48h")
    assert datetime.fromisoformat(report["end"]) - datetime.fromisoformat(report["start"]) == timedelta(days=2)


def test_a_person_reads_tables(home: Path) -> None:
    """And the verdict in the last line; names from logs cannot steer the terminal."""
    record(home, outcomes(range(30, 90), USUAL), outcomes(range(30), USUAL, tool="\x1b[31mgradle"))
    shown = call_errclass("models", "drift").out
    for words in ("never seen before", "mean confidence", "Causes by type", "more or less often", "gradle"):
        assert words in shown
    assert shown.splitlines()[-1].startswith("Retrain: no (")
    assert "\x1b" not in shown
