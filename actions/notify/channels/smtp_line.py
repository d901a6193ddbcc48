"""A conversation with a mail server that ends in time."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl

from ....core.cutter import Cutter

_PLAIN_NAME = re.compile(r"[A-Za-z0-9.-]{1,255}")


class SmtpLine(smtplib.SMTP):
    """Talk to a server until ``cutter`` cuts the connection; with a context it is TLS from the first byte on."""

    def __init__(
        self, host: str, port: int, timeout: float, cutter: Cutter, context: ssl.SSLContext | None = None
    ) -> None:
        self._cutter = cutter
        self._context = context
        super().__init__(host, port, local_hostname=_own_name(), timeout=timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """Connect as smtplib does, which asks for its socket here."""
        connection = socket.create_connection((host, port), timeout)
        self._cutter.watch(connection)
        return self._context.wrap_socket(connection, server_hostname=host) if self._context else connection


def _own_name() -> str:
    name = socket.gethostname()
    return name if _PLAIN_NAME.fullmatch(name) else "[127.0.0.1]"
