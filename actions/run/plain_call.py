"""Make one call of a command with pipes and threads alone."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from typing import IO

from .kept_output import KeptOutput
from .values import DRAIN_SECONDS, KILL_GRACE, Call, Ended

_BLOCK_BYTES = 1 << 16
_LOOK_SECONDS = 0.05
_NAMES = {1: "stdout", 2: "stderr"}


class PlainCall:
    """See ``StartableCall``; ``ended_by`` tells the signal by which somebody stopped the run."""

    def __init__(self, call: Call, kept: KeptOutput, ended_by: Callable[[], int | None]) -> None:
        self._call, self._kept, self._ended_by = call, kept, ended_by
        self._started, self._clock = time.time(), time.monotonic()
        self._lock = threading.Lock()
        self._carriers: list[_Carrier] = []
        self._timed_out = False
        self._kill_at: float | None = None

    def run(self) -> Ended:
        """See ``StartableCall``."""
        try:
            process = self._start()
        except OSError as error:
            return Ended.refused(error, self._started)
        status = self._watch(process)
        for carrier in self._carriers:
            carrier.drain(self._ended_by)
        cancelled = self._ended_by() if status else None
        gone = any(carrier.reader_gone for carrier in self._carriers)
        return Ended(status, self._started, time.time(), self._timed_out, cancelled, gone)

    def end_rest(self) -> None:
        """Do nothing: what the command started cannot be told from others."""

    def let_go(self) -> None:
        """Do nothing: what it started lives on; what that still prints is lost when we end."""

    def _start(self) -> subprocess.Popen[bytes]:
        program, *arguments = self._call.command
        found = shutil.which(program) or program  # on Windows npm is npm.cmd, which is found only so
        process = subprocess.Popen(  # noqa: S603 - it is what the user told us to run
            [found, *arguments], env=self._call.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
        )
        for fd, pipe in ((1, process.stdout), (2, process.stderr)):
            if pipe is not None:
                self._carriers.append(_Carrier(pipe, fd, self._keep))
        return process

    def _keep(self, fd: int, data: bytes) -> None:
        with self._lock:
            self._kept.add(_NAMES[fd], data)

    def _watch(self, process: subprocess.Popen[bytes]) -> int:
        told = False
        while True:
            try:
                return process.wait(_LOOK_SECONDS)
            except subprocess.TimeoutExpired:
                told = self._end_in_time(process, told=told)

    def _end_in_time(self, process: subprocess.Popen[bytes], *, told: bool) -> bool:
        """End a command whose time is up, or whose run somebody stopped; return whether it was told so."""
        now, number = time.monotonic(), self._ended_by()
        if self._kill_at is not None and now > self._kill_at:
            process.kill()
        if told:
            return True
        self._timed_out = self._call.timeout is not None and now - self._clock >= self._call.timeout
        if not self._timed_out and number is None:
            return False
        self._kill_at = now + KILL_GRACE if self._timed_out else None
        if self._timed_out or number != signal.SIGINT:
            process.terminate()
        elif os.name == "posix":  # a console of Windows has told it already
            process.send_signal(signal.SIGINT)
        return True


class _Carrier:
    """Carry what a pipe brings to one of our standard files, in a thread of its own."""

    def __init__(self, source: IO[bytes], target: int, keep: Callable[[int, bytes], None]) -> None:
        self._source, self._target, self._keep = source, target, keep
        self._carried, self._writing = 0, False
        self.reader_gone = False
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()

    def drain(self, ended_by: Callable[[], int | None]) -> None:
        """Wait for all that is on its way, unless somebody stops us, and for a moment for what others still write."""
        carried = -1
        while self._thread.is_alive() and not ended_by() and (self._writing or carried != self._carried):
            carried = self._carried
            self._thread.join(DRAIN_SECONDS)

    def _carry(self) -> None:
        with self._source:
            try:
                while data := os.read(self._source.fileno(), _BLOCK_BYTES):
                    self._keep(self._target, data)
                    self._write(data)
            except OSError:  # nobody reads, or the disk is full: the command shall hear of it, as it would without us
                self.reader_gone = True

    def _write(self, data: bytes) -> None:
        left = memoryview(data)
        self._writing = True
        while left:
            left = left[os.write(self._target, left) :]
        self._writing = False
        self._carried += len(data)
