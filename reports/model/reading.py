"""Read what a report of the model holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from ...core.frozen import FrozenDict
from ...outcomes import FigureReader
from ..known_span import find_known_from
from ..report_type import Question
from ..summary.data import SuccessRate
from ..summary.reading import make_rate
from .data import Calibration, ConfidenceBin, ModelData, ModelVersion, RetryJudgement
from .scores import Answer, average_f1, rank_confusions, score_types

_FIGURES: Final = ("confidence_bins", "decision_counts", "labelled_answers", "retry_judgements")
QUERIES: Final = (*_FIGURES, "known_span")
_BINS: Final = 10
_UNNAMED = "unnamed"
Row = Mapping[str, Any]


def read_model(reader: FigureReader, question: Question) -> ModelData:
    """Return how right decisions on failures of a window were."""
    found = {name: reader.read(name, question.period.since, question.period.until) for name in _FIGURES}
    counts = found["decision_counts"]
    answers = [_read_answer(row) for row in found["labelled_answers"]]
    scores = score_types(answers)
    total = next(row for row in counts if row["dimension"] == "all")
    return ModelData(
        decisions=total["decisions"],
        abstained=total["abstained"],
        abstained_by_reason=FrozenDict(
            {row["value"]: row["decisions"] for row in counts if row["dimension"] == "abstained" and row["value"]}
        ),
        right=_count_right(answers),
        right_when_sure=_count_right(one for one in answers if one.sure),
        macro_f1=average_f1(scores),
        by_type=scores,
        confusions=rank_confusions(answers),
        calibration=_read_calibration(found["confidence_bins"]),
        retry_judgement=_read_judgement(found["retry_judgements"]),
        versions=tuple(_read_version(row) for row in counts if row["dimension"] == "model"),
        known_from=find_known_from(reader, question.period),
    )


def _read_answer(row: Row) -> Answer:
    return Answer(row["decided_type"], row["label_type"], row["sure"], row["failures"])


def _count_right(answers: Iterable[Answer]) -> SuccessRate:
    judged = [(one.count, one.count if one.decided == one.label else 0) for one in answers]
    return make_rate(sum(count for count, _ in judged), sum(right for _, right in judged))


def _read_calibration(rows: Sequence[Row]) -> Calibration:
    labelled = sum(row["failures"] for row in rows)
    errors = (row["squared_error_sum"] for row in rows)
    gaps = (abs(row["confidence_sum"] - row["correct"]) for row in rows)
    return Calibration(
        labelled=labelled,
        brier=round(sum(errors) / labelled, 6) if labelled else None,
        expected_error=round(sum(gaps) / labelled, 6) if labelled else None,
        bins=tuple(map(_read_bin, rows)),
    )


def _read_bin(row: Row) -> ConfidenceBin:
    return ConfidenceBin(
        low=row["bin"] / _BINS,
        high=(row["bin"] + 1) / _BINS,
        mean_confidence=round(row["confidence_sum"] / row["failures"], 6),
        right=make_rate(row["failures"], row["correct"]),
    )


def _read_judgement(rows: Iterable[Row]) -> RetryJudgement:
    rates = {row["retryable"]: make_rate(row["reruns"], row["successes"]) for row in rows}
    return RetryJudgement(rates.get(True, make_rate(0, 0)), rates.get(False, make_rate(0, 0)))


def _read_version(row: Row) -> ModelVersion:
    return ModelVersion(
        row["value"] or _UNNAMED, row["decisions"], row["abstained"], make_rate(row["labelled"], row["correct"])
    )
