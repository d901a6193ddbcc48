"""Routes for alerts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse

from ...reports.alerts import Alert
from ..callers import Caller
from .access import allow, keep, reply, service_of
from .replies import PROBLEMS, Alerts
from .requests import AcknowledgeRequest, AlertQuery, Identifier

router = APIRouter(prefix="/v1/alerts", tags=["alerts"], responses=PROBLEMS)


@router.get("", response_model=Alerts, dependencies=[allow("read")])
async def show(request: Request, query: Annotated[AlertQuery, Query()]) -> JSONResponse:
    """List alerts as the last look left them, newest first; those of one state, or all, also what is over."""
    return reply(await keep(request, service_of(request).list_alerts, query.state))


@router.post("/{alert_id}/ack", response_model=Alert)
async def acknowledge(
    request: Request,
    alert_id: Annotated[Identifier, Path()],
    body: AcknowledgeRequest,
    caller: Annotated[Caller, allow("handle")],
) -> JSONResponse:
    """Take an alert up: people are told of its end, and not again that it fires."""
    return reply(await keep(request, service_of(request).acknowledge_alert, alert_id, caller.author, body.note))
