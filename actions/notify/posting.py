"""Post JSON and take in the answer: no redirects, no more than a small answer, no longer than told."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...core.markup import clean_line
from ...core.retry_after import find_retry_after
from .channel import SENT, Delivered
from .endpoint import Endpoint

if TYPE_CHECKING:
    import httpx

_ANSWER_BYTES = 65_536
_CONNECT_SECONDS = 5.0
_QUOTED_CHARS = 120
_AGAIN = (408, 425, 429)
"""Statuses below 500 after which another attempt may succeed."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Hold the answer to a post."""

    status: int
    text: str
    retry_after: float | None
    host: str


def post_json(endpoint: Endpoint, body: bytes, headers: Mapping[str, str], timeout: float) -> Reply | Delivered:
    """Return the answer, or what kept it from coming; ``timeout`` in seconds is for all of it, about."""
    import httpx

    limits = httpx.Timeout(timeout, connect=min(_CONNECT_SECONDS, timeout))
    all_headers = {"Content-Type": "application/json", "Accept-Encoding": "identity", "User-Agent": "errclass"}
    try:
        # Proxies of the environment are for the network, not for this machine.
        with (
            httpx.Client(timeout=limits, follow_redirects=False, trust_env=not endpoint.is_local) as client,
            client.stream("POST", endpoint.url, content=body, headers={**all_headers, **headers}) as response,
        ):
            text = _read(response, time.monotonic() + timeout)
            return Reply(response.status_code, text, find_retry_after(response.headers), endpoint.host)
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
        return Delivered("again", f"{endpoint.host} gave no answer: {_describe(error, endpoint)}")


def judge_reply(reply: Reply) -> Delivered:
    """Return what a status means for the message."""
    if 200 <= reply.status < 300:
        return SENT
    if 300 <= reply.status < 400:
        return Delivered("refused", f"{reply.host} redirects (HTTP {reply.status}), and redirects are not followed")
    detail = f"{reply.host} answered HTTP {reply.status}: {clean_line(reply.text, _QUOTED_CHARS) or 'nothing'}"
    if reply.status >= 500 or reply.status in _AGAIN:
        return Delivered("again", detail, retry_after=reply.retry_after)
    return Delivered("refused", detail)


def _read(response: httpx.Response, deadline: float) -> str:
    import httpx

    read = b""
    for chunk in response.iter_raw(8192):
        read += chunk
        if len(read) > _ANSWER_BYTES:
            break
        if time.monotonic() > deadline:
            raise httpx.ReadTimeout("the answer took too long")
    return read[:_ANSWER_BYTES].decode("utf-8", "replace")


def _describe(error: Exception, endpoint: Endpoint) -> str:
    return f"{type(error).__name__} {str(error).replace(endpoint.url, endpoint.host)}".strip()
