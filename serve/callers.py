"""Who asks, and what they may ask for."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from ..core.errors import ConfigError
from .api_key import ApiKey, Scope
from .key_ring import KeyRing
from .problem import Problem, RefusalError

_log = logging.getLogger("errclass")
_CHALLENGE = {"www-authenticate": 'Bearer realm="errclass"'}


@dataclass(frozen=True, slots=True)
class Caller:
    """Say who sent a request."""

    name: str
    """The id of the key, or ``-`` without one."""
    scopes: tuple[Scope, ...] = ()
    author: str = "service"
    """Who is said to have labelled what this caller labels."""

    def require(self, scope: Scope) -> None:
        """Raise RefusalError where the caller may not do this."""
        if scope not in self.scopes:
            raise RefusalError(_describe_lack(self, scope))

    def require_any(self) -> None:
        """Raise RefusalError where the caller may do nothing at all: whatever else is sent need not be read."""
        if not self.scopes:
            raise RefusalError(_NO_KEY)


ANYBODY = Caller("-")
"""Whoever has no key where keys are asked for."""
NEIGHBOUR = Caller("-", ("classify", "metrics"))
"""Whoever is on this machine while there are no keys: a question writes nothing, and counts tell no text."""


class CallerDesk:
    """Know callers by their keys. ``keyless`` says that a server without any key answers questions nevertheless."""

    def __init__(self, ring: KeyRing, *, keyless: bool) -> None:
        self._ring, self._keyless = ring, keyless

    def identify(self, authorization: str | None) -> Caller:
        """Return the caller of an Authorization header; raise RefusalError for a key that does not hold."""
        if authorization is None:
            return NEIGHBOUR if self._keyless and not self._has_keys() else ANYBODY
        scheme, _, text = authorization.partition(" ")
        key = self._find(text.strip()) if scheme.lower() == "bearer" else None
        if key is None:
            raise RefusalError(_WRONG_KEY)
        return key

    def recall(self, key_id: str) -> Caller | None:
        """Return the caller whose key has this id; None where it holds no longer."""
        try:
            keys = self._ring.list_keys()
        except ConfigError as error:  # nobody is let in on a guess
            _log.error("errclass.keys_unreadable: %s", error)
            return None
        return next((_describe(key) for key in keys if key.id == key_id and key.revoked is None), None)

    def _find(self, text: str) -> Caller | None:
        try:
            key = self._ring.find_key(text)
        except ConfigError as error:  # nobody is let in on a guess
            _log.error("errclass.keys_unreadable: %s", error)
            return None
        return _describe(key) if key else None

    def _has_keys(self) -> bool:
        """Tell whether there are keys, or ever were: whoever revokes the last one does not open the door."""
        try:
            return bool(self._ring.list_keys())
        except ConfigError:
            return True


def _describe(key: ApiKey) -> Caller:
    return Caller(key.id, key.scopes, f"service ({key.name})")


def _describe_lack(caller: Caller, scope: Scope) -> Problem:
    make = f"errclass serve keys create NAME --scope {scope}"
    if caller.name == ANYBODY.name:
        advice = f"send 'Authorization: Bearer KEY' with a key that has this scope; make one with: {make}"
        return Problem("no-key", 401, f"this needs a key with the scope {scope!r}", advice, headers=_CHALLENGE)
    return Problem("wrong-scope", 403, f"the key has no scope {scope!r}", f"use one that has it; make one with: {make}")


_NO_KEY = Problem(
    "no-key",
    401,
    "this needs a key",
    "send 'Authorization: Bearer KEY'; make one with: errclass serve keys create NAME --scope SCOPE",
    headers=_CHALLENGE,
)
_WRONG_KEY = Problem(
    "wrong-key",
    401,
    "the key is unknown or revoked",
    "send 'Authorization: Bearer KEY' with a key that holds; list them with: errclass serve keys list",
    headers=_CHALLENGE,
)
