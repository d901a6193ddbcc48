"""One HTTP request and its reply, over httpx: bounded in time and size, followed nowhere."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import aclosing, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...core.background_call import start_in_background
from ...core.cutter import Cutter
from ...core.retry_after import find_retry_after
from ..web.proxies import find_proxy
from ..web.tracing import trace_connection
from .steps import Ask, Reply

if TYPE_CHECKING:
    import httpx

_FIXED = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "errclass"}
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


# Transports and not clients: those log whole addresses, and take users and keys from files of the home folder.


def send_request(
    url: str, headers: Mapping[str, str], ask: Ask, limits: ExchangeLimits, transport: httpx.BaseTransport | None
) -> Reply:
    """Send a request and return what came back; whatever goes wrong is in the reply.

    At the limit the connection is ended, whatever the other side still sends, and however slowly.
    """
    cutter = Cutter(limits.total)
    request = _build(url, headers, ask, limits, cutter)
    if isinstance(request, Reply):
        return request
    sent = start_in_background(lambda: _send(request, url, limits, transport))
    try:
        return sent.result(limits.total)
    except TimeoutError:
        return Reply(trouble="timeout")
    finally:
        cutter.cut()


async def asend_request(
    url: str, headers: Mapping[str, str], ask: Ask, limits: ExchangeLimits, transport: httpx.AsyncBaseTransport | None
) -> Reply:
    """Send a request in a task, likewise."""
    request = _build(url, headers, ask, limits, None)
    if isinstance(request, Reply):
        return request
    try:
        async with asyncio.timeout(limits.total):
            return await _asend(request, url, limits, transport)
    except Exception as error:  # noqa: BLE001 - of any library below; TimeoutError is one
        return _tell_trouble(error)


def _send(request: httpx.Request, url: str, limits: ExchangeLimits, transport: httpx.BaseTransport | None) -> Reply:
    import httpx

    try:
        if transport is None:
            with httpx.HTTPTransport(proxy=find_proxy(url)) as own:
                return _exchange(own, request, limits)
        return _exchange(transport, request, limits)
    except Exception as error:  # noqa: BLE001 - of any library below
        return _tell_trouble(error)


def _exchange(transport: httpx.BaseTransport, request: httpx.Request, limits: ExchangeLimits) -> Reply:
    with closing(transport.handle_request(request)) as response:
        return _read(response, response.iter_raw(), limits)


async def _asend(
    request: httpx.Request, url: str, limits: ExchangeLimits, transport: httpx.AsyncBaseTransport | None
) -> Reply:
    import httpx

    if transport is None:
        async with httpx.AsyncHTTPTransport(proxy=find_proxy(url)) as own:
            return await _aexchange(own, request, limits)
    return await _aexchange(transport, request, limits)


async def _aexchange(transport: httpx.AsyncBaseTransport, request: httpx.Request, limits: ExchangeLimits) -> Reply:
    async with aclosing(await transport.handle_async_request(request)) as response:
        return await _aread(response, response.aiter_raw(), limits)


def _build(
    url: str, headers: Mapping[str, str], ask: Ask, limits: ExchangeLimits, cutter: Cutter | None
) -> httpx.Request | Reply:
    """Return the request; where it can be none a reply that names the error and quotes nothing of it."""
    import httpx

    timeout = httpx.Timeout(limits.total, connect=min(limits.connect, limits.total)).as_dict()
    extensions = {"timeout": timeout} if cutter is None else {"timeout": timeout, "trace": trace_connection(cutter)}
    try:
        return httpx.Request(
            ask.method, f"{url}{ask.path}", headers={**_FIXED, **headers}, extensions=extensions, json=ask.body
        )
    except (httpx.InvalidURL, TypeError, ValueError) as error:
        return Reply(trouble="unreachable", detail=f"it can be no request ({type(error).__name__})", sent=False)


def _read(response: httpx.Response, chunks: Iterator[bytes], limits: ExchangeLimits) -> Reply:
    if _is_encoded(response):
        return Reply(response.status_code, trouble="encoded")
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > limits.size:
            return Reply(response.status_code, trouble="too_large")
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
    if isinstance(error, httpx.LocalProtocolError | httpx.UnsupportedProtocol | ImportError):
        # What is wrong with a header is told with the header, which may be the key.
        return Reply(trouble="unreachable", detail=f"it can be no request ({type(error).__name__})", sent=False)
    if isinstance(error, httpx.ConnectError | httpx.ProxyError):
        return Reply(trouble="unreachable", detail=str(error), sent=False)
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return Reply(trouble="timeout")
    return Reply(trouble="cut", detail=str(error))
