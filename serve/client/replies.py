"""What the service answered, as a value or as an error that says what to do."""

from __future__ import annotations

import json
from typing import TypeVar

from ...actions.codegen.steps import Reply
from ...core.errors import ServiceError
from ...core.escaping import escape_terminal
from .calls import Call
from .place import ServicePlace

T = TypeVar("T")
_SHOWN = 300
_OK = 200
_ADVICE = {
    "unreachable": "check ERRCLASS_URL, and that errclass serve runs there",
    "timeout": "try again, or give it more time",
    "cut": "try again",
    "too_large": "ask for less",
    "encoded": "check what stands between you and the service",
}


def read_reply(reply: Reply, call: Call[T], place: ServicePlace) -> T:
    """Return what the service said; raise ServiceError where it is no answer."""
    if reply.trouble is not None:
        what = f"no answer from {place.url}: {reply.trouble.replace('_', ' ')}"
        raise ServiceError(
            f"{what} ({_shorten(reply.detail)})" if reply.detail else what, advice=_ADVICE.get(reply.trouble, "")
        )
    if reply.status not in call.statuses:
        raise _explain(reply, place)
    try:
        return call.read(json.loads(reply.body))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        if reply.status != _OK:
            raise _explain(reply, place) from None
        advice = "check ERRCLASS_URL, and that both sides have the same version"
        raise ServiceError(f"{place.url} gave an answer that is none", status=reply.status, advice=advice) from error


def _explain(reply: Reply, place: ServicePlace) -> ServiceError:
    """Return what a problem document says; of anything else only its status."""
    try:
        problem = json.loads(reply.body)
        detail, advice = str(problem["detail"]), str(problem["advice"])
        faults = "".join(f"; {one['where']}: {one['what']}" for one in problem.get("errors", ()))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        detail, advice, faults = f"HTTP status {reply.status}", _ADVICE["unreachable"], ""
    message = f"{place.url} refused: {_shorten(detail + faults)}"
    return ServiceError(message, status=reply.status, advice=_shorten(advice), retry_after=reply.retry_after)


def _shorten(text: str) -> str:
    """Return a stranger's text as one line that a terminal shows as it is."""
    return escape_terminal(" ".join(text.split()))[:_SHOWN]
