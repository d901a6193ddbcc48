"""What pages show of the store: kept, looked at anew in the background, and never waited for."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from ...core.clock import utc_now
from ...core.errors import ErrclassError, StoreError, UsageError
from ..problem import Problem, RefusalError

_log = logging.getLogger("errclass")
WAIT_SECONDS: Final = 0.6
"""That a page waits for a first look; after that it says that it is looking."""
FRESH_SECONDS: Final = 5.0
"""For which a look counts as one of just now."""
_SHARE_OF_TIME: Final = 0.1
"""Of the time, that looking at one thing anew may take: what takes 8 s is looked at once in 80 s."""
_MOST_KEPT: Final = 64
_MOST_WAITING: Final = 24
_FAULT = "errclass itself failed at this; the log of the service says more"


@dataclass(frozen=True, slots=True)
class Look:
    """Hold what was found, and when; ``value`` is None where nothing was found yet."""

    value: Any = None
    taken_at: datetime | None = None
    fault: str | None = None
    """Why the last look failed; the value is that of the one before."""
    advice: str = ""
    looking: bool = False
    """Whether a newer one is on its way."""


@dataclass(slots=True)
class _Kept:
    look: Look = field(default_factory=Look)
    tried: datetime | None = None
    """When the last look began; None where the next is due at once."""
    seconds: float = 0.0
    """How long it took."""
    refusal: UsageError | None = None
    """What is wrong with the question."""
    under_way: Future[None] | None = None

    @property
    def looking(self) -> bool:
        return self.under_way is not None and not self.under_way.done()


class Looks:
    """Keep looks by name; for one event loop. Work is done by ``executor``, so nothing waits longer than it wants."""

    def __init__(self, executor: Executor, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._executor, self._clock = executor, clock
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()

    async def take(
        self, name: Hashable, work: Callable[[], Any], *, seconds: float = WAIT_SECONDS, fresh: float = FRESH_SECONDS
    ) -> Look:
        """Return what is known; of what was never looked at, what is found within ``seconds``.

        Where that is older than ``fresh`` seconds, it is looked at anew meanwhile. Raises UsageError for a question
        that has no answer, RefusalError where too much waits already.
        """
        kept = self._ask(name, work, fresh)
        if kept.look.value is None and kept.under_way is not None:
            await asyncio.wait([asyncio.wrap_future(kept.under_way)], timeout=seconds)
        if kept.refusal is not None:
            raise kept.refusal
        return replace(kept.look, looking=kept.looking)

    def drop(self, name: Hashable) -> None:
        """Have a thing looked at anew the next time; what is known of it is shown until then."""
        if name in self._kept:
            self._kept[name].tried = None

    def peek(self, name: Hashable) -> Any:
        """Return what was found last, and look at nothing; None where that is nothing."""
        return self._kept[name].look.value if name in self._kept else None

    def forget(self, name: Hashable) -> None:
        """Show nothing of a thing until it was looked at anew."""
        self._kept.pop(name, None)

    def _ask(self, name: Hashable, work: Callable[[], Any], fresh: float) -> _Kept:
        kept = self._kept.get(name) or _Kept()
        if self._is_due(kept, fresh):
            if sum(one.looking for one in self._kept.values()) >= _MOST_WAITING:
                raise RefusalError(_BUSY)
            kept.tried = self._clock()
            kept.under_way = self._executor.submit(self._look, kept, work, kept.tried)
        self._kept[name] = kept
        self._kept.move_to_end(name)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return kept

    def _is_due(self, kept: _Kept, fresh: float) -> bool:
        if kept.looking or kept.tried is None:
            return not kept.looking
        return (self._clock() - kept.tried).total_seconds() >= max(fresh, kept.seconds / _SHARE_OF_TIME)

    def _look(self, kept: _Kept, work: Callable[[], Any], begun: datetime) -> None:
        kept.refusal, waits = None, False
        try:
            kept.look = Look(work(), begun)
        except UsageError as error:
            kept.refusal = error
        except ErrclassError as error:
            _log.error("errclass.look_failed: %s", error)  # it names places of this machine
            kept.look, waits = Look(kept.look.value, kept.look.taken_at, *_explain(error)), True
        except Exception:  # noqa: BLE001 - the rim: a page says what it can
            _log.exception("errclass.inner_fault")
            kept.look = Look(kept.look.value, kept.look.taken_at, _FAULT)
        # A store that is locked was only waited for.
        kept.seconds = 0.0 if waits else (self._clock() - begun).total_seconds()


def _explain(error: ErrclassError) -> tuple[str, str]:
    if isinstance(error, StoreError):
        return (
            "The outcome store cannot be read just now: another program may be writing to it.",
            "It is tried again with the next look; where that goes on, errclass doctor says what holds it.",
        )
    return _FAULT, ""


_BUSY = Problem("busy", 503, "too many pages wait for the store", "try again in a moment", retry_after=2)
