"""docs/rules.md lists every shipped rule, docs/facts.md every fact."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.rule_pages import FACTS, RULES, describe_rules, describe_vocabulary, load_shipped
from support.rule_sets import policy_of, rule_of

from errclass.rules.vocabulary import WORDS


def test_the_rules_are_up_to_date() -> None:
    """After a change of a rule, ``just docs`` writes the page anew."""
    up_to_date = describe_rules(load_shipped()) == RULES.read_text(encoding="utf-8")
    assert up_to_date  # without the difference of two long pages


def test_the_facts_are_up_to_date() -> None:
    """After a change of the vocabulary, ``just docs`` writes the page anew."""
    assert describe_vocabulary() == FACTS.read_text(encoding="utf-8")


def test_a_rule_on_the_page() -> None:
    """In words, with its priority and its reason."""
    rule = rule_of("strategy/retry", {"type": "x"}, {"strategy": "retry"}, {"a": 1, "b": True}, {"c": 2}, priority=7)
    page = describe_rules(policy_of(rule))
    assert "### strategy/retry\n\nAbout strategy/retry (priority 7).\n\n" in page
    assert "- when `type is x`\n- unless `a is 1 and b is yes`, `c is 2`\n- sets `strategy = retry`\n" in page
    assert "- because `So strategy/retry`\n" in page
    assert "## cause\n\n0 rules.\n" in page
    assert "## strategy\n\n1 rule.\n" in page


def test_every_fact_has_one_row() -> None:
    """With as many cells as the head has."""
    rows = [line for line in FACTS.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert list(WORDS) == [row.split("`")[1] for row in rows]
    assert {8} == {len(re.findall(r"(?<!\\)\|", row)) for row in rows}


@pytest.mark.parametrize("page", [RULES, FACTS], ids=["rules", "facts"])
def test_links_lead_somewhere(page: Path) -> None:
    """Relative links point at files that exist."""
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [] == [target for target in targets if not (page.parent / target).exists()]
