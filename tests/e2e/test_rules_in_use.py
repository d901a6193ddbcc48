"""The rules that decide: a user's own, broken ones, changed ones, and those of a stranger."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from support.command_line import call_errclass

import errclass
from errclass.core.types import Decision
from errclass.system import shared_parts

FAILURE = "curl: (7) Failed to connect to registry.example.com port 443: Connection refused"
NO = """\
title: The shop is never run again
when:
  component: shop
then:
  rerun_forbidden: working_tree
because: The shop is never run again.
"""
LOOSE = "title: t\npriority: 1\nwhen: {}\nthen: {strategy: retry}\nbecause: all is run again\n"

pytestmark = pytest.mark.usefixtures("use_small_model")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a second pass between two questions."""
    seconds = iter(range(1_000_000))
    shared = shared_parts.SharedParts(clock=lambda: float(next(seconds)))
    monkeypatch.setattr("errclass.system.deciding._shared", shared)


def write_rule(folder: Path, rule_id: str, content: str) -> Path:
    path = folder / f"{rule_id}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


@pytest.fixture
def ours(tree: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder of rules, named in the user's settings, with one rule."""
    write_rule(tree / "ours", "guard/shop", NO)
    monkeypatch.setenv("ERRCLASS_DECISION__RULES", json.dumps([str(tree / "ours")]))
    return tree / "ours"


def ask(component: str = "shop") -> Decision:
    return errclass.decide(FAILURE, component=component)


def test_a_changed_rule_is_taken_up(ours: Path) -> None:
    """As a whole revision, by a process that goes on deciding."""
    first = ask()
    write_rule(ours, "guard/shop", NO.replace("component: shop", "component: till"))
    second = ask()
    assert ("notify", "retry") == (first.strategy, second.strategy)
    assert first.rules_revision != second.rules_revision
    (ours / "guard" / "shop.yaml").unlink()
    assert "retry" == ask("till").strategy


def test_a_broken_change_leaves_the_rules_before_it(ours: Path, caplog: pytest.LogCaptureFixture) -> None:
    """They decide on, the fault is logged with file and line, and the mended file is taken up."""
    first = ask()
    write_rule(ours, "guard/shop", NO.replace("component", "compnent"))
    second, third = ask(), ask()
    assert (first.rules_revision, "notify") == (second.rules_revision, second.strategy)
    assert (first.rules_revision, "retry") == (third.rules_revision, ask("other").strategy)
    (fault,) = [record.message for record in caplog.records if "errclass.rules_kept" in record.message]
    assert "guard/shop.yaml:3" in fault
    assert "did you mean 'component'" in fault
    write_rule(ours, "guard/shop", NO.replace("shop\n", "till\n", 1))
    assert "retry" == ask().strategy


def test_broken_rules_never_stop_a_decision(ours: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The default set answers, and as nobody knows what they forbid nothing is done automatically."""
    write_rule(ours, "guard/shop", "- broken")
    decision = ask()
    assert ("network", True, "notify") == (decision.type, decision.retryable, decision.strategy)
    assert "guard/shop.yaml" in decision.because[-1]
    assert 1 == sum("errclass.rules_refused" in record.message for record in caplog.records)
    write_rule(ours, "guard/shop", NO)
    assert ("notify", "retry") == (ask().strategy, ask("other").strategy)


@pytest.mark.parametrize("command", ["explain", "classify"])
def test_broken_rules_are_told_and_the_command_goes_on(ours: Path, command: str) -> None:
    """On standard error, with file and line; data and exit code are as always."""
    write_rule(ours, "guard/shop", NO.replace("component", "compnent"))
    done = call_errclass(command, "--format", "json", stdin=FAILURE.encode())
    assert (0, "network") == (done.code, done.json["type"])
    assert "guard/shop.yaml:3" in done.err
    assert "nothing is done automatically" in done.err


@pytest.mark.parametrize(("name", "value"), [("ERRCLASS_DECISION__KILL_SWITCH", "true"), ("ERRCLASS_ACT", "off")])
def test_the_kill_switch_stops_everything_automatic(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """Whatever a rule says; what it is, and why nothing is done, is told all the same."""
    monkeypatch.setenv(name, value)
    decision = ask()
    assert ("network", "notify") == (decision.type, decision.strategy)
    assert "Everything automatic is switched off." in decision.because


def test_the_caller_tells_of_breaker_and_budget() -> None:
    """They are facts like any other; nobody asks for a re-run behind an open breaker."""
    plain, behind = errclass.decide(FAILURE), errclass.decide(FAILURE, breaker_open=True)
    spent = errclass.decide(FAILURE, budget_spent=True)
    assert ("retry", "notify", "notify") == (plain.strategy, behind.strategy, spent.strategy)
    assert ("guard/breaker" in behind.rules_fired, "guard/budget" in spent.rules_fired) == (True, True)


def test_autonomy_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who wants suggestions gets suggestions."""
    monkeypatch.setenv("ERRCLASS_DECISION__AUTONOMY", "suggest")
    assert "notify" == ask().strategy


def test_a_stranger_lowers_the_autonomy_and_never_raises_it(tree: Path) -> None:
    """Production asks before a recovery; a file of the tree that says auto changes nothing, and ask asks everywhere."""
    log = b"npm error code ERESOLVE\nnpm error ERESOLVE unable to resolve dependency tree\n"

    def decide(value: str, environment: str) -> tuple[str, bool]:
        settings_of_the_tree(tree, f'[decision]\nautonomy = "{value}"\n')
        done = call_errclass("explain", "--format", "json", "--context", f"environment={environment}", stdin=log)
        return done.json["decision"]["strategy"], done.json["decision"]["plan"]["approval"]

    assert ("recover", True) == decide("auto", "Production")
    assert ("recover", False) == decide("auto", "staging")
    assert ("recover", True) == decide("ask", "staging")
    assert "notify" == decide("suggest", "staging")[0]


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a]\nwhen: [*b, *b, *b, *b, *b, *b]\n"


@pytest.mark.parametrize(
    "text",
    ["title: !!map [a, b]\n", "title: !!bool maybe\n", f"when: 0x{'f' * 5_000}\n", BOMB, "? [a]\n: b\n", "\x00", "- x",
     "".join(f"k{number}: 1\n" for number in range(20_000))],
    ids=["map tag", "bool tag", "long number", "aliases", "list as key", "NUL", "list", "many keys"],
)  # fmt: skip
def test_no_rule_file_stops_a_decision(tree: Path, text: str) -> None:
    """Whatever a stranger writes into it: the folder is left out, told in one line, and the answer is as always."""
    write_rule(tree / "ci", "guard/shop", text)
    settings_of_the_tree(tree, '[decision]\nrules = ["ci"]\n')
    done = call_errclass("explain", "--format", "json", stdin=FAILURE.encode())
    assert (0, "retry", 1) == (done.code, done.json["decision"]["strategy"], done.err.count("\n"))
    assert "decision.rules is not applied" in done.err


def test_a_link_or_a_pipe_in_a_strangers_folder_is_not_read(tree: Path) -> None:
    """Neither the log on standard input nor a file of the user's is taken for a rule."""
    settings_of_the_tree(tree, '[decision]\nrules = ["ci"]\n')
    (tree / "ci" / "guard").mkdir(parents=True)
    place = tree / "ci" / "guard" / "shop.yaml"
    place.symlink_to("/dev/stdin")
    done = call_errclass("explain", "--format", "json", stdin=FAILURE.encode())
    assert ("network", True) == (done.json["type"], "is a link" in done.err)
    place.unlink()
    os.mkfifo(place)
    done = call_errclass("explain", "--format", "json", stdin=FAILURE.encode())
    assert ("network", True) == (done.json["type"], "it is no plain file" in done.err)


def test_a_stranger_replaces_no_scenario(tree: Path) -> None:
    """Or the user's own checks would no longer be made."""
    write_rule(tree / "ci", "scenarios/guards", "title: none\ncases: []\n")
    settings_of_the_tree(tree, '[decision]\nrules = ["ci"]\n')
    assert "holds rules only" in call_errclass("explain", stdin=FAILURE.encode()).err


def test_trust_covers_what_the_rules_extend(tree: Path) -> None:
    """A folder reached by ``extends`` is part of what was trusted; one outside of the tree never is."""
    write_rule(tree / "ci", "guard/shop", NO)
    (tree / "ci" / "policy.yaml").write_text("extends: ../base\n")
    write_rule(
        tree / "base", "guard/till", NO.replace("shop", "till").replace("rerun_forbidden: till", "rerun_forbidden: x")
    )
    settings_of_the_tree(tree, '[decision]\nrules = ["ci"]\n')
    assert 0 == call_errclass("config", "trust", tree).code
    assert "notify" == ask("till").strategy
    path = write_rule(tree / "base", "strategy/loose", LOOSE)
    decided = errclass.decide("AssertionError: 1 != 2\nFAILED tests/test_a.py::test_b")
    assert "strategy/loose" not in decided.rules_fired
    path.unlink()
    (tree / "ci" / "policy.yaml").write_text(f"extends: {tree.parent}\n")
    assert 2 == call_errclass("config", "trust", tree).code


def test_a_running_program_trusts_no_changed_file(tree: Path) -> None:
    """After a pull that brings other rules it goes by those that nobody has to trust."""
    write_rule(tree / "ci", "guard/shop", NO)
    settings_of_the_tree(tree, '[decision]\nrules = ["ci"]\n')
    call_errclass("config", "trust", tree)
    assert "notify" == ask().strategy
    write_rule(tree / "ci", "strategy/loose", LOOSE)
    decided = errclass.decide("AssertionError: 1 != 2\nFAILED tests/test_a.py::test_b")
    assert "strategy/loose" not in decided.rules_fired


def settings_of_the_tree(tree: Path, text: str) -> None:
    (tree / "errclass.toml").write_text(text)


def test_rules_of_a_strangers_tree_may_only_say_no(tree: Path) -> None:
    """Without any trust they forbid; nothing is refused."""
    write_rule(tree / "ci", "guard/shop", NO)
    settings_of_the_tree(tree, '[decision]\nrules = ["ci"]\n')
    assert ("notify", "retry") == (ask().strategy, ask("other").strategy)
    done = call_errclass("explain", "--context", "component=shop", stdin=FAILURE.encode())
    assert "" == done.err


@pytest.mark.parametrize(
    "folders", ['["ci"]', '["../outside"]', '["/etc"]', '["ci", "."]', '"ci"', "[3]", '["link"]'], ids=str
)
def test_a_strangers_rules_loosen_nothing(tree: Path, folders: str, caplog: pytest.LogCaptureFixture) -> None:
    """Not by what they say, not by where they lie."""
    for folder in (tree / "ci", tree.parent / "outside"):
        write_rule(folder, "strategy/loose", LOOSE)
    (tree / "link").symlink_to(tree.parent / "outside")
    settings_of_the_tree(tree, f"[decision]\nrules = {folders}\n")
    decision = errclass.decide("Segmentation fault (core dumped)", component="shop")
    assert "strategy/loose" not in decision.rules_fired
    assert any("decision.rules is not applied" in record.message for record in caplog.records)


def test_trusted_rules_may_say_anything_until_one_changes(tree: Path) -> None:
    """A rule file that somebody changed after it was trusted loses the trust of the whole directory."""
    path = write_rule(tree / "ci", "strategy/loose", LOOSE)
    settings_of_the_tree(tree, '[decision]\nrules = ["ci"]\n')
    assert 0 == call_errclass("config", "trust", tree).code
    done = call_errclass("explain", "--format", "json", stdin=b"AssertionError: 1 != 2\nFAILED tests/test_a.py")
    assert ("strategy/loose" in done.json["decision"]["rules_fired"], "") == (True, done.err)
    path.write_text(LOOSE.replace("all is", "everything is"))
    done = call_errclass("explain", "--format", "json", stdin=b"AssertionError: 1 != 2\nFAILED tests/test_a.py")
    assert "strategy/loose" not in done.json["decision"]["rules_fired"]
    assert "decision.rules is not applied" in done.err


def test_a_strangers_settings_may_be_more_careful(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Less autonomy and the kill switch, never the way back."""
    settings_of_the_tree(tree, '[decision]\nautonomy = "suggest"\nkill_switch = true\n')
    assert "notify" == ask().strategy
    monkeypatch.setenv("ERRCLASS_DECISION__AUTONOMY", "suggest")
    settings_of_the_tree(tree, '[decision]\nautonomy = "auto"\nkill_switch = false\n')
    done = call_errclass("explain", "--format", "json", stdin=FAILURE.encode())
    assert "notify" == done.json["decision"]["strategy"]
    assert "decision.autonomy is not applied: it may only be lowered" in done.err
