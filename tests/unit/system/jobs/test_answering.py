from __future__ import annotations

import pytest

from errclass.core.errors import UsageError
from errclass.core.taxonomy import Taxonomy
from errclass.system.jobs.answering import read_retryable, read_type


@pytest.mark.parametrize(("given", "meant"), [("network", "network"), (" Rate-Limit ", "rate_limit")])
def test_a_type_is_known_in_any_case(given: str, meant: str, taxonomy: Taxonomy) -> None:
    """As in history files."""
    assert meant == read_type(given, taxonomy)


@pytest.mark.parametrize(
    ("given", "hint"), [("netwrok", "did you mean network?"), ("", "the types are"), ("zzz", "the types are")]
)
def test_another_is_refused(given: str, hint: str, taxonomy: Taxonomy) -> None:
    """With the nearest, or all."""
    with pytest.raises(UsageError, match="no type") as caught:
        read_type(given, taxonomy)
    assert hint in str(caught.value)


@pytest.mark.parametrize(
    ("given", "meant"), [("yes", True), (" TRUE", True), ("1", True), ("No", False), ("", None), (" ", None)]
)
def test_whether_a_rerun_helps(given: str, meant: bool | None) -> None:
    """Nothing is nothing said."""
    assert meant is read_retryable(given)


def test_anything_else_is_refused() -> None:
    """Not taken for a no."""
    with pytest.raises(UsageError, match="'maybe'"):
        read_retryable("maybe")
