"""The first draft of a rule, for every stage of the shipped set."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from errclass.core.types import Decision
from errclass.rules import DEFAULT_FOLDER, Engine, ForwardChainer, Policy, check_policy, list_layers, load_policy
from errclass.rules.deciding import fold_facts
from errclass.rules.draft_text import write_policy, write_rule
from errclass.rules.lint import lint_policy
from errclass.rules.scaffolding import draft_rule
from errclass.rules.whole_set import check_firing, check_scenarios, run_whole_set
from errclass.system.taxonomy_file import load_taxonomy

STAGES = yaml.safe_load((DEFAULT_FOLDER / "policy.yaml").read_text(encoding="utf-8"))["stages"]
TABLES = load_taxonomy().tables()
SEVERITIES = ("low", "medium", "high", "critical")


@pytest.fixture(scope="module")
def shipped() -> Policy:
    """The shipped rules."""
    return load_policy(DEFAULT_FOLDER, TABLES)


def write_draft(folder: Path, shipped: Policy, rule_id: str, title: str = "Ours") -> Policy:
    """Write a set with one draft and load it."""
    (folder / rule_id).parent.mkdir(parents=True, exist_ok=True)
    (folder / "policy.yaml").write_text(write_policy("ours", None), encoding="utf-8")
    text = write_rule(draft_rule(shipped, rule_id, title), None)
    (folder / f"{rule_id}.yaml").write_text(text, encoding="utf-8")
    return load_policy(list_layers([folder]), TABLES)


def decide(engine: Engine, facts: object) -> Decision:
    """Return what is decided, without its reasons."""
    found: Decision = fold_facts(engine.decide(facts), engine.policy)  # type: ignore[arg-type]
    return found


def compare(decision: Decision) -> tuple[object, ...]:
    names = ("type", "category", "severity", "retryable", "suggested_action", "fault_domain", "abstained")
    return (*(getattr(decision, name) for name in names), decision.strategy, decision.plan, decision.channels)


@pytest.mark.parametrize("stage", STAGES)
def test_a_draft_holds_and_changes_the_decision_of_its_case(stage: str, tmp_path: Path, shipped: Policy) -> None:
    """It loads, passes all checks, alone and in the whole set, and speaks before all others of its stage."""
    policy = write_draft(tmp_path, shipped, f"{stage}/shop_gateway")
    assert () == lint_policy(policy).findings
    assert [] == [result for result in (*check_policy(policy), *check_scenarios(policy)) if not result.passed]
    (rule,) = [rule for rule in policy.rules if rule.id == f"{stage}/shop_gateway"]
    assert () == check_firing([rule], run_whole_set(policy))
    assert rule.priority < min(other.priority for other in policy.rules if other.stage == stage and other is not rule)
    facts = rule.cases[0].facts
    before, after = decide(ForwardChainer(shipped), facts), decide(ForwardChainer(policy), facts)
    assert compare(before) != compare(after)
    assert "shop-gateway" == facts["component"]


@pytest.mark.parametrize("stage", STAGES)
def test_a_draft_makes_no_scenario_bolder(stage: str, tmp_path: Path, shipped: Policy) -> None:
    """Whoever leaves it as it is has no automatic step more, and hears of nothing less."""
    policy = write_draft(tmp_path, shipped, f"{stage}/shop_gateway")
    old, new = ForwardChainer(shipped), ForwardChainer(policy)
    for scenario in shipped.scenarios:
        facts = {**scenario.facts, "component": "shop-gateway"}
        before, after = decide(old, facts), decide(new, facts)
        assert after.strategy not in {"retry", "recover"} or before.strategy in {"retry", "recover"}
        assert SEVERITIES.index(after.severity) >= SEVERITIES.index(before.severity)
        assert set(after.channels) >= set(before.channels)


@pytest.mark.parametrize(
    "title", ["a: b", "- x", "'\"", "true", "{a}", "1", "#", "über\x1b[0m", "two\nlines", "a" * 200]
)
def test_any_title_will_do(title: str, tmp_path: Path, shipped: Policy) -> None:
    """It is quoted as YAML wants it."""
    policy = write_draft(tmp_path, shipped, "guard/ours", title)
    assert title == next(rule.title for rule in policy.rules if rule.id == "guard/ours")


@pytest.mark.parametrize("name", ["on", "yes", "null", "true", "e", "x" * 60])
def test_any_name_will_do(name: str, tmp_path: Path, shipped: Policy) -> None:
    """Also one that YAML would read as something else."""
    policy = write_draft(tmp_path, shipped, f"guard/{name}")
    assert name in {test.value for rule in policy.rules for test in rule.when if test.fact == "component"}


def test_every_key_is_explained(shipped: Policy) -> None:
    """By a comment above it."""
    lines = write_rule(draft_rule(shipped, "strategy/ours", "Ours"), None).splitlines()
    for key in ("title", "priority", "when", "then", "because", "cases"):
        place = next(number for number, line in enumerate(lines) if line.startswith(f"{key}:"))
        assert lines[place - 1].startswith("# ")
    assert any(line.startswith("# unless:") for line in lines)


def test_a_schema_is_named_where_there_is_one(shipped: Policy) -> None:
    """In the first line, as editors want it."""
    draft = draft_rule(shipped, "strategy/ours", "Ours")
    assert "# yaml-language-server: $schema=../r.json\n" in write_rule(draft, "../r.json")
    assert write_policy("ours", "p.json").startswith("# yaml-language-server: $schema=p.json\n")
    assert "yaml-language-server" not in write_rule(draft, None) + write_policy("ours", None)


def test_a_stage_without_rules_has_a_draft_too(shipped: Policy) -> None:
    """One that tells somebody."""
    empty = Policy("empty", "", ("only",), (), shipped.tables)
    draft = draft_rule(empty, "only/ours", "Ours")
    assert ("strategy", "notify") == (draft.fact, draft.value)
