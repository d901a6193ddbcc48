"""An attempt ends in time, also where each of its steps does."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from support.drip_server import serve_drips

from errclass.actions.notify import Channel, Delivered, Dispatch, Notice
from errclass.actions.notify import sending as sending_module
from errclass.actions.notify.channels.email import EmailChannel, EmailOptions
from errclass.actions.notify.channels.linear import LinearChannel, LinearOptions
from errclass.actions.notify.channels.slack import SlackChannel, SlackOptions
from errclass.actions.notify.channels.webhook import WebhookChannel, WebhookOptions
from errclass.actions.notify.claiming import LEASE
from errclass.actions.notify.sending import TOTAL_SECONDS, send_dispatch
from errclass.testing import RecordingChannel, quick_retries

DISPATCH = Dispatch("k1", Notice("x"))
TLS_RECORD = b"\x16\x03\x03\x40\x00"


def mail(port: int, security: str) -> EmailChannel:
    return EmailChannel(EmailOptions("127.0.0.1", "a@b.example", ("c@d.example",), port=port, security=security))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "make"),
    [
        (b"HTTP/1.1 200 OK\r\nX: ", lambda port: SlackChannel(SlackOptions(f"http://127.0.0.1:{port}/x"))),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n",
            lambda port: LinearChannel(LinearOptions("key", "team", f"http://127.0.0.1:{port}/x")),
        ),
        (TLS_RECORD, lambda port: WebhookChannel(WebhookOptions(f"https://127.0.0.1:{port}/x"))),
        (b"220 hello", lambda port: mail(port, "none")),
        (b"220 hello\r\n250-", lambda port: mail(port, "none")),
        (TLS_RECORD, lambda port: mail(port, "tls")),
    ],
    ids=["headers", "body", "handshake", "greeting", "reply", "smtps"],
)
def test_a_server_that_drips_is_cut_off(first: bytes, make: Callable[[int], Channel]) -> None:
    """It gets no more than the time that there is, and it is said so."""
    with serve_drips(first) as server:
        delivered = make(server.port).deliver(DISPATCH, 0.5)
        assert server.ended.wait(30)
        assert server.left.is_set()
    assert ("again", True) == (delivered.status, "within 0.5 s" in delivered.detail)


def test_a_channel_that_does_not_return_is_left_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """It counts as a failed attempt; what it returns later does not count."""
    monkeypatch.setattr(sending_module, "LEAST_SECONDS", 0.05)
    monkeypatch.setattr(sending_module, "_GRACE", 0.05)
    released = threading.Event()

    class Endless(RecordingChannel):
        def deliver(self, dispatch: Dispatch, timeout: float) -> Delivered:
            released.wait(30)
            return super().deliver(dispatch, timeout)

    with quick_retries(attempts=1):
        delivered = send_dispatch(Endless(), DISPATCH, seconds=0.05)
    released.set()
    assert Delivered("again", "there was no result within 0.05 s") == delivered


def test_a_lease_is_longer_than_an_attempt_and_a_locked_store_together() -> None:
    """Or somebody else would send the same meanwhile."""
    from errclass.outcomes.patience import BUSY_SECONDS

    longest = TOTAL_SECONDS + sending_module.LEAST_SECONDS + sending_module._GRACE
    assert longest + BUSY_SECONDS < LEASE
