"""Put a stranger's text where an agent reads it as data: cleaned, masked, bounded, and fenced."""

from __future__ import annotations

import re
import unicodedata

from ...core.escaping import escape_terminal
from ...core.masking import mask_secrets
from ...core.text import replace_surrogates

_TICKS = re.compile(r"`+")
_SHORTEST = 3
_LONGEST = re.compile(r"(`{16})`+")
"""More of them in a row say nothing, and the fence around them would be as long."""
# Characters that show nothing and may yet be read: formats (tags and zero-width ones among them), private use, no
# characters at all, and the selectors that can carry a hidden text.
_HIDDEN = frozenset({"Cf", "Co", "Cn", "Cs"})
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def fence_data(text: str, name: str) -> str:
    """Return the text between fences that nothing within can close; ``name`` says what it is."""
    fence = "`" * max(_SHORTEST, 1 + max((len(run) for run in _TICKS.findall(text)), default=0))
    return f"{fence}{name}\n{text}\n{fence}"


def clean_data(text: str, most: int) -> str:
    """Return the text without secrets and without what is not seen, at most about ``most`` characters of it."""
    plain = _LONGEST.sub(r"\1", _SELECTORS.sub("", escape_terminal(replace_surrogates(text))))
    if not plain.isascii():
        plain = "".join(char for char in plain if unicodedata.category(char) not in _HIDDEN)
    return cut_middle(mask_secrets(plain), most)


def cut_middle(text: str, most: int) -> str:
    """Keep the first quarter and the last three of ``most`` characters."""
    if len(text) <= most:
        return text
    head = most // 4
    return f"{text[:head]}\n[... {len(text) - most} characters left out ...]\n{text[len(text) - most + head :]}"
