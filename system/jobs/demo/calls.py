"""One call of a made-up run."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from ....core.frozen import FrozenDict
from ....core.types import Context
from .plan import Break, Run

VERSIONS = ("2.3.1", "2.4.0")
"""Of the checkout, before and since the regression."""


@dataclass(frozen=True, slots=True)
class Call:
    """Hold one call: the first of its run, or one that followed a failed one."""

    run: Run
    started: datetime
    ended: datetime
    broken: Break | None
    number: int = 1
    recovery: str | None = None
    """The recipe that ran before it."""

    @property
    def id(self) -> str:
        """Its id, and that of its failure."""
        return f"{self.run.id}-{self.number}"

    @property
    def before(self) -> str | None:
        """The id of the call that it followed."""
        return f"{self.run.id}-{self.number - 1}" if self.number > 1 else None


def make_call(run: Run, started: datetime, broken: Break | None, chance: random.Random, **fields: object) -> Call:
    """Return a call that begins then; one that fails takes less long."""
    share = chance.uniform(0.3, 0.9) if broken else chance.uniform(0.85, 1.25)
    ended = started + timedelta(seconds=round(60 * run.pipeline.minutes * share, 3))
    return Call(run, started, ended, broken, **fields)  # type: ignore[arg-type]


def name_context(call: Call, version: str) -> Context:
    """Return where the call ran; all of it is marked as demo."""
    run, pipeline = call.run, call.run.pipeline
    metadata = {"demo": "true", "version": version} | ({"cause": call.broken.cause} if call.broken else {})
    return Context(
        environment=pipeline.environment,
        operation=pipeline.operation,
        effect=pipeline.effect,
        attempt=call.number,
        operation_id=run.id,
        component=pipeline.component,
        repository=pipeline.repository,
        branch=run.branch,
        commit=run.commit,
        source="demo",
        cancelled=run.cancelled,
        metadata=FrozenDict(metadata),
    )
