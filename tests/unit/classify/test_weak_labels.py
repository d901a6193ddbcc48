"""Exact evidence labels a text weakly where it speaks with one voice."""

from __future__ import annotations

import pytest

from errclass.classify.training import signals_of
from errclass.classify.weak_labels import WEIGHTS, weak_label
from errclass.core.types import CodeHit, Region, Signals


def of(*hits: tuple[str | None, str]) -> Signals:
    codes = tuple(CodeHit("t", str(n), 0, 1, 1, kind, strength) for n, (kind, strength) in enumerate(hits))  # type: ignore[arg-type]
    return Signals(Region("x", 1, 1), "x", None, codes)


@pytest.mark.parametrize(
    ("hits", "label"),
    [
        ([("network", "exact")], ("network", 0.5)),
        ([("network", "exact"), ("network", "exact")], ("network", 0.5)),
        ([("network", "exact"), ("test", "strong")], ("network", 0.5)),
        ([("network", "strong"), (None, "exact")], ("network", 0.25)),
        ([("network", "strong"), ("test", "weak")], ("network", 0.25)),
        ([("network", "exact"), ("test", "exact")], None),
        ([("network", "exact"), ("test", "exact"), ("test", "strong")], None),
        ([("network", "strong"), ("test", "strong")], None),
        ([("network", "weak")], None),
        ([(None, "exact")], None),
        ([], None),
    ],
)
def test_the_strongest_evidence_decides_when_it_agrees(
    hits: list[tuple[str | None, str]], label: tuple[str, float] | None
) -> None:
    """Disagreement and mere hints label nothing."""
    assert label == weak_label(of(*hits))


def test_a_real_text_is_labelled() -> None:
    """A full disk is a matter of resources."""
    found = weak_label(signals_of("write /var/lib/x: no space left on device"))
    assert found is not None
    assert "resource" == found[0]


def test_a_weak_label_counts_less_than_half_a_persons() -> None:
    """People outvote codes."""
    assert max(WEIGHTS.values()) <= 0.5
