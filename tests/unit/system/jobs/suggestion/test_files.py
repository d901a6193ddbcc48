"""Suggestions as files: they load, hold, and mean what was measured, whatever the facts hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from support.judged_history import ALWAYS, make_case

from errclass.core.errors import UsageError
from errclass.core.taxonomy import Taxonomy
from errclass.core.types import Scalar
from errclass.rules import Policy, Rule, check_policy, list_layers, load_policy
from errclass.rules.conditions import Condition
from errclass.rules.normalising import normalise_scalar
from errclass.rules.policy import add_rules
from errclass.system.jobs.suggestion.aims import RETRY_AIM, TYPE_AIM
from errclass.system.jobs.suggestion.candidates import Candidate
from errclass.system.jobs.suggestion.drafts import describe_rule, draft_rule
from errclass.system.jobs.suggestion.examples import list_examples
from errclass.system.jobs.suggestion.files import check_folder, write_rules
from errclass.system.jobs.suggestion.judged_cases import JudgedCase
from errclass.system.taxonomy_file import load_taxonomy

HOSTILE = (
    "it's", 'say "shop"', "a: b", "- list", "# comment", "{fact}", "{component}", "{{}}", "*anchor", "&x", "!!python/object:os.system",
    "line\nbreak", "tab\there", "\x1b[31mred\x1b[0m", "::error::x", "null", "true", "42", "1e3", "0x10", "2026-11-03", "~", "%", "@", "`", "|", ">",
    "ünïcödé", "日本語", "\u202eright to left", "   spaces   ", "a" * 80, "../../etc/passwd", "con", "x\u2028y", "0\x85", "\ufffd", "\U0001f4a5",
)  # fmt: skip


@pytest.fixture(scope="module")
def policy(taxonomy: Taxonomy) -> Policy:
    """The usual rules."""
    return load_policy(list_layers([]), taxonomy.tables())


def make_candidate(*when: Condition, value: Scalar = "resource") -> Candidate:
    return Candidate(RETRY_AIM if isinstance(value, bool) else TYPE_AIM, value, when, frozenset())


def write(folder: Path, policy: Policy, *pairs: tuple[Candidate, list[JudgedCase]]) -> list[Rule]:
    """Write suggestions and return the rules that were meant."""
    files, rules = {}, []
    for candidate, cases in pairs:
        rule = draft_rule(candidate, add_rules(policy, rules))
        rules.append(rule)
        content = {**describe_rule(candidate), "cases": list_examples(candidate, rule, cases)}
        files[rule.id] = (["A comment."], content)
    write_rules(folder, files)
    return rules


def load(folder: Path, taxonomy: Taxonomy, meant: list[Rule]) -> list[Rule]:
    """Load the folder over the usual rules, run the cases of its own, and return them in the order of those meant."""
    loaded = load_policy(list_layers([folder]), taxonomy.tables())
    own = tuple(next(rule for rule in loaded.rules if rule.id == one.id) for one in meant)
    assert [] == [result for result in check_policy(replace(loaded, rules=own)) if not result.passed]
    return list(own)


@pytest.mark.parametrize("says", ["resource", True])
def test_hostile_values_are_only_values(says: Scalar, policy: Policy, taxonomy: Taxonomy, tmp_path: Path) -> None:
    """They end up in conditions and cases as they are, and nowhere as YAML, template, path or escape sequence."""
    pairs = [
        (
            make_candidate(Condition("tool", "is", value), value=says),
            [make_case(1, {"tool": value, "predicted_type": "test"})],
        )
        for value in HOSTILE
    ]
    meant = write(tmp_path, policy, *pairs)
    found = load(tmp_path, taxonomy, meant)
    assert [(rule.when, rule.unless, rule.then) for rule in meant] == [(r.when, r.unless, r.then) for r in found]
    assert {rule.because for rule in meant} == {rule.because for rule in found}
    assert 1 == len({rule.because for rule in found})
    assert all(rule.title.isprintable() for rule in found)


@settings(max_examples=15, deadline=None)
@given(
    values=st.lists(
        st.one_of(st.text(min_size=1, max_size=80).filter(str.strip), st.integers(-255, 4_294_967_295)),
        min_size=1,
        max_size=25,
    ),
    says=st.sampled_from(["resource", True, False]),
)
def test_any_value_comes_back_from_the_file(
    values: list[str | int], says: Scalar, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Text and numbers, as the engines carry them."""
    pairs = []
    for value in values:
        fact, carried = "exit_code" if isinstance(value, int) else "tool", normalise_scalar(value)
        assert carried is not None
        pairs.append((make_candidate(Condition(fact, "is", carried), value=says), [make_case(1, {fact: carried})]))
    policy = load_policy(list_layers([]), load_taxonomy().tables())
    folder = tmp_path_factory.mktemp("rules")
    meant = write(folder, policy, *pairs)
    assert [rule.when for rule in meant] == [rule.when for rule in load(folder, load_taxonomy(), meant)]


def test_a_file_says_what_a_reader_needs(policy: Policy, tmp_path: Path) -> None:
    """Comment lines, then the rule in the order in which people read it, with cases out of what it reads."""
    candidate = make_candidate(Condition("exit_code", "is", 42), Condition("confidence", "lt", 0.9))
    facts = {**ALWAYS, "exit_code": 42, "confidence": 0.8, "predicted_type": "test", "component": "shop"}
    cases = [make_case(1, facts), make_case(2, {**facts, "exit_code": 1}), make_case(3, {**facts, "confidence": 0.95})]
    (rule,) = write(tmp_path, policy, (candidate, cases))
    assert "evidence/exit_code_42_confidence_lt_0_9_is_resource" == rule.id
    text = (tmp_path / f"{rule.id}.yaml").read_text()
    assert text.startswith("# A comment.\ntitle: 'Exit code 42 and confidence below 0.9: resource'\n")
    read = {"confidence": 0.8, "exit_code": 42, "predicted_type": "test"}
    assert {
        "title": "Exit code 42 and confidence below 0.9: resource",
        "priority": 15,
        "when": {"exit_code": 42, "confidence": {"lt": 0.9}},
        "unless": {"predicted_type": "resource"},
        "then": {"proven_type": "resource", "proof": "strong"},
        "because": "Failures with exit code {exit_code} and confidence below 0.9 are of the type {proven_type}, history says.",
        "cases": {
            "fires": [
                {
                    "name": "exit code 42 and confidence below 0.9",
                    "facts": read,
                    "expect": {"proven_type": "resource", "proof": "strong"},
                }
            ],
            "silent": [
                {"name": "exit code 1 instead", "facts": {**read, "exit_code": 1}},
                {"name": "confidence 0.95 instead", "facts": {**read, "confidence": 0.95}},
                {"name": "predicted type resource already", "facts": {**read, "predicted_type": "resource"}},
            ],
        },
    } == yaml.safe_load(text)
    assert "extends: default\n" == (tmp_path / "policy.yaml").read_text()


def test_a_condition_that_all_cases_meet_is_left_out_in_the_silent_case(policy: Policy) -> None:
    """There is no real case to show, and none is made up."""
    candidate = make_candidate(Condition("component", "is", "shop"), value=True)
    found = list_examples(candidate, draft_rule(candidate, policy), [make_case(1, {"component": "shop"})])
    assert [{"name": "component not known", "facts": {}}] == found["silent"]


def test_cases_hold_no_text_that_no_condition_may_hold(policy: Policy) -> None:
    """The other value would be an identifier; it is not shown."""
    candidate = make_candidate(Condition("job", "is", "nightly"), value=False)
    cases = [make_case(1, {"job": "nightly"}), make_case(2, {"job": "run 0123456789abcdef"})]
    assert ["job not known"] == [
        case["name"] for case in list_examples(candidate, draft_rule(candidate, policy), cases)["silent"]
    ]


def test_names_never_collide(policy: Policy) -> None:
    """Of values that look the same without their signs the later one gets a number, and so does a name that is taken."""
    names = []
    for value in ("shop-a", "Shop a", "shop_a", "日本", "中国", "x" * 80, "x" * 79 + "y"):
        rule = draft_rule(make_candidate(Condition("component", "is", value)), policy)
        names.append(rule.id)
        policy = add_rules(policy, [rule])
    assert [
        "evidence/component_shop_a_is_resource",
        "evidence/component_shop_a_is_resource_2",
        "evidence/component_shop_a_is_resource_3",
        "evidence/component_is_resource",
        "evidence/component_is_resource_2",
        f"evidence/component_{'x' * 70}_is_resource",
        f"evidence/component_{'x' * 70}_is_resource_2",
    ] == names


def test_a_folder_with_files_is_left_alone(tmp_path: Path) -> None:
    """Unless it is forced, or empty, or not there yet."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="--force"):
        check_folder(tmp_path, force=False)
    with pytest.raises(UsageError, match="is no folder"):
        check_folder(tmp_path / "file", force=True)
    check_folder(tmp_path, force=True)
    check_folder(tmp_path / "new", force=False)
    (tmp_path / "empty").mkdir()
    check_folder(tmp_path / "empty", force=False)


def test_a_forced_folder_keeps_what_is_not_suggested(tmp_path: Path) -> None:
    """A policy of the user's own, and rules of other names."""
    (tmp_path / "policy.yaml").write_text("name: ours\n")
    (tmp_path / "retry").mkdir()
    (tmp_path / "retry" / "mine.yaml").write_text("title: mine\n")
    write_rules(tmp_path, {"retry/new": ([], {"title": "new"})})
    assert "name: ours\n" == (tmp_path / "policy.yaml").read_text()
    assert ["mine.yaml", "new.yaml"] == sorted(path.name for path in (tmp_path / "retry").iterdir())


def test_nothing_to_write_makes_no_folder(tmp_path: Path) -> None:
    """An empty folder would look like an answer."""
    assert [] == write_rules(tmp_path / "new", {})
    assert not (tmp_path / "new").exists()


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """With the path and what to do."""
    (tmp_path / "retry").write_text("a file where a folder has to be")
    with pytest.raises(UsageError, match=r"new\.yaml: cannot be written .*name a folder"):
        write_rules(tmp_path, {"retry/new": ([], {"title": "new"})})
