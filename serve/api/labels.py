"""Routes for what outcomes really were."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse

from ...outcomes.opinions import Opinion
from ..callers import Caller
from .access import allow, keep, reply, service_of
from .replies import PROBLEMS, Labelled, Labels
from .requests import Identifier, LabelRequest, OutcomeQuery

Labeller = Annotated[Caller, allow("label")]
router = APIRouter(prefix="/v1/labels", tags=["labels"], responses=PROBLEMS)


@router.post("", response_model=Labelled)
async def label(request: Request, body: LabelRequest, caller: Labeller) -> JSONResponse:
    """Say what an outcome really was; the last word counts."""
    return reply(await keep(request, service_of(request).label, body.to_labelling(), caller.author))


@router.get("", response_model=Labels, dependencies=[allow("read")])
async def show(request: Request, query: Annotated[OutcomeQuery, Query()]) -> JSONResponse:
    """List what was said of an outcome, oldest first."""
    return reply({"labels": await keep(request, service_of(request).list_labels, query.outcome_id)})


@router.delete("/{label_id}", response_model=Opinion)
async def undo(
    request: Request,
    label_id: Annotated[Identifier, Path()],
    query: Annotated[OutcomeQuery, Query()],
    caller: Labeller,
) -> JSONResponse:
    """Take a label back, and return it as it was; it stays stored and counts no more."""
    return reply(await keep(request, service_of(request).undo_label, query.outcome_id, label_id, caller.author))
