"""What a run says: safe wherever it is printed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.hostile import HOSTILE, Hostile, name_case

from errclass.actions.recover import PlannedPath, RecoveryPlan, RecoveryResult
from errclass.actions.run.values import Ended
from errclass.cli.run_display import (
    GitHubScreen,
    GitLabScreen,
    PlainScreen,
    choose_screen,
    describe_recovery,
    describe_step,
    escape_github,
)
from errclass.system.jobs.run_order import FinishedCall, RunOrder, Step
from errclass.system.jobs.run_verdict import Verdict

EXPLANATION = {
    "type": "network",
    "confidence": 0.9,
    "meaning": "the network failed",
    "lines": [{"number": 2, "text": "second"}, {"number": 1, "text": "\x1b]0;title\x07first"}],
    "advice": "Run it again.",
    "decision": {},
}


def make_step(verdict: Verdict | None, status: int = 1) -> Step:
    return Step(FinishedCall(2, Ended(status, 10.0, 12.5), b""), verdict)


def test_a_step_is_described_in_the_logs_order() -> None:
    """With nothing that a terminal acts on."""
    verdict = Verdict(3.0, "", EXPLANATION, attempts=4, why=("It was the network.",))
    assert [
        "what: network (90 %): the network failed",
        "  | first",
        "  | second",
        "why: It was the network.",
        "do: Run it again.",
        "next: again in 3.0 s, call 3 of 4 at most",
    ] == list(describe_step(make_step(verdict)))


def test_a_fault_of_ours_is_told_alone() -> None:
    """There is nothing to explain."""
    assert ["next: stops here: broken settings"] == list(describe_step(make_step(Verdict(None, "broken settings"))))


@pytest.mark.parametrize(
    ("environ", "kind"),
    [({}, PlainScreen), ({"GITHUB_ACTIONS": "true"}, GitHubScreen), ({"GITLAB_CI": "true"}, GitLabScreen)],
)
def test_the_place_decides_how_it_is_said(environ: dict[str, str], kind: type) -> None:
    """CI systems fold what is marked for them."""
    assert kind is type(choose_screen(RunOrder(("true",)), environ))


def test_a_signal_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    """So that nobody has to know its number."""
    PlainScreen(RunOrder(("make", "all"))).show(make_step(None, status=-9))
    assert "errclass: make all failed (call 2, ended by SIGKILL, 2.5 s)\n" == capfd.readouterr().err


RECOVER = RecoveryPlan("mend", "Mend it", "ask", (PlannedPath("cache", "aside", there=True),), cost=60)


def test_a_recovery_is_shown_before_it_begins() -> None:
    """With all that it would do."""
    plan = replace(RECOVER, steps=(("npm", "ci"),), check=(("npm", "ls"),), outside=("a cache grows",))
    assert [
        "next: asks whether to recover by mend (Mend it, about 60 s), then call 3",
        "  set aside cache",
        "  run: npm ci",
        "  check: npm ls",
        "  outside: a cache grows",
    ] == list(describe_step(make_step(Verdict(0.0, "", recovery=plan))))


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (RecoveryResult("success", "", "mend", seconds=2.0), ["errclass: recovered by mend in 2.0 s"]),
        (
            RecoveryResult("partial", "optional_step_failed", "mend", details={"failed_steps": "x exited with 1"}),
            ["errclass: stops here: the recovery by mend helped in part only, and stays: x exited with 1"],
        ),
        (
            RecoveryResult("skipped", "recovery_already_active", "mend", details={"fault": "another one is at work"}),
            [
                "errclass: stops here: the recovery by mend did not begin (recovery already active): another one is at work"
            ],
        ),
        (
            RecoveryResult("skipped", "inside_a_recovery"),
            ["errclass: stops here: the recovery did not begin (inside a recovery)"],
        ),
        (
            RecoveryResult(
                "failed", "roll_back_failed", "mend", restored=("a",), details={"roll_back_faults": "b: no"}
            ),
            [
                "errclass: stops here: the recovery by mend failed (roll back failed)",
                "  put back: a; not put back: b: no",
            ],
        ),
        (
            RecoveryResult(
                "failed", "step_failed", "mend", details={"fault": "x exited with 1", "output": "\n1\n2\n3\n4\n"}
            ),
            [
                "errclass: stops here: the recovery by mend failed (step failed): x exited with 1",
                "  | 2",
                "  | 3",
                "  | 4",
                "  put back: nothing had to be",
            ],
        ),
    ],
)
def test_what_became_of_a_recovery_is_said(result: RecoveryResult, expected: list[str]) -> None:
    """In a line, with what was put back."""
    step = make_step(Verdict(None, "x"))._replace(recovery=result)
    assert expected == list(describe_recovery(step))


@pytest.mark.parametrize("screen", [PlainScreen, GitHubScreen, GitLabScreen])
@pytest.mark.parametrize("case", HOSTILE, ids=name_case)
def test_nothing_breaks_out_of_a_recovery(
    case: Hostile, screen: type[PlainScreen], capfd: pytest.CaptureFixture[str]
) -> None:
    """Paths come from logs, and what a step printed from anywhere."""
    plan = replace(RECOVER, touches=(PlannedPath(case.text, "copy", there=True),), steps=(("copy", case.text),))
    details = {"fault": case.text, "output": case.text, "not_covered": case.text}
    result = RecoveryResult("failed", "step_failed", "mend", restored=(case.text,), details=details)
    step = make_step(Verdict(0.0, "", recovery=plan))._replace(recovery=result)
    screen(RunOrder(("true",))).show(step)
    screen(RunOrder(("true",))).show_recovery(step)
    lines = capfd.readouterr().err.split("\n")
    ours = [line for line in lines if line.startswith(("::", "\x1b[0Ksection_"))]
    assert {GitHubScreen: 4, GitLabScreen: 2}.get(screen, 0) == len(ours)
    others = [line for line in lines if line not in ours]
    assert set() == set("".join(others)) & {"\x1b", "\x9b", "\x07", "\r", "\x00", "\u202e"}
    assert [] == [line for line in others if line.lstrip().startswith(("::", "##vso[", "##["))]
    assert max(map(len, lines)) <= 400


@given(st.text())
def test_nothing_ends_an_annotation(text: str) -> None:
    """Neither its value nor its line."""
    assert not set("\r\n:,") & set(escape_github(text))
