"""What goes wrong on a route, as problem documents."""

from __future__ import annotations

import logging
import re
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from ...core.errors import StoreError, UsageError
from ..problem import INNER_FAULT, MEDIA_TYPE, REFUSAL, Problem, RefusalError
from .requests import read_faults

_log = logging.getLogger("errclass")
_SCHEMA_ADVICE = "send what /openapi.json describes"
_PLACEHOLDER = re.compile(r"\\\{\w+\\\}")
_ADVICE = {
    404: "see /openapi.json for what there is",
    405: "see the header Allow for what this address takes",
}


def add_handlers(application: FastAPI) -> None:
    """Answer every fault with a problem document."""
    application.add_exception_handler(RefusalError, _on_refusal)
    application.add_exception_handler(RequestValidationError, _on_invalid)
    application.add_exception_handler(UsageError, _on_usage)
    application.add_exception_handler(StoreError, _on_store)
    application.add_exception_handler(Exception, _on_fault)
    for status in (400, 404, 405):
        application.add_exception_handler(status, _on_http)


def _reply(request: Request, problem: Problem) -> JSONResponse:
    setattr(request.state, REFUSAL, problem.kind)
    return JSONResponse(problem.to_dict(), problem.status, problem.list_headers(), media_type=MEDIA_TYPE)


async def _on_refusal(request: Request, error: Any) -> JSONResponse:
    return _reply(request, error.problem)


async def _on_invalid(request: Request, error: Any) -> JSONResponse:
    errors = error.errors()
    if any(one["type"] == "json_invalid" for one in errors):
        return _reply(request, Problem("bad-json", 400, "the body is no valid JSON", _SCHEMA_ADVICE))
    detail = "the request is not what this address takes"
    return _reply(request, Problem("invalid", 422, detail, _SCHEMA_ADVICE, errors=read_faults(errors)))


async def _on_usage(request: Request, error: Any) -> JSONResponse:
    return _reply(request, Problem("invalid", 422, str(error), _SCHEMA_ADVICE))


async def _on_store(request: Request, error: Any) -> JSONResponse:
    _log.error("errclass.store_failed: %s", error)  # it names places of this machine
    advice = "try again; the log of the service says more"
    return _reply(request, Problem("store", 503, "the outcome store cannot be used just now", advice, retry_after=1))


async def _on_fault(request: Request, _: Any) -> JSONResponse:
    return _reply(request, INNER_FAULT)  # the gate logs it


async def _on_http(request: Request, error: Any) -> JSONResponse:
    status = error.status_code
    headers = {"allow": _list_methods(request)} if status == HTTPStatus.METHOD_NOT_ALLOWED else {}
    if status == HTTPStatus.BAD_REQUEST:
        return _reply(request, Problem("bad-json", 400, "the body is no valid JSON", _SCHEMA_ADVICE))
    detail = HTTPStatus(status).phrase.lower()
    return _reply(
        request, Problem(f"http-{status}", status, detail, _ADVICE.get(status, _SCHEMA_ADVICE), headers=headers)
    )


def _list_methods(request: Request) -> str:
    """Return what an address takes: a route knows only its own method, the schema knows them all."""
    found = {"GET"} if request.url.path == request.app.openapi_url else set()
    for template, methods in request.app.openapi()["paths"].items():
        if re.fullmatch(_PLACEHOLDER.sub(".+", re.escape(template)), request.url.path, re.DOTALL):
            found |= {method.upper() for method in methods}
    return ", ".join(sorted(found | ({"HEAD"} if "GET" in found else set())))
