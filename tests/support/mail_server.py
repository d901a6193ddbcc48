"""A real SMTP server on the loopback address: TLS, login, and faults in every step."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "mailer", "correct horse"


@dataclass(slots=True)
class MailServer:
    """Hold what arrived, and replies that come instead of ``250 OK`` to a whole message."""

    host: str = "127.0.0.1"
    port: int = 0
    ca_file: str = ""
    replies: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    """Replies to single recipients."""
    envelopes: list[Envelope] = field(default_factory=list)
    tls: list[bool] = field(default_factory=list)
    """Whether each message came over TLS."""

    @property
    def messages(self) -> list[EmailMessage]:
        """The mails that arrived."""
        found = [message_from_bytes(cast("bytes", one.content), policy=policy.default) for one in self.envelopes]
        return [cast("EmailMessage", message) for message in found]

    async def handle_RCPT(  # noqa: N802 - named by the library
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or refuse it."""
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a message, or answer as told."""
        if self.replies:
            return self.replies.pop(0)
        self.envelopes.append(envelope)
        self.tls.append(session.ssl is not None)
        return "250 OK"


@contextmanager
def serve_mail(folder: Path, *, security: str = "starttls", login: bool = True) -> Iterator[MailServer]:
    """Run a server until the block ends; it takes mail only over TLS and from who is logged in, unless told."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server = MailServer(ca_file=str(folder / "ca.pem"))
    # Where all is TLS from the first byte on, the library does not see that it is.
    strict = login and security == "starttls"
    options: dict[str, Any] = {"auth_required": strict, "auth_require_tls": strict}
    options |= {"authenticator": _authenticate} if login else {}
    if security == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    controller = Controller(
        server, hostname=server.host, port=_find_port(), ssl_context=context if security == "tls" else None, **options
    )
    controller.start()
    server.port = controller.port
    try:
        yield server
    finally:
        controller.stop()


@contextmanager
def serve_bytes(greeting: bytes, *, hangs: bool = False) -> Iterator[MailServer]:
    """Run a server that sends the same to everybody and hangs up, or says no more until the block ends."""
    server, stopped = MailServer(), threading.Event()
    with socket.create_server((server.host, 0)) as listener:
        server.port = listener.getsockname()[1]

        def run() -> None:
            while not stopped.is_set():
                with contextlib.suppress(OSError):
                    connection, _ = listener.accept()
                    with connection:
                        connection.sendall(greeting)
                        if hangs:
                            stopped.wait(30)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield server
        finally:
            stopped.set()
            with contextlib.suppress(OSError):
                socket.create_connection((server.host, server.port), 5).close()
            thread.join(10)


def _authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=False)


def _find_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
