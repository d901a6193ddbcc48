"""What is planted: causes that rule in a known place for a known time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from .world import Pipeline

FLAKY_TEST = "[chromium] › tests/checkout.spec.ts:41:5 › checkout › pays with a saved card"  # noqa: RUF001 - as Playwright says it
_OUTAGE_AT, _REGRESSION_AT = 0.45, 0.8
"""Where in the whole span, 0 to 1."""
_OUTAGE_HOURS, _CERTIFICATE_HOURS = 4, 9


@dataclass(frozen=True, slots=True)
class Spell:
    """Hold one cause that rules for a time."""

    name: str
    cause: str
    since: datetime
    until: datetime | None
    """None: it goes on."""
    share: float
    """Share of the runs there that meet it."""
    operations: tuple[str, ...]
    environment: str | None = None
    """Only there; None: wherever the operations run."""
    lasting: bool = True
    """Whether nothing helps before its end."""
    more_runs: timedelta | None = None
    """How often people start further runs of each operation while it lasts."""

    def rules(self, pipeline: Pipeline, moment: datetime) -> bool:
        """Tell whether it rules there and then."""
        return self._is_place(pipeline) and self.since <= moment and (self.until is None or moment < self.until)

    def list_starts(self, pipeline: Pipeline, until: datetime) -> Iterator[datetime]:
        """Yield when further runs of a pipeline begin."""
        moment = self.since + timedelta(minutes=1)
        while self.more_runs and self.rules(pipeline, moment) and moment < until:
            yield moment
            moment += self.more_runs

    def _is_place(self, pipeline: Pipeline) -> bool:
        return pipeline.operation in self.operations and self.environment in {None, pipeline.environment}


def plan_spells(since: datetime, until: datetime) -> tuple[Spell, ...]:
    """Return what is planted into a history of such a span; where two rule at once, the first does."""
    outage = find_outage(since, until)
    return (
        Spell(
            "outage",
            "registry-outage",
            outage,
            outage + timedelta(hours=_OUTAGE_HOURS),
            share=0.95,
            operations=("test-checkout", "build-web", "test-payments", "build-search", "build-image"),
            more_runs=timedelta(minutes=20),
        ),
        Spell("regression", "total-regression", find_regression(since, until), None, 0.6, ("test-checkout",)),
        Spell("flaky_test", "flaky-payment", since, None, 0.14, ("e2e-web",), lasting=False),
        Spell(
            "open_incident",
            "certificate",
            until - timedelta(hours=_CERTIFICATE_HOURS),
            None,
            share=1.0,
            operations=("deploy-search",),
            environment="staging",
            more_runs=timedelta(hours=3),
        ),
    )


def find_outage(since: datetime, until: datetime) -> datetime:
    """Return when the outage begins: in the morning of a weekday."""
    day = (since + _OUTAGE_AT * (until - since)).replace(hour=10, minute=0, second=0, microsecond=0)
    return day + timedelta(days=max(7 - day.weekday(), 0) if day.weekday() > 4 else 0)


def find_regression(since: datetime, until: datetime) -> datetime:
    """Return when the regression came, on the hour."""
    return (since + _REGRESSION_AT * (until - since)).replace(minute=0, second=0, microsecond=0)
