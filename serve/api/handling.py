"""The route that has a failure handled."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from .access import act, allow, reply, service_of
from .replies import PROBLEMS
from .requests import FailureFields

router = APIRouter(prefix="/v1", tags=["handling"], responses=PROBLEMS, dependencies=[allow("handle")])


@router.post("/handle", response_model=dict[str, Any])
async def handle(request: Request, body: FailureFields) -> JSONResponse:
    """Decide, record, notify people and escalate to people and agents; nothing is run on the machine of the service.

    `retry_in` says after how many seconds the operation is worth another call, by whoever runs it.
    """
    return reply(await act(request, service_of(request).handle, body.to_failure()))
