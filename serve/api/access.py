"""Who may call a route, and how it reaches what answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import Depends, Request, Security
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBearer

from ...core.jsonable import to_jsonable
from ..api_key import Scope
from ..callers import Caller
from ..service import Service
from ..thread_pools import ThreadPools, run_in

T = TypeVar("T")
_bearer = Security(HTTPBearer(auto_error=False, description="A key of `errclass serve keys create`."))


def allow(scope: Scope) -> Any:
    """Return the dependency that hands over the caller, who has this scope."""

    async def find_caller(request: Request, _: Any = _bearer) -> Caller:
        caller: Caller = request.state.caller
        caller.require(scope)
        return caller

    return Depends(find_caller)


async def ask(request: Request, work: Callable[..., T], *given: Any) -> T:
    """Do work that takes time in one of the threads that answer."""
    return await run_in(_pools_of(request).answers, work, *given)


async def keep(request: Request, work: Callable[..., T], *given: Any) -> T:
    """Do work with the store in one of the threads that may have to wait for it."""
    return await run_in(_pools_of(request).store, work, *given)


async def act(request: Request, work: Callable[..., T], *given: Any) -> T:
    """Do work that waits for others in one of the threads that may."""
    return await run_in(_pools_of(request).hands, work, *given)


def service_of(request: Request) -> Service:
    """Return what answers."""
    service: Service = request.app.state.service
    return service


def reply(value: Any, *, status: int = 200) -> JSONResponse:
    """Return the answer as it is: what the library says needs no second check."""
    return JSONResponse(to_jsonable(value), status)


def _pools_of(request: Request) -> ThreadPools:
    pools: ThreadPools = request.app.state.pools
    return pools
