"""What a rule sets: a fact, to a constant, to another fact's value, or to a row of a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..core.types import Facts, Scalar
from .conditions import Condition


@dataclass(frozen=True, slots=True)
class Constant:
    """Set ``fact`` to ``value``."""

    fact: str
    value: Scalar

    def compute(self, facts: Facts) -> Scalar:
        """Return the value."""
        return self.value

    @property
    def needs(self) -> tuple[Condition, ...]:
        """Nothing: a constant can always be set."""
        return ()


@dataclass(frozen=True, slots=True)
class Copy:
    """Set ``fact`` to the value of the fact ``source``."""

    fact: str
    source: str

    def compute(self, facts: Facts) -> Scalar:
        """Return the value of the source."""
        return facts[self.source]

    @property
    def needs(self) -> tuple[Condition, ...]:
        """The source is there."""
        return (Condition(self.source, "missing", False),)


@dataclass(frozen=True, slots=True)
class Lookup:
    """Set ``fact`` to the row of ``table`` that the fact ``by`` names."""

    fact: str
    table: str
    by: str
    rows: Mapping[str, Scalar]

    def compute(self, facts: Facts) -> Scalar:
        """Return the row."""
        return self.rows[str(facts[self.by])]

    @property
    def needs(self) -> tuple[Condition, ...]:
        """The fact names a row of the table."""
        return (Condition(self.by, "in", tuple(sorted(self.rows))),)


Effect = Constant | Copy | Lookup
