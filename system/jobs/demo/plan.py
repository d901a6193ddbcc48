"""The plan of a made-up history: which runs begin when, what breaks them, and which of them mends what."""

from __future__ import annotations

import hashlib
import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from .seasons import draw_starts
from .spells import Spell
from .world import Pipeline, World

_FEATURE_SHARE = 0.45
_FEATURE_DAYS = 4
"""For how long a feature branch is worked on before the next one."""
_CANCELLED_SHARE = 0.012
_DROPPED_SHARE = 0.12
"""Of what breaks on a feature branch: the change is dropped, not mended."""
_QUICKEST_FIX = 0.4
"""Hours."""


@dataclass(frozen=True, slots=True)
class Break:
    """Hold one thing that broke."""

    id: str
    cause: str
    lasting: bool = False
    """Whether neither a re-run nor a recovery helps before ``until``."""
    until: datetime | None = None
    spell: str | None = None
    """Which of the planted ones it is."""


@dataclass(frozen=True, slots=True)
class Run:
    """Hold one run of an operation that begins by itself."""

    id: str
    pipeline: Pipeline
    branch: str
    commit: str
    started: datetime
    broken: Break | None = None
    cancelled: bool = False
    mends: tuple[str, ...] = ()
    """Runs that failed until this one worked."""
    drops: bool = False
    """Whether it works because the change was dropped."""


@dataclass(slots=True)
class _Place:
    """Hold a place that stays broken until it is mended."""

    broken: Break
    runs: list[str] = field(default_factory=list)


def plan_runs(world: World, spells: tuple[Spell, ...], seed: int, since: datetime, until: datetime) -> list[Run]:
    """Return all runs that begin in a span, in the order of time; the same for the same arguments."""
    return list(_Planner(world, spells, seed, since, until).runs())


class _Planner:
    """Go through the starts in the order of time and remember what is broken."""

    def __init__(self, world: World, spells: tuple[Spell, ...], seed: int, since: datetime, until: datetime) -> None:
        self._world, self._spells, self._seed = world, spells, seed
        self._since, self._until = since, until
        self._count = 0
        self._places: dict[tuple[str, str, str], _Place] = {}
        self._repairs: list[tuple[datetime, int, Pipeline, str]] = []

    def runs(self) -> Iterator[Run]:
        for started, pipeline in self._list_starts():
            while self._repairs and self._repairs[0][0] <= started:
                moment, _, broken, branch = heapq.heappop(self._repairs)
                yield self._repair(broken, branch, moment)
            yield self._begin(pipeline, started)
        while self._repairs and self._repairs[0][0] < self._until:
            moment, _, broken, branch = heapq.heappop(self._repairs)
            yield self._repair(broken, branch, moment)

    def _list_starts(self) -> list[tuple[datetime, Pipeline]]:
        chance = self._chance("starts")
        pipelines = self._world.pipelines
        weights = [pipeline.weight for pipeline in pipelines]
        usual = [
            (moment, chance.choices(pipelines, weights)[0]) for moment in draw_starts(chance, self._since, self._until)
        ]
        further = [
            (moment, pipeline)
            for spell in self._spells
            for pipeline in pipelines
            for moment in spell.list_starts(pipeline, self._until)
        ]
        return sorted([*usual, *further], key=lambda start: start[0])

    def _begin(self, pipeline: Pipeline, started: datetime) -> Run:
        run, chance = self._make_run(pipeline, started)
        spell = next((one for one in self._spells if one.rules(pipeline, started)), None)
        if spell is not None and chance.random() < spell.share:
            return replace(run, broken=Break(spell.name, spell.cause, spell.lasting, spell.until, spell.name))
        place = self._places.get(_place_of(pipeline, run.branch))
        if place is not None:
            place.runs.append(run.id)
            return replace(run, broken=place.broken)
        if chance.random() < _CANCELLED_SHARE:
            return replace(run, broken=Break(run.id, "cancelled", lasting=True), cancelled=True)
        return self._break(run, chance) if chance.random() < pipeline.fails else run

    def _break(self, run: Run, chance: random.Random) -> Run:
        causes = run.pipeline.causes
        cause = self._world.causes[chance.choices(list(causes), list(causes.values()))[0]]
        if cause.lasts is None:
            return replace(run, broken=Break(run.id, cause.name))
        hours = max(chance.expovariate(1 / cause.lasts), _QUICKEST_FIX)
        until = run.started + timedelta(hours=round(hours, 4))
        broken = Break(run.id, cause.name, lasting=True, until=until)
        self._places[_place_of(run.pipeline, run.branch)] = _Place(broken, [run.id])
        heapq.heappush(self._repairs, (until, self._count, run.pipeline, run.branch))
        return replace(run, broken=broken)

    def _repair(self, pipeline: Pipeline, branch: str, moment: datetime) -> Run:
        place = self._places.pop(_place_of(pipeline, branch))
        run, chance = self._make_run(pipeline, moment)
        drops = branch != "main" and chance.random() < _DROPPED_SHARE
        return replace(run, branch=branch, mends=tuple(place.runs), drops=drops)

    def _make_run(self, pipeline: Pipeline, started: datetime) -> tuple[Run, random.Random]:
        self._count += 1
        name = f"demo-{self._count:06}"
        chance = self._chance(name)
        commit = hashlib.sha256(f"{self._seed} {name}".encode()).hexdigest()[:40]
        return Run(name, pipeline, self._choose_branch(pipeline, started, chance), commit, started), chance

    def _choose_branch(self, pipeline: Pipeline, started: datetime, chance: random.Random) -> str:
        if not pipeline.features or chance.random() >= _FEATURE_SHARE:
            return "main"
        number = (started - self._since) // timedelta(days=_FEATURE_DAYS)
        return f"feature/{pipeline.component}-{101 + number}"

    def _chance(self, name: str) -> random.Random:
        return random.Random(f"{self._seed} plan {name}")  # noqa: S311 - made up, not secret


def _place_of(pipeline: Pipeline, branch: str) -> tuple[str, str, str]:
    return pipeline.operation, pipeline.environment, branch
