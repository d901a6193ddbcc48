"""The words of the rules: every fact that goes in, every step between, and every fact that a decision is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from ..core.types import Abstention, Autonomy, Curve, Effect, Scalar, Severity, Strategy

Kind = Literal["text", "number", "flag"]

VERSION = 3
"""Version of this vocabulary; raised with every new input, so that stored facts tell what they could not hold yet."""


@dataclass(frozen=True, slots=True)
class Word:
    """Describe one fact."""

    name: str
    kind: Kind
    description: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    """All values it can have; empty: any of its kind."""
    low: float | None = None
    """Least value of a number; None: none."""
    high: float | None = None
    whole: bool = False
    """Whether a number has no fraction."""
    beside: str = ""
    """The fact that this one always comes with, and never without; its own name: it is always there."""
    since: int = 1
    """First version of the vocabulary that had it."""
    absent_before: bool = False
    """Whether facts of earlier versions lack it because there was nothing to tell, not because it was not kept."""

    def allows(self, value: Scalar) -> bool:
        """Say whether the fact can have the value: of its kind, among its choices and within its bounds."""
        if kind_of_value(value) != self.kind or (self.choices and value not in self.choices):
            return False
        return self.kind != "number" or (self.is_in_range(value) and (not self.whole or float(value).is_integer()))

    def is_in_range(self, number: Scalar) -> bool:
        """Say whether a number lies within the bounds, these included."""
        above = self.low is None or float(number) >= self.low
        return above and (self.high is None or float(number) <= self.high)


def kind_of_value(value: Scalar) -> Kind:
    """Return the kind of one value."""
    if isinstance(value, bool):
        return "flag"
    return "text" if isinstance(value, str) else "number"


_SEVERITIES: tuple[str, ...] = get_args(Severity)
_REASONS: tuple[str, ...] = get_args(Abstention)
STRENGTHS = ("exact", "strong", "weak")

_INPUTS = (
    Word("predicted_type", "text", "the model's most probable type"),
    Word(
        "confidence",
        "number",
        "calibrated probability that the predicted type is right",
        "0 to 1",
        low=0,
        high=1,
        beside="predicted_type",
    ),
    Word(
        "margin",
        "number",
        "probability of the first type less that of the second",
        "0 to 1",
        low=0,
        high=1,
        beside="predicted_type",
    ),
    Word("runner_up", "text", "the model's second type"),
    Word(
        "rerun_odds",
        "number",
        "the model's probability that an unchanged re-run plausibly succeeds",
        "0 to 1",
        low=0,
        high=1,
    ),
    Word("abstained", "text", "why the model would not be acted on alone", choices=_REASONS),
    Word("gap", "text", "why the text cannot name a cause", choices=_REASONS),
    Word("evidence_type", "text", "the type that the best code found points to"),
    Word("evidence_code", "text", "that code, such as ENOSPC or 429", beside="evidence_type"),
    Word("evidence_key", "text", "table and code, such as http:429", beside="evidence_type", since=2),
    Word("evidence_table", "text", "the knowledge table that knows it", beside="evidence_type"),
    Word("evidence_strength", "text", "how firmly it points there", choices=STRENGTHS, beside="evidence_type"),
    Word("evidence_retryable", "flag", "whether it says that an unchanged re-run plausibly succeeds"),
    Word("evidence_agrees", "flag", "whether no two exact codes point to different types", beside="evidence_type"),
    Word("evidence_confirms", "flag", "whether the best code points to the predicted type", beside="evidence_type"),
    Word("code_errno", "text", "first errno name"),
    Word("code_http", "text", "first HTTP status"),
    Word("code_sqlstate", "text", "first SQLSTATE"),
    Word("code_grpc", "text", "first gRPC status"),
    Word("code_signal", "text", "first signal name"),
    Word("code_exit", "text", "first process exit code that has a meaning of its own"),
    Word("code_exception", "text", "first exception class"),
    Word("code_kubernetes", "text", "first Kubernetes reason"),
    Word("code_tool", "text", "first code of a tool's own"),
    Word(
        "exit_code",
        "number",
        "exit code of the process; negative for a signal",
        low=-255,
        high=4_294_967_295,
        whole=True,
    ),
    Word("exception_type", "text", "qualified class name of the exception"),
    Word("tool", "text", "the tool that failed"),
    Word("retry_after", "number", "how long the other side asked to wait", "seconds", low=0),
    Word(
        "failing_tests", "number", "failing tests found in the text", "tests", low=0, whole=True, beside="failing_tests"
    ),
    Word(
        "has_fingerprint", "flag", "whether the text is specific enough to stand for a cause", beside="has_fingerprint"
    ),
    Word("environment", "text", "development, staging, production or a name of the user's own"),
    Word("operation", "text", "what was run"),
    Word("effect", "text", "what running it again would do to the world", choices=get_args(Effect)),
    Word("attempt", "number", "which call of the operation this was", "from 1", low=1, whole=True, beside="attempt"),
    Word("cancelled", "flag", "whether a person or a newer run stopped it", beside="cancelled"),
    Word("component", "text", "part of the system it belongs to"),
    Word("repository", "text", "repository it ran for"),
    Word("branch", "text", "branch it ran on"),
    Word("job", "text", "CI job"),
    Word("phase", "text", "phase of the pipeline"),
    Word("source", "text", "where the failure was reported from"),
    Word(
        "history_available",
        "flag",
        "whether the store could be read; all history counts are 0 otherwise",
        beside="history_available",
    ),
    Word(
        "history_seen",
        "number",
        "failures with this fingerprint so far",
        "failures",
        low=0,
        whole=True,
        beside="history_seen",
    ),
    Word(
        "history_failed_attempts",
        "number",
        "failed attempts in the last 24 h since the last success",
        "attempts",
        low=0,
        whole=True,
        beside="history_failed_attempts",
    ),
    Word(
        "history_retries",
        "number",
        "unchanged re-runs seen after this fingerprint",
        "re-runs",
        low=0,
        whole=True,
        beside="history_retries",
    ),
    Word(
        "history_retry_successes",
        "number",
        "how many of these succeeded",
        "re-runs",
        low=0,
        whole=True,
        beside="history_retry_successes",
    ),
    Word(
        "history_retry_rate", "number", "share of these that succeeded; absent without re-runs", "0 to 1", low=0, high=1
    ),
    Word(
        "history_retry_odds",
        "number",
        "probability that an unchanged re-run succeeds, as seen so far",
        "0 to 1",
        low=0,
        high=1,
    ),
    Word(
        "history_retry_odds_high",
        "number",
        "upper end of the 95 % interval of that probability",
        "0 to 1",
        low=0,
        high=1,
        beside="history_retry_odds",
    ),
    Word("history_best_recovery", "text", "the recovery recipe that helped most often so far"),
    Word(
        "history_best_recovery_odds",
        "number",
        "probability that it helps",
        "0 to 1",
        low=0,
        high=1,
        beside="history_best_recovery",
    ),
    Word(
        "history_jobs",
        "number",
        "jobs that this failure hit within the last half hour",
        "jobs",
        low=0,
        whole=True,
        beside="history_jobs",
    ),
    Word(
        "history_incident",
        "flag",
        "whether these are so many that the cause is most likely not theirs",
        beside="history_incident",
    ),
    Word(
        "flaky_tests",
        "number",
        "failing tests that passed and failed on one commit before",
        "tests",
        low=0,
        whole=True,
        beside="flaky_tests",
    ),
    Word("only_flaky_tests", "flag", "whether all failing tests are such; absent where the text names none"),
    Word(
        "vocabulary",
        "number",
        "version of the vocabulary that these facts were built by",
        low=1,
        whole=True,
        since=2,
        absent_before=True,
    ),
    Word("breaker_open", "flag", "whether the operation's circuit breaker refuses calls", since=2, absent_before=True),
    Word("budget_spent", "flag", "whether the operation's budget of retries is spent", since=2, absent_before=True),
    Word("kill_switch", "flag", "whether everything automatic is switched off", since=2, absent_before=True),
    Word(
        "autonomy",
        "text",
        "how far errclass may go by itself, as set by the user",
        choices=get_args(Autonomy),
        since=2,
        absent_before=True,
    ),
    Word(
        "attempts_at_most",
        "number",
        "calls of an operation that the settings allow",
        "calls",
        low=1,
        whole=True,
        since=2,
        absent_before=True,
    ),
    Word(
        "retries_off",
        "flag",
        "whether unchanged re-runs are switched off",
        since=3,
        absent_before=True,
    ),
    Word(
        "attempts_as_set",
        "number",
        "calls of an operation in all, as set by the user",
        "calls",
        low=1,
        whole=True,
        since=3,
        absent_before=True,
    ),
    Word(
        "base_delay_as_set",
        "number",
        "wait before the second call, as set by the user",
        "seconds",
        low=0,
        since=3,
        absent_before=True,
    ),
    Word(
        "factor_as_set",
        "number",
        "growth of the wait from call to call, as set by the user",
        low=1,
        since=3,
        absent_before=True,
    ),
    Word(
        "max_delay_as_set",
        "number",
        "upper bound of one wait, as set by the user",
        "seconds",
        low=0,
        since=3,
        absent_before=True,
    ),
    Word(
        "codegen_as_set",
        "number",
        "failed attempts from which on a repair is asked for, as set by the user",
        "attempts",
        low=1,
        whole=True,
        since=3,
        absent_before=True,
    ),
    Word(
        "manual_as_set",
        "number",
        "failed attempts from which on a person is asked, as set by the user",
        "attempts",
        low=1,
        whole=True,
        since=3,
        absent_before=True,
    ),
)

_STEPS = (
    Word("preset", "text", "which column of the thresholds counts: an environment's, or default"),
    Word("attempts_limit", "number", "calls of an operation in all", "calls", low=1, whole=True),
    Word(
        "codegen_after",
        "number",
        "failed attempts from which on the code is handed on to be mended",
        "attempts",
        low=0,
        whole=True,
    ),
    Word("manual_after", "number", "failed attempts from which on a person is asked", "attempts", low=0, whole=True),
    Word(
        "reset_after",
        "number",
        "failed attempts from which on the environment is suspect",
        "attempts",
        low=0,
        whole=True,
    ),
    Word("confidence_floor", "number", "least probability of a type that may be acted on", "0 to 1", low=0, high=1),
    Word("retry_price", "number", "least chance of success that a re-run is worth", "0 to 1", low=0, high=1),
    Word(
        "incident_odds",
        "number",
        "least chance of success that a re-run is worth while many jobs fail alike",
        "0 to 1",
        low=0,
        high=1,
    ),
    Word("recovery_price", "number", "least chance of success that a recovery is worth", "0 to 1", low=0, high=1),
    Word("autonomy_in_force", "text", "how far errclass may go by itself here", choices=get_args(Autonomy)),
    Word("proven_type", "text", "the type that the evidence settles"),
    Word("proof", "text", "how firmly", choices=STRENGTHS),
    Word("evidence_applies", "flag", "whether what the best code says of severity and re-runs holds here"),
    Word("usual_action", "text", "the next step that is usual for the type"),
    Word("usual_severity", "text", "the severity that is usual for the type", choices=_SEVERITIES),
    Word("usually_retryable", "flag", "whether an unchanged re-run usually helps against the type"),
    Word("usual_fault_domain", "text", "where the fault of this type usually lies"),
    Word("recipe", "text", "a recovery recipe that fits"),
    Word("repair_target", "text", "who can mend the cause for good: codegen, environment_reset"),
    Word("rerun_forbidden", "text", "why the operation is not called again, in a word"),
)

_OUTPUTS = (
    Word("type", "text", "what failed"),
    Word("type_confidence", "number", "probability that the type is right", "0 to 1", low=0, high=1),
    Word("category", "text", "transient, persistent, critical, unknown or a category of the user's own"),
    Word("unsure", "text", "why nothing may be done on this answer alone", choices=_REASONS),
    Word("severity", "text", "how bad it is", choices=_SEVERITIES),
    Word("fault_domain", "text", "where the fault lies: code, configuration, platform, infrastructure, third_party"),
    Word("retryable", "flag", "whether an unchanged re-run plausibly succeeds"),
    Word("suggested_action", "text", "what a person would do next"),
    Word("strategy", "text", "what is done", choices=get_args(Strategy)),
    Word("plan_attempts", "number", "calls of the operation in all", "calls", low=1, whole=True),
    Word("plan_base", "number", "wait before the second call, before jitter", "seconds", low=0),
    Word("plan_multiplier", "number", "growth of the wait from call to call", low=1),
    Word("plan_max_delay", "number", "upper bound of one wait", "seconds", low=0),
    Word("plan_retry_after", "number", "least wait before the next call", "seconds", low=0),
    Word("plan_curve", "text", "how the wait grows from call to call", choices=get_args(Curve)),
    Word("plan_recipe", "text", "recovery recipe"),
    Word("plan_target", "text", "who is asked: codegen, manual, environment_reset, system_reset"),
    Word("plan_approval", "flag", "whether a person has to agree before it is carried out"),
    Word("priority", "text", "how urgently people are told", choices=_SEVERITIES),
    Word("channels", "text", "where they are told, separated by commas"),
)

INPUTS: Mapping[str, Word] = {word.name: word for word in _INPUTS}
"""Facts that ``build_facts`` makes; rules read them and never set them."""
OUTPUTS: Mapping[str, Word] = {word.name: word for word in _OUTPUTS}
"""Derived facts that ``decide`` folds into a decision; rules may derive others for rules to read."""
STEPS: Mapping[str, Word] = {word.name: word for word in _STEPS}
"""Derived facts by which the stages of the default set hand on what they found; for rules only."""
WORDS: Mapping[str, Word] = {**INPUTS, **STEPS, **OUTPUTS}
