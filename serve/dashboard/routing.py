"""Routes of pages: who may ask, and what goes wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from ..api_key import Scope
from ..problem import REFUSAL, Problem, RefusalError
from .asked import Asked, read_form
from .board import Board
from .door import find_visitor, is_foreign
from .place import HEADERS, PREFIX, SIGN_IN
from .refusals import write_refusal
from .rendering import render

if TYPE_CHECKING:
    from starlette.requests import Request

Handler = Callable[[Asked], Awaitable[Response]]


def show(path: str, handler: Handler, scope: Scope | None = "read") -> Route:
    """Return the route of a page, for those who may what ``scope`` says; None is anybody."""
    return _make_route(path, "GET", handler, scope)


def take(path: str, handler: Handler, scope: Scope | None) -> Route:
    """Return the route that takes a form, likewise; one that no page of the session made is refused."""
    return _make_route(path, "POST", handler, scope)


def _make_route(path: str, method: str, handler: Handler, scope: Scope | None) -> Route:
    async def answer(request: Request) -> Response:
        request.scope["route"] = route  # for the log of the gate
        if is_foreign(request.headers.get("sec-fetch-site")):  # the cookie comes only when our own page leads here
            return finish(HTMLResponse(render("followed.html", target=_name_target(request))))
        try:
            return finish(await _answer(request, handler, scope))
        except RefusalError as error:
            request.scope.setdefault("state", {})[REFUSAL] = error.problem.kind  # for the meter of the gate
            return refuse(error.problem)

    route = Route(f"{PREFIX}{path}", answer, methods=[method])
    return route


async def _answer(request: Request, handler: Handler, scope: Scope | None) -> Response:
    board: Board = request.app.state.board
    form = read_form(await request.body()) if request.method == "POST" else {}
    caller, session = find_visitor(request.headers.get("cookie"), board.sessions, board.desk)
    asked = Asked(request, board, caller, session, form)
    if scope is not None and scope not in caller.scopes:
        return _turn_away(asked, scope)
    if request.method == "POST":
        asked.check_form()
    return await handler(asked)


def _turn_away(asked: Asked, scope: Scope) -> Response:
    """Send whoever is not signed in to the door; a key without the scope would not help there."""
    if asked.session is None:
        if asked.request.method == "GET":
            return asked.redirect(f"{SIGN_IN}?next={quote(_name_target(asked.request))}")
        return refuse(_ENDED)
    return asked.render("forbidden.html", status=403, scope=scope)


def finish(response: Response) -> Response:
    """Add what every answer forbids the browser."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


def refuse(problem: Problem) -> Response:
    """Return a page that says what is wrong."""
    return finish(HTMLResponse(write_refusal(problem), problem.status, problem.list_headers()))


def _name_target(request: Request) -> str:
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


_ENDED = Problem("no-session", 401, "the session has ended", f"sign in again at {SIGN_IN}")
