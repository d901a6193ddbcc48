"""Agents that mend code: Codegen, and any other with an HTTP API."""

from __future__ import annotations

from .codegen_api import CODEGEN_URL, CodegenApi, CodegenPaths
from .courses import FollowOptions
from .entry import Entry
from .exchange import ExchangeLimits
from .fix_agent import FixAgent, FixTask, Found, RateLimit
from .gate import GateOptions
from .integration import CodegenIntegration, IntegrationOptions
from .line import AgentLine, LineOptions
from .prompts import build_prompt
from .registry import AgentAccount, find_agent, list_agents, open_codegen
from .results import AgentResult, Connection, PullRequestFate, PullRequestNews, ResultKind
from .runs import AgentRun, PullRequest
from .statistics import AgentStatistics
from .steps import Ask, Pause, Reply, Talk

__all__ = [
    "CODEGEN_URL",
    "AgentAccount",
    "AgentLine",
    "AgentResult",
    "AgentRun",
    "AgentStatistics",
    "Ask",
    "CodegenApi",
    "CodegenIntegration",
    "CodegenPaths",
    "Connection",
    "Entry",
    "ExchangeLimits",
    "FixAgent",
    "FixTask",
    "FollowOptions",
    "Found",
    "GateOptions",
    "IntegrationOptions",
    "LineOptions",
    "Pause",
    "PullRequest",
    "PullRequestFate",
    "PullRequestNews",
    "RateLimit",
    "Reply",
    "ResultKind",
    "Talk",
    "build_prompt",
    "find_agent",
    "list_agents",
    "open_codegen",
]
