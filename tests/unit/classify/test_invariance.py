"""What the model answers does not depend on how much healthy output stands around a failure."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from support.healthy_lines import BLOCKS

import errclass
from errclass.classify.artefact import load_model
from errclass.classify.training import signals_of
from errclass.core.types import UNKNOWN, Example

SAMPLE = 150
MOST = 400
HOLDING = 0.97
"""Share of texts that must hold; the others have lines that look exactly like healthy ones, or none with words of a failure."""
FAILURE = "src/cart.c:12:5: error: expected ';' before 'return'"


class Shipped:
    """Hold the model that ships and texts of all tools; without a long representation for hypothesis to print."""

    def __init__(self, corpus: list[Example]) -> None:
        self.model = load_model(Path(errclass.__file__).parent / "models" / "default").classifier
        known = [example.text for example in corpus if example.type != UNKNOWN]
        self.texts = known[:: len(known) // SAMPLE]

    def holds(self, text: str, before: list[str], after: list[str]) -> bool:
        """Tell whether type and confidence of a text are the same between healthy lines."""
        both = [signals_of(text), signals_of("\n".join([*before, text, *after]))]
        alone, wrapped = self.model.predict_many(both)
        gap = abs(alone.ranked[0].probability - wrapped.ranked[0].probability)
        return alone.type == wrapped.type and gap <= 0.01


@pytest.fixture(scope="module")
def shipped(corpus: list[Example]) -> Shipped:
    """Return the shipped model with its texts."""
    return Shipped(corpus)


@st.composite
def healthy_lines(draw: st.DrawFn) -> list[str]:
    """Draw up to 400 lines of what several tools print while nothing is wrong."""
    blocks = draw(st.lists(st.sampled_from(BLOCKS), max_size=24))
    return [line for block in blocks for line in block][: draw(st.integers(0, MOST))]


@settings(deadline=None, max_examples=3, phases=[Phase.generate])
@given(before=healthy_lines(), after=healthy_lines())
def test_confidence_does_not_move_with_healthy_lines(shipped: Shipped, before: list[str], after: list[str]) -> None:
    """Of texts from the whole corpus nearly all keep type and confidence, whatever stands before and after."""
    held = sum(shipped.holds(text, before, after) for text in shipped.texts)
    assert held >= HOLDING * len(shipped.texts)


@settings(deadline=None, max_examples=50)
@given(before=healthy_lines(), between=healthy_lines(), after=healthy_lines())
def test_the_read_text_is_that_of_the_failure(before: list[str], between: list[str], after: list[str]) -> None:
    """Healthy lines before, between and after the failing ones are never read, and its codes stay the same."""
    second = "fatal error: stdio.h: No such file or directory"
    alone, wrapped = (
        signals_of("\n".join(lines)) for lines in ([FAILURE, second], [*before, FAILURE, *between, second, *after])
    )
    assert set(alone.masked_text.split("\n")) >= set(wrapped.masked_text.split("\n"))
    assert alone.gap == wrapped.gap


def test_ten_thousand_lines_change_nothing(shipped: Shipped) -> None:
    """However long the log is."""
    noise = [line for block in BLOCKS for line in block] * 20
    assert shipped.holds(FAILURE, noise, noise)
