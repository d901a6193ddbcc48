"""What was planted is found with its figures, and nothing else is."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from support.judged_history import ALWAYS, TYPES, draw_facts, draw_history, make_case

from errclass.core.frozen import FrozenDict
from errclass.core.taxonomy import Taxonomy
from errclass.core.types import Scalar
from errclass.rules import Policy, list_layers, load_policy
from errclass.rules.conditions import Condition
from errclass.system.jobs.suggestion.confirmation import Confirmed
from errclass.system.jobs.suggestion.judged_cases import JudgedCase, halve_cases
from errclass.system.jobs.suggestion.limits import Limits
from errclass.system.jobs.suggestion.mining import StageFindings, mine_rules

Truth = Callable[[random.Random, dict[str, Scalar]], dict[str, Scalar]]


@pytest.fixture(scope="module")
def policy(taxonomy: Taxonomy) -> Policy:
    """The usual rules."""
    return load_policy(list_layers([]), taxonomy.tables())


def search(policy: Policy, history: list[JudgedCase], **limits: float) -> list[StageFindings]:
    return mine_rules(policy, halve_cases(history), Limits(**limits), lambda step, done, total: None)  # type: ignore[arg-type]


def mine(policy: Policy, history: list[JudgedCase], **limits: float) -> list[Confirmed]:
    return [one for stage in search(policy, history, **limits) for one in stage.confirmed]


def count(found: Confirmed) -> list[tuple[int, int, int]]:
    """Right, wrong, and of these made wrong, in each half."""
    return [(len(part.right), len(part.wrong), len(part.broken)) for part in (found.older, found.newer)]


def settings_of_the_basket(_: random.Random, facts: dict[str, Scalar]) -> dict[str, Scalar]:
    """In one component one exit code is always configuration; elsewhere the model is right."""
    if (facts["component"], facts["exit_code"]) == ("basket", 2):
        return {"type": "configuration"}
    return {"type": facts["predicted_type"]}


def test_a_planted_type_is_found_with_its_counts(policy: Policy) -> None:
    """Both conditions, none more, and every cause that the model had called something else."""
    history = draw_history(1, 480, settings_of_the_basket)
    (found,) = mine(policy, history)
    assert {Condition("exit_code", "is", 2), Condition("component", "is", "basket")} == set(found.candidate.when)
    assert "evidence/exit_code_2_component_basket_is_configuration" == found.rule.id
    planted = [
        sum(c.facts["component"] == "basket" and c.facts["exit_code"] == 2 and c.facts["predicted_type"] != "configuration" for c in half)
        for half in halve_cases(history)
    ]  # fmt: skip
    assert [(number, 0, 0) for number in planted] == count(found)


def test_a_planted_code_that_passes_on_a_rerun_is_found(policy: Policy) -> None:
    """Its type is right and says that no re-run helps."""

    def plant(draw: random.Random, facts: dict[str, Scalar]) -> dict[str, Scalar]:
        facts["predicted_type"] = "build"
        facts["code_tool"] = draw.choice(["GR7", "GR42", "GR99"])
        return {"type": "build", "retryable": facts["tool"] == "gradle" and facts["code_tool"] == "GR42"}

    history = draw_history(2, 480, plant)
    (found,) = mine(policy, history)
    assert "retry/code_tool_gr42_tool_gradle_is_retryable" == found.rule.id
    planted = [sum(case.truths["retryable"] is True for case in half) for half in halve_cases(history)]
    assert [(number, 0, 0) for number in planted] == count(found)


def test_what_a_suggestion_says_is_not_suggested_again(policy: Policy) -> None:
    """Once it is among the rules, it covers them."""
    from errclass.rules.policy import add_rules

    history = draw_history(1, 480, settings_of_the_basket)
    (found,) = mine(policy, history)
    assert [] == mine(add_rules(policy, [found.rule]), history)


def test_what_the_model_knows_needs_no_rule(policy: Policy) -> None:
    """Nothing is wrong, whatever goes with what."""
    history = draw_history(3, 300, lambda draw, facts: {"type": facts["predicted_type"]})
    stages = search(policy, history)
    assert [(0, 0, ())] * 2 == [(len(stage.wrong), stage.found, stage.confirmed) for stage in stages]


def test_one_rule_for_what_two_facts_tell(policy: Policy) -> None:
    """A job that belongs to the component is no rule of its own; the tool's code is preferred to both."""

    def plant(draw: random.Random, facts: dict[str, Scalar]) -> dict[str, Scalar]:
        if facts["component"] == "basket":
            facts.update(job="basket nightly", code_tool="B1")
            return {"type": "resource"}
        return {"type": facts["predicted_type"]}

    assert ["evidence/code_tool_b1_is_resource"] == [one.rule.id for one in mine(policy, draw_history(4, 240, plant))]


def test_a_rule_that_would_break_as_much_as_it_mends_is_none(policy: Policy) -> None:
    """Half of what meets the conditions is right already, and of another type."""

    def plant(draw: random.Random, facts: dict[str, Scalar]) -> dict[str, Scalar]:
        if facts["component"] == "basket" and draw.random() < 0.5:
            return {"type": "resource"}
        return {"type": facts["predicted_type"]}

    assert [] == mine(policy, draw_history(5, 480, plant))


def test_what_is_right_anyway_does_not_speak_for_a_rule(policy: Policy) -> None:
    """Of one component nearly all fails again, and the rules know it; where they do not, a rule would be wrong as often."""

    def plant(draw: random.Random, facts: dict[str, Scalar]) -> dict[str, Scalar]:
        if facts["component"] != "basket":
            return {"type": facts["predicted_type"], "retryable": facts["predicted_type"] in {"network", "resource"}}
        facts["predicted_type"] = kind = "network" if draw.random() < 0.2 else "build"
        return {"type": kind, "retryable": kind == "network" and draw.random() < 0.5}

    assert [] == mine(policy, draw_history(12, 800, plant), minimum_causes=5)


def test_an_exact_code_keeps_its_say(policy: Policy) -> None:
    """It fires first, so the suggestion neither breaks nor claims what the code settled."""

    def plant(draw: random.Random, facts: dict[str, Scalar]) -> dict[str, Scalar]:
        if facts["component"] != "basket":
            return {"type": facts["predicted_type"]}
        if draw.random() < 0.5:
            facts.update(
                confidence=0.4, evidence_type="network", evidence_code="ETIMEDOUT", evidence_table="errno",
                evidence_strength="exact", evidence_agrees=True, evidence_confirms=False,
            )  # fmt: skip
            return {"type": "network"}
        return {"type": "resource"}

    history = draw_history(6, 480, plant)
    (found,) = mine(policy, history)
    assert (0, 0) == (len(found.older.broken), len(found.newer.broken))
    settled = {case.cause for case in history if "evidence_type" in case.facts}
    assert set() == settled & (found.newer.right | found.older.right | found.newer.wrong | found.older.wrong)


def test_what_ended_before_the_newer_half_is_not_suggested(policy: Policy) -> None:
    """It held on the older half only."""
    older, newer = halve_cases(draw_history(1, 480, settings_of_the_basket))
    healed = [replace(case, truths=FrozenDict({"type": case.facts["predicted_type"]})) for case in newer]
    evidence = search(policy, [*older, *healed])[0]
    assert (1, ()) == (evidence.tested, evidence.confirmed)


@pytest.mark.parametrize("share", [0.0, 0.3])
def test_labels_by_chance_make_no_rules(policy: Policy, share: float) -> None:
    """Drawn without looking at the facts, or replaced in three of ten cases: over 30 histories at most one rule."""

    def truth(draw: random.Random, facts: dict[str, Scalar]) -> dict[str, Scalar]:
        kind = facts["predicted_type"] if draw.random() < share else draw.choice(TYPES)
        return {"type": kind, "retryable": draw.random() < 0.2}

    found = [mine(policy, draw_history(seed, 200, truth), minimum_causes=3) for seed in range(30)]
    assert sum(map(len, found)) <= 1


def test_one_label_only_says_nothing_of_conditions(policy: Policy) -> None:
    """All failures are of one type: no conditions tell some from others."""
    assert [] == mine(policy, draw_history(7, 300, lambda draw, facts: {"type": "build"}))


@pytest.mark.parametrize("size", [0, 1, 2, 3])
def test_next_to_no_history_is_enough_for_nothing(policy: Policy, size: int) -> None:
    """And no fault."""
    assert [] == mine(policy, draw_history(8, size, settings_of_the_basket), minimum_causes=1)


def test_many_cases_of_a_few_causes_are_few(policy: Policy) -> None:
    """Counted are causes: forty failures of four are no proof."""
    cases = draw_history(9, 300, lambda draw, facts: {"type": facts["predicted_type"]})
    facts = {**ALWAYS, "predicted_type": "test", "confidence": 0.95, "component": "cellar"}
    repeated = [
        replace(make_case(300 + number % 4, {**facts, "job": f"job {number % 7}"}, type="resource"), time=cases[number * 7].time)
        for number in range(40)
    ]  # fmt: skip
    assert [] == mine(policy, sorted([*cases, *repeated], key=lambda case: case.time), minimum_causes=3)


@pytest.mark.parametrize(
    "name", ["run-{0:07x}f{0}", "2026-{0:02d}-11-nightly", "deploy {0:08d}", "{0}" * 60, "job number {0}"]
)
def test_names_of_single_runs_are_no_conditions(policy: Policy, name: str) -> None:
    """Whatever tells, it is not what the run was called; the last one is short, and near-unique."""

    def plant(draw: random.Random, facts: dict[str, Scalar]) -> dict[str, Scalar]:
        number = draw.randrange(10)
        del facts["component"]
        facts["job"] = facts["operation"] = facts["phase"] = name.format(number)
        return {"type": "resource" if number == 3 else facts["predicted_type"]}

    def spread(case: JudgedCase, number: int) -> JudgedCase:
        return replace(case, facts=FrozenDict({**case.facts, **dict.fromkeys(("job", "operation", "phase"), f"job number {number}")}))  # fmt: skip

    history = draw_history(10, 300, plant)
    if name.startswith("job"):
        history = [spread(case, number) for number, case in enumerate(history)]
    assert [] == mine(policy, history, minimum_causes=3)


def test_a_name_that_comes_again_is_a_condition(policy: Policy) -> None:
    """The same history with a name of the job's own."""

    def plant(draw: random.Random, facts: dict[str, Scalar]) -> dict[str, Scalar]:
        number = draw.randrange(10)
        facts["job"] = f"nightly {number}"
        return {"type": "resource" if number == 3 else facts["predicted_type"]}

    history = draw_history(10, 300, plant)
    assert ["evidence/job_nightly_3_is_resource"] == [one.rule.id for one in mine(policy, history)]


def test_unknown_is_nothing_to_find_out(policy: Policy) -> None:
    """That a text names no cause is for the text to say."""

    def plant(draw: random.Random, facts: dict[str, Scalar]) -> dict[str, Scalar]:
        return {"type": "unknown" if facts["component"] == "basket" else facts["predicted_type"]}

    assert [] == mine(policy, draw_history(11, 300, plant))


def test_the_order_of_rows_at_one_time_changes_nothing(policy: Policy) -> None:
    """The same history gives the same suggestions."""
    history = draw_history(1, 480, settings_of_the_basket)
    shuffled = random.Random(1).sample(history, len(history))
    assert [one.rule for one in mine(policy, history)] == [one.rule for one in mine(policy, shuffled)]


def test_halves_share_no_cause() -> None:
    """A cause that comes back is as old as its first case."""
    history = [make_case(number % 7, draw_facts(random.Random(number)), type="test") for number in range(40)]
    late = [replace(case, time=case.time + timedelta(days=number)) for number, case in enumerate(history)]
    older, newer = halve_cases(late)
    assert (3, 4) == (len({case.cause for case in older}), len({case.cause for case in newer}))
    assert set() == {case.cause for case in older} & {case.cause for case in newer}
    assert 40 == len(older) + len(newer)


def test_a_set_without_these_stages_gets_no_suggestions(policy: Policy) -> None:
    """A rule set of one's own need not have them."""
    bare = replace(policy, stages=("cause",), rules=tuple(rule for rule in policy.rules if rule.stage == "cause"))
    assert [] == search(bare, draw_history(1, 100, settings_of_the_basket))
