"""Fill a demo store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ....core.jsonable import to_jsonable
from ....outcomes import Store
from ...wiring import Parts
from .place import check_place, mark_place, renew_place
from .plan import plan_runs
from .spells import find_regression, plan_spells
from .stage import Clock, Stage
from .stories import tell_story
from .timeline import play
from .truths import list_truths
from .world import load_world

Progress = Callable[[str, int, int], None]
_MERGE_EVERY = timedelta(days=15)
"""Of the made-up time; what decisions know of types and components is what was merged."""


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """Say which history is made up: the same options, model and rules give the same one."""

    until: datetime
    """When it ends; not later than now."""
    days: int = 90
    seed: int = 1

    @property
    def since(self) -> datetime:
        """When it begins."""
        return self.until - timedelta(days=self.days)


def fill_demo(folder: Path, options: DemoOptions, parts: Parts, *, progress: Progress) -> dict[str, Any]:
    """Make up a history, write it into ``folder`` in place of an earlier one, and return what it says of itself.

    ``parts`` decide; their own store is neither read nor written. Raises UsageError for a folder that is none of a
    demo store, and for the store in use.
    """
    check_place(folder, parts.settings)
    clock = Clock(options.since)
    with renew_place(folder):
        with Store(folder, clock=clock) as store:
            document = _fill(store, clock, options, parts, progress)
        return mark_place(folder, document)


def _fill(store: Store, clock: Clock, options: DemoOptions, parts: Parts, progress: Progress) -> dict[str, Any]:
    world, since, until = load_world(), options.since, options.until
    spells = plan_spells(since, until)
    runs = plan_runs(world, spells, options.seed, since, until)
    stage = Stage(world, replace(parts, store=store), store, options.seed, until, find_regression(since, until))
    merged, days = since, 0
    for moment in play(((run.started, tell_story(run, stage)) for run in runs), until):
        clock.moment = moment
        if moment - merged >= _MERGE_EVERY:
            _merge(stage)
            merged = moment
        if (moment - since).days > days:
            days = (moment - since).days
            progress("making up days", days, options.days)
    clock.moment = until
    _merge(stage)
    return {
        "complete": True,
        **_describe(options, parts),
        "counts": dict(sorted(stage.ledger.counts.items())),
        "truths": to_jsonable(list_truths(world, spells, stage.ledger)),
    }


def _merge(stage: Stage) -> None:
    stage.flush()
    stage.store.merge(wait=10.0)


def _describe(options: DemoOptions, parts: Parts) -> dict[str, Any]:
    return {
        "seed": options.seed,
        "days": options.days,
        "since": options.since.isoformat(),
        "until": options.until.isoformat(),
        "model_version": parts.model.classifier.version,
        "rules_revision": parts.engine.policy.revision,
    }
