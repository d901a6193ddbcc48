"""Which of the two engines decides."""

from __future__ import annotations

from .chaining import ForwardChainer
from .durable import DurableEngine, import_durable
from .engine import Engine
from .policy import Policy

RULE_LIMIT = 250
FACT_LIMIT = 128


def select_engine(policy: Policy) -> Engine:
    """Return durable-rules where it can decide by ``policy``, otherwise the engine of our own."""
    return ForwardChainer(policy) if find_obstacle(policy) else DurableEngine(policy)


def find_obstacle(policy: Policy) -> str | None:
    """Return why durable-rules cannot decide by ``policy``, in a sentence for people; None when it can."""
    if import_durable() is None:
        return "durable-rules is not installed or does not run on this Python (it needs 3.12 or earlier)"
    if len(policy.rules) > RULE_LIMIT:
        return f"the policy has {len(policy.rules)} rules; durable-rules is trusted up to {RULE_LIMIT}"
    if len(policy.reads) > FACT_LIMIT:
        return f"the rules read {len(policy.reads)} facts; durable-rules is trusted up to {FACT_LIMIT}"
    return None
