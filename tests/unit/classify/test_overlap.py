"""Texts that training texts repeat are found."""

from __future__ import annotations

import pytest

from errclass.classify.overlap import count_repeated

KNOWN = ["npm error code E404\nnpm error 404 Not Found - GET https://registry.npmjs.org/left-padd"]


@pytest.mark.parametrize(
    "text",
    [
        KNOWN[0],
        KNOWN[0].upper().replace("HTTPS://REGISTRY.NPMJS.ORG/LEFT-PADD", "https://npm.example.com/other"),
        KNOWN[0].replace("\n", "\n\n   "),
    ],
)
def test_another_name_or_layout_is_no_other_text(text: str) -> None:
    """What is masked, and white space, do not count."""
    assert 1 == count_repeated([text], KNOWN)


@pytest.mark.parametrize("text", ["npm error code E404", "npm error code EUSAGE\n" + KNOWN[0].split("\n")[1], ""])
def test_another_text_is_none(text: str) -> None:
    """Part of a text is another text, and so is another code."""
    assert 0 == count_repeated([text], KNOWN)


def test_every_text_counts() -> None:
    """Also when two are equal."""
    assert 2 == count_repeated([KNOWN[0], "other", KNOWN[0]], KNOWN)
