"""Have handlers run, in threads and tasks, and know which of them still do."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future

from ...core.background_call import start_in_background
from ..retry import Naps
from .escalation import Escalation
from .execution import LEAVE, acall_handler, await_task, await_thread, call_handler, wait_for
from .handlers import Registered
from .transitions import Ended


class Runner:
    """Run handlers to their end or deadline; safe to share between threads and tasks."""

    def __init__(self, naps: Naps) -> None:
        self._naps = naps
        self._threads: dict[str, Future[Ended]] = {}
        self._tasks: dict[str, tuple[asyncio.AbstractEventLoop, asyncio.Task[Ended]]] = {}

    def run(self, escalation: Escalation, handler: Registered) -> Ended:
        """Run a handler in a thread of its own and wait for it until its deadline."""
        # A coroutine is stopped at its deadline within the thread, and gets a moment to leave.
        patience = handler.deadline + (2 * LEAVE if handler.is_async else 0.0)
        return wait_for(self._run_aside(escalation, handler), patience)

    async def arun(self, escalation: Escalation, handler: Registered) -> Ended:
        """Await a handler until its deadline, when it is cancelled; one that is a function runs in a thread."""
        if handler.is_async:
            return await self._await_handler(escalation, handler)
        return await await_thread(self._run_aside(escalation, handler), handler.deadline)

    def is_left_running(self, key: str) -> bool:
        """Tell whether a function that was called for this cause still runs, past its deadline."""
        thread = self._threads.get(key)
        return thread is not None and not thread.done()

    def cancel(self, escalation_id: str) -> None:
        """Cancel the coroutine that carries this out, if one of this process does."""
        running = self._tasks.get(escalation_id)
        if running is not None:
            loop, task = running
            loop.call_soon_threadsafe(task.cancel)

    def _run_aside(self, escalation: Escalation, handler: Registered) -> Future[Ended]:
        if handler.is_async:
            thread = start_in_background(lambda: asyncio.run(self._await_handler(escalation, handler)))
        else:
            thread = start_in_background(lambda: call_handler(escalation, handler, self._naps))
        self._threads = {key: one for key, one in self._threads.items() if not one.done()}
        self._threads[escalation.case.key] = thread
        return thread

    async def _await_handler(self, escalation: Escalation, handler: Registered) -> Ended:
        task = asyncio.create_task(acall_handler(escalation, handler, self._naps))
        self._tasks[escalation.id] = (asyncio.get_running_loop(), task)
        try:
            return await await_task(task, handler.deadline)
        finally:
            self._tasks.pop(escalation.id, None)
