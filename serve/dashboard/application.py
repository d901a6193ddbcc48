"""The application of the dashboard: its pages over one board."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from ...core.errors import StoreError, UsageError
from ..callers import CallerDesk
from ..problem import INNER_FAULT, Problem
from ..service import Service
from ..thread_pools import ThreadPools
from .board import Board
from .door import DashboardDoor
from .looks import Looks
from .navigation import NAVIGATION
from .place import PREFIX
from .replays import ReplayDesk
from .routing import finish, refuse
from .sessions import SessionBook

if TYPE_CHECKING:
    from starlette.requests import Request

_log = logging.getLogger("errclass")
_STATIC = Path(__file__).with_name("static")
_HOUR = "private, max-age=3600"


def open_dashboard(service: Service, pools: ThreadPools, desk: CallerDesk) -> DashboardDoor:
    """Return the door to the dashboard of a service."""
    sessions = SessionBook()
    board = Board(service, pools, desk, sessions, Looks(pools.looks), ReplayDesk(service.settings))
    return DashboardDoor(make_dashboard(board), desk, sessions)


def make_dashboard(board: Board) -> Starlette:
    """Return the application."""
    application = Starlette(routes=list(_list_routes()), exception_handlers=_HANDLERS)
    application.state.board = board
    application.router.redirect_slashes = False
    return application


def _list_routes() -> Iterator[BaseRoute]:
    yield Route("/", _go_in, methods=["GET"])
    yield Mount(f"{PREFIX}/static", _KeptFiles(directory=_STATIC))
    for name in ("door", *(entry.module for entry in NAVIGATION)):
        yield from import_module(f".pages.{name}", __package__).ROUTES


class _KeptFiles(StaticFiles):
    """Hand out the script and the style sheet; their addresses name their content, so that they may be kept."""

    async def get_response(self, path: str, scope: Any) -> Response:
        """Return a file."""
        response = finish(await super().get_response(path, scope))
        response.headers["cache-control"] = _HOUR
        return response


async def _go_in(_: Request) -> Response:
    return finish(RedirectResponse(PREFIX))


async def _on_usage(_: Request, error: Any) -> Response:
    return refuse(Problem("invalid", 422, str(error), "go back and choose something else"))


async def _on_store(_: Request, error: Any) -> Response:
    _log.error("errclass.store_failed: %s", error)  # it names places of this machine
    return refuse(_LOCKED)


async def _on_http(_: Request, error: Any) -> Response:
    return refuse(Problem(f"http-{error.status_code}", error.status_code, "there is no such page", "see the overview"))


async def _on_fault(_: Request, __: Any) -> Response:
    return refuse(INNER_FAULT)  # the gate logs it


_HANDLERS: Any = {UsageError: _on_usage, StoreError: _on_store, 404: _on_http, 405: _on_http, Exception: _on_fault}
_LOCKED = Problem(
    "store",
    503,
    "the outcome store cannot be used just now",
    "try again; the log of the service says more",
    retry_after=1,
)
