"""Where a box is divided: at the first thing that is not decided and that the goal hangs on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .abstraction import Box, Outlook
from .cone import Cone, Target
from .goals import Goal
from .model import ABSENT, Comparison, Junction, Model, RuleModel, Test, list_bits


def choose_split(goal: Goal, model: Model, cone: Cone, box: Box, outlook: Outlook) -> Test | None:
    """Return a variable, and the part of its values to look at first; None when every input has one value."""
    return next(_list_splits(goal, model, cone, box, outlook), None)


def _list_splits(goal: Goal, model: Model, cone: Cone, box: Box, outlook: Outlook) -> Iterator[Test]:
    masks = outlook.masks
    for rule_id in goal.fires:
        yield from _decide_rule(model.find_rule(rule_id), masks, fire=True)
    for rule in goal.list_rivals(model):
        yield from _decide_rule(rule, masks, fire=False)
    for stage in reversed(cone.stages):
        for target in stage.targets:
            if outlook.raw[target.variable] & ~box[target.variable]:
                yield from _explain(target, box, outlook)
    for variable in cone.inputs:
        yield from _halve(variable, masks[variable])


def _explain(target: Target, box: Box, outlook: Outlook) -> Iterator[Test]:
    """Yield what would make the rules set the variable to nothing but what the box holds."""
    wanted, before = box[target.variable], outlook.masks[target.previous]
    yield from _divide(target.previous, before, wanted | ABSENT)
    yield from _divide(target.previous, before, ABSENT)
    for rule, setting in target.setters:
        if rule.id not in outlook.can or rule.place > outlook.last[target.variable]:
            continue
        fits = bool(setting.compute_image(outlook.masks) & wanted)
        yield from _decide_rule(rule, outlook.masks, fire=fits)
        if fits and setting.source is not None:
            yield from _divide(setting.source, outlook.masks[setting.source], setting.find_sources(wanted))


def _decide_rule(rule: RuleModel, masks: Sequence[int], *, fire: bool) -> Iterator[Test]:
    """Yield what decides whether a rule fires."""
    yield from _decide(rule.when, masks, hold=fire)
    for veto in rule.vetoes:
        yield from _decide(veto, masks, hold=not fire)


def _decide(junction: Junction, masks: Sequence[int], *, hold: bool) -> Iterator[Test]:
    for test in junction.tests:
        yield from _divide(test.variable, masks[test.variable], test.mask if hold else ~test.mask)
    for pair in junction.comparisons:
        yield from _decide_comparison(pair, masks, hold=hold)


def _decide_comparison(pair: Comparison, masks: Sequence[int], *, hold: bool) -> Iterator[Test]:
    """Yield the single values of the right one, such as a threshold, and then what the left one is to be."""
    left, right = masks[pair.left], masks[pair.right]
    if pair.must_hold(left, right) or not pair.can_hold(left, right):
        return
    yield from _halve(pair.right, right)
    fitting = sum(1 << bit for bit in list_bits(left) if bool(pair.masks[bit] & right) is hold)
    yield from _divide(pair.left, left, fitting)


def _divide(variable: int, mask: int, wanted: int) -> Iterator[Test]:
    """Yield the wanted part of the values, if it is a part."""
    if mask & wanted and mask & ~wanted:
        yield Test(variable, mask & wanted)


def _halve(variable: int, mask: int) -> Iterator[Test]:
    """Yield the first of several values."""
    first = mask & -mask
    if mask != first:
        yield Test(variable, first)
