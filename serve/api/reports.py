"""Routes for reports."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse

from ...reports import REPORT_TYPES
from .access import allow, keep, reply, service_of
from .replies import PROBLEMS
from .requests import Identifier, ReportQuery

router = APIRouter(prefix="/v1/reports", tags=["reports"], responses=PROBLEMS, dependencies=[allow("read")])


@router.get("/{type}", response_model=dict[str, Any])
async def show(
    request: Request,
    kind: Annotated[Identifier, Path(alias="type", json_schema_extra={"enum": sorted(REPORT_TYPES)})],
    query: Annotated[ReportQuery, Query()],
) -> JSONResponse:
    """Report on the last `window`, as `errclass report --format json` does."""
    return reply(await keep(request, service_of(request).report, kind, query.window))
