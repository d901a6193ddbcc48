"""What all pages share."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..callers import CallerDesk
from ..service import Service
from ..thread_pools import ThreadPools
from .answered import Answered
from .looks import Looks
from .replays import ReplayDesk
from .sessions import SessionBook


@dataclass(frozen=True, slots=True)
class Board:
    """Hold what answers, and what is kept for the pages."""

    service: Service
    pools: ThreadPools
    desk: CallerDesk
    sessions: SessionBook
    looks: Looks
    replays: ReplayDesk
    answered: Answered = field(default_factory=Answered)
