"""The door to the dashboard: a session in a cookie, and forms of its own pages only."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import cookie_parser

from ..callers import Caller, CallerDesk
from ..doors import Application, Headers, check_content
from ..hosts import HostList
from ..problem import Problem, RefusalError
from .place import COOKIE, HEADERS, PREFIX
from .refusals import write_refusal
from .sessions import Session, SessionBook

_STRANGERS_BYTES = 16 << 10
"""Longest form of somebody without any scope: a key, and where to go on."""
_READING = frozenset({"GET", "HEAD"})
_OWN = frozenset({None, "same-origin", "none"})


class DashboardDoor:
    """Lead people to the dashboard."""

    def __init__(self, application: Application, desk: CallerDesk, sessions: SessionBook) -> None:
        self.application = application
        self._desk, self._sessions = desk, sessions

    def leads(self, path: str) -> bool:
        """Lead to the dashboard, and from the root."""
        return path in {"/", PREFIX} or path.startswith(f"{PREFIX}/")

    def check_origin(self, method: str, headers: Headers, hosts: HostList) -> None:
        """Refuse forms of other pages, and what these embed or fetch; a link from elsewhere may be followed."""
        site = headers.get(b"sec-fetch-site")
        if method in _READING and is_foreign(site) and _is_followed(headers):
            return
        hosts.check_origin(headers.get(b"origin"), site, headers[b"host"])
        if method not in _READING and b"origin" not in headers and site != "same-origin":
            raise RefusalError(_NO_ORIGIN)

    def identify(self, headers: Headers) -> Caller:
        """Return whose session it is, or whoever has none; a key in a header opens no page."""
        return find_visitor(headers.get(b"cookie"), self._sessions, self._desk)[0]

    def check_body(self, path: str, headers: Headers, caller: Caller) -> None:
        """Take forms; of whoever may do nothing yet only short ones, of a length that is said before."""
        check_content(headers, "application/x-www-form-urlencoded", _NO_FORM)
        length = headers.get(b"content-length", "")
        short = length.isascii() and length.isdigit() and len(length) < 10 and int(length) <= _STRANGERS_BYTES
        if not short and not caller.scopes:
            raise RefusalError(_LONG_FORM)

    def write(self, problem: Problem) -> tuple[Mapping[str, str], bytes]:
        """Return a page that says what is wrong."""
        return {"content-type": "text/html; charset=utf-8", **HEADERS}, write_refusal(problem).encode()


def is_foreign(site: str | None) -> bool:
    """Tell whether the page of somebody else led here; then the browser holds the cookie back."""
    return site not in _OWN


def find_visitor(cookies: str | None, sessions: SessionBook, desk: CallerDesk) -> tuple[Caller, Session | None]:
    """Return who asks, and in which session; one whose key was revoked has ended."""
    session = sessions.find(cookie_parser(cookies or "").get(COOKIE, ""))
    if session is None:
        return desk.identify(None), None
    caller = desk.recall(session.key_id)
    if caller is None:
        sessions.end(session)
        return desk.identify(None), None
    return caller, session


def _is_followed(headers: Headers) -> bool:
    return headers.get(b"sec-fetch-mode") == "navigate" and headers.get(b"sec-fetch-dest") == "document"


_NO_ORIGIN = Problem(
    "no-origin", 403, "the form does not say which page it comes from", "send it from a page of the dashboard"
)
_LONG_FORM = Problem("long-form", 413, "the form is too long for somebody who is not signed in", "sign in first")
_NO_FORM = Problem("no-form", 415, "this takes forms of the dashboard only", "programs use the API: see /openapi.json")
