"""Call a handler, again where that may help, and never wait for it longer than its deadline."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import Future

from ...core.errors import UsageError
from ...core.masking import mask_secrets
from ..retry import AttemptState, Backoff, Executor, Flow, Naps, RetryPolicy, Verdict
from .escalation import Escalation
from .handlers import Registered
from .result import HandlerResult
from .transitions import Ended

LEAVE = 1.0
"""Seconds that a cancelled coroutine gets to leave."""
_WAITS = Backoff("linear", base=1.0, cap=30.0, jitter="none")
_MOST_CHARS = 500
_log = logging.getLogger("errclass")

TIMED_OUT = "timed_out"


class _UnfinishedError(Exception):
    """Carry a result that another call may better."""

    def __init__(self, result: HandlerResult) -> None:
        self.result = result
        super().__init__(result.summary)


def call_handler(escalation: Escalation, handler: Registered, naps: Naps) -> Ended:
    """Call a handler in this thread until it succeeds or its retries are used up."""

    def attempt() -> HandlerResult:
        return _check(handler.call(escalation))

    try:
        return _judge(_make_executor(escalation, handler, naps).call(attempt))
    except BaseException as error:  # noqa: BLE001 - the rim: a handler may raise anything, and the pipeline goes on
        return _judge_error(escalation, error)


async def acall_handler(escalation: Escalation, handler: Registered, naps: Naps) -> Ended:
    """Await a handler, likewise."""

    async def attempt() -> HandlerResult:
        result = handler.call(escalation)
        return _check(result if isinstance(result, HandlerResult) else await result)

    try:
        return _judge(await _make_executor(escalation, handler, naps).acall(attempt))
    except Exception as error:  # noqa: BLE001 - likewise
        return _judge_error(escalation, error)


def describe_error(error: BaseException) -> str:
    """Return what an error says, without secrets, and bounded."""
    return mask_secrets(f"{type(error).__name__}: {error}")[:_MOST_CHARS]


def wait_for(future: Future[Ended], seconds: float) -> Ended:
    """Wait for a thread; a running function cannot be stopped, so it is left behind and told as timed out."""
    try:
        return future.result(seconds)
    except TimeoutError:
        return _tell_timeout(seconds, stopped=False)


async def await_thread(future: Future[Ended], seconds: float) -> Ended:
    """Wait for a thread in a task, likewise."""
    waiting = asyncio.wrap_future(future)
    done, _ = await asyncio.wait({waiting}, timeout=seconds)
    return waiting.result() if done else _tell_timeout(seconds, stopped=False)


async def await_task(task: asyncio.Task[Ended], seconds: float) -> Ended:
    """Wait for a task and cancel it at its deadline; one that was cancelled by somebody ended so."""
    try:
        done, _ = await asyncio.wait({task}, timeout=seconds)
    except asyncio.CancelledError:
        task.cancel()
        raise
    if not done:
        task.cancel()
        left, _ = await asyncio.wait({task}, timeout=LEAVE)
        return _tell_timeout(seconds, stopped=bool(left))
    return Ended("cancelled", reason="cancelled") if task.cancelled() else task.result()


def _make_executor(escalation: Escalation, handler: Registered, naps: Naps) -> Executor:
    policy = RetryPolicy(
        decide=_decide,
        operation=f"escalation to {escalation.target}",
        attempts=handler.retries + 1,
        timeout=handler.deadline,
        backoff=_WAITS,
    )
    return Executor(Flow(policy), naps)


def _decide(error: Exception, _: AttemptState) -> Verdict:
    if isinstance(error, _UnfinishedError):
        return Verdict(retry=True, retry_after=error.result.retry_after)
    return Verdict(retry=not isinstance(error, UsageError))


def _check(result: object) -> HandlerResult:
    if not isinstance(result, HandlerResult):
        raise UsageError(f"the handler returned {type(result).__name__} instead of HandlerResult")
    if result.retryable and not result.success:
        raise _UnfinishedError(result)
    return result


def _judge(result: HandlerResult) -> Ended:
    return Ended("completed" if result.success else "failed", result)


def _judge_error(escalation: Escalation, error: BaseException) -> Ended:
    if isinstance(error, _UnfinishedError):
        return Ended("failed", error.result)
    _log.warning("errclass.escalation_failed: %s: %s", escalation.target, type(error).__name__, exc_info=error)
    said = f"the handler failed with {describe_error(error)}"
    return Ended("error", HandlerResult(success=False, summary=said), "handler_raised")


def _tell_timeout(seconds: float, *, stopped: bool) -> Ended:
    after = "and was stopped" if stopped else "and may still be running"
    said = f"the handler did not end in {seconds:.3g} s {after}"
    return Ended("failed", HandlerResult(success=False, summary=said), TIMED_OUT)
