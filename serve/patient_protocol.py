"""HTTP/1.1 as uvicorn speaks it, with an end to patience: a head that drips in is cut off, and so is a crowd."""

from __future__ import annotations

import asyncio
import json
from typing import Any, ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

from .problem import MEDIA_TYPE, Problem

_BAD_REQUEST = Problem(
    "bad-request", 400, "this is no HTTP request that can be read", "send HTTP/1.1 with a short head"
)


class PatientProtocol(H11Protocol):
    """Serve one connection. ``seconds`` are for a request's head, ``most`` connections are open at a time."""

    seconds: ClassVar[float] = 10.0
    most: ClassVar[int] = 512
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for the first head, or close where there is no room."""
        super().connection_made(transport)
        if len(self.connections) > self.most:
            transport.abort()
            return
        self._start_timer()

    def data_received(self, data: bytes) -> None:
        """Take what came; the head of a further request begins now."""
        if self._timer is None and (self.cycle is None or self.cycle.response_complete):
            self._start_timer()
        super().data_received(data)

    def handle_events(self) -> None:
        """Go on, and stop the clock once the head is there."""
        super().handle_events()
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the clock."""
        self._stop_timer()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Say that nothing can be made of the request, as of every other fault."""
        if self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete:
            self.transport.abort()
            return
        body = json.dumps(_BAD_REQUEST.to_dict(), separators=(",", ":")).encode()
        self.transport.write(
            b"HTTP/1.1 400 Bad Request\r\ncontent-type: %b\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%b"
            % (MEDIA_TYPE.encode(), len(body), body)
        )
        self.transport.close()

    def _start_timer(self) -> None:
        self._timer = self.loop.call_later(self.seconds, self._cut)

    def _stop_timer(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()

    def _cut(self) -> None:
        self._timer = None
        if not self.transport.is_closing():
            self.transport.abort()
