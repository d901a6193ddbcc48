"""The channels that people are told through: whether each can be made, and on request whether a message arrives."""

from __future__ import annotations

from ...actions.notify import NotificationSystem, make_channel
from ..settings import Settings
from ..wiring import name_store
from .check import Check
from .looking import look_safely

NAME = "channels"
_SEND_SECONDS = 45.0
"""A channel tries three times within 30 s."""
_ADVICE = "see docs/notifications.md for its options, or remove it from config.toml"


def check_channels(settings: Settings, send: bool = False) -> tuple[Check, ...]:  # noqa: FBT001, FBT002 - it reads well
    """Look at each channel; with ``send`` a test message is really sent through it."""
    names = tuple(settings.notifications.channels)
    if not settings.enable.notifications:
        return (Check(NAME, "off", "notifications are switched off", "set enable.notifications to switch them on"),)
    if not names:
        advice = "to be told of failures, set one up: docs/notifications.md"
        return (Check(NAME, "off", "no channel is set up", advice),)
    return tuple(_check_one(settings, name, send=send) for name in names)


def _check_one(settings: Settings, name: str, *, send: bool) -> Check:
    shown = f"{NAME}.{name}"
    return look_safely(shown, lambda: _look(settings, name, shown, send=send), advice=_ADVICE, seconds=_SEND_SECONDS)


def _look(settings: Settings, name: str, shown: str, *, send: bool) -> Check:
    channel = make_channel(name, settings.notifications.channels[name])
    if not send:
        return Check(shown, "ok", "set up; a test message shows whether it arrives: errclass doctor --send-test")
    if not settings.acting:
        return Check(shown, "off", "nothing is sent: everything automatic is switched off", "see the check switches")
    return _send(NotificationSystem(name_store(settings), [channel]), channel.name, shown)


def _send(system: NotificationSystem, name: str, shown: str) -> Check:
    delivered = system.test_channel(name)
    if delivered.status == "sent":
        return Check(shown, "ok", "a test message was sent and taken")
    waits = "" if delivered.retry_after is None else f"; it asks to wait {delivered.retry_after:.0f} s"
    message = f"a test message did not arrive: {delivered.detail or delivered.status}{waits}"
    return Check(shown, "problem", message, f"check its address and key, and the network; {_ADVICE}")
