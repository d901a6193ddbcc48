"""What a reply of an agent's API means, before anybody looks for a run in it."""

from __future__ import annotations

import json
import re
from typing import Any

from ...core.masking import mask_secrets
from .results import AgentResult, ResultKind
from .steps import Reply

_STATUSES: dict[int, ResultKind] = {
    401: "unauthorized",
    402: "payment_required",
    403: "forbidden",
    404: "not_found",
    408: "timeout",
    422: "invalid",
    429: "rate_limited",
}
_TROUBLES: dict[str, ResultKind] = {
    "unreachable": "unreachable",
    "timeout": "timeout",
    "cut": "malformed",
    "too_large": "malformed",
    "encoded": "malformed",
    "throttled": "rate_limited",
}
_SAYINGS = {
    "unreachable": "no connection",
    "timeout": "no answer in time",
    "cut": "the answer ended in the middle",
    "too_large": "the answer is larger than what is read",
    "encoded": "the answer is compressed, which was not asked for",
    "throttled": "this machine's own count of requests says wait",
}
_MOST_CHARS = 300
_NO_TEXT = re.compile(r"[^\x20-\x7e\xa1-\u200a\u2010-\u2027\u2030-\u205f\u2070-\ufdff\ufe70-\ufffd]")
_OK = range(200, 300)


def judge_reply(reply: Reply) -> Any | AgentResult:
    """Return the JSON of a good reply, and for any other an ``AgentResult`` that says what is wrong."""
    if reply.trouble is not None:
        said = " ".join(part for part in (_SAYINGS[reply.trouble], _clean(reply.detail)) if part)
        return AgentResult(_TROUBLES[reply.trouble], said, status=reply.status, retry_after=reply.retry_after)
    value = _parse(reply.body)
    if reply.status is None or reply.status not in _OK:
        return _judge_status(reply, value)
    if value is _NO_JSON:
        return AgentResult("malformed", f"HTTP {reply.status}, and the answer is no JSON", status=reply.status)
    return value


def _judge_status(reply: Reply, value: Any) -> AgentResult:
    status = reply.status or 0
    said = f"HTTP {status}" + _quote(value)
    if status in _STATUSES:
        kind = _STATUSES[status]
    elif status >= 500:
        kind = "server_error"
    elif status < 400:
        kind, said = "malformed", f"HTTP {status}: a redirect, which is not followed since the key would go with it"
    else:
        kind = "invalid"
    return AgentResult(kind, said, status=status, retry_after=reply.retry_after)


_NO_JSON = object()


def _parse(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return _NO_JSON


def _quote(value: Any) -> str:
    """Quote what the other side says of its refusal: a stranger's text, so bounded and printable."""
    if not isinstance(value, dict):
        return ""
    said = value.get("message") or value.get("detail")
    text = said if isinstance(said, str) else json.dumps(said) if said else ""
    return f": {_clean(text)}" if text else ""


def _clean(text: str) -> str:
    return mask_secrets(_NO_TEXT.sub(" ", text)[:_MOST_CHARS])
