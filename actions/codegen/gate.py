"""Whether an agent may be asked, and paid, at all."""

from __future__ import annotations

from dataclasses import dataclass

from ..escalate.case import Case


@dataclass(frozen=True, slots=True)
class GateOptions:
    """Say what an agent is worth asking about."""

    types: frozenset[str] = frozenset({"syntax", "test", "build", "dependency", "configuration"})
    """Types whose cause a change of the repository can remove."""
    domains: frozenset[str] = frozenset({"code", "configuration"})
    """Where the fault has to lie; configuration counts, for much of it is kept in the repository."""
    confidence: float = 0.8
    """Least probability that the type is right."""
    runs_per_day: int = 20
    """Most runs that are paid for in one day (UTC), over all processes."""
    quiet_days: float = 7.0
    """Days after a completed run in which none is started for its cause, unless a person merges or closes it first."""


@dataclass(frozen=True, slots=True)
class Closed:
    """Say why an agent is not asked."""

    reason: str
    """As one word."""
    because: str


def find_obstacle(case: Case, options: GateOptions) -> Closed | None:
    """Return the first reason not to ask an agent about this case; None where there is none."""
    if case.abstained is not None:
        return Closed("abstained", f"the classifier is not sure what it is ({case.abstained})")
    if case.type not in options.types:
        return Closed("type", f"no change of the code is known to mend failures of type {case.type}")
    if case.confidence < options.confidence:
        said = f"the type is right with a probability of {case.confidence:.2f}; at least {options.confidence} is asked"
        return Closed("confidence", said)
    if case.fault_domain not in options.domains:
        return Closed("fault_domain", f"the fault lies in {case.fault_domain}, which no change of the code mends")
    if not case.repository:
        return Closed("repository", "the repository is not known; give it as --context repository=OWNER/NAME")
    return find_stranger(case)


def find_stranger(case: Case) -> Closed | None:
    """Return why the failed code may be a stranger's: its log, and its code, would tell the agent what to do.

    ``metadata`` says ``pull_request`` (``true``, ``false``, ``unknown``, or its number) and ``fork`` (``true``,
    ``false``). Nothing said of a pull request means that there is none.
    """
    if _word(case, "pull_request", "false") in ("false", "no", "0", ""):
        return None
    fork = _word(case, "fork", "unknown")
    if fork in ("false", "no", "0"):
        return None
    if fork in ("true", "yes", "1"):
        return Closed("fork", "it is a pull request from a fork, whose author could steer the agent")
    return Closed("fork_unknown", "it is a pull request, and nothing says that it comes from the repository itself")


def _word(case: Case, name: str, default: str) -> str:
    return str(case.metadata.get(name, default)).strip().lower()
