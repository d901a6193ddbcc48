"""What tests of other programs may import."""

from __future__ import annotations

import pytest

from errclass import testing


def test_public_names_are_sorted_listed_and_there() -> None:
    """Each is imported at its first use; ``dir`` shows it before."""
    assert sorted(testing.__all__) == testing.__all__
    assert set() == set(testing.__all__) - set(dir(testing))
    assert all(callable(getattr(testing, name)) for name in testing.__all__)


def test_a_wrong_name_is_an_attribute_error() -> None:
    """As of any module."""
    with pytest.raises(AttributeError, match="has no attribute 'no_such_name'"):
        _ = testing.no_such_name  # type: ignore[attr-defined]
