"""The client of the service, for tasks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar

from ...actions.codegen.exchange import ExchangeLimits, asend_request
from ...actions.retry.adapters import HTTP_POLICY, AsyncRetryTransport
from ...actions.web.proxies import find_proxy
from ...core.types import Classification, Decision
from . import calls
from .place import find_place
from .replies import read_reply

T = TypeVar("T")
_REPEATABLE = {"Idempotency-Key": "repeatable"}
"""Tells our own transport that a request may be sent again."""


class AsyncClient:
    """Ask a service instead of this machine, in tasks.

    Without ``url`` it is that of the settings (ERRCLASS_URL), with their key (ERRCLASS_KEY), which goes to no other
    address. ``timeout`` is in seconds, for one call with its repetitions: what may arrive twice is sent again after
    faults of the network, and when the service asks to wait. Secrets are masked before anything is sent, redirects are
    not followed. Every fault is a ServiceError; raises UsageError where no address is known. Safe to share between
    tasks of one event loop.
    """

    def __init__(self, url: str | None = None, *, key: str | None = None, timeout: float = 30.0) -> None:
        import httpx

        self._place = find_place(url, key)
        self._limits = ExchangeLimits(total=timeout)
        inner = httpx.AsyncHTTPTransport(proxy=find_proxy(self._place.url))
        self._transport = AsyncRetryTransport(
            inner, policy=replace(HTTP_POLICY, operation="errclass service", timeout=timeout)
        )

    async def classify_error(self, error: calls.Error, *, logs: str | bytes = "", **context: object) -> Classification:
        """Say what a failure is; see ``errclass.classify_error``."""
        return await self._ask(calls.ask_classification(error, logs, context))

    async def decide(self, error: calls.Error, *, logs: str | bytes = "", **context: object) -> Decision:
        """Say what a failure is and what to do about it; see ``errclass.decide``."""
        return await self._ask(calls.ask_decision(error, logs, context))

    async def explain(self, error: calls.Error, *, logs: str | bytes = "", **context: object) -> dict[str, Any]:
        """Return what ``errclass explain --format json`` prints; its lines are those of the text that is sent."""
        return await self._ask(calls.ask_explanation(error, logs, context))

    async def handle_error(self, error: calls.Error, *, logs: str | bytes = "", **context: object) -> dict[str, Any]:
        """Have the service decide, record, notify and escalate, and return its ``HandlingResult.to_dict()``.

        Nothing is run on the service's machine.
        """
        return await self._ask(calls.ask_handling(error, logs, context))

    async def record(
        self,
        text: str = "",
        *,
        success: bool | None = None,
        exit_code: int | None = None,
        time: datetime | None = None,
        id: str | None = None,  # noqa: A002 - it is what the value is called everywhere
        **context: object,
    ) -> str:
        """Keep one call of an operation and return its id once it is durable; the same id again changes nothing."""
        outcome = calls.describe_call(
            text, success=success, exit_code=exit_code, time=time, identifier=id, context=context
        )
        return (await self.record_many([outcome]))[0]

    async def record_many(self, outcomes: Iterable[Mapping[str, Any]], *, decide: bool = False) -> list[str]:
        """Keep calls of operations, all or none, and return their ids.

        The keys are those of ``errclass outcomes record``; ``decide`` keeps what errclass would have done as well.
        """
        return await self._ask(calls.ask_record(outcomes, decide=decide))

    async def label(
        self,
        outcome_id: str,
        type: str,  # noqa: A002 - as above
        *,
        retryable: bool | None = None,
        spreads: bool = False,
    ) -> str:
        """Say what an outcome really was and return the label's id; ``spreads`` says it of its whole cause."""
        return await self._ask(calls.ask_label(outcome_id, type, retryable=retryable, spreads=spreads))

    async def report(self, type: str = "summary", *, window: str = "24h") -> dict[str, Any]:  # noqa: A002 - as above
        """Return a report."""
        return await self._ask(calls.ask_report(type, window))

    async def health(self) -> dict[str, Any]:
        """Return whether the service can work, and its checks."""
        return await self._ask(calls.ask_health())

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _ask(self, call: calls.Call[T]) -> T:
        headers = {**self._place.headers, **(_REPEATABLE if call.ask.repeatable else {})}
        reply = await asend_request(self._place.url, headers, call.ask, self._limits, self._transport)
        return read_reply(reply, call, self._place)
