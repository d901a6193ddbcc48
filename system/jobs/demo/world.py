"""The made-up company: what it runs, and what that fails with, read from ``data/demo``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from ....actions.recover import Recipe, load_recipes
from ....core.frozen import FrozenDict
from ....core.types import Effect

FOLDER = Path(__file__).resolve().parents[3] / "data" / "demo"


@dataclass(frozen=True, slots=True)
class Cause:
    """Hold one thing that goes wrong."""

    name: str
    type: str
    """What it really is."""
    text: str
    """The log, with ``$name`` where something differs from time to time."""
    exit_code: int = 1
    rerun: float = 0.0
    """Chance that an unchanged re-run passes."""
    lasts: float | None = None
    """Mean hours until somebody mended it; None: the next run may pass."""
    recipe: str | None = None
    cure: float = 0.1
    """Chance that a recovery helps."""
    habit: Literal["rerun", "recover"] | None = None
    """What people do about it, whatever is decided."""
    picks: Mapping[str, tuple[str, ...]] = field(default_factory=FrozenDict)
    """Words of the text of which each break has its own."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Hold one operation in one environment."""

    operation: str
    component: str
    repository: str
    environment: str
    stack: str
    effect: Effect
    minutes: float
    """That a call takes, about."""
    weight: float
    """Its share of all runs."""
    fails: float
    """Chance that a run meets one of its causes."""
    causes: Mapping[str, float]
    """Cause -> how often it is that one."""
    features: bool = False
    """Whether it runs on feature branches too."""


@dataclass(frozen=True, slots=True)
class World:
    """Hold all of the company."""

    pipelines: tuple[Pipeline, ...]
    causes: Mapping[str, Cause]
    recipes: Mapping[str, tuple[Recipe, ...]]
    """Stack -> the recipes that fit it."""


@cache
def load_world() -> World:
    """Read it."""
    found = _read("pipelines")
    return World(
        pipelines=tuple(Pipeline(**fields) for fields in found["pipelines"]),
        causes=FrozenDict({name: _make_cause(name, fields) for name, fields in _read("causes").items()}),
        recipes=FrozenDict({stack: _find_recipes(names) for stack, names in found["recipes"].items()}),
    )


def _make_cause(name: str, fields: Mapping[str, Any]) -> Cause:
    picks = {word: tuple(choices) for word, choices in fields.get("picks", {}).items()}
    return Cause(name, **{**fields, "picks": FrozenDict(picks)})


def _find_recipes(names: Iterable[str]) -> tuple[Recipe, ...]:
    known = {recipe.name: recipe for recipe in load_recipes()}
    return tuple(known[name] for name in names)


def _read(name: str) -> dict[str, Any]:
    import yaml

    content: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return content
