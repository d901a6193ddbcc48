"""Mail, by any SMTP server: over TLS, with a login where one is given, as text and HTML."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any, Literal, Self

from ....core.clock import utc_now
from ....core.cutter import Cutter
from ....core.errors import ConfigError
from ....core.markup import clean_line, escape_header
from ...web.addresses import is_loopback
from ..channel import SENT, Delivered, Dispatch
from ..options import name_setting, parse_options
from ..rendering import make_page, render_html, render_plain, render_title
from .smtp_line import SmtpLine

Security = Literal["starttls", "tls", "none"]
_ADDRESS = re.compile(r"[^\s@<>,;:\"\\()\[\]]{1,64}@[A-Za-z0-9.-]{1,255}")


@dataclass(frozen=True, slots=True)
class EmailOptions:
    """Say through which server, from whom and to whom."""

    host: str
    sender: str
    recipients: tuple[str, ...]
    port: int = 587
    security: Security = "starttls"
    """``tls`` from the first byte on, usually port 465; ``none`` is without a login, or on this machine only."""
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: str | None = None
    """Certificates to trust instead of the system's."""


class EmailChannel:
    """Send mails, one connection each."""

    name = "email"
    pace = 1.0
    batches = True

    def __init__(self, options: EmailOptions) -> None:
        _check(options)
        self._options = options
        self._sender = _read_address(options.sender, "sender")
        self._recipients = tuple(_read_address(address, "recipients") for address in options.recipients)

    @classmethod
    def from_settings(cls, values: Mapping[str, Any]) -> Self:
        """Return the channel of its settings."""
        return cls(parse_options(EmailOptions, cls.name, values))

    def deliver(self, dispatch: Dispatch, timeout: float) -> Delivered:
        """Send once; after ``timeout`` seconds the connection is cut."""
        with Cutter(timeout) as cutter:
            delivered = self._try(dispatch, timeout, cutter)
        if cutter.expired and delivered.status == "again":
            return Delivered("again", f"{self._options.host} did not take it within {timeout:.3g} s")
        return delivered

    def _try(self, dispatch: Dispatch, timeout: float, cutter: Cutter) -> Delivered:
        try:
            with self._connect(timeout, cutter) as server:
                refused = self._send(server, self._write(dispatch))
        except smtplib.SMTPException as error:
            return _judge(error, self._options.host)
        except ssl.SSLCertVerificationError as error:
            return Delivered(
                "refused", f"{self._options.host}: its certificate is not trusted ({error.verify_message})"
            )
        except ValueError as error:  # it quotes what was to be said, which may be the login
            return Delivered("refused", f"{self._options.host}: the mail cannot be written ({type(error).__name__})")
        except OSError as error:
            return Delivered("again", f"{self._options.host} cannot be reached: {type(error).__name__}: {error}")
        return SENT if not refused else Delivered("sent", f"refused for {', '.join(sorted(refused))}")

    def _connect(self, timeout: float, cutter: Cutter) -> smtplib.SMTP:
        context = self._make_context() if self._options.security == "tls" else None
        return SmtpLine(self._options.host, self._options.port, timeout, cutter, context)

    def _send(self, server: smtplib.SMTP, message: EmailMessage) -> Mapping[str, Any]:
        if self._options.security == "starttls":
            server.starttls(context=self._make_context())  # raises where the server offers none
        if self._options.user is not None:
            server.login(self._options.user, self._options.password or "")
        return server.send_message(message)

    def _make_context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._options.ca_file)

    def _write(self, dispatch: Dispatch) -> EmailMessage:
        page, message = make_page(dispatch), EmailMessage()
        message["From"] = self._sender
        message["To"] = self._recipients
        message["Subject"] = escape_header(render_title(page))
        message["Date"] = format_datetime(utc_now())
        message["Message-ID"] = f"<{dispatch.key}@errclass>"  # a re-sent one can be told by it
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(render_plain(page))
        message.add_alternative(render_html(page), subtype="html")
        return message


def _check(options: EmailOptions) -> None:
    if not options.recipients:
        raise ConfigError(f"{name_setting('email', 'recipients')}: at least one address is needed")
    if not 0 < options.port < 65_536:
        raise ConfigError(f"{name_setting('email', 'port')}: {options.port} is no port")
    if options.security == "none" and options.user is not None and not is_loopback(options.host):
        raise ConfigError(f"{name_setting('email', 'security')}: a login is not sent in the open; use starttls or tls")


def _read_address(text: str, option: str) -> Address:
    """Return ``Name <user@host>`` or ``user@host``; anything that a header could be made of is refused."""
    name, address = parseaddr(text)
    if not _ADDRESS.fullmatch(address) or clean_line(text) != text.strip():
        raise ConfigError(f"{name_setting('email', option)}: {clean_line(text, 80)!r} is no mail address")
    return Address(name, addr_spec=address)


def _judge(error: smtplib.SMTPException, host: str) -> Delivered:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
        refused = all(500 <= code < 600 for code in codes)
        return Delivered("refused" if refused else "again", f"{host} refused all recipients ({codes[0]})")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Delivered("refused", f"{host}: {error}")
    if isinstance(error, smtplib.SMTPResponseException):
        reply = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        detail = f"{host} answered {error.smtp_code}: {clean_line(reply, 120)}"
        return Delivered("refused" if 500 <= error.smtp_code < 600 else "again", detail)
    return Delivered("again", f"{host}: {type(error).__name__}: {error}")
