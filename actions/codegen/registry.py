"""Find agents, built in and third party, by the same entry-point group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ...core.errors import UsageError
from ...core.plug_ins import list_plug_ins, load_plug_in
from .codegen_api import CODEGEN_URL, CodegenApi
from .fix_agent import FixAgent

GROUP = "errclass.agents"


@dataclass(frozen=True, slots=True)
class AgentAccount:
    """Hold what an agent needs to know of its customer."""

    key: str = field(repr=False)
    organization: str = ""
    url: str = ""
    """Where its API is; empty: where it usually is."""
    repository: str = ""
    """The agent's own number or name of the repository, where it has to be told."""


AgentFactory = Callable[[AgentAccount], FixAgent]
"""What an entry point names; raises UsageError for an account that can be none."""


def open_codegen(account: AgentAccount) -> CodegenApi:
    """Return Codegen for an account; raises UsageError for a key or an organisation that can be none."""
    return CodegenApi(
        account.key,
        _read_number(account.organization, "CODEGEN_ORG_ID"),
        account.url or CODEGEN_URL,
        _read_number(account.repository, "codegen.repo_id") if account.repository else None,
    )


def list_agents() -> tuple[str, ...]:
    """Return the names of all installed agents."""
    return list_plug_ins(GROUP)


def find_agent(name: str, account: AgentAccount) -> FixAgent:
    """Return an agent for an account; it is imported only now.

    Raises UsageError for an unknown name, for a plug-in that cannot be imported, and for one that is no agent.
    """
    point, loaded = load_plug_in(GROUP, "agent", name)
    factory: AgentFactory = loaded
    agent = factory(account)
    if not isinstance(agent, FixAgent):
        raise UsageError(f"the agent {name!r} ({point.value}) lacks methods of FixAgent; mend or uninstall it")
    return agent


def _read_number(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise UsageError(f"{name}: must be a number, not {text[:50]!r}")
    return int(text)
