"""Routes that keep what happened."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse

from ...core.types import Outcome
from .access import allow, keep, reply, service_of
from .replies import PROBLEMS, Recorded
from .requests import Identifier, OutcomesRequest

router = APIRouter(prefix="/v1/outcomes", tags=["outcomes"], responses=PROBLEMS)


@router.post("", response_model=Recorded, dependencies=[allow("record")])
async def record(request: Request, body: OutcomesRequest) -> JSONResponse:
    """Keep calls of operations; the answer comes once they are durable, and the same id again changes nothing."""
    reports = [outcome.to_report() for outcome in body.outcomes]
    ids = await keep(request, lambda: service_of(request).record(reports, decide=body.decide))
    return reply({"ids": ids})


@router.get("/{outcome_id:path}", response_model=Outcome, dependencies=[allow("read")])
async def show(request: Request, outcome_id: Annotated[Identifier, Path()]) -> JSONResponse:
    """Return a stored outcome, by its id or that of its decision; its labels are under `/v1/labels`."""
    return reply(await keep(request, service_of(request).find_outcome, outcome_id))
