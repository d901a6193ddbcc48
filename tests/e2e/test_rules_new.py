"""``errclass rules new``: a draft that holds at once."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from support.command_line import Finished, call_errclass


def new(*arguments: object) -> Finished:
    done = call_errclass("rules", "new", *arguments)
    assert (0, "") == (done.code, done.err)
    return done


def test_a_draft_passes_check_and_test(tree: Path) -> None:
    """In a folder that was not there."""
    done = new("guard/shop_gateway", "--rules", "ours", "--title", "Let it rest")
    assert [str(Path("ours/policy.yaml")), str(Path("ours/guard/shop_gateway.yaml"))] == done.out.splitlines()
    rule = yaml.safe_load((tree / "ours" / "guard" / "shop_gateway.yaml").read_text())
    assert ("Let it rest", {"component": "shop-gateway"}) == (rule["title"], rule["when"])
    policy = yaml.safe_load((tree / "ours" / "policy.yaml").read_text())
    assert ("ours", "default") == (policy["name"], policy["extends"])
    for command in (("check",), ("test",), ("test", "--mutate"), ("test", "--rule", "guard/shop_gateway")):
        tested = call_errclass("rules", *command, "--rules", "ours")
        assert (0, "") == (tested.code, tested.err)


def test_a_second_draft_leaves_the_first_and_the_policy_alone(tree: Path) -> None:
    """Both hold together."""
    new("guard/one", "--rules", "ours")
    before = {path: path.read_text() for path in (tree / "ours").rglob("*.yaml")}
    (tree / "ours" / "policy.yaml").write_text("name: mine\ndescription: Mine.\n")
    assert [str(Path("ours/strategy/two.yaml"))] == new("strategy/two", "--rules", "ours").out.splitlines()
    assert "name: mine\ndescription: Mine.\n" == (tree / "ours" / "policy.yaml").read_text()
    rule = tree / "ours" / "guard" / "one.yaml"
    assert before[rule] == rule.read_text()
    assert 0 == call_errclass("rules", "test", "--rules", "ours").code


@pytest.mark.parametrize(
    ("rule_id", "words"),
    [
        ("guards/x", "did you mean 'guard'"),
        ("nowhere/x", "there are: preset, limits"),
        ("guard", "STAGE/NAME"),
        ("guard/", "STAGE/NAME"),
        ("guard/X", "STAGE/NAME"),
        ("guard/a/b", "STAGE/NAME"),
        ("../guard/x", "STAGE/NAME"),
        ("guard/../../x", "STAGE/NAME"),
        ("/etc/x", "STAGE/NAME"),
        ("strategy/retry", "would replace"),
    ],
)
def test_a_name_that_will_not_do_is_told(rule_id: str, words: str, tree: Path) -> None:
    """And nothing is written."""
    done = call_errclass("rules", "new", rule_id, "--rules", "ours")
    assert (2, "", 1, True) == (done.code, done.out, done.err.count("\n"), words in done.err)
    assert not (tree / "ours").exists()


def test_nothing_is_overwritten(tree: Path) -> None:
    """Not even what is no rule."""
    new("guard/one", "--rules", "ours")
    path = tree / "ours" / "guard" / "one.yaml"
    before = path.read_text()
    done = call_errclass("rules", "new", "guard/one", "--rules", "ours")
    assert (2, "", True, before) == (done.code, done.out, "is there already" in done.err, path.read_text())


def test_a_broken_folder_is_told_before_anything_is_written(tree: Path) -> None:
    """It would hide whether the draft holds."""
    (tree / "ours" / "guard").mkdir(parents=True)
    (tree / "ours" / "guard" / "bad.yaml").write_text("title: [")
    done = call_errclass("rules", "new", "guard/one", "--rules", "ours")
    assert (2, "", True) == (done.code, done.out, "bad.yaml" in done.err)
    assert ["bad.yaml"] == [path.name for path in (tree / "ours").rglob("*.yaml")]


def test_a_file_in_place_of_the_folder_is_told(tree: Path) -> None:
    """Instead of a traceback."""
    (tree / "ours").write_text("x")
    done = call_errclass("rules", "new", "guard/one", "--rules", "ours")
    assert (2, "", 1) == (done.code, done.out, done.err.count("\n"))


def test_editors_are_pointed_to_a_schema_that_is_there(tree: Path) -> None:
    """And to none that is not."""
    new("guard/one", "--rules", "ours")
    assert "yaml-language-server" not in (tree / "ours" / "guard" / "one.yaml").read_text()
    schema = call_errclass("rules", "schema", "rule").out
    (tree / "ours" / "rule.schema.json").write_text(schema)
    new("guard/two", "--rules", "ours")
    first = (tree / "ours" / "guard" / "two.yaml").read_text().splitlines()[0]
    assert "# yaml-language-server: $schema=../rule.schema.json" == first


def test_a_set_of_its_own_has_its_own_stages(tree: Path) -> None:
    """One that extends none."""
    (tree / "ours").mkdir()
    (tree / "ours" / "policy.yaml").write_text("name: own\ndescription: d\nextends: none\nstages: [only]\n")
    new("only/first", "--rules", "ours")
    assert 0 == call_errclass("rules", "test", "--rules", "ours", "--mutate").code
    done = call_errclass("rules", "new", "guard/x", "--rules", "ours")
    assert (2, True) == (done.code, "there are: only" in done.err)
