"""Rule files to a policy, and the errors that help to write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from errclass.core.errors import PolicyError
from errclass.rules import ForwardChainer, load_policy

HEAD = "name: small\ndescription: for tests\nstages: [cause, strategy]\ntables:\n  moods: {network: low}\n"
RULE = "title: t\nwhen: {predicted_type: network}\nthen: {type: network}\nbecause: it is {predicted_type}\n"
REACT = "title: t\nwhen: {type: network}\nthen: {strategy: retry}\nbecause: worth it\n"


def write_policy(folder: Path, rules: dict[str, str], head: str | None = HEAD) -> Path:
    """Write a rule folder and return it."""
    folder.mkdir(exist_ok=True)
    if head is not None:
        (folder / "policy.yaml").write_text(head, encoding="utf-8")
    for rule_id, content in rules.items():
        path = folder / f"{rule_id}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


def test_rules_are_ordered_by_stage_priority_and_id(tmp_path: Path) -> None:
    """The policy lists rules in the order in which they are considered."""
    early = RULE.replace("title: t", "title: t\npriority: 10")
    folder = write_policy(tmp_path, {"strategy/a": REACT, "cause/b": RULE, "cause/a": RULE, "cause/z": early})
    assert ["cause/z", "cause/a", "cause/b", "strategy/a"] == [rule.id for rule in load_policy(folder).rules]


def test_loaded_policy_decides(tmp_path: Path) -> None:
    """Facts derived in one stage are seen in the next."""
    engine = ForwardChainer(load_policy(write_policy(tmp_path, {"cause/a": RULE, "strategy/a": REACT})))
    assert "retry" == engine.decide({"predicted_type": "network"}).facts["strategy"]
    assert "strategy" not in engine.decide({"predicted_type": "build"}).facts


def test_later_folder_replaces_and_adds(tmp_path: Path) -> None:
    """A user's folder needs no policy file; a rule of the same id takes the place of the first."""
    first = write_policy(tmp_path / "first", {"cause/a": RULE, "strategy/a": REACT})
    second = write_policy(tmp_path / "second", {"strategy/a": REACT.replace("retry", "notify")}, head=None)
    both = load_policy([first, second])
    assert "notify" == ForwardChainer(both).decide({"predicted_type": "network"}).facts["strategy"]
    assert load_policy(first).revision != both.revision


def test_revision_is_stable_and_moves_with_behaviour(tmp_path: Path) -> None:
    """Titles and cases do not change it; conditions and tables from outside do."""
    folder = write_policy(tmp_path, {"cause/a": RULE})
    first = load_policy(folder).revision
    write_policy(tmp_path, {"cause/a": RULE.replace("title: t", "title: other")})
    assert first == load_policy(folder).revision
    assert first != load_policy(folder, {"moods": {"build": "high"}}).revision
    write_policy(tmp_path, {"cause/a": RULE.replace("{predicted_type: network}", "{predicted_type: build}")})
    assert first != load_policy(folder).revision


BROKEN = [
    ("no yaml", "title: [", "is not valid YAML"),
    ("a list", "- a", "holds no mapping"),
    ("a doubled key", RULE + "title: again\n", "'title' is given twice"),
    ("a misspelt key", RULE.replace("because", "becuase"), "did you mean 'because'"),
    ("no effect", RULE.replace("then: {type: network}", "then: {}"), "sets nothing"),
    ("an unknown fact", RULE.replace("{predicted_type: n", "{predicted_typ: n"), "did you mean 'predicted_type'"),
    ("an unknown operator", RULE.replace("type: network}\nthen", "type: {is_not: x}}\nthen"), "unknown operator"),
    ("a number for a text", RULE.replace("type: network}\nthen", "type: 5}\nthen"), "put the value in quotes"),
    ("an order on texts", RULE.replace("type: network}\nthen", "type: {gt: 5}}\nthen"), "has no order"),
    ("a text as a bound", RULE.replace("predicted_type: network", "confidence: {lt: high}"), "compares numbers"),
    ("a number too fine", RULE.replace("predicted_type: network", "confidence: 0.123456"), "cannot be a fact"),
    ("an impossible value", RULE.replace("predicted_type: network", "effect: harmless"), "is no value of effect"),
    ("an input set", RULE.replace("then: {type", "then: {tool"), "is an input and cannot be set"),
    ("a fact nobody reads", RULE.replace("then: {type", "then: {tpye"), "nothing reads this fact (did you mean 'type'"),
    ("an unknown table", RULE.replace("{type: network}", "{type: {lookup: mood, by: tool}}"), "did you mean 'moods'"),
    ("an unknown placeholder", RULE.replace("is {predicted", "is {prodicted"), "there is no fact 'prodicted_type'"),
    ("a later fact", RULE.replace("predicted_type: network", "strategy: retry"), "only set in later stages"),
    ("a veto that always holds", RULE + "unless: {}\n", "would always hold"),
    ("a priority in words", RULE + "priority: high\n", "whole number"),
    ("an unknown fact in a case", RULE + "cases: {fires: [{name: n, facts: {tol: x}}]}\n", "there is no fact 'tol'"),
]


@pytest.mark.parametrize(("content", "message"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_broken_rule_is_refused_with_its_file(tmp_path: Path, content: str, message: str) -> None:
    """The message names the file and says what is wrong."""
    folder = write_policy(tmp_path, {"cause/a": content, "strategy/a": REACT, "cause/z": RULE})
    with pytest.raises(PolicyError) as caught:
        load_policy(folder)
    assert message in str(caught.value)
    assert str(tmp_path / "cause" / "a.yaml") in str(caught.value)


@pytest.mark.parametrize("test", ["unless: {type: network}\n", "unless: [{type: {missing: true}}]\n"])
def test_veto_on_a_fact_of_its_own_stage_is_refused(tmp_path: Path, test: str) -> None:
    """What another rule of the stage may still set cannot be tested for absence."""
    folder = write_policy(tmp_path, {"cause/a": RULE, "cause/b": RULE + test})
    with pytest.raises(PolicyError, match="own stage by cause/a"):
        load_policy(folder)


def test_veto_on_an_earlier_stage_is_fine(tmp_path: Path) -> None:
    """Facts of earlier stages are settled."""
    folder = write_policy(tmp_path, {"cause/a": RULE, "strategy/b": REACT + "unless: {type: build}\n"})
    assert 2 == len(load_policy(folder).rules)


@pytest.mark.parametrize("place", ["cause/a.yml", "cause/deep/a.yaml", "a.yaml", "cause/Upper.yaml"])
def test_rule_file_that_would_be_ignored_is_refused(tmp_path: Path, place: str) -> None:
    """No rule is silently left out."""
    folder = write_policy(tmp_path, {"cause/a": RULE})
    (folder / place).parent.mkdir(exist_ok=True)
    (folder / place).write_text(RULE, encoding="utf-8")
    with pytest.raises(PolicyError, match="is no rule's place"):
        load_policy(folder)


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (HEAD.replace("[cause, strategy]", "[cause, cause]"), "given once"),
        (HEAD.replace("[cause, strategy]", "cause"), "list of stage names"),
        (HEAD.replace("[cause, strategy]", "[strategy]"), "there is no stage 'cause'"),
        (HEAD.replace("{network: low}", "{401: low}"), "put it in quotes"),
        ("name: x\n", "'description' is missing"),
        (None, "cannot be read"),
    ],
)
def test_broken_policy_file_is_refused(tmp_path: Path, head: str | None, message: str) -> None:
    """The policy file has its own errors."""
    with pytest.raises(PolicyError, match=message):
        load_policy(write_policy(tmp_path, {"cause/a": RULE}, head=head))


def test_missing_folder_is_named(tmp_path: Path) -> None:
    """A folder that does not exist is the user's mistake."""
    with pytest.raises(PolicyError, match="nowhere: is no folder"):
        load_policy(tmp_path / "nowhere")


SCENES = "title: t\ncases:\n  - {name: one, facts: {attempt: 1}, expect: {}}\n  - {name: two, facts: {attempt: 2}, expect: {}}\n"


def test_a_file_of_scenarios_replaces_one_of_the_same_name(tmp_path: Path) -> None:
    """Whoever decides otherwise on purpose says what is expected instead; other files stay."""
    first = write_policy(tmp_path / "first", {"scenarios/a": SCENES, "scenarios/b": SCENES, "cause/a": RULE})
    own = {"scenarios/b": SCENES.replace("one", "mine").replace("two", "ours"), "scenarios/c": SCENES}
    second = write_policy(tmp_path / "second", own, head=None)
    names = ["one", "two", "mine", "ours", "one", "two"]
    assert names == [case.name for case in load_policy([first, second]).scenarios]
