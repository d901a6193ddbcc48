"""What an agent that mends code has to be able to, so that any with an HTTP API fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from ...core.frozen import FrozenDict
from .results import AgentResult, Connection
from .runs import AgentRun
from .steps import Talk


@dataclass(frozen=True, slots=True)
class RateLimit:
    """Say how many requests an agent takes in how many seconds."""

    calls: int
    seconds: float


@dataclass(frozen=True, slots=True)
class FixTask:
    """Hold one thing to be mended."""

    key: str
    """Our own id; the agent keeps it with the run, which is how a run is found again."""
    prompt: str
    repository: str | None = None
    metadata: Mapping[str, str] = field(default_factory=FrozenDict)


@dataclass(frozen=True, slots=True)
class Found:
    """Say what a search for a run by its key brought."""

    run: AgentRun | None = None
    """None where none is shown; the agent's list may be behind."""
    fault: AgentResult | None = None
    """Why nothing could be found out."""


@runtime_checkable
class FixAgent(Protocol):
    """Talk to one agent's API; installed ones are found by the entry-point group ``errclass.agents``.

    Nothing here waits or touches the network: each method is a generator that yields ``Ask`` and is sent a ``Reply``.
    ``errclass`` sends the requests, counts them, tries again where that is safe, and bounds time and size.
    """

    @property
    def name(self) -> str:
        """What it is called, for messages."""
        ...

    @property
    def account(self) -> str:
        """Agent and customer: what rate limits and budgets belong to."""
        ...

    @property
    def url(self) -> str:
        """Base URL; ``https``, or ``http`` to this machine."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers of every request, the key among them."""
        ...

    @property
    def limits(self) -> Mapping[str, RateLimit]:
        """The agent's own rate limits, by the name that ``Ask.limit`` gives."""
        ...

    def start(self, task: FixTask) -> Talk[AgentResult]:
        """Start a run; ``started``, or what went wrong."""
        ...

    def find(self, key: str) -> Talk[Found]:
        """Look for the run with this key."""
        ...

    def look(self, run_id: str) -> Talk[AgentResult]:
        """Ask how a run stands."""
        ...

    def resume(self, run_id: str, prompt: str) -> Talk[AgentResult]:
        """Give a run that has stopped more to do."""
        ...

    def cancel(self, run_id: str) -> Talk[AgentResult]:
        """Stop a run."""
        ...

    def test(self) -> Talk[Connection]:
        """Find out whether the agent can be reached with the key, at no cost."""
        ...
