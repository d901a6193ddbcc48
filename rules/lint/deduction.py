"""Go backwards: what must have been so that a variable has one of the values that a box leaves it."""

from __future__ import annotations

from collections.abc import Iterator

from .abstraction import Box, Outlook
from .cone import Cone, Target
from .model import ABSENT, RuleModel, Setting, Test

Way = dict[int, int]
"""Values of variables without which a variable is not set in one particular way."""


def list_needs(rule: RuleModel) -> Iterator[Test]:
    """Yield what has to hold of single variables for a rule to fire."""
    yield from rule.when.tests
    for veto in rule.vetoes:
        if len(veto.tests) == 1 and not veto.comparisons:
            yield Test(veto.tests[0].variable, ~veto.tests[0].mask)


def narrow_box(cone: Cone, box: Box, outlook: Outlook) -> bool:
    """Take from ``box`` values with which no rule could set what it asks for; say whether there were any."""
    narrowed = False
    for stage in reversed(cone.stages):
        for target in stage.targets:
            mask = outlook.masks[target.variable]
            if not mask & ABSENT and outlook.raw[target.variable] & ~mask:
                for variable, allowed in _join_ways(list(_list_ways(target, mask, outlook))).items():
                    narrowed |= bool(outlook.masks[variable] & ~allowed)
                    box[variable] &= allowed
    return narrowed


def _list_ways(target: Target, wanted: int, outlook: Outlook) -> Iterator[Way]:
    """Yield every way in which the variable can have got one of the wanted values."""
    if outlook.masks[target.previous] & wanted:
        yield {target.previous: wanted}
    for rule, setting in target.setters:
        possible = rule.id in outlook.can and rule.place <= outlook.last[target.variable]
        if possible and setting.compute_image(outlook.masks) & wanted:
            yield _describe_way(rule, setting, target, wanted)


def _describe_way(rule: RuleModel, setting: Setting, target: Target, wanted: int) -> Way:
    way = {target.previous: ABSENT}
    for test in list_needs(rule):
        way[test.variable] = way.get(test.variable, -1) & test.mask
    if setting.source is not None:
        way[setting.source] = way.get(setting.source, -1) & setting.find_sources(wanted)
    return way


def _join_ways(ways: list[Way]) -> Way:
    """Return what all ways have in common: for each variable the values that one of them allows."""
    common = set(ways[0]).intersection(*ways[1:]) if ways else set()
    joined = dict.fromkeys(common, 0)
    for way in ways:
        for variable in common:
            joined[variable] |= way[variable]
    return joined
