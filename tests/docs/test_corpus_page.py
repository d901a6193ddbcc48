"""docs/corpus.md says what is there, and what is there does not repeat itself."""

from __future__ import annotations

from support.corpus_page import PAGE, describe_corpus
from support.near_duplicates import measure_repetition

from errclass.classify.bundled import load_bundled
from errclass.core.taxonomy import Taxonomy
from errclass.core.types import Example

FEW = [
    Example("a b", "test", tool="pytest", source="corpus"),
    Example("c d", "test", tool="jest", source="captured"),
    Example("e f", "build", tool="jest", source="corpus"),
]


def test_the_page_is_up_to_date(taxonomy: Taxonomy) -> None:
    """After a change of the texts, ``just docs`` writes it anew."""
    up_to_date = describe_corpus(load_bundled(taxonomy)) == PAGE.read_text(encoding="utf-8")
    assert up_to_date  # without the difference of two long pages


def test_few_texts_are_near_duplicates(taxonomy: Taxonomy) -> None:
    """Filling slots does not count as a new text."""
    assert measure_repetition([example.text for example in load_bundled(taxonomy)]) < 0.05


def test_texts_are_counted_by_type_origin_and_tool() -> None:
    """Every type and every tool has its row, with the sums beside and below."""
    lines = describe_corpus(FEW).splitlines()
    assert "3 texts of 2 tools." in lines
    assert {"| test | 1 | 1 | 2 | 2 |", "| build | 1 | 0 | 1 | 1 |", "| network | 0 | 0 | 0 | 0 |"} <= set(lines)
    assert "| all | 2 | 1 | 3 | 2 |" in lines
    jest = next(line for line in lines if line.startswith("| jest |"))
    assert ["jest", "1", "1", "2"] == [cell for cell in jest.replace("|", " ").split() if cell]


def test_the_page_is_the_same_in_any_order() -> None:
    """Files are listed as the system pleases."""
    assert describe_corpus(FEW) == describe_corpus(FEW[::-1])
