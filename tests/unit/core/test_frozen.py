"""A mapping that is a value."""

from __future__ import annotations

import copy
import pickle

import pytest

from errclass.core.frozen import FrozenDict


def test_it_reads_like_a_mapping() -> None:
    """Lookup, length, order and membership are those of the dict it was made from."""
    frozen = FrozenDict({"b": 1, "a": 2})
    assert frozen["a"] == 2
    assert list(frozen) == ["b", "a"]
    assert (len(frozen), "a" in frozen, "c" in frozen, frozen.get("c")) == (2, True, False, None)
    assert repr(frozen) == "FrozenDict({'b': 1, 'a': 2})"
    assert len(FrozenDict()) == 0


def test_it_cannot_be_written_to() -> None:
    """Neither through itself nor through the dict it was made from."""
    source = {"a": 1}
    frozen = FrozenDict(source)
    source["a"] = 2
    assert frozen["a"] == 1
    with pytest.raises(TypeError):
        frozen["a"] = 3  # type: ignore[index]


def test_it_compares_and_hashes_by_content() -> None:
    """The order of the keys does not matter."""
    frozen = FrozenDict({"a": 1, "b": 2})
    assert frozen == FrozenDict({"b": 2, "a": 1})
    assert hash(frozen) == hash(FrozenDict({"b": 2, "a": 1}))
    assert frozen == {"a": 1, "b": 2}
    assert frozen != FrozenDict({"a": 1})


def test_it_pickles_and_copies() -> None:
    """Values travel between processes."""
    frozen = FrozenDict({"a": [1]})
    assert pickle.loads(pickle.dumps(frozen)) == frozen
    assert copy.copy(frozen) == frozen
    deep = copy.deepcopy(frozen)
    assert deep == frozen
    assert deep["a"] is not frozen["a"]
