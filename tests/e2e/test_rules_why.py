"""``errclass rules why``: how a decision came about, and what would have changed it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.command_line import Finished, call_errclass

pytestmark = pytest.mark.usefixtures("use_small_model")

FAILURE = b"curl: (7) Failed to connect to registry.example.com port 443: Connection refused\n"
REST = """
title: The shop is let rest
priority: 1
when: {operation: shop_sync}
then: {rerun_forbidden: gateway}
because: The gateway must not be asked again at once.
cases:
  fires: [{name: a sync, facts: {operation: shop_sync}, expect: {rerun_forbidden: gateway}}]
  silent: [{name: another, facts: {operation: deploy}}]
"""
HOSTILE = '\x1b]0;owned\x07::error::x "quoted" \u202e\n##vso[task.complete]'


@pytest.fixture
def rules(tree: Path) -> Path:
    """A user's folder with one rule that forbids."""
    (tree / "ours" / "guard").mkdir(parents=True)
    (tree / "ours" / "guard" / "rest.yaml").write_text(REST)
    return tree / "ours"


def why(*arguments: object, stdin: bytes = FAILURE) -> Finished:
    done = call_errclass("rules", "why", *arguments, stdin=stdin)
    assert (0, "") == (done.code, done.err)
    return done


def why_json(*arguments: object, stdin: bytes = FAILURE) -> dict[str, Any]:
    found: dict[str, Any] = why(*arguments, "--format", "json", stdin=stdin).json
    return found


def record(*options: str) -> dict[str, Any]:
    """Explain the failure, keep it, and return what was said."""
    done = call_errclass("explain", "--record", "--format", "json", *options, stdin=FAILURE)
    assert (0, "") == (done.code, done.err)
    found: dict[str, Any] = done.json
    return found


def test_a_log_is_decided_as_explain_does(tree: Path) -> None:
    """From a file and from standard input."""
    (tree / "a.log").write_bytes(FAILURE)
    explained = call_errclass("explain", "a.log", "--format", "json").json["decision"]
    for report in (why_json("a.log"), why_json("-")):
        assert explained["rules_fired"] == report["decision"]["rules_fired"]
        assert explained["strategy"] == report["decision"]["strategy"] == "retry"
        assert explained["rules_fired"] == [link["rule"] for link in report["chain"]]
        assert (None, True) == (report["outcome_id"], report["same_rules"])


def test_the_chain_leads_from_the_evidence_to_the_strategy() -> None:
    """Every rule with what it looked at and what it set."""
    chain = why_json("-")["chain"]
    strategy = next(link for link in chain if "strategy" in link["sets"])
    assert ("strategy/retry", {"strategy": "retry"}) == (strategy["rule"], strategy["sets"])
    assert True is strategy["used"]["retryable"]
    known = set(why_json("-")["facts"])
    for link in chain:
        assert set(link["used"]) <= known
        known |= set(link["sets"])


def test_what_was_overridden_is_named_with_by_whom(rules: Path) -> None:
    """Here a rule of the user's own was before an usual one."""
    options = ("--rules", rules, "--context", "operation=shop_sync", "--context", "attempt=9")
    lost = [link for link in why_json("-", *options)["chain"] if link["overridden"]]
    assert {"rerun_forbidden": {"value": "attempts", "by": "guard/rest"}} == lost[0]["overridden"]
    assert "rerun_forbidden = attempts (set before by guard/rest)" in why("-", *options).out


def test_a_users_rules_are_laid_over_those_in_use(rules: Path) -> None:
    """And are named by what they would have changed."""
    usual = why_json("-", "--context", "operation=shop_sync")
    ours = why_json("-", "--context", "operation=shop_sync", "--rules", rules)
    assert ("retry", "notify") == (usual["decision"]["strategy"], ours["decision"]["strategy"])
    assert "guard/rest" in ours["decision"]["rules_fired"]
    missed = why_json("-", "--rules", rules, "--all")["near_misses"]
    (rest,) = [miss for miss in missed if miss["rule"] == "guard/rest"]
    assert ("operation is shop_sync", {}) == (rest["missed"], rest["found"])
    assert "strategy" in rest["changes"]


def test_what_would_change_it_does() -> None:
    """Done as it says, it is as it says."""
    report = why_json("-")
    (flip,) = [one for one in report["flips"] if one["fact"] == "attempt"]
    changed = why_json("-", "--context", f"attempt={flip['after'][0]}")
    assert flip["changes"] == {"strategy": changed["decision"]["strategy"]}
    assert f"if attempt were {flip['after'][0]} instead of 1: strategy = " in why("-").out


def test_ten_are_shown_and_all_on_demand() -> None:
    """Of what nearly fired, and of what would change it."""
    few, every = why_json("-"), why_json("-", "--all")
    for name in ("near_misses", "flips"):
        assert 10 == len(few[name]) < len(every[name])
        assert few[name] == every[name][:10]


def test_a_stored_decision_is_told_as_it_was_made() -> None:
    """By its own id and by its outcome's; it waits in the inbox or lies in the history."""
    told = record("--context", "attempt=2")
    for identifier in (told["outcome_id"], told["decision"]["decision_id"]):
        report = why_json(identifier)
        assert (told["outcome_id"], True) == (report["outcome_id"], report["same_rules"])
        assert told["decision"]["rules_fired"] == [link["rule"] for link in report["chain"]]
        assert told["decision"]["decision_id"] == report["decision"]["decision_id"]
        assert (2, 2) == (report["facts"]["attempt"], report["decision"]["context"]["attempt"])
    shown = why(told["outcome_id"]).out
    assert f"Stored as {told['outcome_id']}" in shown
    assert "The rules in use are others" not in shown


def test_other_rules_in_use_are_told(rules: Path) -> None:
    """The chain stays as it was, and what would change it is told by the rules in use."""
    told = record("--context", "operation=shop_sync")
    shown = why(told["outcome_id"], "--rules", rules).out
    report = why_json(told["outcome_id"], "--rules", rules)
    assert "The rules in use are others" in shown
    assert report["rules_revision"] != report["rules_in_use"]
    assert "guard/rest" not in [link["rule"] for link in report["chain"]]
    changed = [flip["fact"] for flip in why_json(told["outcome_id"], "--rules", rules, "--all")["flips"]]
    assert "operation" in changed
    assert ("retry", "notify") == (report["decision"]["strategy"], report["by_rules_in_use"]["strategy"])
    assert "they decide strategy = notify" in shown


@pytest.mark.parametrize("recorded", [False, True])
def test_an_id_that_is_none_is_told(recorded: bool, home: Path) -> None:
    """With a store and without one; nothing is written."""
    if recorded:
        record()
    done = call_errclass("rules", "why", "no-such-thing")
    assert (2, "", 1) == (done.code, done.out, done.err.count("\n"))
    assert "no-such-thing" in done.err
    assert recorded or not home.exists()


def test_an_outcome_without_a_decision_is_told() -> None:
    """It has no grounds."""
    event = b'{"id": "bare", "text": "boom", "success": false}\n'
    assert 0 == call_errclass("outcomes", "record", stdin=event).code
    done = call_errclass("rules", "why", "bare")
    assert (2, "", True) == (done.code, done.out, "without a decision" in done.err)


def test_a_stored_decision_has_its_context() -> None:
    """Another one would be another decision."""
    told = record()
    done = call_errclass("rules", "why", told["outcome_id"], "--context", "attempt=3")
    assert (2, "", True) == (done.code, done.out, "attempt=3" in done.err)


def test_hostile_facts_reach_no_terminal() -> None:
    """Not from a log decided now, and not from the store."""
    told = record("--context", f"component={HOSTILE}")
    for shown in (why("-", "--context", f"component={HOSTILE}").out, why(told["outcome_id"]).out):
        assert not {"\x1b", "\x07", "\u202e"} & set(shown)
        assert "##vso[" not in shown
        assert [] == [line for line in shown.splitlines() if line.lstrip().startswith("::")]
    assert HOSTILE == why_json("-", "--context", f"component={HOSTILE}")["facts"]["component"]


def test_what_is_held_back_whatever_the_rules_say_is_told(rules: Path) -> None:
    """A rule that would re-run an irreversible operation does not."""
    text = REST.replace("then: {rerun_forbidden: gateway}", "then: {strategy: retry}")
    text = text.replace("expect: {rerun_forbidden: gateway}", "expect: {strategy: retry}")
    (rules / "guard" / "rest.yaml").write_text(text)
    options = ("--rules", rules, "--context", "operation=shop_sync", "--context", "effect=irreversible")
    report = why_json("-", *options)
    assert ("notify", 1) == (report["decision"]["strategy"], len(report["besides_the_rules"]))
    assert "Besides the rules" in why("-", *options).out


@pytest.mark.parametrize("text", [b"", b"\x00\x01\xff" * 50])
def test_whatever_is_handed_over_has_grounds(text: bytes) -> None:
    """Also what names no cause."""
    report = why_json("-", stdin=text)
    assert "unknown" == report["decision"]["type"]
    assert report["chain"]
    assert why("-", stdin=text).out


def test_a_folder_is_no_log(tree: Path) -> None:
    """As for explain."""
    done = call_errclass("rules", "why", tree)
    assert (2, "", True) == (done.code, done.out, "cannot be read" in done.err)
