"""What would change a decision: the smallest changes of single inputs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ..core.types import Facts, Firing, Scalar
from .aspects import Aspects, find_changes, judge_facts, rank_changes
from .chain import pick_inputs
from .conditions import is_number
from .engine import Derivation, Engine
from .fact_candidates import list_candidates, list_companions


@dataclass(frozen=True, slots=True)
class FactFlip:
    """Say what would be decided, were one input otherwise."""

    fact: str
    before: Scalar | None
    """None: it is absent."""
    after: tuple[Scalar | None, ...]
    """Any of these would do; of numbers the nearest."""
    together: tuple[str, ...]
    """Inputs that would be absent with it."""
    changes: Mapping[str, Scalar]
    """What of strategy, type, retryable and severity would be otherwise, and how."""
    fires: tuple[str, ...]
    """Rules that would fire and do not now; in order."""
    otherwise: tuple[str, ...]
    """Rules that fire now too, and would set something else."""
    silent: tuple[str, ...]
    """Rules that fire now and would not."""

    @property
    def rule(self) -> str:
        """The rule that the change shows in first."""
        return (self.fires or self.otherwise or self.silent)[0]

    @property
    def size(self) -> float:
        """How much would have to change: below 1 for a number, by its share; 1 for another value; 2 for absence."""
        value = self.after[0]
        if value is None:
            return 2.0
        if not (is_number(value) and is_number(self.before)):
            return 1.0
        now, then = float(self.before or 0), float(value)
        return abs(then - now) / (abs(then) + abs(now) + 1.0)


def find_flips(engine: Engine, derivation: Derivation) -> tuple[FactFlip, ...]:
    """Return the changes of single inputs that change strategy, type, retryability or severity.

    ``derivation`` is what ``engine`` made of the facts. First those that change the strategy, the smallest first.
    """
    inputs, judged = pick_inputs(derivation), judge_facts(derivation, engine.policy)
    candidates = list_candidates(engine.policy, derivation.facts)
    tried = (_try(engine, inputs, name, value, derivation, judged) for name, value in candidates)
    flips = _join(flip for flip in tried if flip.changes)
    return tuple(sorted(flips, key=lambda flip: (rank_changes(flip.changes), flip.size, flip.fact)))


def _try(engine: Engine, inputs: Facts, name: str, value: Scalar | None, now: Derivation, judged: Aspects) -> FactFlip:
    changed = engine.decide(_change(inputs, name, value))
    fire_now, fire_then = _name_rules(now.trace), _name_rules(changed.trace)
    return FactFlip(
        fact=name,
        before=inputs.get(name),
        after=(value,),
        together=tuple(other for other in list_companions(name) if other in inputs) if value is None else (),
        changes=find_changes(judged, judge_facts(changed, engine.policy)),
        fires=tuple(rule for rule in fire_then if rule not in fire_now),
        otherwise=_list_changed(now.trace, changed.trace),
        silent=tuple(rule for rule in fire_now if rule not in fire_then),
    )


def _change(inputs: Facts, name: str, value: Scalar | None) -> Facts:
    gone = {name, *list_companions(name)} if value is None else frozenset[str]()
    changed = {other: known for other, known in inputs.items() if other not in gone}
    if value is not None:
        changed[name] = value
    if "evidence_confirms" in changed:
        changed["evidence_confirms"] = changed.get("evidence_type") == changed.get("predicted_type")
    return changed


def _name_rules(trace: Iterable[Firing]) -> tuple[str, ...]:
    return tuple(firing.rule for firing in trace)


def _list_changed(now: Iterable[Firing], then: Iterable[Firing]) -> tuple[str, ...]:
    sets = {firing.rule: firing.sets for firing in now}
    return tuple(firing.rule for firing in then if firing.sets != sets.get(firing.rule, firing.sets))


def _join(flips: Iterable[FactFlip]) -> Iterator[FactFlip]:
    """Yield one flip for all values of an input that come to the same: of numbers that with the nearest."""
    groups: dict[object, list[FactFlip]] = {}
    for flip in flips:
        groups.setdefault((flip.fact, flip.changes, flip.rule, flip.after == (None,)), []).append(flip)
    for group in groups.values():
        nearest = min(group, key=lambda flip: flip.size)
        if is_number(nearest.after[0]):
            yield nearest
        else:
            yield replace(nearest, after=tuple(flip.after[0] for flip in group))
