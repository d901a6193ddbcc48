"""What a report of the model holds; ``schemas/model.json`` describes it for other programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ..summary.data import SuccessRate


@dataclass(frozen=True, slots=True)
class TypeScore:
    """Hold how right decisions were about one type, where a person or an import said what it was."""

    type: str
    precision: SuccessRate
    """Of those that were decided so, how many were."""
    recall: SuccessRate
    """Of those that were so, how many were decided so."""
    f1: float
    """Harmonic mean of both, where what is not known counts as 0."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """Hold what was taken for what."""

    decided: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class ConfidenceBin:
    """Hold decisions of like confidence: from ``low`` on and below ``high``; 1 belongs to the last."""

    low: float
    high: float
    mean_confidence: float
    right: SuccessRate


@dataclass(frozen=True, slots=True)
class Calibration:
    """Hold how well confidence tells how right a decision is."""

    labelled: int
    brier: float | None
    """Mean of the squared difference of confidence and 1 for right or 0 for wrong (G. W. Brier 1950); 0 is best."""
    expected_error: float | None
    """Mean distance of confidence and share that is right over the bins, weighted by decisions (ECE); 0 is best."""
    bins: tuple[ConfidenceBin, ...]
    """Those that have any, least sure first."""


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """Hold the decisions of one model."""

    version: str
    decisions: int
    abstained: int
    right: SuccessRate


@dataclass(frozen=True, slots=True)
class RetryJudgement:
    """Hold how unchanged re-runs ended, by what was said of them before."""

    worth: SuccessRate
    """Of failures held for worth a re-run."""
    not_worth: SuccessRate
    """Of failures held for not worth one, which were run again all the same."""


@dataclass(frozen=True, slots=True)
class ModelData:
    """Hold a report of the model."""

    decisions: int
    """Decisions on failures of the window, cancelled ones too."""
    abstained: int
    """Those that were unsure."""
    abstained_by_reason: Mapping[str, int]
    right: SuccessRate
    """Of all that a person or an import labelled."""
    right_when_sure: SuccessRate
    """Of those of them that were not unsure."""
    macro_f1: float | None
    """Mean of F1 over the types that labels name."""
    by_type: tuple[TypeScore, ...]
    """Types that a decision or a label names, the most frequent label first."""
    confusions: tuple[Confusion, ...]
    """The ten most frequent."""
    calibration: Calibration
    retry_judgement: RetryJudgement
    versions: tuple[ModelVersion, ...]
    known_from: datetime | None
    """The first moment of which the store knows anything; None where nothing was ever recorded."""
