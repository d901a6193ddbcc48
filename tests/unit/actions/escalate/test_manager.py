"""A failure is handed on once for each cause, in time, and what became of it is told truly."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from support.escalations import CONTEXT, WallClock, make_escalation, make_request

from errclass.actions.escalate import (
    TARGETS,
    Breach,
    Escalation,
    EscalationManager,
    EscalationRequest,
    EscalationResult,
    HandlerResult,
    ManagerOptions,
)
from errclass.actions.escalate.memory import MemoryEscalations
from errclass.core.errors import StoreError, UsageError
from errclass.core.types import Context, Plan

Make = Callable[..., EscalationManager]
DONE = HandlerResult(success=True, summary="a pull request was asked for", action="codegen_pr_created")


def succeed(_: Escalation) -> HandlerResult:
    return DONE


async def asucceed(_: Escalation) -> HandlerResult:
    await asyncio.sleep(0)
    return DONE


@pytest.fixture(params=["sync", "async"])
def escalate(request: pytest.FixtureRequest) -> Callable[[EscalationManager, EscalationRequest], EscalationResult]:
    """Return a function that escalates, in either way."""

    def act(manager: EscalationManager, asked: EscalationRequest) -> EscalationResult:
        if request.param == "sync":
            return manager.escalate_error(asked)
        return asyncio.run(manager.aescalate_error(asked))

    return act


Escalate = Callable[[EscalationManager, EscalationRequest], EscalationResult]


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Return what holds a handler until the test ends."""
    event = threading.Event()
    yield event
    event.set()


@pytest.mark.parametrize("handler", [succeed, asucceed], ids=["function", "coroutine function"])
@pytest.mark.parametrize("target", TARGETS)
def test_each_target_has_its_handler(make: Make, escalate: Escalate, target: str, handler: Any) -> None:
    """Whichever way it is called, and whatever it is."""
    manager = make()
    manager.register_handler(target, handler)
    result = escalate(manager, make_request(target=target))
    assert (True, "completed", "codegen_pr_created") == (result.success, result.status, result.action)
    found = manager.get_history()
    assert [(target, "completed", DONE, target == "manual")] == [(o.target, o.status, o.result, o.open) for o in found]


def test_what_was_begun_and_goes_on_is_not_begun_again(make: Make) -> None:
    """It is joined until a person settles it; another target is free, and takes its place."""
    manager = make()
    manager.register_handler("codegen", lambda _: HandlerResult(success=True, summary="a run", goes_on=True))
    manager.register_handler("manual", succeed)
    first = manager.escalate_error(make_request())
    assert (True, "completed") == (first.success, first.status)
    again = manager.escalate_error(make_request())
    assert ("escalation_in_progress", first.escalation_id) == (again.refused, again.escalation_id)
    manager.resolve(first.escalation_id or "", by="ada")
    second = manager.escalate_error(make_request())
    assert (True, True) == (second.success, second.escalation_id != first.escalation_id)
    assert manager.escalate_error(make_request(target="manual")).success
    assert ["manual"] == [one.target for one in manager.get_active_escalations()]


def test_what_goes_on_is_taken_up_but_has_to_be_settled(make: Make, clock: WallClock) -> None:
    """An agent works at it; a person still has to look at what it brings."""
    manager = make()
    manager.register_handler("codegen", lambda _: HandlerResult(success=True, summary="a run", goes_on=True))
    manager.escalate_error(make_request())
    clock.now += timedelta(days=2)
    assert ["resolve"] == [breach.kind for breach in manager.check_deadlines()]


def test_history_and_figures_follow_what_happens(make: Make) -> None:
    """The seed kept copies from the beginning, so that all stayed pending and nothing ever succeeded."""
    manager = make()
    manager.register_handler("codegen", succeed)
    manager.register_handler("manual", lambda _: HandlerResult(success=False, summary="nobody is on call"))
    manager.escalate_error(make_request())
    manager.escalate_error(make_request(target="manual", fingerprint="f" * 16))
    statistics = manager.get_statistics()
    assert {"completed": 1, "failed": 1} == dict(statistics.by_status)
    assert (2, 1, 0.5, 0) == (statistics.total, statistics.open, statistics.success_rate, statistics.executing)
    assert {"codegen": 1, "manual": 1} == dict(statistics.by_target)


def test_figures_of_nothing_are_none(make: Make) -> None:
    """No rate of nothing is made up."""
    statistics = make().get_statistics()
    assert (0, None, None, None) == (
        statistics.total, statistics.success_rate, statistics.mean_seconds, statistics.mean_acknowledge_seconds,
    )  # fmt: skip


RETRIES = {"codegen": 2, "manual": 1, "system_reset": 1, "environment_reset": 2, "notification": 3, "auto_recovery": 3}


@pytest.mark.parametrize(("target", "retries"), RETRIES.items())
def test_a_handler_that_raises_is_called_again(
    make: Make, escalate: Escalate, clock: WallClock, target: str, retries: int
) -> None:
    """As often as its target is worth, with waits that grow by a second."""
    manager, calls, began = make(), [], clock()

    def fail(one: Escalation) -> HandlerResult:
        calls.append(one)
        raise ConnectionError("refused; password=hunter2hunter2")

    manager.register_handler(target, fail)
    result = escalate(manager, make_request(target=target))
    assert (False, "error", retries + 1) == (result.success, result.status, len(calls))
    assert sum(range(retries + 1)) == (clock() - began).total_seconds()
    assert ("ConnectionError" in result.summary, "hunter2" in result.summary) == (True, False)


def test_a_result_that_another_call_may_better_is_bettered(make: Make, escalate: Escalate, clock: WallClock) -> None:
    """After the wait that it names; one that is final is not."""
    manager, began = make(), clock()
    answers = [HandlerResult(False, "too many", retryable=True, retry_after=40.0), DONE]
    manager.register_handler("codegen", lambda _: answers.pop(0))
    assert (True, True) == (escalate(manager, make_request()).success, (clock() - began).total_seconds() >= 40)
    finals = [HandlerResult(False, "no"), DONE]
    manager.register_handler("codegen", lambda _: finals.pop(0))
    assert ("failed", [DONE]) == (escalate(manager, make_request()).status, finals)


@pytest.mark.parametrize("bad", [None, True, {"success": True}, "done"])
def test_a_handler_that_returns_nonsense_is_told(make: Make, escalate: Escalate, bad: Any) -> None:
    """It is called once: the next call would return the same."""
    manager, calls = make(), []
    manager.register_handler("codegen", lambda one: (calls.append(one), bad)[1])
    result = escalate(manager, make_request())
    assert ("error", 1) == (result.status, len(calls))
    assert "instead of HandlerResult" in result.summary


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt(), MemoryError()])
def test_no_handler_ends_the_program(make: Make, error: BaseException) -> None:
    """Whatever it raises, in its thread."""
    manager = make()

    def leave(_: Escalation) -> HandlerResult:
        raise error

    manager.register_handler("notification", leave, retries=0)
    assert "error" == manager.escalate_error(make_request(target="notification")).status


def test_a_function_past_its_deadline_is_left_behind(make: Make, escalate: Escalate, gate: threading.Event) -> None:
    """It cannot be stopped, which is said, and nothing of the same begins while it runs."""
    manager = make()
    manager.register_handler("codegen", lambda _: gate.wait(30) and DONE, deadline=0.05)
    result = escalate(manager, make_request())
    assert (False, "failed") == (result.success, result.status)
    assert "may still be running" in result.summary
    assert "timed_out" == manager.get_history()[0].reason
    assert "escalation_in_progress" == escalate(manager, make_request()).refused
    assert None is escalate(manager, make_request(fingerprint="e" * 16, target="notification")).refused


def test_a_coroutine_past_its_deadline_is_stopped(make: Make, escalate: Escalate) -> None:
    """Natively; one that will not leave is told as running on."""
    manager, stopped = make(), []

    async def hang(_: Escalation) -> HandlerResult:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            stopped.append(True)
            raise
        return DONE

    manager.register_handler("codegen", hang, deadline=0.05)
    result = escalate(manager, make_request())
    assert ("failed", [True]) == (result.status, stopped)
    assert "was stopped" in result.summary


@pytest.mark.parametrize("target", ["codegen", "manual"])
def test_the_same_is_escalated_once_at_a_time(make: Make, gate: threading.Event, target: str) -> None:
    """By any process that shares the keeper; others go on beside it."""
    keeper = MemoryEscalations()
    one, two = make(keeper=keeper), make(keeper=keeper)
    entered = threading.Event()

    def wait(_: Escalation) -> HandlerResult:
        entered.set()
        gate.wait(30)
        return DONE

    one.register_handler(target, wait)
    two.register_handler(target, succeed)
    first = threading.Thread(target=one.escalate_error, args=(make_request(target=target),))
    first.start()
    assert entered.wait(10)
    again = two.escalate_error(make_request(target=target))
    assert ("escalation_in_progress", "executing") == (again.refused, again.status)
    other = two.escalate_error(make_request(target=target, fingerprint="a" * 16))
    elsewhere = two.escalate_error(make_request(target=target, context=Context(operation="npm ci")))
    assert (None, None) == (other.refused, elsewhere.refused)
    gate.set()
    first.join(10)
    assert 1 == two.find(again.escalation_id or "").repeats  # type: ignore[union-attr]
    assert {"escalation_in_progress": 1} == dict(two.get_statistics().refused)


def test_without_a_fingerprint_the_type_stands_for_the_cause(make: Make) -> None:
    """The text was too generic to stand for one."""
    manager = make()
    manager.register_handler("manual", succeed)
    results = [
        manager.escalate_error(make_request(target="manual", fingerprint=None, type=kind))
        for kind in ("test", "test", "build")
    ]
    assert [None, "escalation_in_progress", None] == [result.refused for result in results]


def test_what_a_person_has_is_not_handed_over_again(make: Make, clock: WallClock) -> None:
    """Until it is settled, or overdue; another target may be asked while nobody has taken it up."""
    manager = make()
    for target in ("manual", "codegen"):
        manager.register_handler(target, succeed)
    first = manager.escalate_error(make_request(target="manual")).escalation_id or ""
    assert "escalation_in_progress" == manager.escalate_error(make_request(target="manual")).refused
    manager.acknowledge(first, by="ada")
    assert "escalation_in_progress" == manager.escalate_error(make_request(target="codegen")).refused
    clock.sleep(25 * 3600)
    assert None is manager.escalate_error(make_request(target="manual")).refused
    old = manager.find(first)
    assert old is not None
    assert (False, True) == (old.open, old.superseded_by is not None)


def test_what_failed_makes_room(make: Make) -> None:
    """The next rung of the ladder is not kept waiting by one that broke."""
    manager = make()
    manager.register_handler("codegen", lambda _: HandlerResult(False, "no"))
    manager.register_handler("manual", succeed)
    manager.escalate_error(make_request())
    assert (True, 1) == (manager.get_history()[0].open, len(manager.get_active_escalations()))
    result = manager.escalate_error(make_request(target="manual"))
    assert (True, [result.escalation_id]) == (result.success, [one.id for one in manager.get_active_escalations()])


def test_ten_at_a_time_are_enough(make: Make, gate: threading.Event) -> None:
    """The eleventh is refused, and nothing of it is kept; when one ends there is room again."""
    manager = make(options=ManagerOptions(concurrent=10))
    entered = [threading.Event() for _ in range(10)]

    def wait(one: Escalation) -> HandlerResult:
        entered[int(one.case.fingerprint or "0")].set()
        gate.wait(30)
        return DONE

    manager.register_handler("codegen", wait)
    threads = [
        threading.Thread(target=manager.escalate_error, args=(make_request(fingerprint=str(number)),))
        for number in range(10)
    ]
    for thread in threads:
        thread.start()
    assert all(event.wait(10) for event in entered)
    refused = manager.escalate_error(make_request(fingerprint="10"))
    assert ("escalation_limit_reached", None, 10) == (
        refused.refused,
        refused.escalation_id,
        len(manager.get_history()),
    )
    gate.set()
    for thread in threads:
        thread.join(10)
    assert None is manager.escalate_error(make_request(fingerprint="3")).refused


def test_those_that_wait_for_people_take_no_place(make: Make) -> None:
    """The limit is of what is carried out."""
    manager = make(options=ManagerOptions(concurrent=1))
    manager.register_handler("manual", succeed)
    results = [manager.escalate_error(make_request(target="manual", fingerprint=str(n))).refused for n in range(5)]
    assert [None] * 5 == results


def test_a_person_takes_up_and_settles(make: Make, clock: WallClock) -> None:
    """The first to take it up counts, and settling closes it."""
    manager = make()
    manager.register_handler("manual", succeed)
    one = manager.escalate_error(make_request(target="manual")).escalation_id or ""
    clock.sleep(60)
    assert ("acknowledged", True) == (manager.acknowledge(one, by="ada").status, manager.find(one).open)  # type: ignore[union-attr]
    assert "already_ended" == manager.acknowledge(one, by="bob").refused
    assert "resolved" == manager.resolve(one, by="ada").status
    found = manager.find(one)
    assert found is not None
    assert ("ada", "ada", False) == (found.acknowledged_by, found.resolved_by, found.open)
    assert ["already_ended"] * 2 == [
        manager.resolve(one, by="x").refused,
        manager.cancel_escalation(one, by="x").refused,
    ]
    assert ["no_such_escalation"] * 2 == [manager.resolve("x", by="x").refused, manager.approve("x", by="x").refused]
    assert 60 == manager.get_statistics().mean_acknowledge_seconds


def test_what_is_called_off_stays_so(make: Make, gate: threading.Event) -> None:
    """Also when its handler, which cannot be stopped, succeeds later."""
    manager, entered = make(), threading.Event()

    def wait(_: Escalation) -> HandlerResult:
        entered.set()
        gate.wait(30)
        return DONE

    manager.register_handler("codegen", wait)
    results: list[EscalationResult] = []
    thread = threading.Thread(target=lambda: results.append(manager.escalate_error(make_request())))
    thread.start()
    assert entered.wait(10)
    one = manager.get_active_escalations()[0].id
    assert "cancelled" == manager.cancel_escalation(one, by="ada").status
    gate.set()
    thread.join(10)
    assert (False, "cancelled") == (results[0].success, results[0].status)
    found = manager.find(one)
    assert found is not None
    assert ("cancelled", DONE) == (found.status, found.result)


def test_a_coroutine_that_is_called_off_is_stopped(make: Make) -> None:
    """And so is one whose caller leaves."""

    async def play(manager: EscalationManager, end: str) -> tuple[Any, list[str]]:
        entered, told = asyncio.Event(), []

        async def hang(_: Escalation) -> HandlerResult:
            entered.set()
            try:
                await asyncio.Event().wait()
            finally:
                told.append("stopped")
            return DONE

        manager.register_handler("codegen", hang)
        task = asyncio.create_task(manager.aescalate_error(make_request()))
        await entered.wait()
        if end == "cancel":
            manager.cancel_escalation(manager.get_active_escalations()[0].id, by="ada")
            return (await task).status, told
        task.cancel()
        await asyncio.wait({task})
        return task.cancelled(), told

    for end, expected in (("cancel", "cancelled"), ("leave", True)):
        manager = make()
        assert (expected, ["stopped"]) == asyncio.run(play(manager, end))
        assert [("cancelled", False)] == [(one.status, one.open) for one in manager.get_history()]


def test_what_changes_something_waits_for_consent(make: Make, escalate: Escalate) -> None:
    """Where the plan says so; telling a person needs none."""
    manager = make()
    for target in ("codegen", "manual"):
        manager.register_handler(target, succeed)
    waiting = escalate(manager, make_request(approval=True))
    assert (False, "approval_needed", "pending") == (waiting.success, waiting.action, waiting.status)
    assert "escalation_in_progress" == escalate(manager, make_request(approval=True)).refused
    done = manager.approve(waiting.escalation_id or "", by="ada")
    assert (True, "completed") == (done.success, done.status)
    assert "already_ended" == asyncio.run(manager.aapprove(waiting.escalation_id or "", by="ada")).refused
    assert "ada" == manager.find(waiting.escalation_id or "").approved_by  # type: ignore[union-attr]
    told = escalate(manager, make_request(approval=True, target="manual", fingerprint="b" * 16))
    assert "completed" == told.status


def test_the_kill_switch_begins_nothing(make: Make, escalate: Escalate) -> None:
    """Nothing is kept of it either; people may still settle what is open."""
    keeper, calls = MemoryEscalations(), []
    on, off = make(keeper=keeper), make(keeper=keeper, acting=False)
    for manager in (on, off):
        manager.register_handler("codegen", lambda one: calls.append(one) or DONE)
    waiting = on.escalate_error(make_request(approval=True)).escalation_id or ""
    refused = [escalate(off, make_request()).refused, off.approve(waiting, by="ada").refused]
    assert (["acting_is_off", "acting_is_off"], [], ()) == (refused, calls, off.resume_abandoned())
    assert "resolved" == off.resolve(waiting, by="ada").status


def test_a_target_that_nobody_knows_is_refused(make: Make) -> None:
    """One that a handler was registered for is known; a plan without a target is a notification."""
    manager = make()
    assert "unknown_target" == manager.escalate_error(make_request(target="pager")).refused
    manager.register_handler("pager", succeed)
    manager.register_handler("notification", succeed)
    assert manager.escalate_error(make_request(target="pager")).success
    assert manager.escalate_error(make_request(target=None, fingerprint="c" * 16)).success
    assert {"pager", "notification"} == {one.target for one in manager.get_history()}


def test_nobody_there_is_told_as_it_is(make: Make, escalate: Escalate) -> None:
    """The seed said that a pull request was made. Here it stays open, for a person to see."""
    manager = make()
    result = escalate(manager, make_request())
    assert (False, "failed", "no_handler") == (result.success, result.status, result.action)
    assert 1 == len(manager.get_active_escalations())


def test_strategies_recover_by_the_name_of_the_recipe(make: Make) -> None:
    """One that is not there is told, with those that are."""
    manager = make()
    manager.register_strategy("dependency_fix", succeed)
    plans = [Plan(target="auto_recovery", recipe=name) for name in ("dependency_fix", "environment_cleanup", None)]
    results = [manager.escalate_error(make_request(plan=plan, fingerprint=str(n))) for n, plan in enumerate(plans)]
    assert [True, False, False] == [result.success for result in results]
    assert ("auto_recovery_failed", True) == (results[1].action, "dependency_fix" in results[1].summary)


@pytest.mark.parametrize(
    "register",
    [
        lambda manager: manager.register_handler("", succeed),
        lambda manager: manager.register_handler("codegen", "succeed"),
        lambda manager: manager.register_handler("codegen", succeed, retries=-1),
        lambda manager: manager.register_handler("codegen", succeed, deadline=0),
        lambda manager: manager.register_handler("codegen", succeed, deadline=float("nan")),
        lambda manager: manager.register_strategy("x", asucceed),
    ],
)
def test_a_handler_that_makes_no_sense_is_refused(make: Make, register: Callable[[EscalationManager], None]) -> None:
    """At once, since a programmer reads it."""
    with pytest.raises(UsageError):
        register(make())


LEVELS = {"critical": (15, 240), "high": (60, 1440), "medium": (480, 4320), "low": (1440, 10_080)}


@pytest.mark.parametrize(("priority", "minutes"), LEVELS.items())
def test_missed_deadlines_are_told_once(make: Make, clock: WallClock, priority: str, minutes: tuple[int, int]) -> None:
    """First that nobody took it up, then that nobody settled it; what is settled in time is silent."""
    manager, told = make(), []
    manager.register_handler("manual", succeed)
    manager.escalate_error(make_request(target="manual", priority=priority))
    clock.now += timedelta(minutes=minutes[0])
    assert () == manager.check_deadlines(told.append)
    clock.sleep(1)
    manager.check_deadlines(told.append)
    assert () == manager.check_deadlines(told.append)
    clock.now += timedelta(minutes=minutes[1] - minutes[0])
    manager.check_deadlines(told.append)
    assert ["acknowledge", "resolve"] == [breach.kind for breach in told]
    assert [1.0, 1.0] == [breach.late.total_seconds() for breach in told]
    assert 2 == manager.get_statistics().breaches


def test_taking_up_and_settling_stop_the_clock(make: Make, clock: WallClock) -> None:
    """Each for its own deadline."""
    manager = make()
    manager.register_handler("manual", succeed)
    ids = [
        manager.escalate_error(make_request(target="manual", fingerprint=str(n))).escalation_id or "" for n in range(2)
    ]
    manager.acknowledge(ids[0], by="ada")
    manager.resolve(ids[1], by="ada")
    clock.sleep(40 * 86_400)
    assert [(ids[0], "resolve")] == [(one.escalation.id, one.kind) for one in manager.check_deadlines()]


def test_a_breach_that_could_not_be_told_is_told_again(make: Make, clock: WallClock) -> None:
    """The others are told all the same, and all carry a key that is theirs."""
    manager, told = make(), []
    manager.register_handler("manual", succeed)
    for number in range(2):
        manager.escalate_error(make_request(target="manual", fingerprint=str(number)))
    clock.sleep(2 * 3600)

    def tell(breach: Breach) -> None:
        told.append(breach.key)
        if len(told) == 1:
            raise ConnectionError("refused")

    assert (1, 1, 0) == tuple(len(manager.check_deadlines(tell)) for _ in range(3))
    assert (3, 2) == (len(told), len(set(told)))


def test_what_a_lost_process_left_is_taken_up_or_marked(make: Make, clock: WallClock) -> None:
    """After its lease: what bears a second beginning is begun, a reset is not."""
    keeper, calls = MemoryEscalations(), []

    class Killed(BaseException):
        pass

    dying, other = make(keeper=keeper), make(keeper=keeper)
    dying._finish = None  # type: ignore[method-assign,assignment]
    for target in ("codegen", "system_reset"):
        dying.register_handler(target, succeed)
        other.register_handler(target, lambda one: calls.append((one.target, one.executions)) or DONE)
        with pytest.raises(TypeError):
            dying.escalate_error(make_request(target=target, fingerprint=target))
    assert () == other.resume_abandoned()
    clock.sleep(300 + 31)
    assert [True] == [result.success for result in other.resume_abandoned()]
    assert [("codegen", 2)] == calls
    found = {one.target: (one.status, one.reason, one.open) for one in other.get_history()}
    assert {"codegen": ("completed", "", False), "system_reset": ("error", "abandoned", True)} == found


def test_a_new_request_takes_over_what_a_lost_process_left(make: Make, clock: WallClock) -> None:
    """Under its own id, by which the agent knows it; after three beginnings it is broken."""
    keeper = MemoryEscalations()
    dying, other = make(keeper=keeper), make(keeper=keeper)
    dying._finish = None  # type: ignore[method-assign,assignment]
    other.register_handler("codegen", succeed)
    dying.register_handler("codegen", succeed)
    ids = []
    for _ in range(4):
        with pytest.raises(TypeError):
            dying.escalate_error(make_request())
        ids.append(dying.get_active_escalations()[0].id)
        clock.sleep(331)
    assert (ids[0], ids[0], True) == (ids[1], ids[2], ids[3] != ids[0])
    first = other.find(ids[0])
    assert first is not None
    assert ("error", "abandoned", False) == (first.status, first.reason, first.open)
    result = other.escalate_error(make_request())
    assert (ids[3], True) == (result.escalation_id, result.success)


def test_a_process_that_comes_too_late_changes_nothing(make: Make, clock: WallClock, gate: threading.Event) -> None:
    """Another has taken over what it still carries out."""
    keeper = MemoryEscalations()
    slow, quick = make(keeper=keeper), make(keeper=keeper)
    entered = threading.Event()

    def wait(_: Escalation) -> HandlerResult:
        entered.set()
        gate.wait(30)
        return HandlerResult(False, "too late")

    slow.register_handler("codegen", wait)
    quick.register_handler("codegen", succeed)
    thread = threading.Thread(target=slow.escalate_error, args=(make_request(),))
    thread.start()
    assert entered.wait(10)
    clock.sleep(331)
    assert [True] == [result.success for result in quick.resume_abandoned()]
    gate.set()
    thread.join(10)
    assert [("completed", DONE)] == [(one.status, one.result) for one in quick.get_history()]


def test_a_broken_store_costs_the_sharing_and_nothing_else(
    make: Make, escalate: Escalate, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told of once, and this process goes on alone."""

    class Broken:
        def change_escalations(self, *_: Any, **__: Any) -> Any:
            raise StoreError("the disk is full")

        read_escalations = read_escalation = forget_escalations = change_escalations

    manager = make(keeper=Broken())
    manager.register_handler("manual", succeed)
    result = escalate(manager, make_request(target="manual"))
    assert (True, "resolved") == (result.success, manager.resolve(result.escalation_id or "", by="ada").status)
    assert ["resolved"] == [one.status for one in manager.get_history()]
    manager.reset()
    assert ((), 1) == (manager.get_history(), sum("shared_state_lost" in one.message for one in caplog.records))


def test_what_is_damaged_is_left_alone(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    """The others are seen, and it is logged."""
    keeper = MemoryEscalations()
    good = make_escalation("good", fingerprint="g" * 16).to_dict()
    changes = (
        {"case": 5}, {"created": "2026-11-28T12:00:00"}, {"priority": "urgent"}, {"status": "lost"}, {"target": None},
        {"lease_until": 5}, {"result": "x"},
    )  # fmt: skip
    damaged = [{**good, "id": str(number), **change} for number, change in enumerate(changes)]
    keeper.change_escalations(lambda _: ([*damaged, {"id": "x", "open": True, "created": ""}], None))
    manager = make(keeper=keeper)
    manager.register_handler("codegen", succeed)
    assert manager.escalate_error(make_request()).success
    assert ((), ()) == (manager.check_deadlines(), manager.resume_abandoned())
    assert 1 == sum(one.status == "completed" for one in manager.get_history())
    assert "errclass.escalation_unreadable" in caplog.text


def test_each_end_is_recorded(make: Make) -> None:
    """One who records badly does no harm."""
    told: list[Escalation] = []

    def record(one: Escalation) -> None:
        told.append(one)
        raise ValueError("no room")

    manager = make(record=record)
    manager.register_handler("codegen", succeed)
    assert manager.escalate_error(make_request()).success
    assert ["completed"] == [one.status for one in told]


def test_resetting_forgets_what_is_closed(make: Make) -> None:
    """What is open stays."""
    manager = make()
    for target in ("codegen", "manual"):
        manager.register_handler(target, succeed)
        manager.escalate_error(make_request(target=target, fingerprint=target))
    manager.reset()
    assert ["manual"] == [one.target for one in manager.get_history()]


def test_secrets_are_kept_nowhere(make: Make) -> None:
    """Not in what is stored, whatever held them."""
    keeper = MemoryEscalations()
    manager = make(keeper=keeper)
    manager.register_handler("manual", succeed)
    secret = "password=hunter2hunter2"
    context = Context(
        operation=f"npm test {secret}", branch=secret, metadata={"password": "hunter2hunter2", "note": secret}
    )
    manager.escalate_error(
        make_request(target="manual", context=context, text=secret, tried=(secret,), evidence=(secret,))
    )
    assert "hunter2" not in str(keeper.read_escalations())


def test_context_of_the_request_outranks_the_decisions(make: Make) -> None:
    """It may know more."""
    manager = make()
    manager.register_handler("manual", succeed)
    manager.escalate_error(make_request(target="manual", context=Context(operation="other")))
    manager.escalate_error(make_request(target="manual"))
    assert [CONTEXT.operation, "other"] == [one.case.operation for one in manager.get_history()]


BAD: tuple[Any, ...] = (
    None,
    "npm test failed",
    EscalationRequest(None),  # type: ignore[arg-type]
    make_request(priority="urgent"),
    make_request(text=5),
    make_request(tried=(None,)),
    make_request(evidence=5),
    make_request(because=object()),
    make_request(context={"operation": "npm test"}),
)


@pytest.mark.parametrize("bad", BAD, ids=range(len(BAD)))
def test_a_request_that_cannot_be_read_is_a_result(make: Make, escalate: Escalate, bad: Any) -> None:
    """It says what is wrong with it; nothing is begun, kept or raised, and a good one gets through."""
    manager = make()
    manager.register_handler("codegen", succeed)
    result = escalate(manager, bad)
    assert (False, "bad_request", None, ()) == (
        result.success, result.refused, result.escalation_id, manager.get_history(),
    )  # fmt: skip
    assert "cannot be read: " in result.summary
    assert {"bad_request": 1} == dict(manager.get_statistics().refused)
    assert escalate(manager, make_request()).success


@pytest.mark.parametrize(("open_ones", "closed"), [(30, 1_000), (1_040, 0)])
def test_figures_and_deadlines_see_every_open_one(make: Make, clock: WallClock, open_ones: int, closed: int) -> None:
    """However many there are, and however many were closed since."""
    keeper = MemoryEscalations()
    old = [replace(make_escalation(f"open-{number}"), status="failed") for number in range(open_ones)]
    clock.sleep(7_200)
    new = [replace(make_escalation(f"new-{n}"), status="completed", open=False, created=clock()) for n in range(closed)]
    keeper.change_escalations(lambda _: ([one.to_dict() for one in (*old, *new)], None))
    manager = make(keeper=keeper)
    statistics = manager.get_statistics()
    assert (open_ones, open_ones + closed) == (statistics.open, statistics.total)
    assert [open_ones] * 2 == [len(manager.get_active_escalations()), len(manager.check_deadlines())]


def test_consent_begins_no_more_than_may_run(make: Make, escalate: Escalate, gate: threading.Event) -> None:
    """What is refused waits on, and is begun once there is room."""
    manager, inside = make(options=ManagerOptions(concurrent=1)), threading.Event()

    def wait(_: Escalation) -> HandlerResult:
        inside.set()
        gate.wait(30)
        return DONE

    manager.register_handler("codegen", wait)
    one, two = (escalate(manager, make_request(approval=True, fingerprint=mark * 16)).escalation_id for mark in "ab")
    thread = threading.Thread(target=manager.approve, args=(one,), kwargs={"by": "ada"})
    thread.start()
    assert inside.wait(30)
    refused = manager.approve(two or "", by="ada"), asyncio.run(manager.aapprove(two or "", by="ada"))
    assert {"escalation_limit_reached"} == {result.refused for result in refused}
    assert "pending" == manager.find(two or "").status  # type: ignore[union-attr]
    gate.set()
    thread.join(30)
    assert manager.approve(two or "", by="ada").success
    assert "already_ended" == manager.approve(two or "", by="ada").refused


@pytest.mark.parametrize(("ahead", "expected"), [(31, True), (86_400 * 365, True), (29, False), (0, False)])
@pytest.mark.parametrize("by", ["the next request", "a timer"])
def test_a_clock_that_was_ahead_blocks_nothing(
    make: Make, clock: WallClock, gate: threading.Event, ahead: float, expected: bool, by: str
) -> None:
    """What was begun in the future, as it seems now, was begun by a wrong clock; a little ahead is another machine's."""
    keeper, inside = MemoryEscalations(), threading.Event()

    def hang(_: Escalation) -> HandlerResult:
        inside.set()
        gate.wait(30)
        return DONE

    killed, other = make(keeper=keeper), make(keeper=keeper)
    killed.register_handler("codegen", hang)
    other.register_handler("codegen", succeed)
    clock.now += timedelta(seconds=ahead)
    thread = threading.Thread(target=killed.escalate_error, args=(make_request(),))
    thread.start()
    assert inside.wait(30)
    clock.now -= timedelta(seconds=ahead)
    results = (other.escalate_error(make_request()),) if by == "the next request" else other.resume_abandoned()
    assert expected is any(result.success for result in results)
    assert (1 + expected) == other.get_history()[0].executions
    gate.set()
    thread.join(30)
