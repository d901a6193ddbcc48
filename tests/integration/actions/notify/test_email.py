"""Mails to a real SMTP server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.hostile import HOSTILE, Hostile, name_case
from support.mail_server import PASSWORD, USER, MailServer, serve_bytes, serve_mail

from errclass.actions.notify import Delivered, Dispatch, Notice
from errclass.actions.notify.channels.email import EmailChannel
from errclass.core.errors import ConfigError

NOTICE = Notice(
    "deploy of shop failed ✗",
    priority="high",
    operation="deploy",
    evidence=("exit <1>",),
    link="https://ci.example.com/17",
)


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[MailServer]:
    """A server with STARTTLS and a login."""
    with serve_mail(tmp_path) as server:
        yield server


def make(server: MailServer, **changes: Any) -> EmailChannel:
    values = {
        "host": server.host,
        "port": str(server.port),
        "sender": "errclass <ci@example.com>",
        "recipients": "oncall@example.com, Ops Team <ops@example.com>",
        "user": USER,
        "password": PASSWORD,
        "ca_file": server.ca_file or None,
    }
    return EmailChannel.from_settings({k: v for k, v in (values | changes).items() if v is not None})


def send(server: MailServer, notice: Notice = NOTICE, timeout: float = 5.0, **changes: Any) -> Delivered:
    return make(server, **changes).deliver(Dispatch("k1", notice), timeout)


def test_a_mail_says_all_as_text_and_html(mail: MailServer) -> None:
    """To all recipients, over TLS."""
    assert Delivered("sent") == send(mail)
    (message,) = mail.messages
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert ("HIGH: deploy of shop failed ✗", "errclass <ci@example.com>") == (message["Subject"], message["From"])
    assert ("oncall@example.com, Ops Team <ops@example.com>", "<k1@errclass>") == (message["To"], message["Message-ID"])
    assert ["oncall@example.com", "ops@example.com"] == mail.envelopes[0].rcpt_tos
    assert "    exit <1>" in text.get_content()
    assert "exit &lt;1&gt;</pre>" in html.get_content()
    assert '<a href="https://ci.example.com/17">' in html.get_content()
    assert [True] == mail.tls


def test_tls_from_the_first_byte_on(tmp_path: Path) -> None:
    """As on port 465."""
    with serve_mail(tmp_path, security="tls") as server:
        assert Delivered("sent") == send(server, security="tls")
        assert 1 == len(server.messages)


def test_in_the_open_only_without_a_login_or_on_this_machine(tmp_path: Path) -> None:
    """A relay of one's own."""
    with serve_mail(tmp_path, security="none", login=False) as server:
        assert Delivered("sent") == send(server, security="none", user=None, password=None)
    with pytest.raises(ConfigError, match="a login is not sent in the open"):
        make(MailServer(host="mail.example.com", port=25), security="none")


def test_a_server_without_tls_gets_no_mail(tmp_path: Path) -> None:
    """Nor the password: nothing falls back to the open."""
    with serve_mail(tmp_path, security="none", login=False) as server:
        delivered = send(server)
        assert ("refused", True, []) == (delivered.status, "STARTTLS" in delivered.detail, server.messages)


def test_a_wrong_login_is_refused(mail: MailServer) -> None:
    """And the password is in no message."""
    delivered = send(mail, password="wrong-hunter2")
    assert ("refused", True, False) == (delivered.status, "535" in delivered.detail, "hunter2" in delivered.detail)
    assert [] == mail.messages


def test_no_login_where_one_is_needed_is_refused(mail: MailServer) -> None:
    """By the server."""
    assert "refused" == send(mail, user=None, password=None).status


def test_an_untrusted_certificate_is_refused(mail: MailServer) -> None:
    """Whatever the server says."""
    delivered = send(mail, ca_file=None)
    assert ("refused", True) == (delivered.status, "certificate is not trusted" in delivered.detail)


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        ("451 try again later", "again"),
        ("552 mailbox full", "refused"),
        ("421 closing", "again"),
    ],
)
def test_what_a_reply_means(mail: MailServer, reply: str, status: str) -> None:
    """Four hundreds pass, five hundreds do not."""
    mail.replies = [reply]
    assert status == send(mail).status


def test_recipients_are_refused_one_by_one(mail: MailServer) -> None:
    """Where one takes it, it has arrived; where none does, it depends on why."""
    mail.refused = {"ops@example.com": "550 no such user"}
    assert Delivered("sent", "refused for ops@example.com") == send(mail)
    mail.refused["oncall@example.com"] = "450 greylisted"
    assert "again" == send(mail).status
    mail.refused["oncall@example.com"] = "550 no such user"
    assert "refused" == send(mail).status


@pytest.mark.parametrize(
    "greeting",
    [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\x00\xff" * 5000,
        b"220 hello\r\n",
        b"2",
        b"554 go away\r\n",
        b"220-" * 9000,
    ],
)
def test_garbage_is_no_server(greeting: bytes) -> None:
    """It is a result, whatever is sent."""
    with serve_bytes(greeting) as server:
        delivered = send(server)
        assert (True, True) == (delivered.status in ("again", "refused"), bool(delivered.detail))


@pytest.mark.parametrize("greeting", [b"", b"220 hello\r\n"])
def test_a_server_that_does_not_answer_is_left(greeting: bytes) -> None:
    """After the timeout."""
    with serve_bytes(greeting, hangs=True) as server:
        assert "again" == send(server, timeout=0.2).status


def test_a_server_that_is_not_there_is_told() -> None:
    """By its host."""
    delivered = send(MailServer(port=1))
    assert ("again", True) == (delivered.status, "127.0.0.1 cannot be reached" in delivered.detail)


@pytest.mark.parametrize("case", HOSTILE, ids=name_case)
def test_hostile_text_adds_no_header_and_no_recipient(mail: MailServer, case: Hostile) -> None:
    """Nor any tag; the mail is as long as it is."""
    text = case.text[:20_000]
    assert Delivered("sent") == send(
        mail, Notice(text, operation=text, evidence=(text,), tried=(text,), next_step=text)
    )
    (message,) = mail.messages
    assert ["oncall@example.com", "ops@example.com"] == mail.envelopes[0].rcpt_tos
    names = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"}
    assert names | {"X-Peer", "X-MailFrom", "X-RcptTo"} >= set(message.keys())
    html = message.get_body(("html",))
    assert html is not None
    written = html.get_content()
    for tag in ("<script", "<img", "<svg", "<style>", "onerror=alert(1)>", "<a "):
        assert tag not in written
    assert 1 == written.count("</html>") == written.count("</body>")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"sender": "nonsense"}, "sender: 'nonsense' is no mail address"),
        ({"sender": "a@example.com\r\nBcc: b@example.com"}, "is no mail address"),
        ({"recipients": "a@example.com, b"}, "recipients: 'b' is no mail address"),
        ({"recipients": ""}, "at least one address"),
        ({"port": "0"}, "0 is no port"),
        ({"port": "many"}, "port: input should be a valid integer"),
        ({"security": "ssl"}, "security: input should be 'starttls', 'tls' or 'none'"),
    ],
)
def test_wrong_options_are_named(changes: dict[str, str], problem: str) -> None:
    """Before anything is sent."""
    with pytest.raises(ConfigError) as caught:
        make(MailServer(port=25), **changes)
    assert problem in str(caught.value)
