"""Routes for reports."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse

from .access import allow, ask, reply, service_of
from .replies import PROBLEMS
from .requests import Identifier

router = APIRouter(prefix="/v1/reports", tags=["reports"], responses=PROBLEMS, dependencies=[allow("read")])


@router.get("/{type}", response_model=dict[str, Any])
async def show(
    request: Request,
    kind: Annotated[Identifier, Path(alias="type", examples=["summary"])],
    window: Annotated[Identifier, Query(description="N and m, h, d or w.", examples=["7d"])] = "24h",
) -> JSONResponse:
    """Report on the last `window`, as `errclass report --format json` does."""
    return reply(await ask(request, service_of(request).report, kind, window))
