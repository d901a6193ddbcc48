"""The page of decisions shows what is decided."""

from __future__ import annotations

from support.decision_table import PAGE, render_page


def test_the_page_is_current() -> None:
    """Write it anew with ``just docs``."""
    assert render_page() == PAGE.read_text(encoding="utf-8")
