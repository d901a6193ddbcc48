"""Rule sets laid over each other: what extends what, what is switched off, and who may only say no."""

from __future__ import annotations

from pathlib import Path

import pytest

from errclass.core.errors import PolicyError
from errclass.rules import DEFAULT_FOLDER, ForwardChainer, Layer, Policy, list_layers, load_policy

from .conftest import TAXONOMY

OWN = "name: own\ndescription: of our own\nextends: none\nstages: [cause]\n"
RULE = "title: t\nwhen: {predicted_type: network}\nthen: {type: network}\nbecause: b\n"
NO = "title: t\nwhen: {component: shop}\nthen: {rerun_forbidden: working_tree}\nbecause: the shop is never run again\n"


def make_set(folder: Path, head: str | None = None, **rules: str) -> Path:
    """Write a rule set; ``guard__name`` stands for ``guard/name``."""
    folder.mkdir(parents=True)
    if head is not None:
        (folder / "policy.yaml").write_text(head)
    for name, content in rules.items():
        path = folder / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
    return folder


def load(*folders: Path | Layer) -> Policy:
    return load_policy(list_layers(folders), TAXONOMY)


def names(*folders: Path | Layer) -> list[str]:
    return [layer.folder.name for layer in list_layers(folders)]


def test_a_set_extends_the_default_one_unless_it_says_otherwise(tmp_path: Path) -> None:
    """With and without a policy file; the company's before the team's; each once."""
    plain = make_set(tmp_path / "plain")
    company = make_set(tmp_path / "company", "extends: default\n")
    team = make_set(tmp_path / "team", "extends: ../company\n")
    assert ["default"] == names()
    assert ["default", "plain"] == names(plain)
    assert ["default", "company", "team"] == names(team)
    assert ["default", "company", "team", "plain"] == names(team, plain, company)


def test_a_set_of_its_own_stands_alone(tmp_path: Path) -> None:
    """And is laid over nothing."""
    own = make_set(tmp_path / "own", OWN, cause__a=RULE)
    assert ["own"] == names(own)
    assert ["cause/a"] == [rule.id for rule in load(own).rules]
    for others in ([make_set(tmp_path / "plain"), own], [own, make_set(tmp_path / "other")]):
        with pytest.raises(PolicyError, match="extends none"):
            list_layers(others)


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("extends: ../nowhere\n", r"policy.yaml:1: extends: there is no folder .*nowhere"),
        ("name: x\nextends: [default]\n", r"policy.yaml:2: extends: must be 'default', 'none' or the path"),
        ("extends: ../ours\n", "extend each other in a circle"),
        ("stages: [cause]\n", "policy.yaml:1: stages: the stages are those of the set"),
        ("rules: {retry/usaul: {enabled: false}}\n", r"no such rule \(did you mean 'retry/usual'"),
        ("rules: {retry/usual: {enabled: no thanks}}\n", "must be true or false"),
        ("rules: {retry/usual: {level: error}}\n", "unknown key"),
        ("rules: {retry/usual: {priority: high}}\n", "whole number"),
        ("rules:\n  - retry/usual\n", "policy.yaml:1: rules: must be a mapping"),
        ("extend: default\n", r"unknown key \(did you mean 'extends'"),
    ],
)
def test_a_broken_head_is_refused_with_its_line(tmp_path: Path, head: str, message: str) -> None:
    """File, line, key, what to do."""
    with pytest.raises(PolicyError, match=message):
        load(make_set(tmp_path / "ours", head))


def test_single_rules_are_switched_off_or_moved(tmp_path: Path) -> None:
    """The rest of the set stays as it is, and the revision tells."""
    head = "rules:\n  retry/never_worked: {enabled: false}\n  severity/production: {priority: 60}\n"
    usual, ours = load(), load(make_set(tmp_path / "ours", head))
    assert {"retry/never_worked"} == {rule.id for rule in usual.rules} - {rule.id for rule in ours.rules}
    assert {"severity/production": 60} == {
        rule.id: rule.priority for rule in ours.rules if rule.id == "severity/production"
    }
    assert usual.revision != ours.revision


def test_a_later_set_has_the_last_word(tmp_path: Path) -> None:
    """The team puts back what the company moved, and a row of a table is one's own."""
    make_set(tmp_path / "company", "rules: {retry/usual: {priority: 7}}\ntables: {attempts_limit: {production: 2}}\n")
    team = make_set(tmp_path / "team", "extends: ../company\nrules: {retry/usual: {priority: 9}}\n")
    policy = load(team)
    assert [9] == [rule.priority for rule in policy.rules if rule.id == "retry/usual"]
    assert (2, 6) == (policy.tables["attempts_limit"]["production"], policy.tables["attempts_limit"]["development"])


def test_a_threshold_is_changed_in_one_place(tmp_path: Path) -> None:
    """A row of its table, and every rule follows; environments of one's own too."""
    head = "tables:\n  environment_preset: {qa: qa}\n  attempts_limit: {qa: 9}\n"
    engine = ForwardChainer(load(make_set(tmp_path / "ours", head)))
    facts = {"predicted_type": "network", "confidence": 0.9, "environment": "qa", "attempt": 8}
    assert ("retry", 9) == tuple(engine.decide(facts).facts[name] for name in ("strategy", "plan_attempts"))
    assert "escalate" == engine.decide({**facts, "attempt": 9}).facts["strategy"]


def test_a_rule_whose_fact_nobody_sets_any_more_is_refused(tmp_path: Path) -> None:
    """Switching off one rule must not silence others unnoticed."""
    with pytest.raises(PolicyError, match="no rule of this set sets 'preset'; add one, or enable it again"):
        load(make_set(tmp_path / "ours", "rules: {preset/environment: {enabled: false}}\n"))


def test_who_is_not_trusted_may_say_no(tmp_path: Path) -> None:
    """And says it last: what forbids a re-run already stays the reason."""
    ours = Layer(make_set(tmp_path / "tree", guard__shop=NO), restricted=True)
    engine = ForwardChainer(load(ours))
    facts = {"predicted_type": "network", "confidence": 0.9, "component": "shop"}
    assert ("working_tree", "notify") == tuple(
        engine.decide(facts).facts[name] for name in ("rerun_forbidden", "strategy")
    )
    assert "irreversible" == engine.decide({**facts, "effect": "irreversible"}).facts["rerun_forbidden"]
    assert "retry" == engine.decide({**facts, "component": "other"}).facts["strategy"]


@pytest.mark.parametrize(
    ("head", "rules", "message"),
    [
        (None, {"strategy__a": NO.replace("rerun_forbidden: working_tree", "strategy: retry")}, "not trusted"),
        (
            None,
            {"guard__a": NO.replace("rerun_forbidden: working_tree", "rerun_forbidden: working_tree, unsure: novel")},
            "not trusted",
        ),
        (None, {"retry__a": NO.replace("rerun_forbidden: working_tree", "retryable: true")}, "not trusted"),
        (None, {"plan__a": NO.replace("rerun_forbidden: working_tree", "plan_approval: false")}, "not trusted"),
        (None, {"preset__a": NO}, "not trusted"),
        (None, {"guard__irreversible": NO}, "would replace a rule"),
        ("rules: {guard/irreversible: {enabled: false}}\n", {}, "no keys but its name"),
        ("tables: {attempts_limit: {default: 99}}\n", {}, "no keys but its name"),
        ("extends: none\nname: x\ndescription: x\nstages: [guard]\n", {"guard__a": NO}, "stages are those of the set"),
    ],
)
def test_who_is_not_trusted_may_say_nothing_else(
    tmp_path: Path, head: str | None, rules: dict[str, str], message: str
) -> None:
    """No other fact, no replaced or removed rule, no threshold, no set of its own."""
    with pytest.raises(PolicyError, match=message):
        load(Layer(make_set(tmp_path / "tree", head, **rules), restricted=True))


def test_the_shipped_set_is_a_layer_like_any_other() -> None:
    """Given by its own path it is there once."""
    assert ["default"] == names(DEFAULT_FOLDER)
