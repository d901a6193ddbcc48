"""One request for a page, as pages see it."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl

from starlette.responses import HTMLResponse, RedirectResponse, Response

from ..callers import Caller
from ..problem import Problem, RefusalError
from ..thread_pools import run_in
from .board import Board
from .looks import FRESH_SECONDS, Look
from .navigation import list_entries
from .place import COOKIE, PREFIX
from .rendering import render
from .sessions import Session

if TYPE_CHECKING:
    from starlette.requests import Request

T = TypeVar("T")
Answer = Response
"""What pages return; ``Asked`` makes it."""
_MOST_FIELDS = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """Hold a request, and answer it with pages."""

    request: Request
    board: Board
    caller: Caller
    session: Session | None
    form: Mapping[str, str]
    """The fields of a form that was sent; of one that came twice the last."""

    @property
    def query(self) -> Mapping[str, str]:
        """What stands behind the question mark; empty values are left out."""
        return {name: value for name, value in self.request.query_params.items() if value.strip()}

    @property
    def csrf(self) -> str:
        """What every form has to bring."""
        return self.session.csrf if self.session else self.board.sessions.stranger

    def check_form(self) -> None:
        """Raise RefusalError for a form that was not made by a page of this session."""
        given = self.form.get("csrf", "")
        if not hmac.compare_digest(given.encode("utf-8", "replace"), self.csrf.encode()):
            raise RefusalError(_WRONG_TOKEN)

    async def take_look(self, name: Hashable, work: Callable[[], Any], *, fresh: float = FRESH_SECONDS) -> Look:
        """Return what is known of something in the store; see ``Looks.take``."""
        return await self.board.looks.take(name, work, fresh=fresh)

    async def keep(self, work: Callable[..., T], *given: Any) -> T:
        """Do work with the store, and wait for it."""
        return await run_in(self.board.pools.store, work, *given)

    async def ask(self, work: Callable[..., T], *given: Any) -> T:
        """Do work that takes time, and wait for it."""
        return await run_in(self.board.pools.answers, work, *given)

    def render(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """Return a page."""
        path = self.request.url.path
        page = {"caller": self.caller, "csrf": self.csrf, "signed_in": self.session is not None, "path": path}
        return HTMLResponse(
            render(template, entries=list_entries(self.caller), prefix=PREFIX, **page, **values), status
        )

    def render_look(self, template: str, title: str, look: Look, **values: Any) -> HTMLResponse:
        """Return a page about what was found; where nothing was found yet, one that says so."""
        if look.value is not None:
            return self.render(template, look=look, found=look.value, **values)
        if look.fault:
            return self.render("unreadable.html", status=503, title=title, look=look)
        return self.render("waiting.html", title=title, look=look)

    def redirect(self, path: str) -> RedirectResponse:
        """Send the browser on to a page of the dashboard, to be asked for anew."""
        return RedirectResponse(path, 303)


def read_form(body: bytes) -> dict[str, str]:
    """Return the fields of a form; raise RefusalError for what is none."""
    try:
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError as error:
        raise RefusalError(_BAD_FORM) from error


def set_cookie(response: Response, cookie: str, *, secure: bool) -> None:
    """Have the browser hold a session: for the dashboard only, never for scripts or for other sites."""
    response.set_cookie(COOKIE, cookie, path=PREFIX, secure=secure, httponly=True, samesite="strict")


def drop_cookie(response: Response) -> None:
    """Have the browser forget the session."""
    response.delete_cookie(COOKIE, path=PREFIX, httponly=True, samesite="strict")


_WRONG_TOKEN = Problem(
    "wrong-token",
    403,
    "the form is not from a page of this session",
    "open the page again and send it from there; the session may have ended meanwhile",
)
_BAD_FORM = Problem("bad-form", 400, "the form cannot be read", "send it from a page of the dashboard")
