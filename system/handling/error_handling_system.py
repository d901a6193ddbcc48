"""The whole of errclass behind one name: a failure goes in, and what became of it comes out."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar

from ...actions.callables import name_function, refuse_undecoratable
from ...core.errors import UsageError
from ..spans import Span
from .faults import Faults
from .function_guard import FunctionGuard
from .handling_result import HandlingResult

if TYPE_CHECKING:
    from ...actions.codegen import Connection
    from ...actions.retry import Naps
    from ...core.types import Context, Effect, Failure
    from ..acting import Acting
    from ..reporting import GeneratedReport
    from ..retry_shared import RetryShared
    from ..settings import Settings
    from .handling_desk import HandlingDesk
    from .health_status import HealthStatus
    from .installed_hook import InstalledHook
    from .watched_block import WatchedBlock

P = ParamSpec("P")
T = TypeVar("T")

_making = threading.RLock()  # a signal handler may fail while it is held
_ADVICE = "guard the function that consumes it, or put its block into system.watch()"


class ErrorHandlingSystem:
    """Handle failures: decide, call again, recover, hand on, tell people, and keep what came of it.

    ``config`` is errclass settings, or a mapping of their keys that lies over the user's file and the environment.
    Nothing is loaded before the first failure, so that a faulty setting is told then, in its result and the log.
    ``hands_off``: it decides, records, notifies and escalates to people and agents, and never runs an operation, a
    recovery or a reset on this machine. ``naps`` stands in for the waiting in tests.

    A context manager, for ``with`` and ``async with``: it takes up what a killed process left at the beginning, and
    sends what is due at the end. Safe to share between threads, tasks and event loops.
    """

    def __init__(
        self,
        config: Settings | Mapping[str, Any] | None = None,
        *,
        hands_off: bool = False,
        naps: Naps | None = None,
    ) -> None:
        self._config, self._hands_off, self._naps = config, hands_off, naps
        self._desk: HandlingDesk | None = None

    def handle_error(
        self,
        error: BaseException | str | bytes | Failure,
        context: Context | Mapping[str, Any] | None = None,
        operation: Callable[[], Any] | None = None,
        *,
        logs: str | bytes = "",
        work: str | Path | None = None,
        timeout: Span | None = None,
    ) -> HandlingResult:
        """Handle a failure to its end, and return what became of it; nothing inside errclass is ever raised.

        The failed call counts as the first. ``operation`` calls it again, as often as the rules find it worth it; an
        irreversible one is never called. Without it the result says whether the caller should. ``context`` takes the
        fields of ``Context`` and the names that the JavaScript system had; other names go to its metadata. ``work`` is
        the folder in which it failed: without it nothing is recovered. ``timeout`` is one deadline over everything: a
        running function is not broken off, though, and a store that others hold is waited for a second at least.
        Calls with the same ``operation_id`` at the same time are handled once, and all get the result of that.
        """
        try:
            desk = self._get_desk()
        except Exception as fault:  # noqa: BLE001 - the rim: a deployment may take errclass away under a running program
            return _answer_unloaded(error, fault)
        return desk.handle(error, context, operation, logs=logs, work=work, timeout=timeout)

    async def ahandle_error(
        self,
        error: BaseException | str | bytes | Failure,
        context: Context | Mapping[str, Any] | None = None,
        operation: Callable[[], Any] | None = None,
        *,
        logs: str | bytes = "",
        work: str | Path | None = None,
        timeout: Span | None = None,  # noqa: ASYNC109 - it is over more than what is awaited here
    ) -> HandlingResult:
        """Handle a failure, likewise, without holding up other tasks; what ``operation`` returns is awaited."""
        try:
            desk = self._desk
            if desk is None:  # what it imports takes long
                desk = await asyncio.to_thread(self._get_desk)
        except Exception as fault:  # noqa: BLE001 - likewise
            return _answer_unloaded(error, fault)
        return await desk.ahandle(error, context, operation, logs=logs, work=work, timeout=timeout)

    def guard(
        self,
        *,
        operation_type: str | None = None,
        effect: Effect | None = None,
        environment: str | None = None,
        component: str | None = None,
        context: Mapping[str, Any] | None = None,
        work: str | Path | None = None,
        timeout: Span | None = None,
    ) -> Callable[[Callable[P, T]], Callable[P, T]]:
        """Decorate a function or a coroutine function: its failure is handled, with further calls where they help.

        It returns what the function returned in the end, or raises its own first error with a note. ``operation_type``
        is the function's name where none is given. What runs within calls once, as within ``errclass.retry``. Raises
        UsageError for generators, and for an ``operation_id``, which would make all calls one.
        """
        given = {"operation": operation_type, "effect": effect, "environment": environment, "component": component}
        said = dict(context or {}) | {name: value for name, value in given.items() if value is not None}
        if said.keys() & {"operation_id", "operationId"}:
            raise UsageError("guard: an operation_id names one run, and a guarded function is run many times")

        def decorate(function: Callable[P, T]) -> Callable[P, T]:
            refuse_undecoratable(function, _ADVICE)
            named = {"operation": name_function(function), **said}
            return FunctionGuard(self, named, {"work": work, "timeout": timeout}).wrap(function)

        return decorate

    def watch(
        self,
        context: Context | Mapping[str, Any] | None = None,
        *,
        work: str | Path | None = None,
        timeout: Span | None = None,
    ) -> WatchedBlock:
        """Handle what a block raises, and let it be raised: ``with system.watch({"operation": "deploy"}): ...``."""
        from .watched_block import WatchedBlock

        return WatchedBlock(self, context, {"work": work, "timeout": timeout})

    def install_excepthook(self) -> InstalledHook:
        """Handle the error that ends the program, once it was shown."""
        from .installed_hook import install_excepthook

        return install_excepthook(self)

    def install_threading_hook(self) -> InstalledHook:
        """Handle errors that end threads, once they were shown."""
        from .installed_hook import install_threading_hook

        return install_threading_hook(self)

    def install_loop_handler(self, loop: asyncio.AbstractEventLoop | None = None) -> InstalledHook:
        """Handle what an event loop, by default the running one, has nobody else to tell."""
        from .installed_hook import install_loop_handler

        return install_loop_handler(self, loop)

    @property
    def acting(self) -> Acting:
        """What escalates and tells, for handlers and channels of one's own; raises ConfigError for faulty settings."""
        return self._get_desk().parts.get_acting()

    @property
    def retries(self) -> RetryShared:
        """Breakers, budgets and waits, and who listens to their events; raises ConfigError likewise."""
        return self._get_desk().parts.get_retries()

    def get_statistics(self) -> dict[str, Any]:
        """Return counts by component; one that cannot tell has an ``error`` in place of them."""
        return self._get_desk().get_statistics()

    def get_health_status(self, *, send: bool = False) -> HealthStatus:
        """Look at every component, and say how all of it is; ``send``: channels are sent a test message."""
        return self._get_desk().get_health_status(send=send)

    def generate_report(
        self,
        type: str = "summary",  # noqa: A002 - it is what the value is called everywhere
        format: str = "json",  # noqa: A002 - likewise
        time_range: str = "24h",
        **options: Any,
    ) -> GeneratedReport:
        """Return a report over the store, as ``errclass.ErrorReporting.generate_report`` does.

        It takes the same options. Raises UsageError for what there is not, StoreError where the store cannot be read.
        """
        return self._get_desk().generate_report(type, format, time_range, **options)

    def test_codegen_connection(self) -> Connection:
        """Ask the agent's API whether the key counts there; nothing is begun."""
        return self._get_desk().test_codegen_connection()

    def reset(self) -> None:
        """Start anew: breakers, budgets and counts. What is stored stays."""
        self._get_desk().reset()

    def stop(self, seconds: float = 5.0) -> None:
        """Wait for what goes on, and send what is due, for at most so many seconds; then nothing is handled any more.

        What could not be sent waits in the store. Does nothing the second time.
        """
        self._get_desk().stop(seconds)

    async def astop(self, seconds: float = 5.0) -> None:
        """Stop, likewise, without holding up other tasks."""
        await asyncio.to_thread(self.stop, seconds)

    def __enter__(self) -> Self:
        self._get_desk().begin()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self.__enter__)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.astop()

    def _get_desk(self) -> HandlingDesk:
        if self._desk is None:
            from .handling_desk import HandlingDesk

            with _making:
                if self._desk is None:
                    self._desk = HandlingDesk(self._config, hands_off=self._hands_off, naps=self._naps)
        return self._desk


def _answer_unloaded(error: object, fault: Exception) -> HandlingResult:
    faults = Faults()
    faults.note("errclass could not be loaded", fault)
    message = f"{faults.said[-1]}; nothing automatic was done"
    kept = error if isinstance(error, BaseException) else None
    return HandlingResult(False, "notify", message, "", faults=faults.said, error=kept)
