"""Make one call of a command: start it, carry its output and the keys, pass signals on, and see it end."""

from __future__ import annotations

import os
import select
import signal
import time
from typing import NoReturn

from .child import Child, GroupChild, SessionChild, SharedChild
from .kept_output import KeptOutput
from .launching import start_child
from .session import start_session
from .signals import ENDING, KEYS, CaughtSignals, stop_self
from .stage import Stage
from .standard_input import StandardInput, count_waiting
from .streams import Pump, close_all_but, forward
from .terminal import asks_for_keys
from .values import DRAIN_SECONDS, KILL_GRACE, Call, Ended
from .wiring import Wiring

_LOOK_SECONDS = 0.1


class Supervisor:
    """Hold one call from its start to what is left of it afterwards."""

    def __init__(self, call: Call, stage: Stage, caught: CaughtSignals, stdin: StandardInput, kept: KeptOutput) -> None:
        self._call, self._stage, self._caught = call, stage, caught
        self._started, self._clock = time.time(), time.monotonic()
        self._timed_out = self._reader_gone = False
        self._cancelled_by: int | None = None
        self._kill_at: float | None = None
        self._wiring = Wiring(stage, stdin, kept)
        self._child: Child | None = None

    def run(self) -> Ended:
        """Start the command and return how it ended, once its output is written."""
        try:
            self._child = self._start()
        except OSError as error:
            self._close()
            return Ended.refused(error, self._started)
        finally:
            self._wiring.close_theirs()
        terminal = self._stage.terminal
        try:
            status = self._watch(self._child)
            self._drain()
        finally:
            if terminal:
                terminal.take_back()
        return self._describe(status)

    def end_rest(self) -> None:
        """End whatever the command left running in its group, and close everything."""
        if self._child:
            self._child.end_rest()
        self._close()

    def let_go(self) -> None:
        """Leave what the command left running alone; its output is carried on, by a process that stays for that."""
        pairs = [(pump.source, pump.sink.fd) for pump in self._wiring.outputs if pump.open and not pump.sink.broken]
        if self._child and pairs and not os.fork():
            self._carry_on(pairs)
        self._close()

    def _carry_on(self, pairs: list[tuple[int, int]]) -> NoReturn:
        try:
            os.setsid()
            with self._caught.held():
                self._caught.reset()
            close_all_but([fd for pair in pairs for fd in pair])
            forward(pairs)
        finally:
            os._exit(0)

    def _start(self) -> Child:
        call, wiring, caught = self._call, self._wiring, self._caught
        if self._stage.terminal and wiring.theirs is not None:
            return SessionChild(*start_session(call, wiring.files, wiring.theirs, self._stage.terminal, caught))
        own_group = self._stage.kind == "group"
        pid = start_child(call, wiring.files, caught, own_group=own_group)
        return GroupChild(pid) if own_group else SharedChild(pid)

    def _watch(self, child: Child) -> int:
        while (status := child.poll()) is None:
            self._turn(self._offer_keys(self._seconds_left()))
            for number in self._caught.take():
                self._pass_on(child, number)
            if child.stopped():
                self._stop_too(child)
            self._act_on_time(child)
        return status

    def _turn(self, seconds: float | None) -> None:
        """Wait for something to happen, and carry what can be carried."""
        poll = select.poll()
        poll.register(self._caught.fd, select.POLLIN)
        if self._child and self._child.report is not None:
            poll.register(self._child.report, select.POLLIN)
        pumps = self._pumps()
        for fd, events in _list_wishes(pumps).items():
            poll.register(fd, events)
        ready = dict(poll.poll(None if seconds is None else seconds * 1000))
        if self._child and self._child.report in ready:
            self._child.hear()
        for pump in pumps:
            self._serve(pump, ready)

    def _pumps(self) -> list[Pump]:
        wiring, terminal = self._wiring, self._stage.terminal
        keys = wiring.keys if terminal and terminal.handed_over and terminal.ours else None
        return [pump for pump in (*wiring.outputs, keys, wiring.feed) if pump and (pump.open or pump.sink.full)]

    def _serve(self, pump: Pump, ready: dict[int, int]) -> None:
        if pump.sink.full and pump.sink.fd in ready:
            pump.sink.flush()
        if pump.hungry and pump.source in ready:
            pump.carry()
        if pump is self._wiring.feed and not pump.open and not pump.sink.full:
            pump.sink.close()
            self._wiring.feed = None
        if pump.sink.broken and pump in self._wiring.outputs:
            self._reader_gone = True
            pump.close()  # the command hears of it as it would without us

    def _pass_on(self, child: Child, number: int) -> None:
        if number == signal.SIGWINCH:
            self._wiring.resize()
        elif number == signal.SIGCONT:
            self._go_on(child)
        elif number in ENDING:
            self._cancelled_by = number
            if not (self._stage.kind == "shared" and number in KEYS):  # the terminal sent it to the command as well
                child.send(number)
        elif number != signal.SIGCHLD:
            child.send(number)
            if number == signal.SIGTSTP and self._stage.kind == "group":
                stop_self()

    def _stop_too(self, child: Child) -> None:
        """Stop with the command, the terminal as it was, and go on with it."""
        if self._stage.terminal:
            self._stage.terminal.take_back()
        stop_self()
        self._go_on(child)

    def _offer_keys(self, seconds: float | None) -> float | None:
        """Hand the keys over once that may be done, and return when to look again.

        A shell does not tell a job that ran in the background that it is in the foreground now; and where others in
        our pipeline may want the keys, the command gets them when it asks.
        """
        terminal, screen = self._stage.terminal, self._wiring.screen
        if not terminal or screen is None or terminal.handed_over:
            return seconds
        if not self._stage.piped or asks_for_keys(screen, terminal.modes):
            terminal.hand_over()
        return _LOOK_SECONDS if seconds is None else min(seconds, _LOOK_SECONDS)

    def _go_on(self, child: Child) -> None:
        self._wiring.resize()
        child.send(signal.SIGCONT)

    def _seconds_left(self) -> float | None:
        end = self._kill_at if self._timed_out else self._timeout_at()
        return None if end is None else max(0.0, end - time.monotonic())

    def _timeout_at(self) -> float | None:
        return None if self._call.timeout is None else self._clock + self._call.timeout

    def _act_on_time(self, child: Child) -> None:
        if self._seconds_left() != 0.0:
            return
        child.send(signal.SIGKILL if self._timed_out else signal.SIGTERM)
        child.send(signal.SIGCONT)
        self._kill_at = None if self._timed_out else time.monotonic() + KILL_GRACE
        self._timed_out = True

    def _drain(self) -> None:
        """Carry all that the command itself wrote, and for a moment what others still write."""
        for pump in self._wiring.outputs:
            pump.due = pump.carried + (count_waiting(pump.source) if pump.open else 0)
        until = time.monotonic() + DRAIN_SECONDS
        outputs = self._wiring.outputs
        while any(one.owes for one in outputs) or (any(one.open for one in outputs) and time.monotonic() < until):
            self._turn(max(0.0, until - time.monotonic()) or DRAIN_SECONDS)
            if any(number in ENDING for number in self._caught.take()):
                return

    def _describe(self, status: int) -> Ended:
        interrupted = self._wiring.interrupted or status == -signal.SIGINT
        cancelled = self._cancelled_by or (signal.SIGINT if interrupted else None)
        gone = self._reader_gone and status in {-signal.SIGPIPE, 1}
        return Ended(status, self._started, time.time(), self._timed_out, cancelled if status else None, gone)

    def _close(self) -> None:
        self._wiring.close()
        if self._child:
            self._child.close()


def _list_wishes(pumps: list[Pump]) -> dict[int, int]:
    """Return what to wait for, per file: our end of a terminal is both read and written."""
    wishes: dict[int, int] = {}
    for pump in pumps:
        fd, event = (pump.sink.fd, select.POLLOUT) if pump.sink.full else (pump.source, select.POLLIN)
        if pump.sink.full or pump.open:
            wishes[fd] = wishes.get(fd, 0) | event
    return wishes
