"""Write a candidate down as the content of a rule file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ....core.types import Scalar
from ....rules import Policy, Rule
from ....rules.conditions import Condition
from ....rules.parsing import parse_rule
from ....rules.place import Place
from ....rules.reading import Document
from .candidates import Candidate
from .wording import describe_answer, describe_conditions, name_rule, template_conditions


def draft_rule(candidate: Candidate, policy: Policy) -> Rule:
    """Return the rule without cases, under an id that ``policy`` has not."""
    taken = {rule.id for rule in policy.rules}
    rule_id = name_rule(candidate.when, candidate.value, candidate.aim.stage, taken)
    document = Document(Path(f"{rule_id}.yaml"), "", describe_rule(candidate))
    return parse_rule(rule_id, Place(document), policy.tables)


def describe_rule(candidate: Candidate) -> dict[str, Any]:
    """Return what the rule's file says, but for its cases."""
    aim, value = candidate.aim, candidate.value
    title = f"{describe_conditions(candidate.when)}: {describe_answer(value)}"
    return {
        "title": title[:1].upper() + title[1:],
        "priority": aim.priority,
        "when": {condition.fact: _describe_test(condition) for condition in candidate.when},
        **({"unless": {aim.unless: value}} if aim.unless else {}),
        "then": {aim.says: value, **aim.beside},
        "because": _give_reason(candidate.when, value),
    }


def _describe_test(condition: Condition) -> Scalar | dict[str, Scalar]:
    value: Scalar = condition.value
    return value if condition.operator == "is" else {condition.operator: value}


def _give_reason(when: tuple[Condition, ...], value: Scalar) -> str:
    where = template_conditions(when)
    if isinstance(value, bool):
        return f"An unchanged re-run {'helps' if value else 'does not help'} failures with {where}, history says."
    return f"Failures with {where} are of the type {{proven_type}}, history says."
