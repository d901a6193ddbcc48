"""One HTTP request and its reply, over httpx: bounded in time and size, followed nowhere."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...core.retry_after import find_retry_after
from .steps import Ask, Reply

if TYPE_CHECKING:
    import httpx

_FIXED = {"Accept": "application/json", "Accept-Encoding": "identity"}
"""No compression: a small answer could unpack to any size."""


@dataclass(frozen=True, slots=True)
class ExchangeLimits:
    """Bound one request."""

    connect: float = 10.0
    """Seconds to connect."""
    total: float = 30.0
    """Seconds for the whole of it."""
    size: int = 4 << 20
    """Bytes of an answer that are read."""


def open_client(limits: ExchangeLimits, transport: httpx.BaseTransport | None) -> httpx.Client:
    """Return a client for one talk."""
    import httpx

    return httpx.Client(transport=transport, timeout=_timeout(limits), follow_redirects=False)


def open_async_client(limits: ExchangeLimits, transport: httpx.AsyncBaseTransport | None) -> httpx.AsyncClient:
    """Return a client for one talk in a task."""
    import httpx

    return httpx.AsyncClient(transport=transport, timeout=_timeout(limits), follow_redirects=False)


def send_request(client: httpx.Client, url: str, headers: Mapping[str, str], ask: Ask, limits: ExchangeLimits) -> Reply:
    """Send a request and return what came back; whatever goes wrong is in the reply."""
    import httpx

    end = time.monotonic() + limits.total
    try:
        with client.stream(**_request(url, headers, ask)) as response:
            return _read(response, response.iter_raw(), limits, end)
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
        return _tell_trouble(error)


async def asend_request(
    client: httpx.AsyncClient, url: str, headers: Mapping[str, str], ask: Ask, limits: ExchangeLimits
) -> Reply:
    """Send a request in a task, likewise."""
    import httpx

    try:
        async with asyncio.timeout(limits.total), client.stream(**_request(url, headers, ask)) as response:
            return await _aread(response, response.aiter_raw(), limits)
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:  # TimeoutError is an OSError
        return _tell_trouble(error)


def _timeout(limits: ExchangeLimits) -> httpx.Timeout:
    import httpx

    return httpx.Timeout(limits.total, connect=min(limits.connect, limits.total))


def _request(url: str, headers: Mapping[str, str], ask: Ask) -> dict[str, Any]:
    request = {"method": ask.method, "url": f"{url}{ask.path}", "headers": {**_FIXED, **headers}}
    return request if ask.body is None else {**request, "json": ask.body}


def _read(response: httpx.Response, chunks: Iterator[bytes], limits: ExchangeLimits, end: float) -> Reply:
    if _is_encoded(response):
        return Reply(response.status_code, trouble="encoded")
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > limits.size:
            return Reply(response.status_code, trouble="too_large")
        if time.monotonic() > end:  # a server may send a byte at a time for ever
            return Reply(response.status_code, trouble="timeout")
    return _make_reply(response, bytes(body))


async def _aread(response: httpx.Response, chunks: AsyncIterator[bytes], limits: ExchangeLimits) -> Reply:
    if _is_encoded(response):
        return Reply(response.status_code, trouble="encoded")
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > limits.size:
            return Reply(response.status_code, trouble="too_large")
    return _make_reply(response, bytes(body))


def _is_encoded(response: httpx.Response) -> bool:
    return response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity")


def _make_reply(response: httpx.Response, body: bytes) -> Reply:
    return Reply(response.status_code, body, retry_after=find_retry_after(response.headers))


def _tell_trouble(error: Exception) -> Reply:
    import httpx

    if isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout):
        return Reply(trouble="unreachable", detail="no connection in time", sent=False)
    if isinstance(
        error,
        httpx.ConnectError | httpx.ProxyError | httpx.UnsupportedProtocol | httpx.LocalProtocolError | httpx.InvalidURL,
    ):
        return Reply(trouble="unreachable", detail=str(error), sent=False)
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return Reply(trouble="timeout")
    return Reply(trouble="cut", detail=str(error))
