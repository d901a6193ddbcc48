"""Recall what an engine derived from the same facts: it would derive the same again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable

from ..core.types import Facts
from .engine import Derivation, Engine
from .policy import Policy

MAX_DERIVATIONS = 1_024


def identify_facts(facts: Facts) -> Hashable:
    """Return what tells facts from others of the same order: 1, 1.0 and True are equal, and not the same fact."""
    values = tuple(facts.values())
    return tuple(facts), values, tuple(map(type, values))


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
        key = identify_facts(facts)
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
