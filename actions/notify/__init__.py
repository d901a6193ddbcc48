"""Tell people: notices, a durable queue with limits and digests, and channels."""

from __future__ import annotations

from .channel import SENT, Channel, Delivered, Dispatch
from .courier import Listener
from .draining import DrainReport
from .failing import describe_return, end_failure
from .mail_keeper import MailBox, MailKeeper
from .notice import Digest, DigestLine, Notice, NoticeKind
from .notice_rules import Maintenance, NoticeRules
from .notice_statistics import NoticeStatistics
from .notification_system import NotificationSystem
from .receipt import ChannelReceipt, NoticeStatus, Receipt
from .registry import list_channels, make_channel
from .settling import Settled
from .signature import is_signed, sign_body

__all__ = [
    "SENT",
    "Channel",
    "ChannelReceipt",
    "Delivered",
    "Digest",
    "DigestLine",
    "Dispatch",
    "DrainReport",
    "Listener",
    "MailBox",
    "MailKeeper",
    "Maintenance",
    "Notice",
    "NoticeKind",
    "NoticeRules",
    "NoticeStatistics",
    "NoticeStatus",
    "NotificationSystem",
    "Receipt",
    "Settled",
    "describe_return",
    "end_failure",
    "is_signed",
    "list_channels",
    "make_channel",
    "sign_body",
]
