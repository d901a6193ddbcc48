"""Where a failure is to be repaired: kept with its escalation, for whoever agrees to it later."""

from __future__ import annotations

import platform
from dataclasses import replace
from pathlib import Path

from ..actions.escalate import Case, EscalationRequest
from ..core.frozen import FrozenDict

_WORK, _HOST, _TOOL = "work", "host", "tool"


def note_place(request: EscalationRequest, work: Path, tool: str | None = None) -> EscalationRequest:
    """Return the request with the work folder, on this host, and the tool that failed there."""
    known = {_WORK: str(work.absolute()), _HOST: platform.node(), **({_TOOL: tool} if tool else {})}
    context = request.context or request.decision.context
    # First, since only so many of them are kept.
    metadata = known | {name: value for name, value in context.metadata.items() if name not in known}
    return replace(request, context=replace(context, metadata=FrozenDict(metadata)))


def find_place(case: Case) -> Path | str:
    """Return the work folder of a case, or why there is none: a folder of another host's is another folder."""
    work, host = case.metadata.get(_WORK), case.metadata.get(_HOST)
    if not work or not host:
        return "it is not known in which folder it failed"
    if host != platform.node():
        return f"it failed in {work} on {host}, and this is {platform.node()}"
    return Path(work)


def find_tool(case: Case) -> str | None:
    """Return the tool that failed; None where it is not known."""
    return case.metadata.get(_TOOL)
