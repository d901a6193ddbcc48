"""A failure is handled to its end: called again, recovered, handed on, told and kept, as the rules decide."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from support.handling import (
    BROKEN,
    IDEMPOTENT,
    RECIPE,
    REFUSED,
    Flaky,
    count_stored,
    list_kinds,
    list_told,
    listen,
    open_system,
    refuse,
)

from errclass import Context, ErrorHandlingSystem, HandlingResult
from errclass.actions.escalate import Escalation, HandlerResult
from errclass.outcomes import Store
from errclass.testing import quick_retries


@pytest.fixture(autouse=True)
def _quickly() -> Any:
    with quick_retries():
        yield


def handle_missing(system: ErrorHandlingSystem, operation: Any = None, **options: Any) -> HandlingResult:
    return system.handle_error(ModuleNotFoundError("No module named 'left_pad'"), IDEMPOTENT, operation, **options)


def with_recipe(tmp_path: Path, **changes: Any) -> dict[str, Any]:
    folder = tmp_path / "recipes"
    folder.mkdir()
    (folder / "mend.yaml").write_text(json.dumps({**RECIPE, **changes}))
    return {"recovery__recipes": [str(folder)], "recovery__autonomy": "auto", "recovery__allow": ["mend"]}


def test_handling_with_defaults_returns(home: Path) -> None:
    """The system that this one replaces never did: its failure tracking recursed for ever."""
    with open_system(home) as system:
        result = system.handle_error(refuse())
    assert (False, "retry", "network") == (result.success, result.strategy, result.decision and result.decision.type)
    assert {"failures": 1, "calls": 1} == count_stored(home)


def test_the_operation_is_really_called_again(home: Path) -> None:
    """The system that this one replaces threw the same error through every back-off."""
    operation = Flaky(2)
    with open_system(home) as system:
        result = system.handle_error(refuse(), IDEMPOTENT, operation)
    assert (True, "deployed", 3, 4) == (result.success, result.result, operation.calls, result.attempts)
    assert "intelligent_retry" == result.handling_strategy
    assert [("call", False)] * 3 == list_kinds(result)
    # Three failed calls are three failures, and four calls were made.
    assert {"failures": 3, "calls": 4} == count_stored(home)


def test_a_coroutine_is_called_again_too(home: Path) -> None:
    """Likewise, without holding up others."""
    operation = Flaky(1)
    with open_system(home) as system:
        result = asyncio.run(system.ahandle_error(refuse(), IDEMPOTENT, operation.acall))
    assert (True, "deployed", 2) == (result.success, result.result, operation.calls)
    assert {"failures": 2, "calls": 3} == count_stored(home)


def test_the_calls_are_one_run_of_attempts(home: Path) -> None:
    """Each call is stored with its number, and all with the same id."""
    with open_system(home) as system:
        result = system.handle_error(refuse(), {**IDEMPOTENT, "operationId": "run-1"}, Flaky(1))
    with Store(home / "store") as store:
        found = sorted((one.context.attempt, one.context.operation_id) for one in store.outcomes())
    assert [(1, "run-1"), (2, "run-1")] == found
    assert "run-1" == result.operation_id


def test_calls_end_where_the_rules_say_so(home: Path) -> None:
    """Then a person is asked, and told what was tried."""
    operation = Flaky(99)
    with open_system(home) as system:
        listen(system)
        result = system.handle_error(refuse(), IDEMPOTENT, operation)
        told = list_told(system)
    assert (False, "escalate", 3, 4) == (result.success, result.strategy, operation.calls, result.attempts)
    assert result.escalation is not None
    assert result.escalation.success
    assert [["escalation", 4]] == [[one["kind"], len(one["tried"])] for one in told]
    assert isinstance(result.error, ConnectionError)


def test_irreversible_operations_are_never_called_again(home: Path) -> None:
    """Whatever is known of the failure."""
    operation = Flaky(0)
    with open_system(home) as system:
        result = system.handle_error(refuse(), {**IDEMPOTENT, "effect": "irreversible"}, operation)
    assert (False, 0, 1) == (result.success, operation.calls, result.attempts)


@pytest.mark.parametrize("slip", [{"effect": "irreversable"}, {"efect": "irreversible"}])
def test_a_misspelt_effect_counts_as_irreversible(slip: dict[str, str], home: Path) -> None:
    """A slip of the pen must not allow what the right word forbids."""
    operation = Flaky(0)
    with open_system(home) as system:
        system.handle_error(refuse(), {"operation": "pay", **slip}, operation)
    assert 0 == operation.calls


def test_what_does_not_help_is_not_called_again(home: Path) -> None:
    """And without a folder nothing is recovered: what to do is said instead."""
    operation = Flaky(0)
    with open_system(home) as system:
        listen(system)
        result = handle_missing(system, operation)
        (told,) = list_told(system)
    assert (0, "recover", "automated_recovery") == (operation.calls, result.strategy, result.handling_strategy)
    assert "the folder in which it failed was not given" in result.message
    assert ("failure", True) == (told["kind"], told["next_step"].startswith("recover by"))


def test_a_recovery_is_carried_out_and_the_operation_called_again(home: Path, tmp_path: Path) -> None:
    """Where the settings allow it, and the folder is known."""
    work = tmp_path / "work"
    work.mkdir()

    def operation() -> str:
        if not (work / "mended").exists():
            raise ModuleNotFoundError("No module named 'left_pad'")
        return "deployed"

    with open_system(home, **with_recipe(tmp_path)) as system:
        result = handle_missing(system, operation, work=work)
    assert (True, "deployed", 2) == (result.success, result.result, result.attempts)
    assert [("call", False), ("recover", True)] == list_kinds(result)
    assert result.recovery is not None
    assert ("mend", "success") == (result.recovery.strategy, result.recovery.outcome)
    assert {"failures": 1, "calls": 2} == count_stored(home)


def test_a_recovery_without_an_operation_leaves_the_call_to_the_caller(home: Path, tmp_path: Path) -> None:
    """The result says so."""
    work = tmp_path / "work"
    work.mkdir()
    with open_system(home, **with_recipe(tmp_path)) as system:
        result = handle_missing(system, work=work)
    assert (True, 0.0, True) == (result.success, result.retry_in, result.message.endswith("call it again"))


def test_a_recovery_that_fails_goes_to_a_person(home: Path, tmp_path: Path) -> None:
    """And the operation is not called."""
    work, operation = tmp_path / "work", Flaky(0)
    work.mkdir()
    with open_system(home, **with_recipe(tmp_path, steps=[{"run": ["false"]}])) as system:
        listen(system)
        result = handle_missing(system, operation, work=work)
    assert (False, 0) == (result.success, operation.calls)
    assert result.escalation is not None
    assert [("call", False), ("recover", False), ("escalate", True)] == list_kinds(result)


def test_a_recovery_that_needs_consent_waits_for_a_person(home: Path, tmp_path: Path) -> None:
    """It is escalated as such, people are told, and nothing is changed before."""
    work = tmp_path / "work"
    work.mkdir()
    with open_system(home, **{**with_recipe(tmp_path), "recovery__autonomy": "ask"}) as system:
        listen(system)
        result = handle_missing(system, work=work)
        told = list_told(system)
    assert result.escalation is not None
    assert "approval_needed" == result.escalation.action
    assert ["escalation"] == [one["kind"] for one in told]
    assert not (work / "mended").exists()


def test_after_so_many_calls_there_are_no_more(home: Path) -> None:
    """``retry.attempts`` counts calls, the first one included; without retries there is just that one."""
    for config, calls in (({"retry__attempts": 2}, 1), ({"enable__retry": False}, 0)):
        operation = Flaky(99)
        with open_system(home, **config) as system:
            result = system.handle_error(refuse(), {"operation": f"deploy {calls}", "effect": "idempotent"}, operation)
        assert (False, calls, calls + 1) == (result.success, operation.calls, result.attempts)


def test_the_callers_own_attempts_count(home: Path) -> None:
    """The third call that failed is not the first."""
    operation = Flaky(99)
    with open_system(home, retry__attempts=4) as system:
        system.handle_error(refuse(), {**IDEMPOTENT, "attempts": 3}, operation)
    assert 1 == operation.calls


def test_no_wait_crosses_the_deadline(home: Path) -> None:
    """It is one over everything."""
    operation = Flaky(99)
    with open_system(home) as system:
        result = system.handle_error(refuse(), IDEMPOTENT, operation, timeout=1e-6)
    assert (False, 0) == (result.success, operation.calls)
    assert result.decision is not None
    assert "The next wait would reach the deadline." in result.decision.because


def test_an_open_breaker_lets_no_call_through(home: Path) -> None:
    """The rules know, and whoever opened it may have been another process."""
    with open_system(home, breaker__failures=2) as system:
        for _ in range(2):
            system.handle_error(refuse(), IDEMPOTENT)
        operation = Flaky(0)
        result = system.handle_error(refuse(), IDEMPOTENT, operation)
    assert (False, 0) == (result.success, operation.calls)
    assert result.decision is not None
    assert result.decision.strategy != "retry"


def test_without_breakers_there_is_none(home: Path) -> None:
    """``enable.circuit_breaker``."""
    with open_system(home, breaker__failures=2, enable__circuit_breaker=False) as system:
        for _ in range(3):
            system.handle_error(refuse(), IDEMPOTENT)
        result = system.handle_error(refuse(), IDEMPOTENT, Flaky(0))
    assert result.success


def test_nothing_is_kept_where_tracking_is_off(home: Path) -> None:
    """``enable.tracking``."""
    with open_system(home, enable__tracking=False) as system:
        assert system.handle_error(refuse(), IDEMPOTENT, Flaky(1)).success
    assert {"failures": 0, "calls": 0} == count_stored(home)


def test_escalations_may_be_switched_off(home: Path) -> None:
    """People are told all the same."""
    with open_system(home, enable__escalation=False) as system:
        listen(system)
        result = system.handle_error(refuse(), IDEMPOTENT, Flaky(99))
        told = list_told(system)
    assert result.escalation is None
    assert ["failure"] == [one["kind"] for one in told]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(1), asyncio.CancelledError()])
def test_cancellations_are_let_be(home: Path, error: BaseException) -> None:
    """They are no failures: nothing is decided, kept or called."""
    operation = Flaky(0)
    with open_system(home) as system:
        result = system.handle_error(error, IDEMPOTENT, operation)
    assert ("ignore", None, 0) == (result.strategy, result.decision, operation.calls)
    assert not home.exists()


def test_a_cancellation_of_a_further_call_passes(home: Path) -> None:
    """Ctrl-C means the caller, not us."""
    with open_system(home) as system, pytest.raises(KeyboardInterrupt):
        system.handle_error(refuse(), IDEMPOTENT, Flaky(1, make_error=KeyboardInterrupt))


def test_a_cancelled_task_is_cancelled(home: Path) -> None:
    """While the operation runs again; the next one who names the same run handles it."""

    async def main(system: ErrorHandlingSystem) -> HandlingResult:
        begun = asyncio.Event()

        async def hang() -> None:
            begun.set()
            await asyncio.Event().wait()

        context = {**IDEMPOTENT, "operation_id": "one"}
        task = asyncio.create_task(system.ahandle_error(refuse(), context, hang))
        await begun.wait()
        other = asyncio.create_task(system.ahandle_error(refuse(), context, Flaky(0).acall))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return await other

    with open_system(home) as system:
        assert asyncio.run(main(system)).success


@pytest.mark.parametrize("error", [REFUSED, REFUSED.encode(), ConnectionError(REFUSED)])
def test_an_error_may_be_told_as_text(home: Path, error: Any) -> None:
    """And be called again all the same."""
    with open_system(home) as system:
        result = system.handle_error(error, IDEMPOTENT, Flaky(0))
    assert result.success


def test_logs_are_read_beside_the_error(home: Path) -> None:
    """Given apart, or with the context as the JavaScript system had them."""
    for given in ({"logs": BROKEN}, {}):
        context = {"operation": "build"} if given else {"operation": "build", "logs": ["Traceback", BROKEN]}
        with open_system(home) as system:
            result = system.handle_error(RuntimeError("build failed"), context, **given)
        assert result.decision is not None
        assert "dependency" == result.decision.type


def test_names_of_the_javascript_system_are_understood(home: Path) -> None:
    """Both spellings, what is unknown as metadata, and secrets masked."""
    given = {
        "operationType": "deploy", "operationId": "op_1", "environment": "production", "component": "shop",
        "phase": "release", "source": "ci", "attempts": 2, "custom": 7,
        "metadata": {"buildId": "b-9", "commitSha": "abc123", "token": "ghp_" + "a1B2" * 9},
    }  # fmt: skip
    with open_system(home) as system:
        decision = system.handle_error(refuse(), given).decision
    assert decision is not None
    context = decision.context
    assert ("deploy", "op_1", "production", "shop") == (
        context.operation, context.operation_id, context.environment, context.component,
    )  # fmt: skip
    assert ("release", "ci", 2, "abc123") == (context.phase, context.source, context.attempt, context.commit)
    assert ("b-9", "7") == (context.metadata["buildId"], context.metadata["custom"])
    assert "a1B2" not in context.metadata["token"]


def test_a_context_of_ours_is_taken_as_it_is(home: Path) -> None:
    """With what the settings say of every operation below it."""
    with open_system(home, environment="staging") as system:
        decision = system.handle_error(refuse(), Context(operation="deploy", metadata={"a": "b"})).decision
    assert decision is not None
    assert ("staging", "deploy", {"a": "b"}) == (
        decision.context.environment, decision.context.operation, dict(decision.context.metadata),
    )  # fmt: skip


def test_a_success_after_it_was_told_is_told_too(home: Path) -> None:
    """To those who heard of the failure, and nobody else."""
    with open_system(home, enable__escalation=False) as system:
        listen(system)
        system.handle_error(refuse(), IDEMPOTENT, Flaky(99))
        system.retries.reset()
        context = {**IDEMPOTENT, "operationId": "again"}
        assert system.handle_error(refuse(), context, Flaky(0)).success
        assert ["failure", "resolved"] == [one["kind"] for one in list_told(system)]


def test_a_success_of_which_nobody_heard_is_not_told(home: Path) -> None:
    """It was nobody's trouble."""
    with open_system(home) as system:
        listen(system)
        assert system.handle_error(refuse(), IDEMPOTENT, Flaky(0)).success
        assert [] == list_told(system)


def test_an_escalation_that_outlasts_the_deadline_goes_on(home: Path) -> None:
    """The caller gets an answer in time, and ``stop`` waits for it."""
    import threading

    may_end, ended = threading.Event(), []

    def linger(escalation: Escalation) -> HandlerResult:
        may_end.wait(60)
        ended.append(escalation.target)
        return HandlerResult(True, "done")

    with open_system(home, retry__attempts=1) as system:
        system.acting.escalations.register_handler("manual", linger)
        result = system.handle_error(refuse(), IDEMPOTENT, Flaky(99), timeout=0.05)
        assert (None, []) == (result.escalation, ended)
        may_end.set()
        system.stop(30)
    assert ["manual"] == ended


def test_a_result_is_ready_for_json(home: Path) -> None:
    """With the names of the JavaScript system in our spelling, and ours."""
    with open_system(home) as system:
        document = system.handle_error(refuse(), IDEMPOTENT, Flaky(0, value=object())).to_dict()
    assert document == json.loads(json.dumps(document))
    wanted = {
        "success", "strategy", "result", "message", "escalation", "operation_id", "classification", "handling_strategy",
        "total_time", "decision", "outcome_id", "steps", "attempts", "is_handling_error", "recovery", "notifications",
    }  # fmt: skip
    assert wanted <= document.keys()


def test_after_stop_the_answer_says_so(home: Path) -> None:
    """Stopping twice does nothing."""
    with open_system(home) as system:
        system.stop()
        system.stop()
        result = system.handle_error(refuse(), IDEMPOTENT, Flaky(0))
    assert (False, True) == (result.success, result.is_handling_error)
    assert "was stopped" in result.message
