"""What really was written into a demo store, counted while it was."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field


@dataclass(slots=True)
class Ledger:
    """Hold the counts."""

    counts: Counter[str] = field(default_factory=Counter)
    """Of calls, failures, and so on."""
    spells: Counter[str] = field(default_factory=Counter)
    """Failures by what was planted."""
    fingerprints: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """Fingerprints by cause."""
    tries: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    """Calls after a failure, by its cause and the recovery before them."""
    passes: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    """Those of them that passed."""
