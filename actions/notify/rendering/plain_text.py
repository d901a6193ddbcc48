"""Messages as plain text, for mail and for whatever takes nothing else."""

from __future__ import annotations

from ....core.markup import clean_line, clean_lines
from .page import Page

TITLE_CHARS = 200


def render_title(page: Page) -> str:
    """Return the title as one line without anything that acts, such as a mail's subject."""
    return clean_line(page.title, TITLE_CHARS) or "errclass"


def render_plain(page: Page) -> str:
    """Return everything but the title."""
    blocks = [
        "\n".join(f"{label}: {clean_line(value)}" for label, value in page.facts),
        "\n".join(f"    {line}" for line in clean_lines("\n".join(page.evidence)).splitlines()),
        _list("Tried:", page.tried),
        f"Next: {clean_line(page.next_step)}" if page.next_step else "",
        "\n".join(f"- {clean_line(line)}" for line in page.lines),
        page.link or "",
    ]
    return "\n\n".join(block for block in blocks if block.strip()) + "\n"


def _list(title: str, lines: tuple[str, ...]) -> str:
    return "\n".join([title, *(f"- {clean_line(line)}" for line in lines)]) if lines else ""
