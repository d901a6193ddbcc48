"""Replace each secret of a text by ``[masked:KIND]``.

Three kinds of evidence, from sure to less sure: blocks (private keys between their marks), tokens (a provider's prefix
and alphabet), places (headers, URLs, assignments, flags). Only lines that hold a hint of any are looked at closely.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .assignments import ASSIGNMENT_HINTS, mask_assignments
from .blocks import mask_blocks
from .places import PLACE_HINTS, URL_WITH_USER, mask_places
from .tokens import find_token_hints, mask_tokens

# Two passes are the rule. Only a text made to need more gets here, and loses its line rather than a secret.
_MAX_PASSES = 8
_WORD_HINTS = tuple(sorted({*ASSIGNMENT_HINTS, *PLACE_HINTS}))
_COLOURS = re.compile(r"\x1b\[[0-?]{0,32}[ -/]{0,4}[@-~]")


def mask_secrets(text: str) -> str:
    """Replace each secret in ``text`` by ``[masked:KIND]``.

    A text in colours that holds one loses them. Masking masked text changes nothing; the number of lines stays; the
    time is linear in the length of the text.
    """
    if "\x1b" not in text:
        return _mask_plain(text)
    plain = _COLOURS.sub("", text)  # the letter that ends a colour would be taken for a part of the token behind it
    masked = _mask_plain(plain)
    return text if masked == plain else masked


def _mask_plain(text: str) -> str:
    text = mask_blocks(text)
    pieces: list[str] = []
    done = 0
    for start, end in _find_suspects(text):
        pieces += text[done:start], _mask_lines(text[start:end])
        done = end
    return "".join(pieces) + text[done:] if pieces else text


def _mask_lines(lines: str) -> str:
    """Mask until nothing changes: what is masked may make what stands beside it recognisable."""
    for _ in range(_MAX_PASSES):
        masked = mask_assignments(mask_places(mask_tokens(lines)))
        if masked == lines:
            return lines
        lines = masked
    return "[masked:line]" + "\n" * lines.count("\n")


def _find_suspects(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each stretch of lines that may hold a secret, in order and disjoint."""
    literals, shapes = find_token_hints(text)
    ends: dict[int, int] = {}
    _add_literals(text, literals, ends)
    _add_literals(_lower(text), _WORD_HINTS, ends)
    _add_shapes(text, [*shapes, URL_WITH_USER], ends)
    done = 0
    for start, end in sorted(ends.items()):
        if end > done:
            yield max(start, done), end
            done = end


def _add_literals(text: str, hints: Iterable[str], ends: dict[int, int]) -> None:
    for hint in hints:
        at = text.find(hint)
        while at >= 0:
            at = text.find(hint, _add_line(text, at, ends))


def _add_shapes(text: str, shapes: Iterable[re.Pattern[str]], ends: dict[int, int]) -> None:
    for shape in shapes:
        match = shape.search(text)
        while match:
            match = shape.search(text, _add_line(text, match.start(), ends))


def _add_line(text: str, at: int, ends: dict[int, int]) -> int:
    """Note start and end of the line around ``at``, with the next one where a ``name``/``value`` pair goes on."""
    end = _next_feed(text, at)
    if text[end + 1 : end + 200].lstrip(" \t\r+~-\"'\\")[:5].lower() == "value":
        end = _next_feed(text, end + 1)
    ends[text.rfind("\n", 0, at) + 1] = end
    return end


def _next_feed(text: str, at: int) -> int:
    feed = text.find("\n", at)
    return len(text) if feed < 0 else feed


def _lower(text: str) -> str:
    # The only letter whose lower case is longer than itself; offsets must stay.
    return text.replace("\u0130", "i").lower()
