from __future__ import annotations

from errclass.outcomes.excerpts import LINE_CHARS, LINES, excerpt_text

TEXT = "\n".join(f"line {number}" for number in range(100))


def test_the_end_is_shown() -> None:
    """That is where failures explain themselves."""
    assert [f"line {number}" for number in range(90, 100)] == excerpt_text(TEXT).split("\n")


def test_evidence_is_shown_with_what_is_around() -> None:
    """Wherever it is."""
    for number in (0, 50, 99):
        shown = excerpt_text(TEXT, [f" line {number}"]).split("\n")
        assert (LINES, True) == (len(shown), f"line {number}" in shown)


def test_evidence_that_is_not_there_changes_nothing() -> None:
    """It may stand in a part that was left out."""
    assert excerpt_text(TEXT) == excerpt_text(TEXT, ["gone"])


def test_lines_are_bounded() -> None:
    """Blank ones are left out."""
    assert ["x" * (LINE_CHARS - 1) + "…", "y"] == excerpt_text("x" * 5000 + "\n\n  \ny").split("\n")
    assert "" == excerpt_text("")
