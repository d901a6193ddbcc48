"""Both engines and the full default set over everything that the bundled corpus can make of facts."""

from __future__ import annotations

import random

import pytest
from support.corpus_facts import build_corpus_facts

from errclass.core.types import Facts
from errclass.rules import DEFAULT_FOLDER, DurableEngine, ForwardChainer, Policy, load_policy
from errclass.rules.durable import import_durable
from errclass.system.taxonomy_file import load_taxonomy


@pytest.fixture(scope="module")
def policy() -> Policy:
    """Return the shipped set over the shipped taxonomy."""
    return load_policy(DEFAULT_FOLDER, load_taxonomy().tables())


@pytest.fixture(scope="module")
def corpus() -> list[Facts]:
    """Return the facts of every text, each in a context of its own."""
    return list(build_corpus_facts())


@pytest.mark.skipif(import_durable() is None, reason="durable-rules does not run here")
def test_both_engines_derive_the_same_of_the_whole_corpus(policy: Policy, corpus: list[Facts]) -> None:
    """Facts, order of rules, what they used, set and overrode, and every sentence."""
    ours, theirs = ForwardChainer(policy), DurableEngine(policy)
    assert 7_000 < len(corpus)
    assert [] == [facts for facts in corpus if ours.decide(facts) != theirs.decide(facts)]


def test_the_order_of_facts_changes_nothing(policy: Policy, corpus: list[Facts]) -> None:
    """Of any text."""
    engine, draw = ForwardChainer(policy), random.Random(5)
    for facts in corpus[::5]:
        shuffled = dict(draw.sample(list(facts.items()), len(facts)))
        assert engine.decide(facts) == engine.decide(shuffled)


def test_nearly_every_rule_has_its_say(policy: Policy, corpus: list[Facts]) -> None:
    """Rules that no text of the corpus can make fire are about own types, missing models, rare ties."""
    engine = ForwardChainer(policy)
    fired = {firing.rule for facts in corpus for firing in engine.decide(facts).trace}
    silent = {rule.id for rule in policy.rules} - fired
    assert {
        "cause/contradiction_is_doubt", "cause/nothing_known", "evidence/code_stands_in_for_model",
        "evidence/failing_tests_break_a_tie", "fallback/action", "fallback/category", "fallback/fault_domain",
        "fallback/retryable", "fallback/severity", "retry/known_flaky_tests", "strategy/recover_instead",
    } >= silent  # fmt: skip
