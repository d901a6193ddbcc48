"""Who is signed in: random ids that browsers hold, and their hashes here."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

MOST_SECONDS: Final = 12 * 3600.0
"""Of one session, whatever is done in it."""
IDLE_SECONDS: Final = 2 * 3600.0
"""After which one in which nothing is done ends."""
MOST_SESSIONS: Final = 1000
"""At a time; the one that was silent longest ends first."""
MOST_OF_A_KEY: Final = 20
"""Of these, so that one key signs nobody else out."""
_ID_BYTES, _SECRET_BYTES = 9, 32


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """Hold the answer that may be taken back with one key."""

    outcome_id: str
    label_id: str
    type: str
    cause: str


@dataclass(slots=True)
class Session:
    """Hold one session."""

    key_id: str
    """The key that was exchanged for it; what that may do is asked anew for each request."""
    digest: str = field(repr=False)
    """SHA-256 of the secret that the browser holds: as random as a key, so nothing is won by a hash that is slow."""
    csrf: str = field(repr=False)
    """What every form of the session has to bring."""
    begun: float
    seen: float
    last_answer: LastAnswer | None = None


class SessionBook:
    """Begin, find and end sessions. Safe to share between threads; ``clock`` in seconds.

    They are kept in memory only: a restart of the service ends them all.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._stranger = secrets.token_urlsafe(_SECRET_BYTES)

    @property
    def stranger(self) -> str:
        """What forms bring for whoever is not signed in."""
        return self._stranger

    def begin(self, key_id: str) -> tuple[Session, str]:
        """Return a new session, and the cookie that leads to it."""
        name, secret = secrets.token_urlsafe(_ID_BYTES), secrets.token_urlsafe(_SECRET_BYTES)
        now = self._clock()
        session = Session(key_id, _digest(secret), secrets.token_urlsafe(_SECRET_BYTES), now, now)
        with self._lock:
            self._drop_old(now)
            own = [known for known, one in self._sessions.items() if one.key_id == key_id]
            if len(own) >= MOST_OF_A_KEY:
                del self._sessions[own[0]]
            self._sessions[name] = session
            if len(self._sessions) > MOST_SESSIONS:
                self._sessions.popitem(last=False)
        return session, f"{name}.{secret}"

    def find(self, cookie: str) -> Session | None:
        """Return the session of a cookie, compared in constant time; None where there is none any more."""
        name, _, secret = cookie.partition(".")
        now = self._clock()
        with self._lock:
            session = self._sessions.get(name)
            if session is None or not hmac.compare_digest(session.digest, _digest(secret)):
                return None
            if _is_over(session, now):
                del self._sessions[name]
                return None
            session.seen = now
            self._sessions.move_to_end(name)
        return session

    def end(self, session: Session) -> None:
        """End a session; one that has ended is left as it is."""
        with self._lock:
            for name in [name for name, known in self._sessions.items() if known is session]:
                del self._sessions[name]

    def _drop_old(self, now: float) -> None:
        for name in [name for name, session in self._sessions.items() if _is_over(session, now)]:
            del self._sessions[name]


def _is_over(session: Session, now: float) -> bool:
    return now - session.begun >= MOST_SECONDS or now - session.seen >= IDLE_SECONDS


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
