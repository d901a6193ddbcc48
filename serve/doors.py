"""What leads to one of the applications of the service, and who is let in by it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Protocol

from .bodies import Message, Receive
from .callers import Caller, CallerDesk
from .hosts import HostList
from .problem import MEDIA_TYPE, Problem, RefusalError

Scope = MutableMapping[str, Any]
Headers = Mapping[bytes, str]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class Door(Protocol):
    """Decide on the head of a request, before anything else is made of it. Refusals are RefusalErrors."""

    application: Application

    def leads(self, path: str) -> bool:
        """Tell whether it is the one for a path."""

    def check_origin(self, method: str, headers: Headers, hosts: HostList) -> None:
        """Refuse what pages send that may not."""

    def identify(self, headers: Headers) -> Caller:
        """Return who asks; refuse proofs that do not hold."""

    def check_body(self, path: str, headers: Headers, caller: Caller) -> None:
        """Refuse a body that nobody would read, before it is."""

    def write(self, problem: Problem) -> tuple[Mapping[str, str], bytes]:
        """Return a refusal as it is told here: headers and body."""


class ApiDoor:
    """Lead programs to the API: by keys in a header, never from a web page, with JSON."""

    def __init__(self, application: Application, desk: CallerDesk) -> None:
        self.application = application
        self._desk = desk

    def leads(self, path: str) -> bool:
        """Lead everywhere that no other door does."""
        return True

    def check_origin(self, method: str, headers: Headers, hosts: HostList) -> None:
        """Refuse what a page of somebody else's sends."""
        hosts.check_origin(headers.get(b"origin"), headers.get(b"sec-fetch-site"), headers[b"host"])

    def identify(self, headers: Headers) -> Caller:
        """Return whose key it is."""
        return self._desk.identify(headers.get(b"authorization"))

    def check_body(self, path: str, headers: Headers, caller: Caller) -> None:
        """Take JSON, of those who may do anything at all."""
        caller.require_any()
        check_content(headers, "application/json", _WRONG_CONTENT)

    def write(self, problem: Problem) -> tuple[Mapping[str, str], bytes]:
        """Return a problem document."""
        return {"content-type": MEDIA_TYPE}, json.dumps(problem.to_dict(), separators=(",", ":")).encode()


def check_content(headers: Headers, wanted: str, otherwise: Problem) -> None:
    """Refuse a body that is declared as anything else, and one that is compressed."""
    kind = headers.get(b"content-type", "").partition(";")[0].strip().lower()
    if kind != wanted:
        raise RefusalError(otherwise)
    if headers.get(b"content-encoding", "identity").lower() != "identity":
        raise RefusalError(_ENCODED)


_WRONG_CONTENT = Problem(
    "wrong-content",
    415,
    "the body is not declared as JSON",
    "send the header 'Content-Type: application/json'",
)
_ENCODED = Problem("encoded", 415, "the body is compressed", "send it as it is")
