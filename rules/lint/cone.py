"""The part of a policy that some variables depend on: nothing else has to be looked at to know them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ..vocabulary import INPUTS
from .model import Model, RuleModel, Setting


@dataclass(frozen=True, slots=True)
class Target:
    """Hold one variable that a stage sets."""

    variable: int
    previous: int
    """The same fact before the stage."""
    setters: tuple[tuple[RuleModel, Setting], ...]
    """In the order of the rules."""


@dataclass(frozen=True, slots=True)
class ConeStage:
    """Hold what counts of one stage."""

    rules: tuple[RuleModel, ...]
    chained: tuple[RuleModel, ...]
    """Those of the rules that look at what the stage sets."""
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Cone:
    """Hold what counts of all stages."""

    stages: tuple[ConeStage, ...]
    inputs: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]
    """Inputs of which the first is there exactly when the second is."""


def trace_cone(model: Model, rules: Collection[str], variables: Iterable[int]) -> Cone:
    """Return what the firing of the rules, and the values of the variables, depend on."""
    wanted = {rule for rule in model.rules if rule.id in rules}
    found = _collect_variables(model, wanted, {*variables})
    kept = wanted | {rule for rule in model.rules if any(setting.target in found for setting in rule.settings)}
    stages = sorted({rule.stage for rule in kept})
    ordered = sorted(kept, key=lambda rule: rule.place)
    inputs = [variable for variable in model.inputs if variable in found]
    return Cone(
        tuple(_build_stage(model, [rule for rule in ordered if rule.stage == stage], found) for stage in stages),
        tuple(inputs),
        tuple(_list_pairs(model, inputs)),
    )


def _collect_variables(model: Model, rules: Collection[RuleModel], variables: set[int]) -> set[int]:
    setters: dict[int, list[RuleModel]] = {}
    for rule in model.rules:
        for setting in rule.settings:
            setters.setdefault(setting.target, []).append(rule)
    found: set[int] = set()
    open_ = {*variables, *(variable for rule in rules for variable in rule.variables)}
    while open_:
        found |= open_
        needed = {variable for known in open_ for rule in setters.get(known, ()) for variable in rule.variables}
        needed |= {model.find_previous(known) for known in open_ if known in setters}
        needed |= {leader for leader in (_find_leader(model, known) for known in open_) if leader is not None}
        open_ = needed - found
    return found


def _find_leader(model: Model, variable: int) -> int | None:
    """Return the input that an input always comes with."""
    word = INPUTS.get(model.names[variable])
    leads = word is None or word.beside in ("", word.name)
    return None if leads or word is None else model.versions[word.beside][-1]


def _list_pairs(model: Model, inputs: Iterable[int]) -> list[tuple[int, int]]:
    leaders = ((variable, _find_leader(model, variable)) for variable in inputs)
    return [(variable, leader) for variable, leader in leaders if leader is not None]


def _build_stage(model: Model, rules: list[RuleModel], found: Collection[int]) -> ConeStage:
    targets: dict[int, list[tuple[RuleModel, Setting]]] = {}
    for rule in rules:
        for setting in rule.settings:
            if setting.target in found:
                targets.setdefault(setting.target, []).append((rule, setting))
    chained = [rule for rule in rules if any(variable in targets for variable in rule.variables)]
    return ConeStage(
        tuple(rules),
        tuple(chained),
        tuple(Target(variable, model.find_previous(variable), tuple(pairs)) for variable, pairs in targets.items()),
    )
