"""Join escalations with what carries them out and where they are kept."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ..actions.codegen import (
    AgentAccount,
    AgentResult,
    CodegenIntegration,
    GateOptions,
    IntegrationOptions,
    PullRequestNews,
    find_agent,
)
from ..actions.escalate import (
    Escalation,
    EscalationManager,
    EscalationRequest,
    Handler,
    HandlerResult,
    ManagerOptions,
)
from ..core.frozen import FrozenDict
from ..core.happenings import Action, ActionResult
from ..core.types import Context, Decision
from ..outcomes import Store
from .pull_requests import read_pull_request
from .settings import Settings

_FATES: dict[str, ActionResult] = {"merged": "success", "green": "partial", "red": "failed", "closed": "failed"}


def make_request(
    decision: Decision,
    *,
    text: str = "",
    outcome_id: str | None = None,
    seconds: float | None = None,
    tried: tuple[str, ...] = (),
    past_fixes: tuple[str, ...] = (),
    environ: Mapping[str, str] | None = None,
) -> EscalationRequest:
    """Return the request to escalate as decided; the CI system's environment says whether a stranger's code failed."""
    facts = read_pull_request(os.environ if environ is None else environ)
    return EscalationRequest(
        decision, _add_facts(decision.context, facts), text, outcome_id, seconds, tried, past_fixes
    )


def make_codegen(
    settings: Settings,
    *,
    store: Store | None = None,
    record: Callable[[PullRequestNews], object] | None = None,
) -> CodegenIntegration | None:
    """Return the agent of the settings; None where they hold no key, or switch it off.

    Raises UsageError for an account that is none.
    """
    chosen = settings.codegen
    if chosen.api_key is None or not settings.enable.codegen:
        return None
    account = AgentAccount(
        chosen.api_key.get_secret_value(), chosen.org_id or "", chosen.api_url or "", chosen.repo_id or ""
    )
    gate = GateOptions(confidence=chosen.confidence, runs_per_day=chosen.runs_per_day)
    return CodegenIntegration(
        find_agent(chosen.agent, account),
        keeper=store,
        options=IntegrationOptions(gate),
        record=record or (None if store is None else record_pull_requests(store)),
        acting=settings.acting,
    )


def make_escalations(
    settings: Settings,
    *,
    store: Store | None = None,
    codegen: CodegenIntegration | None = None,
) -> EscalationManager:
    """Return a manager that keeps and records escalations in the store, with the agent as its first handler."""
    manager = EscalationManager(
        keeper=store,
        options=ManagerOptions(settings.escalation.concurrent, settings.escalation.deadline),
        record=None if store is None else record_escalations(store),
        acting=settings.acting and settings.enable.escalation,
    )
    if codegen is not None:
        manager.register_handler("codegen", make_codegen_handler(codegen))
    return manager


def make_codegen_handler(codegen: CodegenIntegration) -> Handler:
    """Return the handler that asks the agent; it is done when the run is started, for runs outlast any deadline.

    The escalation stays open, so that no second run is paid for the same failure.
    """

    async def handle(escalation: Escalation) -> HandlerResult:
        return _tell_agent_result(await codegen.atrigger_error_resolution(escalation))

    return handle


def record_escalations(store: Store) -> Callable[[Escalation], None]:
    """Return a function that keeps in the store what became of an escalation."""

    def record(escalation: Escalation) -> None:
        result = escalation.result
        store.record_action(
            Action(
                f"{escalation.id}:{escalation.executions}",
                "escalate",
                escalation.target,
                "success" if result is not None and result.success else "failed",
                escalation.case.outcome_id,
                escalation.case.decision_id or None,
                escalation.created,
                escalation.ended or escalation.updated,
                FrozenDict({"status": escalation.status, "summary": result.summary if result else escalation.reason}),
            )
        )

    return record


def record_pull_requests(store: Store) -> Callable[[PullRequestNews], None]:
    """Return a function that keeps in the store what became of an agent's pull request."""

    def record(news: PullRequestNews) -> None:
        details = FrozenDict({"run": news.run_id, "url": news.pull_request.url, "fate": news.fate, "by": news.by})
        said = f"{news.key}\n{news.pull_request.url}\n{news.fate}"  # told twice, it is one action
        identifier = hashlib.sha256(said.encode()).hexdigest()[:32]
        store.record_action(Action(identifier, "escalate", "codegen", _FATES[news.fate], details=details))

    return record


def _add_facts(context: Context, facts: Mapping[str, str]) -> Context:
    """Return the context with what the CI system says; the caller's word counts only where that is not known."""
    known = {name: value for name, value in facts.items() if value != "unknown"}
    return replace(context, metadata=FrozenDict({**facts, **context.metadata, **known})) if facts else context


def _tell_agent_result(result: AgentResult) -> HandlerResult:
    run = result.run
    details: dict[str, Any] = {"kind": result.kind, "reason": result.reason}
    if run is not None:
        details |= {"run": run.id, "url": run.url, "pull_requests": [one.url for one in run.pull_requests]}
    return HandlerResult(
        result.success,
        f"{result.message}; {result.advice}",
        "codegen_run_started" if result.success else f"codegen_{result.kind}",
        FrozenDict(details),
        result.retryable,
        result.retry_after,
        goes_on=result.success,  # until its pull request is merged or closed
    )
