"""Turn a policy into its model over sets of values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ...core.types import Scalar
from ..conditions import Condition, FactRef
from ..effects import Effect, Lookup
from ..policy import Policy
from ..rule import Rule
from .domains import Values, find_absence, list_inputs, list_values
from .model import ABSENT, Comparison, Junction, Model, RuleModel, Setting, Test, as_facts


def build_model(policy: Policy) -> Model:
    """Return the policy over sets of values."""
    values = list_values(policy)
    inputs = list_inputs(policy)
    names: list[str] = []
    start: list[int] = []
    versions: dict[str, dict[int, int]] = {}
    for name, known in values.items():
        versions[name] = {}
        for stage in (-1, *_list_stages(policy, name)):
            versions[name][stage] = len(names)
            names.append(name)
            start.append(_find_start(name, known, before=stage < 0, given=name in inputs))
    firsts = tuple(versions[name][-1] for name in inputs)
    model = Model(values, versions, tuple(names), tuple(start), firsts, ())
    return replace(model, rules=tuple(_compile_rule(model, policy, place) for place in range(len(policy.rules))))


def _list_stages(policy: Policy, name: str) -> list[int]:
    """Return the stages that set a fact."""
    return sorted({policy.stages.index(rule.stage) for rule in policy.rules if name in rule.sets})


def _compile_rule(model: Model, policy: Policy, place: int) -> RuleModel:
    rule = policy.rules[place]
    return _Compiler(model, policy.stages.index(rule.stage)).compile_rule(rule, place)


def _find_start(name: str, values: Values, *, before: bool, given: bool) -> int:
    every = (1 << len(values)) - 1
    if given:
        return every if find_absence(name) else every & ~ABSENT
    return ABSENT if before else every


@dataclass(frozen=True, slots=True)
class _Compiler:
    """Turn the rules of one stage into their models."""

    model: Model
    stage: int

    def compile_rule(self, rule: Rule, place: int) -> RuleModel:
        absences = [test for test in rule.when if test.tests_absence]
        others = [test for test in rule.conditions if not test.tests_absence]
        settled = self.join(absences, before=True)
        return RuleModel(
            id=rule.id,
            stage=self.stage,
            place=place,
            when=_merge(settled, self.join(others, before=False)),
            early=_merge(settled, self.join(others, before=True)),
            vetoes=tuple(self.join(veto, before=True) for veto in rule.unless),
            settings=tuple(self.compile_effect(effect) for effect in rule.then),
        )

    def join(self, conditions: Iterable[Condition], *, before: bool) -> Junction:
        """Return the conditions over facts as they are before the stage, or when it has ended."""
        tests: dict[int, int] = {}
        comparisons: list[Comparison] = []
        for test in conditions:
            left, right = (self.find(name, before=before) for name in (test.reads[0], test.reads[-1]))
            if isinstance(test.value, FactRef) and left != right:
                comparisons.append(Comparison(left, right, self.compare(test)))
            else:
                tests[left] = tests.get(left, -1) & self.model.find_mask(test)
        return Junction(tuple(Test(*pair) for pair in tests.items()), tuple(comparisons))

    def compare(self, test: Condition) -> tuple[int, ...]:
        """Return for each value of the condition's fact the values of the other for which it holds."""
        lefts, rights = (self.model.values[name] for name in test.reads)
        return tuple(_compare(test, left, rights) for left in lefts)

    def compile_effect(self, effect: Effect) -> Setting:
        target = self.model.find_after(effect.fact, self.stage)
        values = self.model.values[effect.fact]
        if effect.source is None:
            return Setting(target, None, (_find_value(values, effect.compute({})),))
        settled = isinstance(effect, Lookup) and effect.otherwise is not None
        images = tuple(_find_image(effect, value, values) for value in self.model.values[effect.source])
        return Setting(target, self.find(effect.source, before=settled), images)

    def find(self, name: str, *, before: bool) -> int:
        return self.model.find_before(name, self.stage) if before else self.model.find_after(name, self.stage)


def _compare(test: Condition, left: Scalar | None, rights: Values) -> int:
    pairs = enumerate({test.reads[0]: left, test.reads[1]: right} for right in rights)
    return sum(1 << bit for bit, pair in pairs if test.holds(as_facts(pair)))


def _merge(left: Junction, right: Junction) -> Junction:
    tests: dict[int, int] = {}
    for test in left.tests + right.tests:
        tests[test.variable] = tests.get(test.variable, -1) & test.mask
    return Junction(tuple(Test(*pair) for pair in tests.items()), left.comparisons + right.comparisons)


def _find_image(effect: Effect, value: Scalar | None, values: Values) -> int:
    """Return the mask of what an effect sets for one value of its source; 0 where it cannot be set."""
    facts = as_facts({str(effect.source): value})
    if not all(need.holds(facts) for need in effect.needs):
        return 0
    return _find_value(values, effect.compute(facts))


def _find_value(values: Values, value: Scalar) -> int:
    return 1 << next(
        bit for bit, known in enumerate(values) if known == value and isinstance(known, bool) == isinstance(value, bool)
    )
