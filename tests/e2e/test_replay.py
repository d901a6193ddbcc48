"""``errclass rules replay``: what other rules would have decided."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from support.command_line import Finished, call_errclass
from support.source import find_source

from errclass.core.clock import utc_now
from errclass.core.types import Decision, Outcome, Plan
from errclass.outcomes import Store
from errclass.system.jobs.replay.limits import METRICS

pytestmark = pytest.mark.usefixtures("use_full_model")

PAGE = find_source() / "docs" / "replay.md"

RULE = """
title: Deployments are let be
priority: 1
when:
  operation: deploy
then:
  strategy: notify
because: A deployment is looked at by a person.
cases:
  fires:
    - name: a deployment
      facts: {operation: deploy}
      expect: {strategy: notify}
  silent:
    - name: a test
      facts: {operation: test}
"""
REFUSED = "curl: (7) Failed to connect to registry.example.com port 443: Connection refused"
MISSING = "ModuleNotFoundError: No module named 'yaml'"


@pytest.fixture
def folder(tree: Path) -> Path:
    """A user's rules."""
    (tree / "ours" / "strategy").mkdir(parents=True)
    (tree / "ours" / "strategy" / "deployments.yaml").write_text(RULE)
    return tree / "ours"


@pytest.fixture
def history(home: Path) -> Path:
    """Five failures that were decided, and one that was not."""
    calls = [(f"d{n}", REFUSED, "deploy") for n in range(3)] + [("t1", REFUSED, "test"), ("t2", MISSING, "test")]
    events = [
        {"id": name, "text": text, "operation": operation, "time": utc_now().isoformat()}
        for name, text, operation in calls
    ]
    record("--decide", events)
    record("", [{"id": "u", "text": REFUSED, "time": utc_now().isoformat()}])
    return home


def record(option: str, events: list[dict[str, str]]) -> None:
    lines = "".join(json.dumps(event) + "\n" for event in events)
    done = call_errclass("outcomes", "record", *filter(None, [option]), stdin=lines.encode())
    assert done.code == 0, done.err


def replay(*arguments: object) -> Finished:
    return call_errclass("rules", "replay", *arguments)


def test_other_rules_are_held_against_what_was_decided(history: Path, folder: Path) -> None:
    """Deployments were retried, and would not be."""
    done = replay("--rules", folder, "--format", "json")
    report = done.json
    assert (0, "") == (done.code, done.err)
    assert (5, 5, 3, 1) == (
        report["decisions"]["stored"],
        report["decisions"]["replayed"],
        report["changed"],
        report["never_decided"],
    )
    assert {"before": "retry", "after": "notify", "decisions": 3} in report["matrix"]
    assert 3 == report["reruns"]["retry"]["saved"]["decisions"]
    assert report["rules"] == call_errclass("rules", "list", "--rules", folder, "--format", "json").json["revision"]


def test_a_table_says_the_same_to_a_person(history: Path, folder: Path) -> None:
    """Scope, matrix, counts, calls and causes."""
    done = replay("--rules", folder, "--minutes-per-call", 10, "--cost-per-minute", "0.5")
    assert (0, "") == (done.code, done.err)
    for words in (
        "5 of 5 decisions since", "1 more failures were never decided", "Before (rows) and after (columns)",
        "changed (60.0 %)", "no longer automatic", "retries saved", "0.0 to 30.0", "not observed; 0 to 3 would have succeeded",
        "Cost: 0.00 more and 0.00 to 15.00 less.", "retry -> notify", "calls allowed before", "calls allowed after",
    ):  # fmt: skip
        assert words in done.out


def test_a_price_for_calls_that_nobody_timed_is_told_as_unknown(history: Path, folder: Path) -> None:
    """Nothing ran for sure, and of the rest nothing is known."""
    done = replay("--rules", folder, "--cost-per-minute", "0.5")
    assert (0, "") == (done.code, done.err)
    assert "Cost: 0.00 more and at least 0.00 less." in done.out


def test_the_same_rules_change_nothing(history: Path) -> None:
    """Without a folder those in use are replayed."""
    report = replay("--format", "json").json
    assert (5, 0) == (report["decisions"]["same_rules"], report["changed"])


def test_the_model_that_decided_changes_nothing(history: Path, full_model: Path) -> None:
    """Its predictions are made anew from the stored texts."""
    report = replay("--model", full_model, "--format", "json").json
    assert (5, 0, True) == (report["decisions"]["replayed"], report["changed"], bool(report["model"]))


@pytest.mark.parametrize("form", ["table", "json"])
def test_a_limit_gates_a_pull_request(form: str, history: Path, folder: Path) -> None:
    """Exit code 1 and a line for each that is crossed; the report is printed all the same."""
    limits = ("--fail-if", "changed>50%", "--fail-if", "newly_automatic>0", "--fail-if", "minutes_saved<1")
    done = replay("--rules", folder, *limits, "--format", form)
    assert (1, 2, True) == (done.code, done.err.count("\n"), bool(done.out))
    assert "errclass: changed>50%: it is 60 %\n" in done.err
    assert "errclass: minutes_saved<1: it is 0\n" in done.err
    assert 0 == replay("--rules", folder, "--fail-if", "changed>60%").code


@pytest.mark.parametrize("command", ["check", "replay"])
def test_rules_that_the_working_tree_names_can_be_named_too(
    command: str, history: Path, folder: Path, tree: Path
) -> None:
    """A pull request brings both, and whoever runs the gate names the folder."""
    (tree / "errclass.toml").write_text('[decision]\nrules = ["ours"]\n')
    assert 0 == call_errclass("rules", command, "--rules", folder).code
    assert 3 == replay("--rules", folder, "--format", "json").json["changed"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--fail-if", "chanched>5%"), "did you mean changed"),
        (("--fail-if", "changed"), "such as 'changed>5%'"),
        (("--rules", "missing"), "missing"),
        (("--model", "missing"), "missing"),
        (("--minutes-per-call", "nan"), "--minutes-per-call nan"),
        (("--cost-per-minute", "-1"), "--cost-per-minute -1"),
        (("--minutes-per-call", "long"), "long"),
    ],
)
def test_a_mistake_is_exit_code_2(arguments: tuple[str, ...], words: str, history: Path) -> None:
    """And nothing is printed."""
    done = replay(*arguments)
    assert (2, "", True) == (done.code, done.out, words in done.err)


def test_nothing_decided_is_said_and_is_no_fault(home: Path) -> None:
    """Whoever wants at least some history says so: replayed<100."""
    done = replay()
    assert (0, True, False) == (done.code, "nothing was decided since" in done.err, home.exists())
    assert 1 == replay("--fail-if", "replayed<100").code


def test_a_share_of_nothing_is_no_pass(home: Path) -> None:
    """A gate that has seen nothing says so."""
    done = replay("--fail-if", "changed>5%", "--fail-if", "changed>5")
    assert 1 == done.code
    assert (
        "errclass: changed>5%: cannot be told, and counts as crossed: "
        "it is a percentage of the decisions decided anew, and there are none\n"
    ) in done.err
    assert "changed>5:" not in done.err


def test_a_replay_writes_nothing(history: Path, folder: Path) -> None:
    """It only looks."""
    before = call_errclass("outcomes", "export").out
    assert 0 == replay("--rules", folder).code
    assert before == call_errclass("outcomes", "export").out


def test_what_a_store_holds_is_no_command_to_the_terminal(home: Path) -> None:
    """Its words may come from anywhere."""
    decision = Decision(
        "x\x1b[2J", "net\x1b]0;x\x07", "low", True, 0.9, "wait", strategy="retry", plan=Plan(4, recipe="\x1b[1m")
    )
    hostile = Outcome("a", "boom", fingerprint="\x1b[31mred", facts={"attempt": 1}, decision=decision)
    with Store(home / "store") as store:
        store.record(hostile)
        reset = replace(decision, strategy="escalate", plan=Plan(target="\x1b[2Jreset"))
        store.record(replace(hostile, id="c", decision=reset))
        store.record(replace(hostile, id="b", decision=replace(decision, strategy="re\x1btry")))  # type: ignore[arg-type] # as a foreign store may have it
    done = replay()
    assert (0, False, False) == (done.code, "\x1b" in done.out, "\x07" in done.out)
    assert "\x1b" not in replay("--format", "json").out


def test_every_metric_is_in_the_help_and_on_its_page() -> None:
    """Whoever writes a limit finds its name and its meaning."""
    shown = " ".join(replay("--help").out.split())
    page = PAGE.read_text(encoding="utf-8")
    assert [] == [name for name in METRICS if name not in shown or f"`{name}`" not in page]
