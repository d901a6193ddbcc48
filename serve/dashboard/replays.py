"""Replays of the stored history, one at a time, in the background."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from ...core.background_call import start_in_background
from ...core.clock import utc_now
from ...core.errors import ErrclassError, UsageError
from ...core.ids import new_id
from ...system.jobs.replaying import ReplayRequest, replay_rules
from ...system.settings import Settings
from ..problem import Problem, RefusalError
from ..thread_pools import LOOKS
from .rule_drafts import RuleDraft

_log = logging.getLogger("errclass")
MOST_KEPT: Final = 10
_FAULT = "errclass itself failed at this; the log of the service says more"


class _StoppedError(Exception):
    """Somebody wants no more of it."""


@dataclass(slots=True)
class Replay:
    """Hold one replay and how far it is."""

    id: str
    title: str
    since: str
    begun: datetime
    done: int = 0
    total: int = 0
    ended: datetime | None = None
    report: dict[str, Any] | None = None
    fault: str | None = None
    stopping: bool = False

    @property
    def running(self) -> bool:
        """Whether it is still under way."""
        return self.ended is None


class ReplayDesk:
    """Start and keep replays. Safe to share between threads."""

    def __init__(self, settings: Settings, *, run: Callable[..., dict[str, Any]] = replay_rules) -> None:
        self._settings, self._run = settings, run
        self._lock = threading.Lock()
        self._replays: list[Replay] = []

    def list(self) -> list[Replay]:
        """Return the replays that are known, newest first."""
        return list(reversed(self._replays))

    def find(self, replay_id: str) -> Replay | None:
        """Return a replay; None for one that is not known any more."""
        return next((one for one in self._replays if one.id == replay_id), None)

    def start(self, title: str, since: str, *, draft: RuleDraft | None = None, model: str | None = None) -> Replay:
        """Begin to decide anew what was decided within ``since``, and return at once.

        Raises UsageError for a draft that is none, RefusalError while another one is under way.
        """
        if draft is not None:
            draft.check()
        with self._lock:
            if any(one.running for one in self._replays):
                raise RefusalError(_BUSY)
            replay = Replay(new_id(), title, since, utc_now())
            self._replays = [*self._replays, replay][-MOST_KEPT:]
        start_in_background(lambda: self._work(replay, draft, model), name=f"{LOOKS}-replay")  # see leave_looks
        return replay

    def _work(self, replay: Replay, draft: RuleDraft | None, model: str | None) -> None:
        def note(_: str, done: int, total: int) -> None:
            replay.done, replay.total = done, total
            if replay.stopping:
                raise _StoppedError

        try:
            with nullcontext() if draft is None else draft.laid_out() as folder:
                folders: tuple[Path, ...] = () if folder is None else (folder,)
                request = ReplayRequest(replay.since, folders, model)
                replay.report = self._run(self._settings, request, progress=note)
        except _StoppedError:
            replay.fault = "It was stopped before its end."
        except UsageError as error:
            replay.fault = str(error)
        except ErrclassError as error:
            _log.error("errclass.replay_failed: %s", error)  # it may name places of this machine
            replay.fault = "The stored history cannot be read just now; try again."
        except Exception:  # noqa: BLE001 - the rim: a page says what it can
            _log.exception("errclass.inner_fault")
            replay.fault = _FAULT
        finally:
            replay.ended = utc_now()


_BUSY = Problem("busy", 503, "a replay is under way", "wait for its end, or stop it, and try again", retry_after=5)
