"""Identifiers that sort by time of creation."""

from __future__ import annotations

import os
import time

_NANOSECONDS = 1_000_000
"""In one millisecond."""


def new_id() -> str:
    """Return a UUIDv7 (RFC 9562, 5.7): 48 bits of Unix milliseconds, 12 bits of their fraction, 62 random bits."""
    milliseconds, rest = divmod(time.time_ns(), _NANOSECONDS)
    value = (milliseconds & ((1 << 48) - 1)) << 80 | int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    value |= 0x7 << 76 | (rest << 12) // _NANOSECONDS << 64 | 0x2 << 62
    digits = f"{value:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
