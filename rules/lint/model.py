"""A policy over sets of values: every fact a few variables, every set of values one whole number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ...core.types import Facts, Scalar
from ..conditions import Condition
from .domains import Values

ABSENT = 1
"""The mask of the one value None: bit 0 of every mask says that the fact may be missing."""


def list_bits(mask: int) -> Iterator[int]:
    """Yield the places of the bits that are set, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


@dataclass(frozen=True, slots=True)
class Test:
    """Hold the values of a variable for which a condition holds."""

    variable: int
    mask: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Hold, for each value of one variable, the values of another for which a condition holds."""

    left: int
    right: int
    masks: tuple[int, ...]

    def can_hold(self, left: int, right: int) -> bool:
        """Say whether it holds for some of the values."""
        return any(self.masks[bit] & right for bit in list_bits(left))

    def must_hold(self, left: int, right: int) -> bool:
        """Say whether it holds for all of the values."""
        return not any(right & ~self.masks[bit] for bit in list_bits(left))


@dataclass(frozen=True, slots=True)
class Junction:
    """Hold conditions that have to hold together."""

    tests: tuple[Test, ...]
    """At most one for each variable."""
    comparisons: tuple[Comparison, ...] = ()

    def can_hold(self, masks: Sequence[int]) -> bool:
        """Say whether each condition can hold; False is certain, True is not."""
        return all(masks[test.variable] & test.mask for test in self.tests) and all(
            pair.can_hold(masks[pair.left], masks[pair.right]) for pair in self.comparisons
        )

    def must_hold(self, masks: Sequence[int]) -> bool:
        """Say whether all conditions hold whatever the values are."""
        return not any(masks[test.variable] & ~test.mask for test in self.tests) and all(
            pair.must_hold(masks[pair.left], masks[pair.right]) for pair in self.comparisons
        )

    @property
    def variables(self) -> Iterator[int]:
        """Every variable that it looks at."""
        yield from (test.variable for test in self.tests)
        for pair in self.comparisons:
            yield from (pair.left, pair.right)


@dataclass(frozen=True, slots=True)
class Setting:
    """Hold what one effect sets one variable to, by the value of its source."""

    target: int
    source: int | None
    images: tuple[int, ...]
    """For each value of the source the one that is set; one entry where there is no source."""
    _known: dict[int, int] = field(default_factory=dict, compare=False, repr=False)

    def compute_image(self, masks: Sequence[int]) -> int:
        """Return what it can set."""
        if self.source is None:
            return self.images[0]
        mask = masks[self.source]
        if mask not in self._known:
            image = 0
            for bit in list_bits(mask):
                image |= self.images[bit]
            self._known[mask] = image
        return self._known[mask]

    def find_sources(self, wanted: int) -> int:
        """Return the source's values for which it sets one of the wanted."""
        return sum(1 << bit for bit, image in enumerate(self.images) if image & wanted)

    @property
    def range(self) -> int:
        """All that it can ever set."""
        whole = 0
        for image in self.images:
            whole |= image
        return whole


@dataclass(frozen=True, slots=True)
class RuleModel:
    """Hold one rule over sets of values."""

    id: str
    stage: int
    place: int
    """Place in the order of all rules."""
    when: Junction
    """Over what facts are when the rule's stage ends: a fact that is set stays as it is."""
    early: Junction
    """The same over what facts are before the stage."""
    vetoes: tuple[Junction, ...]
    settings: tuple[Setting, ...]

    def can_fire(self, masks: Sequence[int]) -> bool:
        """Say whether it can fire; False is certain, True is not."""
        return self.when.can_hold(masks) and not any(veto.must_hold(masks) for veto in self.vetoes)

    def must_fire(self, masks: Sequence[int], *, early: bool = False) -> bool:
        """Say whether it fires whatever the values are; with ``early`` whether it is ready when its stage starts."""
        ready = self.early if early else self.when
        return ready.must_hold(masks) and not any(veto.can_hold(masks) for veto in self.vetoes)

    @property
    def variables(self) -> frozenset[int]:
        """Every variable that it looks at."""
        sources = [setting.source for setting in self.settings if setting.source is not None]
        parts = (self.when, self.early, *self.vetoes)
        return frozenset([*sources, *(variable for part in parts for variable in part.variables)])


@dataclass(frozen=True, slots=True)
class Model:
    """Hold a policy over sets of values.

    A fact that rules set has one variable for what it is before the first stage, and one for each stage that sets it.
    """

    values: Mapping[str, Values]
    versions: Mapping[str, Mapping[int, int]]
    """Fact -> stage -> variable; stage -1 is before all."""
    names: tuple[str, ...]
    """The fact of each variable."""
    start: tuple[int, ...]
    """All values that each variable can have."""
    inputs: tuple[int, ...]
    rules: tuple[RuleModel, ...]

    def find_rule(self, rule_id: str) -> RuleModel:
        """Return the rule of this id."""
        return next(rule for rule in self.rules if rule.id == rule_id)

    def find_before(self, name: str, stage: int) -> int:
        """Return the variable of a fact before a stage."""
        return self.find_after(name, stage - 1)

    def find_after(self, name: str, stage: int) -> int:
        """Return the variable of a fact when a stage has ended."""
        return self.versions[name][max(known for known in self.versions[name] if known <= stage)]

    def find_last(self, name: str) -> int:
        """Return the variable of a fact when all stages have ended."""
        return self.versions[name][max(self.versions[name])]

    def find_previous(self, variable: int) -> int:
        """Return the variable that a later one goes on from."""
        versions = self.versions[self.names[variable]]
        stage = next(known for known, other in versions.items() if other == variable)
        return self.find_before(self.names[variable], stage)

    def find_mask(self, condition: Condition) -> int:
        """Return the values of its fact for which a condition on a constant holds."""
        return find_mask(condition, self.values[condition.fact])


def find_mask(condition: Condition, values: Values) -> int:
    """Return the mask of the values for which ``condition`` holds."""
    return sum(1 << bit for bit, value in enumerate(values) if condition.holds(as_facts({condition.fact: value})))


def as_facts(values: Mapping[str, Scalar | None]) -> Facts:
    """Return facts without those that are missing."""
    return {name: value for name, value in values.items() if value is not None}
