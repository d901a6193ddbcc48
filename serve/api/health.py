"""Routes for whoever watches the service."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from ..callers import Caller
from .access import reply, service_of
from .replies import PROBLEMS, Live, Ready

router = APIRouter(prefix="/health", tags=["health"], responses=PROBLEMS)


@router.get("/live", response_model=Live)
async def live() -> JSONResponse:
    """Say that the service runs."""
    return reply({"status": "ok"})


@router.get("/ready", response_model=Ready, responses={503: {"model": Ready, "description": "It cannot work."}})
async def ready(request: Request) -> JSONResponse:
    """Say whether the service can work, and how each of its parts is; to keys with the scope `read` also why."""
    looked = asyncio.wrap_future(service_of(request).look())
    found = await asyncio.shield(looked)  # whoever goes away takes it from nobody else
    caller: Caller = request.state.caller
    document: dict[str, Any] = {
        "status": found.overall,
        "checks": {name: check.status for name, check in found.components.items()},
    }
    if "read" in caller.scopes:
        document["issues"] = found.issues
    return reply(document, status=503 if found.overall == "unhealthy" else 200)
