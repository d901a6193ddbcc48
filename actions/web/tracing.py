"""Have the connection of a request cut in time, whoever of the libraries makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...core.cutter import Cutter

_CONNECTED = (".connect_tcp.complete", ".connect_unix_socket.complete")
"""What httpcore traces when there is a socket, directly or to a proxy; TLS goes over the same one."""


def trace_connection(cutter: Cutter) -> Callable[[str, Mapping[str, Any]], None]:
    """Return what goes as ``trace`` into a request's extensions, so that ``cutter`` watches its connection."""

    def trace(event: str, details: Mapping[str, Any]) -> None:
        if not event.endswith(_CONNECTED):
            return
        connection = details["return_value"].get_extra_info("socket")
        if connection is not None:  # as it may be over a transport of somebody else's
            cutter.watch(connection)

    return trace
