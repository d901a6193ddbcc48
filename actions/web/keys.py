"""What can be a key at all: it goes into a header."""

from __future__ import annotations

import re

_KEY = re.compile(r"[\x21-\x7e]{1,4096}")


def is_key(text: str) -> bool:
    """Tell whether a text is one word of printable characters of ASCII, and no more than 4,096."""
    return _KEY.fullmatch(text) is not None
