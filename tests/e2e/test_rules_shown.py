"""``errclass rules list``, ``test``, ``graph`` and ``schema``: what the rules say of themselves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from support.command_line import call_errclass

RULE = """
title: The shop is let rest
priority: 1
when: {operation: shop_sync, history_failed_attempts: {gte: {fact: manual_after}}}
unless: {effect: read_only}
then: {rerun_forbidden: gateway}
because: The gateway must not be asked again at once.
cases:
  fires:
    - name: a sync
      facts: {operation: shop_sync, history_failed_attempts: 5, manual_after: 5}
      expect: {rerun_forbidden: gateway}
  silent: [{name: another, facts: {operation: deploy}}]
"""
SCENARIO = """
title: The shop
cases:
  - name: a sync is let rest
    facts: {predicted_type: network, confidence: 0.9, operation: shop_sync, history_failed_attempts: 5}
    expect: {rerun_forbidden: gateway, strategy: escalate}
"""


@pytest.fixture
def folder(tree: Path) -> Path:
    """A user's rule and scenario."""
    for name, text in {"guard/shop": RULE, "scenarios/shop": SCENARIO}.items():
        path = tree / "ours" / f"{name}.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(text)
    return tree / "ours"


def test_a_list_has_all_that_a_rule_says(folder: Path) -> None:
    """As it is written, with the file that it comes from."""
    listed = call_errclass("rules", "list", "--rules", folder, "--stage", "guard", "--format", "json").json["rules"]
    assert {"guard"} == {rule["stage"] for rule in listed}
    (shop,) = [rule for rule in listed if rule["rule"] == "guard/shop"]
    assert {"operation": "shop_sync", "history_failed_attempts": {"gte": {"fact": "manual_after"}}} == shop["when"]
    assert ([{"effect": "read_only"}], {"rerun_forbidden": "gateway"}) == (shop["unless"], shop["then"])
    assert (2, 1, 1) == (shop["cases"], shop["cases_that_fire"], shop["priority"])
    assert (str(folder / "guard" / "shop.yaml"), True) == (shop["file"], shop["because"].startswith("The gateway"))
    assert all(Path(rule["file"]).is_file() for rule in listed)


@pytest.mark.parametrize("command", ["list", "graph"])
def test_an_unknown_stage_is_told_with_the_nearest(command: str) -> None:
    """And with all that there are."""
    done = call_errclass("rules", command, "--stage", "gard")
    assert (2, "", 1) == (done.code, done.out, done.err.count("\n"))
    assert "did you mean 'guard'" in done.err
    assert "evidence, cause" in done.err


def test_cases_and_scenarios_run_together(folder: Path) -> None:
    """On each engine."""
    done = call_errclass("rules", "test", "--rules", folder, "--mutate", "--format", "json")
    assert (0, [], []) == (done.code, done.json["failed"], done.json["unnoticed"])
    names = {(result["rule"], result["case"]) for result in done.json["results"]}
    assert {("guard/shop", "a sync"), ("(scenario)", "a sync is let rest")} <= names


def test_a_scenario_that_fails_is_exit_code_1(folder: Path) -> None:
    """With what came out instead."""
    (folder / "scenarios" / "shop.yaml").write_text(SCENARIO.replace("strategy: escalate", "strategy: retry"))
    done = call_errclass("rules", "test", "--rules", folder, "--format", "json")
    messages = {(result["case"], result["message"]) for result in done.json["failed"]}
    assert (1, {("a sync is let rest", "strategy is 'escalate', expected 'retry'")}) == (done.code, messages)
    assert "FAILED" in call_errclass("rules", "test", "--rules", folder).out


def test_a_rule_that_never_fires_in_the_whole_set_fails(folder: Path) -> None:
    """Though it does alone."""
    text = RULE.replace("when: {", "when: {autonomy_in_force: {missing: true}, ")
    (folder / "guard" / "shop.yaml").write_text(text)
    (folder / "scenarios" / "shop.yaml").unlink()
    done = call_errclass("rules", "test", "--rules", folder, "--format", "json")
    assert (1, [("guard/shop", "fires in the whole set")]) == (
        done.code,
        [(result["rule"], result["case"]) for result in done.json["failed"]],
    )


def test_a_rule_that_nobody_misses_fails_where_that_is_asked(folder: Path) -> None:
    """Here the usual rule for this forbids a re-run too, and no case says for which reason."""
    loose = RULE.replace("      expect: {rerun_forbidden: gateway}\n", "")
    (folder / "guard" / "shop.yaml").write_text(loose)
    (folder / "scenarios" / "shop.yaml").unlink()
    assert 0 == call_errclass("rules", "test", "--rules", folder).code
    done = call_errclass("rules", "test", "--rules", folder, "--mutate", "--format", "json")
    assert (1, ["guard/shop"], []) == (done.code, done.json["unnoticed"], done.json["failed"])
    shown = call_errclass("rules", "test", "--rules", folder, "--mutate").out
    assert "no case that passes notices" in shown
    assert "1 not missed" in shown


def test_one_rule_is_run_alone(folder: Path) -> None:
    """Without scenarios."""
    done = call_errclass("rules", "test", "--rules", folder, "--rule", "guard/shop", "--mutate", "--format", "json")
    assert (0, {"guard/shop"}) == (done.code, {result["rule"] for result in done.json["results"]})
    unknown = call_errclass("rules", "test", "--rule", "guard/shops", "--rules", folder)
    assert (2, "", True) == (unknown.code, unknown.out, "did you mean 'guard/shop'" in unknown.err)


@pytest.mark.parametrize(("form", "first"), [("mermaid", "flowchart LR"), ("dot", "digraph rules {")])
def test_a_graph_is_drawn(form: str, first: str, folder: Path) -> None:
    """With the user's rule in it."""
    done = call_errclass("rules", "graph", "--rules", folder, "--fact", "manual_after", "--format", form)
    assert (0, "", first) == (done.code, done.err, done.out.splitlines()[0])
    assert '"shop"' in done.out
    assert '"cancelled"' not in done.out


def test_a_graph_as_data(folder: Path) -> None:
    """Rules with what they read and set, and the role of each fact."""
    graph = call_errclass("rules", "graph", "--rules", folder, "--stage", "guard", "--format", "json").json
    (shop,) = [rule for rule in graph["rules"] if rule["rule"] == "guard/shop"]
    reads = ["effect", "history_failed_attempts", "manual_after", "operation"]
    assert (reads, ["rerun_forbidden"], ["guard"]) == (shop["reads"], shop["sets"], graph["stages"])
    roles = {fact["fact"]: fact["role"] for fact in graph["facts"]}
    assert ("input", "step") == (roles["operation"], roles["rerun_forbidden"])


def test_an_unknown_fact_is_told_with_the_nearest() -> None:
    """Of those that rules read or set."""
    done = call_errclass("rules", "graph", "--fact", "atempt")
    assert (2, "", True) == (done.code, done.out, "did you mean 'attempt'" in done.err)


@pytest.mark.parametrize("kind", ["rule", "policy", "scenario"])
def test_a_schema_is_printed(kind: str) -> None:
    """Nothing else is."""
    done = call_errclass("rules", "schema", kind)
    assert (0, "") == (done.code, done.err)
    Draft202012Validator.check_schema(json.loads(done.out))


def test_the_usual_schema_is_that_of_a_rule() -> None:
    """What is written most."""
    assert call_errclass("rules", "schema").out == call_errclass("rules", "schema", "rule").out
