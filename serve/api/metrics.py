"""The route that Prometheus reads."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from .access import allow
from .replies import PROBLEMS

_TYPES = ("text/plain", "application/openmetrics-text")
_TEXT: dict[str, Any] = {kind: {"schema": {"type": "string"}} for kind in _TYPES}

router = APIRouter(tags=["metrics"], responses=PROBLEMS, dependencies=[allow("metrics")])


@router.get("/metrics", response_class=Response, responses={200: {"description": "The metrics.", "content": _TEXT}})
async def show(request: Request) -> Response:
    """Return all metrics, in the text format of Prometheus or, where `Accept` asks for it, in that of OpenMetrics."""
    render = request.app.state.metrics.render
    # In none of the threads that answer: a scrape does not wait for them, nor they for it.
    content, media_type = await asyncio.to_thread(render, request.headers.get("accept", ""))
    return Response(content, headers={"content-type": media_type})
