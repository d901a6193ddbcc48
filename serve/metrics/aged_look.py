"""Looks at the store that are taken now and then, in the way of nobody, and are told with their age."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from itertools import takewhile

from ...core.background_call import start_in_background
from ...core.errors import ErrclassError
from .metric import Sample

_log = logging.getLogger("errclass")
OLDEST = 900.0
"""Seconds after which what was found is told no more, only its age."""
LONGEST_PAUSE = 600.0
_PAUSE_BY_DURATION = 10.0
"""Whoever looks keeps others from the history: that may be a tenth of the time, and not more."""


@dataclass(frozen=True, slots=True)
class Look:
    """Hold what was found, and how the last attempt to look ended; times are those of the clock."""

    samples: tuple[Sample, ...] = ()
    found: float | None = None
    """When that look began, for it is of then; None before anything was found."""
    duration: float = 0.0
    ended: float | None = None
    """When the last attempt ended, whether it succeeded or not."""
    ok: bool = True


class AgedLook:
    """Look with ``look`` at most every so many seconds, and seldom where it takes long. Safe to share between threads.

    Nothing is looked at before somebody asks, nor when nobody does any more. ``on_fault`` is told of looks that fail by
    a fault of errclass, not by one of the store.
    """

    def __init__(
        self,
        name: str,
        look: Callable[[], Iterable[Sample]],
        *,
        every: float,
        clock: Callable[[], float] = time.monotonic,
        on_fault: Callable[[], object] = bool,
    ) -> None:
        self.name = name
        self._look, self._every, self._clock, self._on_fault = look, every, clock, on_fault
        self._lock = threading.Lock()
        self._last = Look()
        self._under_way: Future[None] | None = None
        self._looked, self._stopped = threading.Event(), threading.Event()

    def read(self, wait: float = 0.0) -> Iterator[Sample]:
        """Yield what was found last and how old it is, and begin to look again where that is due.

        ``wait`` are the seconds that the first look of all is waited for.
        """
        self._begin_where_due()
        if wait:
            self._looked.wait(wait)
        last, now = self._last, self._clock()
        if last.ended is None:
            return
        yield Sample("errclass_look_ok", float(last.ok), (self.name,))
        if last.found is not None:
            age = max(0.0, now - last.found)
            yield Sample("errclass_look_age_seconds", age, (self.name,))
            yield Sample("errclass_look_duration_seconds", last.duration, (self.name,))
            yield from last.samples if age < OLDEST else ()

    def stop(self) -> None:
        """Begin no further look, and wait until the one under way has read what it just reads.

        A process that ends while its database reads is ended by a fault.
        """
        with self._lock:
            self._stopped.set()
            under_way = self._under_way
        if under_way is not None:
            under_way.result()

    def _begin_where_due(self) -> None:
        with self._lock:
            if self._is_due():
                self._under_way = start_in_background(self._run)

    def _is_due(self) -> bool:
        if self._stopped.is_set() or (self._under_way is not None and not self._under_way.done()):
            return False
        last = self._last
        pause = min(max(self._every, _PAUSE_BY_DURATION * last.duration), LONGEST_PAUSE)
        return last.ended is None or self._clock() - last.ended >= pause

    def _run(self) -> None:
        begun = self._clock()
        try:
            samples = tuple(takewhile(lambda _: not self._stopped.is_set(), self._look()))
        except Exception as error:  # noqa: BLE001 - the rim: what was found before is still told, with its age
            self._tell(error)
            last = replace(self._last, ended=self._clock(), ok=False)
        else:
            ended = self._clock()
            last = Look(samples, begun, ended - begun, ended)
        if not self._stopped.is_set():  # otherwise not all was read
            self._last = last
        self._looked.set()

    def _tell(self, error: Exception) -> None:
        """Log why it failed; a store that cannot be read is no fault of ours."""
        if isinstance(error, ErrclassError):
            _log.warning("errclass.look_failed: %s: %s", self.name, error)
        else:
            _log.error("errclass.look_failed: %s", self.name, exc_info=error)
            self._on_fault()
