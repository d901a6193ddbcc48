"""Files of a new rule set and a new rule, with comments that explain each key."""

from __future__ import annotations

from ..core.types import Facts, Scalar
from .describing import describe_range
from .scaffolding import Draft
from .vocabulary import WORDS

_POLICY = """\
{header}# What this set is called, and what it is for.
name: {name}
description: {description}
# The set below: default, none, or the path of a folder from here. Rules of the same id replace those of the set below.
extends: default
# Rules of the set below may be switched off, or speak earlier (lower numbers) or later:
# rules:
#   strategy/retry: {{enabled: false}}
"""
_RULE = """\
{header}# What the rule says, in one sentence.
title: {title}
# In its stage the lowest number fires first, and the first to set a fact wins. Without this key: 50.
priority: {priority}
# All of these must hold. A test is a value, or operators: is, not, in, not_in, gte, gt, lte, lt, missing;
# {{fact: NAME}} in place of a value compares with another fact. On an absent fact all are false but missing.
when:
  component: {component}
# Any of these keeps it silent; they may name inputs and facts of earlier stages.
# unless:
#   - branch: main
# What it sets, where no rule before did: a value, {{from: FACT}} or {{lookup: TABLE, by: FACT}}.
# {fact} is {meaning} ({range}).
then:
  {fact}: {value}
# The reason, for whoever reads the decision; {{NAME}} in braces is replaced by the fact of that name.
because: {because}
# What it does alone: facts in, and whether it fires. Think of the nearest situation in which it must stay silent.
cases:
  fires:
    - name: {fires}
      facts: {{{facts}}}
      expect: {{{fact}: {value}}}
  silent:
    - name: another component
      facts: {{component: another-{component_inside}}}
    - name: nobody said which component
      facts: {{attempt: 1}}
"""


def write_policy(name: str, schema: str | None) -> str:
    """Return a ``policy.yaml``; ``schema`` is the path from it to its JSON Schema, where there is one."""
    description = _quote(f"The rules of {name}, over those that come with errclass.")
    return _POLICY.format(header=_point_to(schema), name=_quote(name), description=description)


def write_rule(draft: Draft, schema: str | None) -> str:
    """Return the rule file of a draft; ``schema`` as in ``write_policy``."""
    word = WORDS.get(draft.fact)
    return _RULE.format(
        header=_point_to(schema),
        title=_quote(draft.title),
        priority=draft.priority,
        component=_quote(draft.component),
        component_inside=draft.component,
        fact=draft.fact,
        meaning=word.description if word else "a fact of this rule set",
        range=describe_range(word) if word else "set by other rules too",
        value=_quote(draft.value),
        because=_quote(f"For {{component}} it is settled here: {draft.fact} is {{{draft.fact}}}."),
        fires=_quote(f"a failure of {draft.component}"),
        facts=_join({"component": draft.component, **draft.situation}),
    )


def _point_to(schema: str | None) -> str:
    return f"# yaml-language-server: $schema={schema}\n" if schema else ""


def _join(facts: Facts) -> str:
    return ", ".join(f"{name}: {_quote(value)}" for name, value in facts.items())


def _quote(value: Scalar) -> str:
    """Return a value as YAML on one line, in quotes where it has to be, or would be read as another."""
    import yaml

    style = '"' if isinstance(value, str) and not value.isprintable() else None
    text: str = yaml.safe_dump(
        [value], default_flow_style=True, default_style=style, width=float("inf"), allow_unicode=True
    )
    return text.strip()[1:-1]
