"""The words of the rules: every fact that goes in, and every derived fact that a decision is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from ..core.types import Abstention, Effect, Severity, Strategy

Kind = Literal["text", "number", "flag"]


@dataclass(frozen=True, slots=True)
class Word:
    """Describe one fact."""

    name: str
    kind: Kind
    description: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    """All values it can have; empty: any of its kind."""


_SEVERITIES: tuple[str, ...] = get_args(Severity)
_REASONS: tuple[str, ...] = get_args(Abstention)
STRENGTHS = ("exact", "strong", "weak")

_INPUTS = (
    Word("predicted_type", "text", "the model's most probable type"),
    Word("confidence", "number", "calibrated probability that the predicted type is right", "0 to 1"),
    Word("margin", "number", "probability of the first type less that of the second", "0 to 1"),
    Word("runner_up", "text", "the model's second type"),
    Word("rerun_odds", "number", "the model's probability that an unchanged re-run plausibly succeeds", "0 to 1"),
    Word("abstained", "text", "why the model would not be acted on alone", choices=_REASONS),
    Word("gap", "text", "why the text cannot name a cause", choices=_REASONS),
    Word("evidence_type", "text", "the type that the best code found points to"),
    Word("evidence_code", "text", "that code, such as ENOSPC or 429"),
    Word("evidence_table", "text", "the knowledge table that knows it"),
    Word("evidence_strength", "text", "how firmly it points there", choices=STRENGTHS),
    Word("evidence_retryable", "flag", "whether it says that an unchanged re-run plausibly succeeds"),
    Word("evidence_agrees", "flag", "whether no two exact codes point to different types"),
    Word("evidence_confirms", "flag", "whether the best code points to the predicted type"),
    Word("code_errno", "text", "first errno name"),
    Word("code_http", "text", "first HTTP status"),
    Word("code_sqlstate", "text", "first SQLSTATE"),
    Word("code_grpc", "text", "first gRPC status"),
    Word("code_signal", "text", "first signal name"),
    Word("code_exit", "text", "first process exit code that has a meaning of its own"),
    Word("code_exception", "text", "first exception class"),
    Word("code_kubernetes", "text", "first Kubernetes reason"),
    Word("code_tool", "text", "first code of a tool's own"),
    Word("exit_code", "number", "exit code of the process; negative for a signal"),
    Word("exception_type", "text", "qualified class name of the exception"),
    Word("tool", "text", "the tool that failed"),
    Word("retry_after", "number", "how long the other side asked to wait", "seconds"),
    Word("failing_tests", "number", "failing tests found in the text", "tests"),
    Word("has_fingerprint", "flag", "whether the text is specific enough to stand for a cause"),
    Word("environment", "text", "development, staging, production or a name of the user's own"),
    Word("operation", "text", "what was run"),
    Word("effect", "text", "what running it again would do to the world", choices=get_args(Effect)),
    Word("attempt", "number", "which call of the operation this was", "from 1"),
    Word("cancelled", "flag", "whether a person or a newer run stopped it"),
    Word("component", "text", "part of the system it belongs to"),
    Word("repository", "text", "repository it ran for"),
    Word("branch", "text", "branch it ran on"),
    Word("job", "text", "CI job"),
    Word("phase", "text", "phase of the pipeline"),
    Word("source", "text", "where the failure was reported from"),
    Word("history_available", "flag", "whether the store could be read; all history counts are 0 otherwise"),
    Word("history_seen", "number", "failures with this fingerprint so far", "failures"),
    Word("history_failed_attempts", "number", "failed attempts in the last 24 h since the last success", "attempts"),
    Word("history_retries", "number", "unchanged re-runs seen after this fingerprint", "re-runs"),
    Word("history_retry_successes", "number", "how many of these succeeded", "re-runs"),
    Word("history_retry_rate", "number", "share of these that succeeded; absent without re-runs", "0 to 1"),
    Word("history_retry_odds", "number", "probability that an unchanged re-run succeeds, as seen so far", "0 to 1"),
    Word("history_retry_odds_high", "number", "upper end of the 95 % interval of that probability", "0 to 1"),
    Word("history_best_recovery", "text", "the recovery recipe that helped most often so far"),
    Word("history_best_recovery_odds", "number", "probability that it helps", "0 to 1"),
    Word("history_jobs", "number", "jobs that this failure hit within the last half hour", "jobs"),
    Word("history_incident", "flag", "whether these are so many that the cause is most likely not theirs"),
    Word("flaky_tests", "number", "failing tests that passed and failed on one commit before", "tests"),
    Word("only_flaky_tests", "flag", "whether all failing tests are such; absent where the text names none"),
)

_OUTPUTS = (
    Word("type", "text", "what failed"),
    Word("type_confidence", "number", "probability that the type is right", "0 to 1"),
    Word("category", "text", "transient, persistent, critical, unknown or a category of the user's own"),
    Word("unsure", "text", "why nothing may be done on this answer alone", choices=_REASONS),
    Word("severity", "text", "how bad it is", choices=_SEVERITIES),
    Word("retryable", "flag", "whether an unchanged re-run plausibly succeeds"),
    Word("suggested_action", "text", "what a person would do next"),
    Word("strategy", "text", "what is done", choices=get_args(Strategy)),
    Word("plan_attempts", "number", "calls of the operation in all", "calls"),
    Word("plan_base", "number", "wait before the second call, before jitter", "seconds"),
    Word("plan_multiplier", "number", "growth of the wait from call to call"),
    Word("plan_max_delay", "number", "upper bound of one wait", "seconds"),
    Word("plan_retry_after", "number", "least wait before the next call", "seconds"),
    Word("plan_recipe", "text", "recovery recipe"),
    Word("plan_target", "text", "who is asked: codegen, manual, system_reset"),
    Word("priority", "text", "how urgently people are told", choices=_SEVERITIES),
    Word("channels", "text", "where they are told, separated by commas"),
)

INPUTS: Mapping[str, Word] = {word.name: word for word in _INPUTS}
"""Facts that ``build_facts`` makes; rules read them and never set them."""
OUTPUTS: Mapping[str, Word] = {word.name: word for word in _OUTPUTS}
"""Derived facts that ``decide`` folds into a decision; rules may derive others for rules to read."""
WORDS: Mapping[str, Word] = {**INPUTS, **OUTPUTS}
