"""What a rule finds in one place at one moment, and what that means for an alert."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .rule import AlertRule

Verdict = Literal["beyond", "between", "clear", "unknown"]


@dataclass(frozen=True, slots=True)
class Measurement:
    """Hold a number with what it rests on; it is None where it is not known."""

    value: float | None
    cases: int
    place: str | None = None
    """The name in the rule's dimension; None for the whole store."""
    low: float | None = None
    """Lower end of the interval of 95 %; None where there is none."""
    high: float | None = None
    lacking: str = ""
    """Why nothing can be said, where that is not for too few cases."""
    ongoing: bool = False
    """Whether what an alert was about may go on where nothing can be said."""
    cut: bool = False
    """Whether there are more places than were looked at."""
    details: tuple[str, ...] = ()
    """Lines that show it; texts of strangers."""
    failure_id: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold what a rule found in one place."""

    rule: AlertRule
    measurement: Measurement

    @property
    def verdict(self) -> Verdict:
        """Whether the number is surely beyond the threshold, back where it is over, or neither.

        Surely: with the end of its interval that is nearer to the good side. Where too little is known it is over, or
        unknown while it may go on.
        """
        found, rule = self.measurement, self.rule
        if self.reason or found.value is None:
            return "unknown" if found.ongoing else "clear"
        end = found.low if rule.above else found.high
        sure = found.value if end is None else end
        if sure >= rule.threshold if rule.above else sure <= rule.threshold:
            return "beyond"
        over = found.value <= rule.clear if rule.above else found.value >= rule.clear
        return "clear" if over else "between"

    @property
    def reason(self) -> str:
        """Why nothing can be said; empty where something can."""
        found = self.measurement
        if found.lacking:
            return found.lacking
        if found.cases < self.rule.minimum:
            return f"{found.cases} {self.rule.kind.cases} are too few to say"
        return "" if found.value is not None else "the number is not known"
