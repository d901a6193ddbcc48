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

    @property
    def source(self) -> None:
        """No fact."""
        return

    @property
    def values(self) -> tuple[Scalar, ...]:
        """Everything that it may set."""
        return (self.value,)


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

    @property
    def values(self) -> tuple[Scalar, ...]:
        """Nothing that is known before."""
        return ()


@dataclass(frozen=True, slots=True)
class Lookup:
    """Set ``fact`` to the row of ``table`` that the fact ``by`` names."""

    fact: str
    table: str
    by: str
    rows: Mapping[str, Scalar]
    otherwise: Scalar | None = None
    """What it is set to where ``by`` is missing or names no row; None: then it is not set."""

    def compute(self, facts: Facts) -> Scalar:
        """Return the row."""
        key = facts.get(self.by)
        if self.otherwise is None:
            return self.rows[str(key)]
        # An absent fact names no row, also none that is called "None".
        return self.otherwise if key is None else self.rows.get(str(key), self.otherwise)

    @property
    def needs(self) -> tuple[Condition, ...]:
        """The fact names a row of the table."""
        return () if self.otherwise is not None else (Condition(self.by, "in", tuple(sorted(self.rows))),)

    @property
    def source(self) -> str:
        """The fact that names the row."""
        return self.by

    @property
    def values(self) -> tuple[Scalar, ...]:
        """Everything that it may set."""
        return (*self.rows.values(), *(() if self.otherwise is None else (self.otherwise,)))


Effect = Constant | Copy | Lookup
