"""Wrap training texts in what surrounds failures in the logs of CI systems, so that a model learns to look past it."""

from __future__ import annotations

import functools
import random
import zlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from ..core.types import Example

SOURCE = "noise"
"""The ``source`` of a noisy copy: it is learned from and never measured on."""
FOLDER = Path(__file__).resolve().parent.parent / "data" / "noise"

_MAX_BEFORE, _MAX_AFTER = 40, 12
_WIDTHS = (80, 100, 120, 132)
_WEIGHT = 0.5
"""What a copy counts beside its original, chosen on held-out tools."""


def copy_with_noise(examples: Iterable[Example]) -> list[Example]:
    """Return a noisy copy of each example that weighs half as much."""
    return [
        replace(example, text=add_noise(example.text), weight=_WEIGHT * example.weight, source=SOURCE)
        for example in examples
    ]


def add_noise(text: str) -> str:
    """Return the text as a CI system's log would show it: healthy lines and warnings around, prefixes, wrapped lines.

    The same text gives the same result. The lines of the text stay in their order, and no other line names a cause.
    """
    chance = random.Random(zlib.crc32(text.encode("utf-8", "surrogatepass")))  # noqa: S311 - repeatable, not secret
    lines = text.split("\n")
    if chance.random() < 0.15:
        lines = _wrap(lines, chance.choice(_WIDTHS))
    if chance.random() < 0.2:
        lines = [_colour(line) if chance.random() < 0.5 else line for line in lines]
    lines = [*_draw_before(chance), *lines, *_draw_after(chance)]
    prefix = chance.choice(_PREFIXES)
    return "\n".join(prefix(line, 1_741_083_072 + number) for number, line in enumerate(lines))


def _draw_before(chance: random.Random) -> list[str]:
    drawn = chance.choices(_load("healthy"), k=chance.randint(1, _MAX_BEFORE))
    for _ in range(chance.randint(0, 3)):
        drawn.insert(chance.randint(0, len(drawn)), chance.choice(_load("warnings")))
    return drawn


def _draw_after(chance: random.Random) -> list[str]:
    healthy = chance.choices(_load("healthy"), k=chance.randint(0, _MAX_AFTER))
    return healthy[:3] + chance.choices(_load("closing"), k=chance.randint(0, 3)) + healthy[3:]


@functools.cache
def _load(name: str) -> tuple[str, ...]:
    return tuple((FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines())


def _wrap(lines: list[str], width: int) -> list[str]:
    """Break lines as a terminal of that width does: in the middle of words."""
    return [line[start : start + width] for line in lines for start in range(0, max(1, len(line)), width)]


def _colour(line: str) -> str:
    return f"\x1b[31m{line}\x1b[0m" if line else line


def _clock(second: int) -> str:
    return f"{second // 3600 % 24:02}:{second // 60 % 60:02}:{second % 60:02}"


_PREFIXES: tuple[Callable[[str, int], str], ...] = (
    lambda line, second: line,
    lambda line, second: f"2025-03-04T{_clock(second)}.1182213Z {line}",
    lambda line, second: f"[2025-03-04T{_clock(second)}.118Z] {line}",
    lambda line, second: f"[task 2025-03-04T{_clock(second)}.118Z] {line}",
    lambda line, second: f"build\tRun the checks\t2025-03-04T{_clock(second)}.1182213Z {line}",
    lambda line, second: f"#12 {second % 100}.41 {line}",
    lambda line, second: f"api-1  | {line}",
    lambda line, second: f"{_clock(second)} {line}",
)
