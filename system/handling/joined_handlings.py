"""Handle the same run of an operation once, however many ask for it at the same time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from .handling_result import HandlingResult

_within: ContextVar[frozenset[str]] = ContextVar("errclass_handling", default=frozenset())
"""Runs that are being handled around the code of this thread or task: to wait for one of them would be for ever."""


@dataclass(frozen=True, slots=True)
class Lead:
    """Hold a handling that others may wait for."""

    loop: asyncio.AbstractEventLoop | None
    """In which it runs; None in a thread."""
    future: Future[HandlingResult] = field(default_factory=Future)


class JoinedHandlings:
    """Let the first of those who name the same run handle it, and give the others its result.

    A run is named by the caller's own operation id: a fingerprint would not do, for two calls that fail alike have two
    results. Where whoever handles it is cancelled, another one does. Safe to share between threads and event loops.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()  # a signal handler may fail while it is held
        self._leads: dict[str, Lead] = {}
        self.joined = 0
        """Calls that got the result of another one."""

    def run(self, key: str | None, work: Callable[[], HandlingResult], seconds: float | None) -> HandlingResult:
        """Return what ``work`` does, or what another call does with the same key; raises TimeoutError."""
        if key is None or key in _within.get():
            return work()
        while True:
            lead, is_mine = self._find(key, None)
            if is_mine:
                with self._leading(key, lead):
                    result = work()
                    lead.future.set_result(result)
                    return result
            if lead.loop is not None and lead.loop is _find_loop():
                return work()  # it could not go on while we wait
            try:
                return self._count(lead.future.result(seconds))
            except CancelledError:
                continue

    async def arun(
        self, key: str | None, work: Callable[[], Awaitable[HandlingResult]], seconds: float | None
    ) -> HandlingResult:
        """Return what ``work`` does, likewise."""
        if key is None or key in _within.get():
            return await work()
        while True:
            lead, is_mine = self._find(key, _find_loop())
            if is_mine:
                with self._leading(key, lead):
                    result = await work()
                    lead.future.set_result(result)
                    return result
            try:
                async with asyncio.timeout(seconds):
                    return self._count(await asyncio.shield(asyncio.wrap_future(lead.future)))
            except asyncio.CancelledError:
                if not lead.future.cancelled():
                    raise

    def _find(self, key: str, loop: asyncio.AbstractEventLoop | None) -> tuple[Lead, bool]:
        """Return who handles a run, and whether that is the caller."""
        with self._lock:
            known = self._leads.get(key)
            if known is not None:
                return known, False
            self._leads[key] = lead = Lead(loop)
            return lead, True

    @contextmanager
    def _leading(self, key: str, lead: Lead) -> Iterator[None]:
        token = _within.set(_within.get() | {key})
        try:
            yield
        finally:
            _within.reset(token)
            with self._lock:
                self._leads.pop(key, None)
            lead.future.cancel()  # does nothing to one that has its result

    def _count(self, result: HandlingResult) -> HandlingResult:
        with self._lock:
            self.joined += 1
        return result


def _find_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
