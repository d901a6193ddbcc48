"""Routes that say what a failure is and what to do about it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from ...core.types import Classification, Decision
from .access import allow, ask, reply, service_of
from .replies import PROBLEMS
from .requests import FailureFields, GuardedFailure

router = APIRouter(prefix="/v1", tags=["answers"], responses=PROBLEMS, dependencies=[allow("classify")])


@router.post("/classify", response_model=Classification)
async def classify(request: Request, body: FailureFields) -> JSONResponse:
    """Say what a failure is."""
    return reply(await ask(request, service_of(request).classify, body.to_failure()))


@router.post("/decide", response_model=Decision)
async def decide(request: Request, body: GuardedFailure) -> JSONResponse:
    """Say what a failure is and what to do about it; nothing is written and nothing is carried out."""
    return reply(await ask(request, service_of(request).decide, body.to_failure(), body.guard.to_guard()))


@router.post("/explain", response_model=dict[str, Any])
async def explain(request: Request, body: GuardedFailure) -> JSONResponse:
    """Explain a failure as `errclass explain --format json` does."""
    return reply(await ask(request, service_of(request).explain, body.to_failure(), body.guard.to_guard()))
