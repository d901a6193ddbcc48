"""Run a command, and again where that is worth it; the flow of ``errclass run``.

Until a call fails, nothing heavy is imported.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...actions.run.becoming import become_command
from ...actions.run.host import Host, StartableCall, open_host
from ...actions.run.kept_output import KeptOutput
from ...actions.run.values import Call
from ...core.ids import new_id
from .ci_context import read_ci_context
from .run_notes import leave_note
from .run_order import ATTEMPT, MARKER, FinishedCall, Prospect, RunOrder, RunResult, RunScreen, Step, Told
from .run_state import is_known_to_fail, is_news, is_telling

if TYPE_CHECKING:
    from ...actions.recover import RecoveryPlan, RecoveryResult
    from .run_decisions import RunJudge
    from .run_verdict import Verdict

_YES = frozenset({"y", "yes"})


def run_command(order: RunOrder, make_screen: Callable[[], RunScreen]) -> RunResult:
    """Run the command, and again where that is worth it; return once it is over.

    ``make_screen`` is called once something went wrong.
    """
    if MARKER in os.environ and not (order.attempt_timeout or order.deadline or order.report):
        become_command(order.command)  # whoever runs us repeats
    host = open_host(replay=order.replay)
    run = _Run(order, make_screen, host)
    try:
        result = run.until_over()
    finally:
        host.release()
    return run.tell_people(result)


class _Run:
    def __init__(self, order: RunOrder, make_screen: Callable[[], RunScreen], host: Host) -> None:
        self._order, self._make_screen, self._host = order, make_screen, host
        self._nested = MARKER in os.environ
        self._id = os.environ.get(MARKER) or new_id()
        self._begun = time.monotonic()
        self._steps: list[Step] = []
        self._screen: RunScreen | None = None
        self._judge: RunJudge | None = None

    def until_over(self) -> RunResult:
        """Call, judge, wait or recover, and so on."""
        while True:
            supervisor, call = self._call()
            verdict = self._decide(call)
            self._steps.append(Step(call, verdict))
            if verdict is None or verdict.wait is None:
                return self._finish(supervisor, verdict)
            if not self._prepare_next(supervisor, verdict, verdict.wait) or self._is_refused(verdict):
                return self._result(self._host.ended_by)

    def tell_people(self, result: RunResult) -> RunResult:
        """Tell people of the end where that is wanted, and return the result with what they were told."""
        ended = result.ended
        if self._nested or result.stopped_by or ended.cancelled_by or ended.reader_gone:
            return result
        try:
            told = self._tell_failure() if ended.status else self._tell_success()
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the rim: the command has ended, and its result stands
            told = Told(f"could not tell people: {error!r}")
        if told is not None:
            message, well = told.message, told.well
            self._tell(lambda screen: screen.say(message) if well else screen.complain(message))
        return result._replace(told=told)

    def _tell_failure(self) -> Told | None:
        return self._tell_by(lambda judge: judge.tell_failure(self._steps))

    def _tell_success(self) -> Told | None:
        if self._judge is None and not self._may_be_news():
            return None
        return self._tell_by(lambda judge: judge.tell_end(self._steps))

    def _may_be_news(self) -> bool:
        """Tell whether people may have been told that what succeeded at once fails."""
        if not (self._order.notify or is_telling(os.environ)):
            return False
        context = self._describe_place()
        return is_known_to_fail(context["operation"], context.get("branch"), os.environ)

    def _tell_by(self, tell: Callable[[RunJudge], Told | None]) -> Told | None:
        judge = self._find_teller()
        if judge is None:
            return None
        try:
            return tell(judge)
        finally:
            judge.close()

    def _find_teller(self) -> RunJudge | None:
        """Return who tells people; None where nobody is to be told, or settings that cannot be read might say so."""
        try:
            judge = self._get_judge()
            return judge if judge.is_telling() else None
        except Exception:
            if self._order.notify:
                raise
            return None

    def _prepare_next(self, supervisor: StartableCall, verdict: Verdict, wait: float) -> bool:
        """Do what is due before the next call, and tell whether it may be made."""
        if verdict.recovery is not None:
            return self._recover(supervisor, verdict.recovery)
        supervisor.end_rest()
        self._show()
        return self._host.wait(wait, self._count_down)

    def _recover(self, supervisor: StartableCall, plan: RecoveryPlan) -> bool:
        self._show()
        if plan.mode == "ask" and not self._is_agreed():
            supervisor.let_go()
            return self._stop("nobody agreed to the recovery")
        supervisor.end_rest()
        try:
            return self._carry_out(plan)
        except Exception as error:  # noqa: BLE001 - the rim: the command has failed, and its result stands
            return self._stop(f"the recovery could not be carried out: {error!r}")

    def _is_agreed(self) -> bool:
        try:
            answer = self._host.ask(lambda: self._tell(lambda screen: screen.ask()), self._seconds_left())
        except Exception:  # noqa: BLE001 - the rim: the terminal is gone, and nobody agrees
            return False
        return answer.strip().lower() in _YES

    def _carry_out(self, plan: RecoveryPlan) -> bool:
        judge = self._get_judge()
        result = self._host.carry_out(lambda stopped: judge.recover(plan, stopped, self._seconds_left()))
        self._steps[-1] = self._steps[-1]._replace(recovery=result)
        judge.note_recovery(result)
        self._tell(lambda screen: screen.show_recovery(self._steps[-1]))
        return self._is_next_due(result)

    def _is_next_due(self, result: RecoveryResult) -> bool:
        """Tell whether the call after a recovery is to be made; where it is not, note why."""
        from .run_recoveries import describe_result, describe_way_back

        if result.outcome != "success":
            self._note_stop("; ".join(filter(None, (describe_result(result), describe_way_back(result)))))
            return False
        if self._seconds_left() == 0.0:
            return self._stop("the deadline is reached")
        return not self._host.ended_by

    def _stop(self, reason: str) -> bool:
        """Say why there is no next call."""
        if not self._host.ended_by:  # whoever stopped the run knows
            self._tell(lambda screen: screen.give_up(reason))
        self._note_stop(reason)
        return False

    def _note_stop(self, reason: str) -> None:
        verdict = self._steps[-1].verdict
        if verdict is not None:
            self._steps[-1] = self._steps[-1]._replace(verdict=verdict.stopped(reason))
        self._get_judge().close()

    def _call(self) -> tuple[StartableCall, FinishedCall]:
        number, kept = len(self._steps) + 1, KeptOutput()
        environ = {**os.environ, MARKER: self._id, ATTEMPT: str(number)}
        call = Call(self._order.command, environ, self._timeout())
        supervisor = self._prepare(call, kept)
        ended = supervisor.run()
        if ended.timed_out or ended.cancelled_by:
            supervisor.end_rest()
        if ended.missing:
            self._tell(lambda screen: screen.complain(f"{self._order.command[0]}: {ended.missing}"))
        return supervisor, FinishedCall(number, ended, kept.text() if ended.status else b"", kept.total)

    def _prepare(self, call: Call, kept: KeptOutput) -> StartableCall:
        try:
            return self._host.prepare(call, kept)
        except OSError:  # no terminal or pipe is to be had: then the command runs without us
            if not self._steps:
                self._host.release()
                become_command(self._order.command)
            raise

    def _timeout(self) -> float | None:
        limits = [self._order.attempt_timeout, self._seconds_left()]
        return min((limit for limit in limits if limit is not None), default=None)

    def _seconds_left(self) -> float | None:
        deadline = self._order.deadline
        return None if deadline is None else max(0.0, self._begun + deadline - time.monotonic())

    def _decide(self, call: FinishedCall) -> Verdict | None:
        """Return what is to be done about a failed call; nothing for any other."""
        ended = call.ended
        if not ended.status or ended.cancelled_by or ended.reader_gone or self._nested:
            return None
        try:
            return self._get_judge().judge(call, self._look_ahead())
        except Exception as error:  # noqa: BLE001 - the rim: an installation that is broken must not cost the result
            message = f"could not decide, so nothing automatic happens: {error!r}"
            self._tell(lambda screen: screen.complain(message))
            return None

    def _look_ahead(self) -> Prospect:
        can_ask = not (self._order.quiet or self._order.as_json) and self._host.can_ask()
        return Prospect(self._host.obstacle(), self._seconds_left(), can_ask)

    def _is_refused(self, verdict: Verdict) -> bool:
        """Tell whether the breaker of all runs refuses the next call by now, and say so."""
        late = self._admit(verdict)
        return late.wait is None and not self._stop(late.reason)

    def _admit(self, verdict: Verdict) -> Verdict:
        try:
            return self._get_judge().admit(verdict)
        except Exception:  # noqa: BLE001 - the rim: what was decided stands
            return verdict

    def _get_judge(self) -> RunJudge:
        if self._judge is None:
            self._tell(lambda screen: None)
            from .run_decisions import RunJudge

            self._judge = RunJudge(self._order, self._id)
        return self._judge

    def _finish(self, supervisor: StartableCall, verdict: Verdict | None) -> RunResult:
        call = self._steps[-1].call
        supervisor.let_go()
        if verdict is not None:
            self._show()
        try:
            self._put_on_record(call, verdict)
        except Exception as error:  # noqa: BLE001 - the rim: the command has ended, and its result stands
            message = f"could not record the call: {error!r}"
            self._tell(lambda screen: screen.complain(message))
        return self._result()

    def _put_on_record(self, call: FinishedCall, verdict: Verdict | None) -> None:
        if verdict is not None:
            self._get_judge().close()
        elif not call.ended.status or call.ended.cancelled_by:
            self._record(call)

    def _record(self, call: FinishedCall) -> None:
        """Record a call that was not decided on, without making anybody wait for it."""
        if self._nested:
            return
        if self._judge is not None:
            self._judge.note(call)
            self._judge.close()
        elif call.ended.status:
            self._do_apart(lambda judge: judge.note(call))
        else:
            note = self._describe(call)
            leave_note(note, os.environ)
            if is_news(note["context"]["operation"], os.environ):
                self._do_apart(lambda judge: judge.report_success(call))

    def _describe(self, call: FinishedCall) -> dict[str, Any]:
        ended, context = call.ended, {**self._describe_place(), "operation_id": self._id}
        context["metadata"] = dict(self._order.context.get("metadata", {}))
        return {"id": new_id(), "started": ended.started, "ended": ended.ended, "context": context}

    def _describe_place(self) -> dict[str, Any]:
        order = self._order
        operation = order.operation or os.environ.get("ERRCLASS_OPERATION") or order.name
        return {**read_ci_context(os.environ), "operation": operation, **order.stated}

    def _do_apart(self, work: Callable[[RunJudge], None]) -> None:
        """Do something for which nobody shall wait."""

        def do() -> None:
            from .run_decisions import RunJudge

            judge = RunJudge(self._order, self._id)
            work(judge)
            judge.close()

        self._host.leave_behind(do)

    def _show(self) -> None:
        self._tell(lambda screen: screen.show(self._steps[-1]))

    def _tell(self, say: Callable[[RunScreen], None]) -> None:
        """Say something; that it cannot be said costs the command nothing."""
        try:
            self._screen = self._screen or self._make_screen()
            say(self._screen)
        except Exception:  # noqa: BLE001, S110 - the rim, and there is nobody left to tell
            pass

    def _count_down(self, seconds: float) -> None:
        self._tell(lambda screen: screen.count_down(seconds))

    def _result(self, stopped_by: int | None = None) -> RunResult:
        if stopped_by and self._judge is not None:
            self._judge.close()
        return RunResult(self._order, self._id, tuple(self._steps), stopped_by)
