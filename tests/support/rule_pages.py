"""docs/rules.md: the catalogue of the shipped rules; docs/facts.md: the words that rules are made of.

Run as a program (``just docs``) it writes both anew.
"""

from __future__ import annotations

from collections.abc import Iterator

from support.mart_pages import format_table
from support.source import find_source

from errclass.rules import DEFAULT_FOLDER, Policy, Rule, Word, load_policy
from errclass.rules.describing import describe_condition, describe_conditions, describe_effect, describe_facts
from errclass.rules.describing import describe_range as describe_values
from errclass.rules.vocabulary import INPUTS, OUTPUTS, STEPS
from errclass.system.taxonomy_file import load_taxonomy

RULES = find_source() / "docs" / "rules.md"
FACTS = find_source() / "docs" / "facts.md"
_ABOUT_RULES = """\
# The rules that come with errclass

Written by `just docs` from `rules/sets/default`; how to write your own is told in [Writing rules](writing-rules.md), and what the
facts mean in [The facts](facts.md). {rules} rules in {stages} stages, in the order in which they are considered: the first to set a
fact wins. A rule fires when all of *when* hold and none of *unless*.
"""
_ABOUT_TABLES = """\
## Tables

What rules look up. Those that start with `type_` and `category_` come from the taxonomy.
"""
_ABOUT_FACTS = """\
# The facts

Written by `just docs` from `rules/vocabulary.py`. A fact has one value or is absent; a condition on an absent fact is false, unless
it asks for just that. *There* says when it is; *since* is the version of the vocabulary that first had it.
"""
_GROUPS = (
    ("Inputs", "What is known before the rules: they read it and never set it.", INPUTS),
    ("Steps", "By these the stages of the shipped rules hand on what they found.", STEPS),
    ("Outputs", "What the decision is made of.", OUTPUTS),
)


def load_shipped() -> Policy:
    """Return the shipped rules over the shipped taxonomy."""
    return load_policy(DEFAULT_FOLDER, load_taxonomy().tables())


def describe_rules(policy: Policy) -> str:
    """Return the catalogue, in Markdown."""
    about = _ABOUT_RULES.format(rules=len(policy.rules), stages=len(policy.stages))
    stages = "\n".join(_list_stages(policy))
    tables = "\n".join(f"- `{name}`: {_code(describe_facts(rows))}" for name, rows in sorted(policy.tables.items()))
    return f"{about}\n{stages}\n{_ABOUT_TABLES}\n{tables}\n"


def describe_vocabulary() -> str:
    """Return the page of facts, in Markdown."""
    parts = [_ABOUT_FACTS]
    for title, about, words in _GROUPS:
        head = ("fact", "kind", "values", "unit", "about", "there", "since")
        parts.append(f"## {title}\n\n{about}\n\n{format_table(head, map(_describe_word, words.values()))}")
    return "\n".join(parts)


def _list_stages(policy: Policy) -> Iterator[str]:
    for stage, rules in zip(policy.stages, policy.by_stage, strict=True):
        told = " Its reasons are not among those of a decision." if stage in policy.background else ""
        yield f"## {stage}\n\n{len(rules)} rule{'s' * (len(rules) != 1)}.{told}\n"
        yield from map(_describe_rule, rules)


def _describe_rule(rule: Rule) -> str:
    lines = [
        ("when", map(describe_condition, rule.when)),
        ("unless", map(describe_conditions, rule.unless)),
        ("sets", map(describe_effect, rule.then)),
        ("because", [rule.because]),
    ]
    told = "".join(f"- {name} {', '.join(map(_code, texts))}\n" for name, given in lines if (texts := list(given)))
    return f"### {rule.id}\n\n{rule.title} (priority {rule.priority}).\n\n{told}"


def _describe_word(word: Word) -> tuple[str, ...]:
    there = f"with {word.beside}" if word.beside else ""
    return (
        f"`{word.name}`",
        word.kind,
        describe_values(word),
        word.unit,
        word.description.replace("|", "\\|"),
        "always" if word.beside == word.name else there,
        str(word.since),
    )


def _code(text: str) -> str:
    return f"`{text}`"


if __name__ == "__main__":
    RULES.write_text(describe_rules(load_shipped()), encoding="utf-8")
    FACTS.write_text(describe_vocabulary(), encoding="utf-8")
