"""Upper bounds on stored text."""

from __future__ import annotations

STORED_BYTES = 16 * 1024
READ_BYTES = 1024 * 1024
_MARK = "\n[... {} bytes left out ...]\n"


def bound_text(text: str, limit: int) -> str:
    """Return ``text`` in at most ``limit`` bytes of UTF-8: the first quarter and, above all, its end."""
    if len(text) * 4 <= limit:
        return text
    data = text.encode("utf-8", "replace")
    return text if len(data) <= limit else join_ends(data[: limit // 4], data[-limit:], len(data), limit)


def join_ends(head: bytes, tail: bytes, size: int, limit: int) -> str:
    """Return the two ends of ``size`` bytes of UTF-8 with a mark between them, at most ``limit`` bytes in all."""
    mark = _MARK.format(size)
    room = max(limit - len(head) - len(mark), 0)
    mark = _MARK.format(size - len(head) - room)
    kept = tail[len(tail) - room :]
    return head.decode("utf-8", "ignore") + mark + kept.decode("utf-8", "ignore")
