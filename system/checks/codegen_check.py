"""The agent that mends code: whether its account is complete, and on request whether it can be reached."""

from __future__ import annotations

from ...actions.codegen import Connection
from ..escalating import make_codegen
from ..settings import Settings
from .check import Check
from .looking import look_safely

_SECONDS = 30.0
_ADVICE = "see docs/codegen.md"


def check_codegen(settings: Settings, connect: bool = False) -> Check:  # noqa: FBT001, FBT002 - it reads well
    """Look at the agent's account; with ``connect`` it is asked whether it takes the key, which costs nothing."""
    return look_safely("codegen", lambda: _look(settings, connect=connect), advice=_ADVICE, seconds=_SECONDS)


def _look(settings: Settings, *, connect: bool) -> Check:
    agent = settings.codegen.agent
    if not settings.enable.codegen:
        return Check("codegen", "off", "agents are switched off", "set enable.codegen to switch them on")
    codegen = make_codegen(settings)
    if codegen is None:
        advice = "to have an agent mend code, set CODEGEN_API_KEY and CODEGEN_ORG_ID: docs/codegen.md"
        return Check("codegen", "off", "no key is set: no agent is asked", advice)
    if not connect:
        return Check("codegen", "ok", f"{agent}: key and organisation are set; errclass doctor --send-test tries them")
    return _tell(codegen.test_codegen_connection(), agent)


def _tell(connection: Connection, agent: str) -> Check:
    if connection.success:
        return Check("codegen", "ok", f"{agent} takes the key: {connection.message}")
    return Check("codegen", "problem", f"{agent}: {connection.message}", connection.advice or _ADVICE)
