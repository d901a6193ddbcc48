"""Post JSON and take in the answer: no redirects, no more than a small answer, no longer than told."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...core.cutter import Cutter
from ...core.markup import clean_line
from ...core.retry_after import find_retry_after
from ..web.proxies import find_proxy
from ..web.tracing import trace_connection
from .channel import SENT, Delivered
from .endpoint import Endpoint

if TYPE_CHECKING:
    import httpx

_ANSWER_BYTES = 65_536
_CONNECT_SECONDS = 5.0
_HEADERS = {"Content-Type": "application/json", "Accept-Encoding": "identity", "User-Agent": "errclass"}
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
    """Return the answer, or what kept it from coming; after ``timeout`` seconds the connection is cut."""
    import httpx

    with Cutter(timeout) as cutter:
        try:
            return _exchange(endpoint, _make_request(endpoint, body, headers, timeout, cutter))
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            late = cutter.expired or isinstance(error, httpx.TimeoutException)
            reason = f"not within {timeout:.1f} s" if late else _describe(error, endpoint)
            return Delivered("again", f"{endpoint.host} gave no answer: {reason}")


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


def _make_request(
    endpoint: Endpoint, body: bytes, headers: Mapping[str, str], timeout: float, cutter: Cutter
) -> httpx.Request:
    import httpx

    limits = httpx.Timeout(timeout, connect=min(_CONNECT_SECONDS, timeout)).as_dict()
    extensions = {"timeout": limits, "trace": trace_connection(cutter)}
    return httpx.Request("POST", endpoint.url, content=body, headers={**_HEADERS, **headers}, extensions=extensions)


def _exchange(endpoint: Endpoint, request: httpx.Request) -> Reply:
    import httpx

    # Not httpx.Client: it logs whole addresses, and that of a hook is a secret.
    with (
        httpx.HTTPTransport(proxy=find_proxy(endpoint.url)) as transport,
        closing(transport.handle_request(request)) as response,
    ):
        return Reply(response.status_code, _read(response), find_retry_after(response.headers), endpoint.host)


def _read(response: httpx.Response) -> str:
    read = b""
    for chunk in response.iter_raw(8192):
        read += chunk
        if len(read) > _ANSWER_BYTES:
            break
    return read[:_ANSWER_BYTES].decode("utf-8", "replace")


def _describe(error: Exception, endpoint: Endpoint) -> str:
    import httpx

    if isinstance(error, httpx.ProtocolError):  # it quotes headers, and one of them may be a key
        return type(error).__name__
    return f"{type(error).__name__} {str(error).replace(endpoint.url, endpoint.host)}".strip()
