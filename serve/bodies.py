"""The body of a request: read within its limits, before anything is made of it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from .problem import Problem, RefusalError

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
_DISCARDED = 16 << 20
"""Bytes that are read of a refused body."""
_STRUCTURE = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\Z)|[\[{\]}]', re.DOTALL)


async def read_body(receive: Receive, declared: str | None, *, limit: int, seconds: float) -> bytes:
    """Return the whole body; raise RefusalError where it is longer than ``limit`` bytes or takes too long to come."""
    if declared is not None and (not (declared.isascii() and declared.isdigit()) or int(declared[:20]) > limit):
        raise RefusalError(_describe_excess(limit))
    try:
        async with asyncio.timeout(seconds):
            return await _collect(receive, limit)
    except TimeoutError:
        raise RefusalError(_describe_slowness(seconds)) from None


async def discard_body(receive: Receive, *, seconds: float) -> bool:
    """Read what is left of a body that nobody wants, within bounds; tell whether it ended.

    A connection that is closed while something comes in is reset, and the client never sees why.
    """
    size = 0
    try:
        async with asyncio.timeout(seconds):
            while size <= _DISCARDED:
                message = await receive()
                size += len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body", False):
                    return True
    except TimeoutError:
        pass
    return False


def check_depth(body: bytes, most: int) -> None:
    """Raise RefusalError for JSON of more than ``most`` levels; what is no JSON may pass."""
    if body.count(b"[") + body.count(b"{") <= most:
        return
    depth = 0
    for found in _STRUCTURE.finditer(body):
        sign = found[0][:1]
        depth += (sign in b"[{") - (sign in b"]}")
        if depth > most:
            raise RefusalError(_describe_depth(most))


async def _collect(receive: Receive, limit: int) -> bytes:
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RefusalError(_CUT_OFF)
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        more = message.get("more_body", False)
        if size > limit:
            raise RefusalError(_describe_excess(limit))
    return b"".join(parts)


def _describe_excess(limit: int) -> Problem:
    return Problem(
        "too-large",
        413,
        f"the body is longer than {limit} bytes",
        "send the end of the log, or fewer outcomes at a time; the limit is the setting serve.body_bytes",
    )


def _describe_slowness(seconds: float) -> Problem:
    return Problem(
        "too-slow",
        408,
        f"the body did not come within {seconds:g} s",
        "send it at once; the limit is the setting serve.read_timeout",
    )


def _describe_depth(most: int) -> Problem:
    return Problem("too-deep", 400, f"the JSON has more than {most} levels", "send what /openapi.json describes")


_CUT_OFF = Problem("cut-off", 400, "the body ended too early", "send the whole body")
