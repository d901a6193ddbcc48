"""What an agent is given to do for an escalation."""

from __future__ import annotations

from ...core.frozen import FrozenDict
from ..escalate.escalation import Escalation
from .fences import clean_data
from .fix_agent import FixTask
from .prompts import build_prompt


def make_task(escalation: Escalation) -> FixTask:
    """Return the task, with the escalation's id as its key."""
    case = escalation.case
    known = {
        "source": "errclass",
        "operation": case.operation,
        "type": case.type,
        "fingerprint": case.fingerprint,
        "decision_id": case.decision_id,
        "repository": case.repository,
        "branch": case.branch,
        "commit": case.commit,
    }
    metadata = {name: " ".join(clean_data(value, 200).split()) for name, value in known.items() if value}
    return FixTask(escalation.id, build_prompt(case), case.repository, FrozenDict(metadata))
