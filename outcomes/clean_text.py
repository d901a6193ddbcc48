"""Text that every database takes."""

from __future__ import annotations


def clean_text(text: str) -> str:
    """Replace NUL and lone surrogates, which no database takes in text."""
    if text.isascii() and "\x00" not in text:
        return text
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
