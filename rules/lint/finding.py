"""What a check has to say."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...core.frozen import FrozenDict
from ...core.types import Facts


@dataclass(frozen=True, slots=True)
class Finding:
    """Say what is wrong with some rules, and show it."""

    check: str
    rules: tuple[str, ...]
    """Ids of the rules that it is about; empty where it is about the whole set."""
    message: str
    """What is wrong, in a sentence."""
    advice: str
    """What to do about it, in a sentence."""
    facts: Facts = field(default_factory=FrozenDict)
    """Input facts that show it; empty where nothing has to be known, or where it shows without facts."""
