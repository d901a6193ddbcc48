"""What a run says: safe wherever it is printed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errclass.actions.run.values import Ended
from errclass.cli.run_display import (
    GitHubScreen,
    GitLabScreen,
    PlainScreen,
    choose_screen,
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


@given(st.text())
def test_nothing_ends_an_annotation(text: str) -> None:
    """Neither its value nor its line."""
    assert not set("\r\n:,") & set(escape_github(text))
