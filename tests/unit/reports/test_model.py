"""Every figure of the report of the model, counted again from what really happened."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sklearn.metrics import brier_score_loss, f1_score, precision_score, recall_score
from support.happenings import decide
from support.random_history import END, START

from errclass.core.happenings import Attempt
from errclass.core.types import Context, Label, Outcome
from errclass.outcomes import Store, read_mart
from errclass.reports import make_report, render_report
from errclass.reports.intervals import share_interval

WINDOW = 14
TYPES = ("network", "dependency", "test", "build")
FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"environment": "production"},
    {"type": "network"},
    {"severity": "high", "operation": "deploy"},
    {"environment": "nowhere"},
)


@dataclass
class Judged:
    """One failure, as it was decided, as it was labelled, and how a re-run of it ended."""

    id: str
    time: datetime
    decided: str | None
    label: str | None
    source: str
    confidence: float
    abstained: str | None
    retryable: bool
    severity: str
    environment: str
    operation: str
    version: str
    rerun: bool | None

    @property
    def type(self) -> str | None:
        return self.label or self.decided

    @property
    def judged(self) -> bool:
        """Whether a person or an import said what it was."""
        return self.decided is not None and self.label is not None and self.source != "outcome"


def draw(chance: random.Random, number: int) -> Judged:
    decided = chance.choice((*TYPES, *TYPES, None))
    sure = chance.choice((1.0, chance.random(), 0.5 + chance.random() / 2))
    label = decided if decided and chance.random() < sure else chance.choice(TYPES)
    return Judged(
        id=f"f{number:03}",
        time=START + timedelta(seconds=chance.randrange(40 * 86_400)),
        decided=decided,
        label=label if chance.random() < 0.6 else None,
        source=chance.choice(("human", "human", "import", "outcome")),
        confidence=sure,
        abstained=chance.choice(("low_margin", "novel")) if sure < 0.4 else None,
        retryable=chance.random() < 0.5,
        severity=chance.choice(("low", "high")),
        environment=chance.choice(("production", "staging")),
        operation=chance.choice(("deploy", "build")),
        version=chance.choice(("m1", "m2")),
        rerun=chance.choice((None, True, False)),
    )


def write(store: Store, one: Judged) -> None:
    context = Context(environment=one.environment, operation=one.operation)
    decision = one.decided and decide(
        one.decided,
        severity=one.severity,
        confidence=one.confidence,
        abstained=one.abstained,
        retryable=one.retryable,
        model_version=one.version,
    )
    labels = (Label(one.label, one.source, time=one.time),) if one.label else ()  # type: ignore[arg-type]
    store.record(Outcome(one.id, "boom", time=one.time, context=context, decision=decision or None, labels=labels))
    if one.rerun is not None:
        ended = one.time + timedelta(minutes=5)
        store.record_attempt(Attempt(f"{one.id}:again", one.rerun, context, failure_id=one.id, ended=ended))


@pytest.fixture(scope="module")
def truth() -> list[Judged]:
    chance = random.Random(3)
    return [draw(chance, number) for number in range(400)]


@pytest.fixture(scope="module")
def judged(truth: list[Judged], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store(tmp_path_factory.mktemp("judged") / "store") as store:
        for one in truth:
            write(store, one)
        store.merge()
        yield store


def choose(truth: list[Judged], filters: dict[str, str], *, later: timedelta = timedelta()) -> list[Judged]:
    """Return what fits, and happened in the window when moved by ``later``."""
    since = END - timedelta(days=WINDOW)
    return [
        one
        for one in truth
        if since <= one.time + later < END
        and all(
            (one.severity if one.decided else None) == v if k == "severity" else getattr(one, k) == v
            for k, v in filters.items()
        )
    ]


@pytest.fixture(scope="module", params=FILTERS, ids=str)
def filters(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = request.param
    return found


@pytest.fixture(scope="module")
def data(judged: Store, filters: dict[str, Any]) -> Any:
    return make_report(judged, "model", window=f"{WINDOW}d", filters=filters, now=END).body.data


@pytest.fixture(scope="module")
def expected(truth: list[Judged], filters: dict[str, Any]) -> list[Judged]:
    return choose(truth, filters)


def test_decisions_and_why_they_were_unsure(data: Any, expected: list[Judged]) -> None:
    """All of them, and by model."""
    decided = [one for one in expected if one.decided]
    assert (len(decided), sum(one.abstained is not None for one in decided)) == (data.decisions, data.abstained)
    assert Counter(one.abstained for one in decided if one.abstained) == dict(data.abstained_by_reason)
    for version in data.versions:
        own = [one for one in decided if one.version == version.version]
        labelled = [one for one in own if one.judged]
        right = sum(one.decided == one.label for one in labelled)
        assert (len(own), sum(one.abstained is not None for one in own)) == (version.decisions, version.abstained)
        assert (len(labelled), right) == (version.right.tries, version.right.successes)


def test_how_many_were_right(data: Any, expected: list[Judged]) -> None:
    """In all, and of those that were sure, with Wilson's interval; only where a person or an import said so."""
    for told, cases in (
        (data.right, [one for one in expected if one.judged]),
        (data.right_when_sure, [one for one in expected if one.judged and one.abstained is None]),
    ):
        right = sum(one.decided == one.label for one in cases)
        assert (len(cases), right) == (told.tries, told.successes)
        assert told.rate == (pytest.approx(right / len(cases), abs=1e-6) if cases else None)
        low, high = share_interval(right, len(cases))
        assert (told.low, told.high) == ((None, None) if low is None else pytest.approx((low, high), abs=1e-6))


def test_precision_recall_and_f1(data: Any, expected: list[Judged]) -> None:
    """As scikit-learn counts them."""
    cases = [one for one in expected if one.judged]
    truth, said = [one.label for one in cases], [one.decided for one in cases]
    assert {*truth, *said} == {one.type for one in data.by_type}
    if not cases:
        assert data.macro_f1 is None
        return
    labels = [one.type for one in data.by_type]
    for name, score in (("precision", precision_score), ("recall", recall_score)):
        values = score(truth, said, labels=labels, average=None, zero_division=0)
        assert pytest.approx(list(values), abs=1e-6) == [getattr(one, name).rate or 0 for one in data.by_type]
    f1 = f1_score(truth, said, labels=labels, average=None, zero_division=0)
    assert pytest.approx(list(f1), abs=1e-6) == [one.f1 for one in data.by_type]
    macro = f1_score(truth, said, labels=sorted({*truth}, key=str), average="macro", zero_division=0)
    assert pytest.approx(macro, abs=1e-6) == data.macro_f1


def test_what_was_taken_for_what(data: Any, expected: list[Judged]) -> None:
    """The most frequent first."""
    pairs = Counter((one.decided, one.label) for one in expected if one.judged and one.decided != one.label)
    told = [((one.decided, one.label), one.count) for one in data.confusions]
    assert sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))[:10] == told


def test_calibration(data: Any, expected: list[Judged]) -> None:
    """Brier score, expected calibration error, and the tenths that they come from."""
    cases = [(one.confidence, one.decided == one.label) for one in expected if one.judged]
    told = data.calibration
    assert len(cases) == told.labelled
    if not cases:
        assert (None, None, ()) == (told.brier, told.expected_error, told.bins)
        return
    confidence, right = [case[0] for case in cases], [case[1] for case in cases]
    assert pytest.approx(brier_score_loss(right, confidence, pos_label=True), abs=1e-6) == told.brier
    bins = {min(int(sure * 10), 9) for sure in confidence}
    error = 0.0
    for number, one in zip(sorted(bins), told.bins, strict=True):
        own = [(sure, hit) for sure, hit in cases if min(int(sure * 10), 9) == number]
        hits, mean = sum(hit for _, hit in own), sum(sure for sure, _ in own) / len(own)
        assert (number / 10, (number + 1) / 10) == (one.low, one.high)
        assert (len(own), hits) == (one.right.tries, one.right.successes)
        assert pytest.approx(mean, abs=1e-6) == one.mean_confidence
        error += abs(mean - hits / len(own)) * len(own) / len(cases)
    assert pytest.approx(error, abs=1e-6) == told.expected_error


def test_what_was_said_of_re_runs(data: Any, truth: list[Judged], filters: dict[str, Any]) -> None:
    """Against how they ended, in the window in which they ended."""
    reruns = [
        one for one in choose(truth, filters, later=timedelta(minutes=5)) if one.decided and one.rerun is not None
    ]
    for told, worth in ((data.retry_judgement.worth, True), (data.retry_judgement.not_worth, False)):
        own = [one.rerun for one in reruns if one.retryable == worth]
        assert (len(own), sum(map(bool, own))) == (told.tries, told.successes)


def test_what_is_told_is_what_the_marts_tell(judged: Store) -> None:
    """Calibration and confusion, over the same time."""
    data = make_report(judged, "model", window=f"{WINDOW}d", now=END).body.data
    window = {"since": END - timedelta(days=WINDOW), "until": END}
    bins = read_mart(judged, "model_calibration", **window)  # type: ignore[arg-type]
    assert (sum(row["failures"] for row in bins), sum(row["correct"] for row in bins)) == (
        data.right.tries,
        data.right.successes,
    )
    pairs = read_mart(judged, "model_confusion", **window)  # type: ignore[arg-type]
    wrong = sum(row["failures"] for row in pairs if row["decided_type"] != row["label_type"])
    assert data.right.tries - data.right.successes == wrong


def test_without_labels_nothing_is_said_of_how_right(store: Store) -> None:
    """But of what would teach most."""
    store.record(Outcome("a", "boom", time=END, decision=decide("build")))
    report = make_report(store, "model", now=END + timedelta(hours=1))
    data = report.body.data
    assert (1, 0, None, None, ()) == (
        data.decisions,
        data.right.tries,
        data.right.rate,
        data.macro_f1,
        data.by_type,
    )
    assert "Nobody labelled a failure of this window" in render_report(report, "md")
    assert ["Overview", "Models"] == [section.title for section in report.sections]
