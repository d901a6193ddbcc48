"""``errclass rules``: what decides, and whether it holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.command_line import call_errclass

RULE = """
title: The shop's gateway is let rest
priority: 5
when:
  type: network
  operation: shop_sync
then:
  rerun_forbidden: gateway
because: The gateway of the shop must not be asked again at once.
cases:
  fires:
    - name: a sync of the shop
      facts: {type: network, operation: shop_sync}
      expect: {rerun_forbidden: gateway}
  silent:
    - name: another operation
      facts: {type: network, operation: deploy}
"""
FAILURE = b"curl: (7) Failed to connect to registry.example.com port 443: Connection refused\n"


@pytest.fixture
def folder(tree: Path) -> Path:
    """A user's folder of rules with one rule in it."""
    (tree / "rules" / "retry").mkdir(parents=True)
    (tree / "rules" / "retry" / "shop_gateway.yaml").write_text(RULE)
    return tree / "rules"


def test_all_rules_are_listed_in_their_order() -> None:
    """Stage by stage, each with its number of cases."""
    listed = call_errclass("rules", "list", "--format", "json").json
    stages = [row["stage"] for row in listed["rules"]]
    assert 25 <= len(listed["rules"])
    assert list(dict.fromkeys(stages)) == [stage for n, stage in enumerate(stages) if n == 0 or stages[n - 1] != stage]
    assert all(row["cases"] >= 2 for row in listed["rules"])
    shown = call_errclass("rules", "list").out
    assert all(row["rule"] in shown for row in listed["rules"])


def test_the_shipped_rules_hold() -> None:
    """Every case of every rule passes."""
    done = call_errclass("rules", "test", "--format", "json")
    assert (0, [], "") == (done.code, done.json["failed"], done.err)
    assert 0 == call_errclass("rules", "test").code


def test_test_prints_what_fails_and_with_verbose_every_case(folder: Path) -> None:
    """A folder in which all holds is one line."""
    short = call_errclass("rules", "test", "--rules", folder)
    done = call_errclass("rules", "test", "--rules", folder, "--verbose")
    assert (0, 1, False) == (short.code, short.out.count("\n"), "a sync of the shop" in short.out)
    assert (0, True) == (done.code, "a sync of the shop" in done.out)


def test_a_shipped_case_that_ones_own_folder_decides_otherwise_is_told_and_no_failure(tree: Path) -> None:
    """One threshold is changed, as it is meant to be; --strict holds on to what is shipped, a case of one's own fails."""
    (tree / "ours").mkdir()
    (tree / "ours" / "policy.yaml").write_text("tables: {attempts_limit: {production: 2}}\n")
    done = call_errclass("rules", "test", "--rules", tree / "ours", "--format", "json")
    assert (0, [], True) == (done.code, done.json["failed"], len(done.json["otherwise"]) > 1)
    assert 1 == call_errclass("rules", "test", "--rules", tree / "ours", "--strict").code
    (tree / "ours" / "guard").mkdir()
    (tree / "ours" / "guard" / "shop.yaml").write_text(
        RULE.replace("expect: {rerun_forbidden: gateway}", "expect: {rerun_forbidden: x}")
    )
    assert 1 == call_errclass("rules", "test", "--rules", tree / "ours").code


@pytest.mark.usefixtures("use_small_model")
def test_a_users_rule_is_laid_over_the_usual_ones(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It changes the revision, and decides where the user's settings name its folder."""
    usual = call_errclass("rules", "list", "--format", "json").json
    ours = call_errclass("rules", "list", "--rules", folder, "--format", "json").json
    assert len(usual["rules"]) + 1 == len(ours["rules"])
    assert usual["revision"] != ours["revision"]
    command = ("explain", "--format", "json", "--context", "operation=shop_sync")
    assert "retry" == call_errclass(*command, stdin=FAILURE).json["decision"]["strategy"]
    monkeypatch.setenv("ERRCLASS_DECISION__RULES", f'["{folder}"]')
    decision = call_errclass(*command, stdin=FAILURE).json["decision"]
    assert (False, True) == (decision["strategy"] == "retry", "retry/shop_gateway" in decision["rules_fired"])
    assert ours["revision"] == decision["rules_revision"]


BROKEN = {
    "unknown key": (RULE.replace("because:", "reason:"), "reason"),
    "unknown fact": (RULE.replace("operation: shop_sync\nthen", "opperation: shop_sync\nthen"), "opperation"),
    "no YAML": (RULE + "\n  - [", "YAML"),
    "no mapping": ("- a\n- b\n", "mapping"),
    "given twice": (RULE + "\ntitle: again\n", "twice"),
    "no effect": (RULE.replace("then:\n  rerun_forbidden: gateway", "then: {}"), "then"),
    "binary": ("\x00\x01", "YAML"),
}


@pytest.mark.parametrize("command", ["list", "test"])
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_is_told_with_file_and_key(command: str, name: str, folder: Path) -> None:
    """A mistake in the writing is exit code 2, and one line."""
    text, words = BROKEN[name]
    (folder / "retry" / "shop_gateway.yaml").write_text(text)
    done = call_errclass("rules", command, "--rules", folder)
    assert (2, "", 1) == (done.code, done.out, done.err.count("\n"))
    assert "shop_gateway.yaml" in done.err
    assert words in done.err


@pytest.mark.parametrize("place", ["missing", "file.yaml"])
def test_a_folder_that_is_none_is_told(place: str, tree: Path) -> None:
    """Missing, or a file."""
    (tree / "file.yaml").write_text(RULE)
    done = call_errclass("rules", "check", "--rules", place)
    assert (2, "", 1, True) == (done.code, done.out, done.err.count("\n"), place in done.err)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("expect: {rerun_forbidden: gateway}", "expect: {rerun_forbidden: other}", "expected 'other'"),
        ("operation: deploy}", "operation: shop_sync}", "should stay silent"),
        (
            "facts: {type: network, operation: shop_sync}\n      expect",
            "facts: {type: test}\n      expect",
            "should fire",
        ),
        (
            "  silent:\n    - name: another operation\n      facts: {type: network, operation: deploy}\n",
            "",
            "cases.silent",
        ),
    ],
)
def test_a_case_that_fails_is_exit_code_1(old: str, new: str, words: str, folder: Path) -> None:
    """The rule reads well and does something else."""
    assert old in RULE
    (folder / "retry" / "shop_gateway.yaml").write_text(RULE.replace(old, new))
    done = call_errclass("rules", "test", "--rules", folder)
    assert (1, "") == (done.code, done.err)
    assert "FAILED" in done.out
    assert words.rsplit(maxsplit=1)[-1] in done.out
    report = call_errclass("rules", "test", "--rules", folder, "--format", "json")
    assert (1, True) == (report.code, any(words in result["message"] for result in report.json["failed"]))
