"""Who carries escalations out: one handler for each target, and strategies that recover by themselves."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ...core.errors import UsageError
from .escalation import Escalation
from .result import HandlerResult
from .targets import RESUMABLE, RETRIES, TARGETS

Handler = Callable[[Escalation], HandlerResult | Awaitable[HandlerResult]]
"""Carries one out and says what came of it; may be a coroutine function. What it raises is caught and told."""

DEADLINE = 300.0
"""Seconds for a handler with all its repetitions: the seed's escalation timeout, which is enforced here."""


@dataclass(frozen=True, slots=True)
class Registered:
    """Hold a handler and how patiently it is called."""

    call: Handler
    retries: int
    deadline: float
    resumable: bool

    @property
    def is_async(self) -> bool:
        """Whether it has to be awaited."""
        return inspect.iscoroutinefunction(self.call) or inspect.iscoroutinefunction(
            getattr(self.call, "__call__", None)  # noqa: B004 - asked of objects whose call is a coroutine function
        )


class Handlers:
    """Know the handlers by target; safe to share between threads."""

    def __init__(self, deadline: float = DEADLINE) -> None:
        self._deadline = deadline
        self._known: dict[str, Registered] = {}
        self._strategies: dict[str, Handler] = {}
        self._lock = threading.Lock()

    def register(
        self, target: str, handler: Handler, retries: int | None, deadline: float | None, *, resumable: bool | None
    ) -> None:
        """Have a handler carry out what goes to this target; raises UsageError for numbers that make no sense."""
        if not target or not callable(handler):
            raise UsageError("a handler needs the name of its target and a function")
        count = RETRIES.get(target, 0) if retries is None else retries
        seconds = self._deadline if deadline is None else deadline
        if count < 0 or not seconds > 0:
            raise UsageError(f"the handler of {target}: retries are 0 or more, and its deadline is above 0 s")
        bears = target in RESUMABLE if resumable is None else resumable
        with self._lock:
            self._known[target] = Registered(handler, count, seconds, bears)

    def register_strategy(self, name: str, strategy: Handler) -> None:
        """Have a strategy recover what the rules chose the recipe of this name for; it enters ``auto_recovery``."""
        if inspect.iscoroutinefunction(strategy):
            raise UsageError(f"the strategy {name}: a coroutine function; register a handler for auto_recovery instead")
        with self._lock:
            self._strategies[name] = strategy
        if self.find("auto_recovery") is None:
            self.register("auto_recovery", self._recover, None, None, resumable=None)

    def find(self, target: str) -> Registered | None:
        """Return the handler of a target; None where there is none."""
        with self._lock:
            return self._known.get(target)

    def knows(self, target: str) -> bool:
        """Tell whether a target is one at all."""
        return target in TARGETS or self.find(target) is not None

    def _recover(self, escalation: Escalation) -> HandlerResult | Awaitable[HandlerResult]:
        name = escalation.case.recipe or ""
        with self._lock:
            strategy, known = self._strategies.get(name), sorted(self._strategies)
        if strategy is None:
            said = f"no strategy is called {name!r}; registered: {', '.join(known)}"
            return HandlerResult(success=False, summary=said, action="auto_recovery_failed")
        return strategy(escalation)
