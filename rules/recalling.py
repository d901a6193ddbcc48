"""Recall what an engine derived from the same facts: it would derive the same again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable

from ..core.types import Facts
from .engine import Derivation, Engine
from .policy import Policy

MAX_DERIVATIONS = 1_024


class RecallingEngine:
    """Ask another engine only for what it was not asked lately; safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: OrderedDict[Hashable, Derivation] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The other engine's name."""
        return self._engine.name

    @property
    def policy(self) -> Policy:
        """The other engine's rules."""
        return self._engine.policy

    def decide(self, facts: Facts) -> Derivation:
        """Return what the rules derive from ``facts``."""
        values = tuple(facts.values())
        # 1, 1.0 and True are equal, and not the same fact.
        key = (tuple(facts), values, tuple(map(type, values)))
        with self._lock:
            known = self._known.get(key)
            if known is not None:
                self._known.move_to_end(key)
                return known
        derivation = self._engine.decide(facts)
        with self._lock:
            self._known[key] = derivation
            if len(self._known) > MAX_DERIVATIONS:
                self._known.popitem(last=False)
        return derivation
