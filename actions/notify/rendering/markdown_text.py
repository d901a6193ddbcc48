"""Messages as Markdown, for issue trackers."""

from __future__ import annotations

from ....core.markup import escape_markdown, fence_markdown
from .page import Page


def render_markdown(page: Page) -> str:
    """Return everything but the title."""
    blocks = [
        "\n".join(f"- **{label}:** {escape_markdown(value)}" for label, value in page.facts),
        fence_markdown("\n".join(page.evidence)),
        _list("Tried", page.tried),
        f"**Next:** {escape_markdown(page.next_step)}" if page.next_step else "",
        "\n".join(f"- {escape_markdown(line)}" for line in page.lines),
        f"[Open](<{page.link}>)" if page.link else "",
    ]
    return "\n\n".join(block for block in blocks if block)


def _list(title: str, lines: tuple[str, ...]) -> str:
    return "\n".join([f"**{title}:**", "", *(f"- {escape_markdown(line)}" for line in lines)]) if lines else ""
