"""An immutable mapping: what facts and metadata travel in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

V = TypeVar("V")


class FrozenDict(Mapping[str, V]):
    """Hold string keys and values read-only; unlike ``MappingProxyType`` it pickles, copies and compares as a value."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, V] | None = None) -> None:
        self._items: dict[str, V] = dict(items or {})

    def __getitem__(self, key: str) -> V:
        return self._items[key]

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value, or ``default``; ``Mapping`` would raise and catch an exception for what is absent."""
        return self._items.get(key, default)

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return f"FrozenDict({self._items!r})"
