"""What an engine is: facts in, derived facts and a trace out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ..core.types import Facts, Firing
from .policy import Policy


@dataclass(frozen=True, slots=True)
class Derivation:
    """Hold what the rules made of some facts."""

    facts: Facts
    """The facts that went in, normalised, and those that rules set."""
    trace: tuple[Firing, ...]
    """The rules that fired, in order."""


class Engine(Protocol):
    """Apply a policy to facts; safe to share between threads.

    Stages run in order. Within a stage, of the rules not yet fired whose conditions hold, the one with the lowest
    (priority, id) fires, until none is left; each fires at most once. The first to set a fact wins, over all stages.
    """

    @property
    def name(self) -> str:
        """Short name for people: ``own`` or ``durable-rules``."""
        ...

    @property
    def policy(self) -> Policy:
        """The rules that it applies."""
        ...

    def decide(self, facts: Facts) -> Derivation:
        """Return what the rules derive from ``facts``."""
        ...
