"""Hands off: it decides, records, tells and escalates to people and agents, and changes nothing on this machine."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from support.handling import BROKEN, IDEMPOTENT, RECIPE, Flaky, list_told, listen, open_system, refuse

from errclass.actions.escalate import Escalation, HandlerResult
from errclass.core.types import Plan
from errclass.rules import Engine
from errclass.system import pipeline
from errclass.system.handling.handover import LOCAL_TARGETS
from errclass.testing import quick_retries


@pytest.fixture(autouse=True)
def _quickly() -> Any:
    with quick_retries():
        yield


@pytest.fixture
def no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing may be started."""

    def refuse_process(*args: Any, **_: Any) -> Any:
        raise AssertionError(f"a process was started: {args}")

    monkeypatch.setattr(subprocess.Popen, "__init__", refuse_process)


@pytest.mark.usefixtures("no_process")
def test_no_operation_and_no_recovery_is_run(home: Path, tmp_path: Path) -> None:
    """Even where the settings allow everything; the folder stays as it was, and people are told."""
    work = tmp_path / "work"
    work.mkdir()
    (tmp_path / "recipes").mkdir()
    (tmp_path / "recipes" / "mend.yaml").write_text(json.dumps(RECIPE))
    config = {
        "recovery__recipes": [str(tmp_path / "recipes")],
        "recovery__autonomy": "auto",
        "recovery__allow": ["mend"],
        "decision__autonomy": "auto",
    }
    operation = Flaky(0)
    with open_system(home, hands_off=True, **config) as system:
        listen(system)
        result = system.handle_error(BROKEN, {**IDEMPOTENT, "workingDir": str(work)}, operation, work=work)
        retried = system.handle_error(refuse(), IDEMPOTENT, operation)
        told = list_told(system)
    assert (False, "recover", None, 0) == (result.success, result.strategy, result.recovery, operation.calls)
    assert (False, "retry", True) == (retried.success, retried.strategy, retried.retry_in is not None)
    assert [] == list(work.iterdir())
    assert ["failure"] == [one["kind"] for one in told]


@pytest.mark.parametrize("target", LOCAL_TARGETS)
@pytest.mark.usefixtures("no_process")
def test_what_would_change_this_machine_goes_to_a_person(
    home: Path, monkeypatch: pytest.MonkeyPatch, target: Any
) -> None:
    """Also where a handler for it is registered."""
    ran: list[str] = []

    def run(escalation: Escalation) -> HandlerResult:
        ran.append(escalation.target)
        return HandlerResult(True, "done")

    decide = pipeline.apply_rules

    def escalate(engine: Engine, *args: Any, **options: Any) -> Any:
        from dataclasses import replace

        return replace(decide(engine, *args, **options), strategy="escalate", plan=Plan(target=target))

    monkeypatch.setattr(pipeline, "apply_rules", escalate)
    with open_system(home, hands_off=True, decision__autonomy="auto") as system:
        listen(system)
        system.acting.escalations.register_handler(target, run)
        result = system.handle_error(refuse(), IDEMPOTENT)
        (one,) = system.acting.escalations.get_active_escalations()
    assert ("manual", [], True) == (one.target, ran, result.escalation is not None and result.escalation.success)


def test_what_a_killed_process_left_is_let_be(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Putting files back is the business of a system that may."""
    from errclass.system.acting import Acting

    begun: list[str] = []
    monkeypatch.setattr(Acting, "begin", lambda _: begun.append("begun"))
    for hands_off in (True, False):
        with open_system(home, hands_off=hands_off) as system, system:
            pass
    assert ["begun"] == begun


def test_where_this_process_runs_says_nothing_of_others(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The CI job that errclass runs in is not the one that failed elsewhere."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_REPOSITORY", "acme/service")
    found = []
    for hands_off in (True, False):
        with open_system(home, hands_off=hands_off) as system:
            decision = system.handle_error(refuse(), IDEMPOTENT).decision
            found.append(decision.context.repository if decision else "")
    assert [None, "acme/service"] == found
