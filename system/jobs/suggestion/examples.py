"""Cases for a suggested rule, out of real facts cut to what the rule reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ....core.types import Facts, Scalar
from ....rules import Rule
from ....rules.conditions import Condition, all_hold
from .candidates import Candidate
from .judged_cases import JudgedCase
from .traits import is_tellable
from .wording import describe_conditions, show_value

Example = dict[str, Any]


def list_examples(candidate: Candidate, rule: Rule, cases: Sequence[JudgedCase]) -> dict[str, list[Example]]:
    """Return one case that fires, and for each condition and veto one that stays silent because of it.

    Cases are the newest of their kind. Where no case meets all conditions but one, that condition's fact is left out.
    """
    cut = list(_cut_all(reversed(cases), rule))
    firing = next(facts for facts in cut if all_hold(rule.when, facts) and not rule.is_vetoed(facts))
    expect = {candidate.aim.says: candidate.value, **candidate.aim.beside}
    vetoed = [_set_veto(condition, firing) for condition in rule.vetoing_tests]
    return {
        "fires": [{"name": describe_conditions(rule.when), "facts": firing, "expect": expect}],
        "silent": [*(_find_silent(condition, rule, firing, cut) for condition in rule.when), *vetoed],
    }


def _find_silent(condition: Condition, rule: Rule, firing: Facts, cut: Iterable[Facts]) -> Example:
    fact = condition.fact
    others = tuple(other for other in rule.when if other is not condition)
    for facts in cut:
        if fact in facts and not condition.holds(facts) and all_hold(others, facts) and not rule.is_vetoed(facts):
            return {"name": f"{_say(fact)} {show_value(facts[fact])} instead", "facts": dict(facts)}
    return {"name": f"{_say(fact)} not known", "facts": {name: firing[name] for name in firing if name != fact}}


def _set_veto(condition: Condition, firing: Facts) -> Example:
    facts = {**firing, condition.fact: condition.value}
    return {"name": f"{_say(condition.fact)} {show_value(condition.value)} already", "facts": facts}


def _cut_all(cases: Iterable[JudgedCase], rule: Rule) -> Iterator[dict[str, Scalar]]:
    for case in cases:
        cut = {name: case.facts[name] for name in sorted(rule.reads) if name in case.facts}
        yield {name: value for name, value in cut.items() if is_tellable(name, value)}


def _say(fact: str) -> str:
    return fact.replace("_", " ")
