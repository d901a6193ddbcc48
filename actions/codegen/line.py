"""The line to one agent: it sends what a talk asks for, counted, bounded, and again where that is safe."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from ..retry import AttemptState, Backoff, Executor, Flow, Naps, RetryPolicy, Verdict
from ..state_keeper import StateKeeper
from .addresses import check_url
from .exchange import ExchangeLimits, asend_request, send_request
from .fix_agent import FixAgent
from .request_counts import RequestCount
from .steps import Ask, Pause, Reply, Step, Talk

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")

_TRANSIENT = frozenset({"unreachable", "timeout", "cut"})
_TOO_MANY, _FAULTS = 429, 500


@dataclass(frozen=True, slots=True)
class LineOptions:
    """Say how patient a line is; times in seconds."""

    limits: ExchangeLimits = field(default_factory=ExchangeLimits)
    attempts: int = 4
    """Requests in all where one fails and may be sent again."""
    patience: float = 120.0
    """Most that one request and its repetitions may wait, for a place among the requests included."""
    plain: bool = False
    """Whether ``http`` to another machine is allowed."""


class _BadReplyError(Exception):
    """Carry a reply that may be followed by another attempt."""

    def __init__(self, reply: Reply, ask: Ask) -> None:
        self.reply = reply
        self.ask = ask
        super().__init__(reply.trouble or f"HTTP status {reply.status}")


class AgentLine:
    """Send requests to one agent; safe to share between threads and tasks. Raises UsageError for a bad URL."""

    def __init__(
        self,
        agent: FixAgent,
        *,
        keeper: StateKeeper | None = None,
        options: LineOptions | None = None,
        wall_clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        asleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        transport: httpx.BaseTransport | None = None,
        async_transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.options = options or LineOptions()
        self._agent = agent
        self._url = check_url(agent.url, plain=self.options.plain)
        self._counts = {
            name: RequestCount(keeper, f"{agent.account}/{name}", limit, clock=wall_clock)
            for name, limit in agent.limits.items()
        }
        self._sleep, self._asleep = sleep, asleep
        self._transport, self._async_transport = transport, async_transport
        self._executor = Executor(Flow(self._make_policy(agent)), Naps(sleep=sleep, asleep=asleep))

    def run(self, talk: Talk[T]) -> T:
        """Carry a talk on to its end and return what it made of it; waits and requests block this thread."""
        reply: Reply | None = None
        while True:
            try:
                step = _advance(talk, reply)
            except StopIteration as end:
                result: T = end.value
                return result
            reply = Reply()
            if isinstance(step, Pause):
                self._sleep(step.seconds)
            else:
                reply = self._send(step)

    async def arun(self, talk: Talk[T]) -> T:
        """Carry a talk on in a task, likewise."""
        reply: Reply | None = None
        while True:
            try:
                step = _advance(talk, reply)
            except StopIteration as end:
                result: T = end.value
                return result
            reply = Reply()
            if isinstance(step, Pause):
                await self._asleep(step.seconds)
            else:
                reply = await self._asend(step)

    def _send(self, ask: Ask) -> Reply:
        def attempt() -> Reply:
            wait, free = self._reserve(ask)
            if not free:
                return Reply(trouble="throttled", sent=False, retry_after=wait)
            if wait > 0:
                self._sleep(wait)
            reply = send_request(self._url, self._agent.headers, ask, self.options.limits, self._transport)
            return self._sift(reply, ask)

        try:
            return self._executor.call(attempt)
        except _BadReplyError as error:
            return error.reply

    async def _asend(self, ask: Ask) -> Reply:
        async def attempt() -> Reply:
            wait, free = await asyncio.to_thread(self._reserve, ask)  # the store may have to be waited for
            if not free:
                return Reply(trouble="throttled", sent=False, retry_after=wait)
            if wait > 0:
                await self._asleep(wait)
            headers, limits = self._agent.headers, self.options.limits
            reply = await asend_request(self._url, headers, ask, limits, self._async_transport)
            return self._sift(reply, ask)

        try:
            return await self._executor.acall(attempt)
        except _BadReplyError as error:
            return error.reply

    def _reserve(self, ask: Ask) -> tuple[float, bool]:
        count = self._counts.get(ask.limit)
        return (0.0, True) if count is None else count.reserve(self.options.patience)

    def _sift(self, reply: Reply, ask: Ask) -> Reply:
        """Return a reply that is final; raise one that another attempt may follow."""
        if reply.status == _TOO_MANY and reply.retry_after and ask.limit in self._counts:
            self._counts[ask.limit].block(reply.retry_after)
        if _may_follow(reply, ask):
            raise _BadReplyError(reply, ask)
        return reply

    def _make_policy(self, agent: FixAgent) -> RetryPolicy:
        return RetryPolicy(
            decide=_decide,
            operation=agent.account,
            attempts=self.options.attempts,
            timeout=self.options.patience,
            backoff=Backoff(base=0.5, cap=10.0),
        )


def _advance(talk: Talk[T], reply: Reply | None) -> Step:
    return next(talk) if reply is None else talk.send(reply)


def _decide(error: Exception, _: AttemptState) -> Verdict:
    if not isinstance(error, _BadReplyError):
        return Verdict(retry=False)
    kind = "rate_limit" if error.reply.status == _TOO_MANY else "network"
    return Verdict(retry=True, kind=kind, retry_after=error.reply.retry_after)


def _may_follow(reply: Reply, ask: Ask) -> bool:
    """Tell whether the request may be sent again: always where it was not taken, else only if it is repeatable."""
    if reply.status == _TOO_MANY:
        return True
    if reply.trouble is not None:
        return reply.trouble in _TRANSIENT and (ask.repeatable or not reply.sent)
    faulty = reply.status is not None and reply.status >= _FAULTS
    return ask.repeatable and faulty
