"""docs/learning-curve.md is renewed now and then."""

from __future__ import annotations

import re

from support.source import find_source

from errclass.classify.bundled import load_bundled
from errclass.core.taxonomy import Taxonomy

PAGE = (find_source() / "docs" / "learning-curve.md").read_text(encoding="utf-8")


def test_the_curve_is_about_these_texts(taxonomy: Taxonomy) -> None:
    """When a quarter has changed, run the program that the page names."""
    counted = re.search(r"(\d+) texts of \d+ tools", PAGE)
    assert counted is not None
    now = len(load_bundled(taxonomy))
    assert 0.75 * now <= int(counted[1]) <= 1.25 * now


def test_the_page_names_its_program() -> None:
    """Which is there."""
    named = re.search(r"`python (\S+)`", PAGE)
    assert named is not None
    assert (find_source() / named[1]).is_file()


def test_every_type_has_its_row(taxonomy: Taxonomy) -> None:
    """With a figure for each share of the tools, and what the last step brought."""
    rows = {line.split("|")[1].strip(): line.count("|") for line in PAGE.splitlines() if line.startswith("| ")}
    assert {*taxonomy.names, "accuracy", "macro-F1", "texts"} <= set(rows)
    assert {7} == set(rows.values())
