"""Routes for whoever watches the service."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from .access import reply
from .replies import PROBLEMS, Live

router = APIRouter(prefix="/health", tags=["health"], responses=PROBLEMS)


@router.get("/live", response_model=Live)
async def live() -> JSONResponse:
    """Say that the service runs."""
    return reply({"status": "ok"})
