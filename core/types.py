"""The values that travel between the rooms: one frozen, slotted dataclass per arrow of the flow.

text -> ``Failure`` -> ``Signals`` -> ``Prediction`` -> facts -> ``Decision`` -> ``Outcome``. Labels (types, categories)
are plain strings, since a user's taxonomy may add to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from .clock import utc_now
from .frozen import FrozenDict
from .jsonable import to_jsonable

Scalar = str | int | float | bool
Facts = Mapping[str, Scalar]

Severity = Literal["low", "medium", "high", "critical"]
Effect = Literal["read_only", "idempotent", "reversible", "irreversible"]
Strategy = Literal["retry", "recover", "escalate", "notify", "ignore"]
Autonomy = Literal["suggest", "ask", "auto"]
Curve = Literal["exponential", "linear", "fixed", "fibonacci", "decorrelated"]
Abstention = Literal["empty", "no_log", "truncated", "no_match", "low_margin", "novel"]

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Context:
    """Say where and how the failed operation ran; every field may be left out."""

    environment: str | None = None
    """``development``, ``staging``, ``production``, or a name of the user's own."""
    operation: str | None = None
    """What was run, as a stable name: counts, breakers and budgets are kept per operation."""
    effect: Effect | None = None
    """What running the operation again would do to the world; ``irreversible`` is never re-run automatically."""
    attempt: int = 1
    """Which call of the operation this was, from 1."""
    operation_id: str | None = None
    component: str | None = None
    repository: str | None = None
    branch: str | None = None
    commit: str | None = None
    job: str | None = None
    phase: str | None = None
    source: str | None = None
    cancelled: bool = False
    """Whether a person or a newer run stopped it."""
    metadata: Mapping[str, str] = field(default_factory=FrozenDict)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields that are set, JSON-ready."""
        return {key: value for key, value in to_jsonable(self).items() if value not in (None, False, {})}


@dataclass(frozen=True, slots=True)
class Failure:
    """Hold one failed operation as it came in; build it with ``core.failure``'s functions."""

    text: str
    exception_type: str | None = None
    """Qualified class name, such as ``builtins.ConnectionResetError``."""
    exit_code: int | None = None
    """As the shell reports it: 0-255, or negative for a signal number."""
    context: Context = field(default_factory=Context)
    time: datetime = field(default_factory=utc_now)
    line_numbers: tuple[int, ...] = ()
    """1-based line in the source of each line of ``text``, where lines of a large log were left out; else empty."""


@dataclass(frozen=True, slots=True)
class CodeHit:
    """Record one exact code found in the text, such as errno ``ENOSPC``."""

    table: str
    """Name of the knowledge table: ``errno``, ``http``, ``sqlstate``, ``exception``, a tool's name, ..."""
    code: str
    start: int
    """Offset of the first character in the region's text; -1 when it came from outside the text (an exit code)."""
    end: int
    line: int
    """1-based line in the source; 0 when it came from outside the text."""
    type: str | None = None
    """The type it points to; None when it is only a tag."""
    strength: Literal["exact", "strong", "weak"] = "weak"
    retryable: bool | None = None
    """Whether an unchanged re-run plausibly succeeds, where that differs from the type's default."""


@dataclass(frozen=True, slots=True)
class Region:
    """Mark the part of a log that explains the failure."""

    text: str
    """The lines of the region with CI noise, ANSI sequences and secrets taken out."""
    start: int
    """First line in the source, 1-based; 0 when there is no region."""
    end: int
    """Last line in the source, inclusive."""
    cause_lines: tuple[int, ...] = ()
    """Lines of the source, ranked: the one that best explains the failure first. At most 20."""


@dataclass(frozen=True, slots=True)
class Signals:
    """Collect what can be read off a failure without statistics."""

    region: Region
    masked_text: str
    """The region with numbers, paths, hashes, times and hosts replaced by placeholders: what the model reads."""
    fingerprint: str | None
    """16 hex digits, equal for failures of the same cause; None when the text is too generic to stand for a cause."""
    codes: tuple[CodeHit, ...] = ()
    tool: str | None = None
    retry_after: float | None = None
    """Seconds the other side asked to wait."""
    failing_tests: tuple[str, ...] = ()
    gap: Abstention | None = None
    """Why the text cannot name a cause (``empty``, ``no_log``, ``truncated``, ``no_match``); None when it may."""
    tags: tuple[str, ...] = ()
    """Further features for the model, such as ``tool:npm``."""
    focus: tuple[int, ...] = ()
    """Which lines of the region, from 0, the lines of ``masked_text`` are."""


@dataclass(frozen=True, slots=True)
class TypeProbability:
    """Pair a type with the probability that it is right, 0 to 1."""

    type: str
    probability: float


@dataclass(frozen=True, slots=True)
class Flip:
    """Say what would have changed a prediction."""

    type: str
    """What it would be without the lines."""
    without: tuple[str, ...]
    """Lines of the region, strongest first."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """Rank the types for one failure."""

    ranked: tuple[TypeProbability, ...]
    """All types, most probable first; the probabilities sum to 1."""
    abstained: Abstention | None = None
    """Why the answer should not be acted on alone; None when it may be."""
    evidence: tuple[str, ...] = ()
    """Lines of the region that speak for the first type, strongest first."""
    model_version: str = ""
    retryable: float | None = None
    """Calibrated probability that an unchanged re-run plausibly succeeds; None where the classifier cannot tell."""

    @property
    def type(self) -> str:
        """The most probable type."""
        return self.ranked[0].type

    @property
    def confidence(self) -> float:
        """Calibrated probability that ``type`` is right, 0 to 1."""
        return self.ranked[0].probability


@dataclass(frozen=True, slots=True)
class Chance:
    """Estimate how often something succeeds, from what was observed."""

    mean: float
    """Mean of the posterior, 0 to 1."""
    low: float
    """Lower end of the central 95 % interval of the posterior, 0 to 1."""
    high: float
    tries: int
    """Observations at ``level``."""
    successes: int
    level: Literal["fingerprint", "type", "category"]
    """The narrowest group with any observation; wider groups only shape the prior."""


@dataclass(frozen=True, slots=True)
class RecoveryChance:
    """Pair a recovery recipe with the chance that the operation succeeds after it."""

    recovery: str
    chance: Chance


@dataclass(frozen=True, slots=True)
class History:
    """Summarise what the store knows of a fingerprint and its operation."""

    seen: int = 0
    """Failures with this fingerprint so far."""
    failed_attempts: int = 0
    """Failed attempts of the same operation and fingerprint in the last 24 h since its last success."""
    retries: int = 0
    """Unchanged re-runs observed after this fingerprint."""
    retry_successes: int = 0
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    available: bool = True
    """False when the store could not be read in time; the counts are then all zero."""
    retry: Chance | None = None
    """Chance of an unchanged re-run; None where nothing was observed, of its type and category neither."""
    recoveries: tuple[RecoveryChance, ...] = ()
    """Most promising first."""
    recovery_seconds: float | None = None
    """Mean time from failure to success over the recovered cases of this fingerprint."""
    type_seen: int = 0
    """Failures that were decided to be of this type so far."""
    component_seen: int = 0
    """Failures of this component so far."""
    jobs: int = 0
    """Jobs or operations that this fingerprint hit within the last half hour."""
    incident: bool = False
    """Whether that is so many that the cause is most likely not theirs."""
    flaky_tests: tuple[str, ...] = ()
    """Those of the failing tests that passed and failed on the same commit before."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Say what limits acting just now, whatever the failure is."""

    breaker_open: bool | None = None
    """Whether the operation's circuit breaker refuses calls; None where there is none."""
    budget_spent: bool | None = None
    """Whether the operation's budget of retries is spent; None where there is none."""
    kill_switch: bool = False
    """Whether everything automatic is switched off."""
    autonomy: Autonomy | None = None
    """How far errclass may go by itself; None: as is usual in the environment."""
    attempts_at_most: int | None = None
    """Calls of an operation that the settings allow; None: as many as the rules do."""
    retries_off: bool = False
    """Whether unchanged re-runs are switched off."""
    attempts_as_set: int | None = None
    """Calls of an operation in all that the settings ask for; None here and below: what the rules say."""
    base_delay_as_set: float | None = None
    """Seconds before the second call, where the type has no waits of its own."""
    factor_as_set: float | None = None
    """Growth of these waits from call to call."""
    max_delay_as_set: float | None = None
    """Upper bound of one of these waits in seconds."""
    codegen_as_set: int | None = None
    """Failed attempts from which a repair is asked for."""
    manual_as_set: int | None = None
    """Failed attempts from which a person is asked."""


@dataclass(frozen=True, slots=True)
class Firing:
    """Record one rule that fired."""

    rule: str
    """``stage/name``."""
    sets: Mapping[str, Scalar]
    """Facts that it set."""
    overridden: Mapping[str, Scalar] = field(default_factory=FrozenDict)
    """Facts that it would have set, had an earlier rule of its stage not set them."""
    because: str = ""
    used: Mapping[str, Scalar] = field(default_factory=FrozenDict)
    """Facts that it looked at and that were there, with their values."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Say how the strategy is to be carried out."""

    max_attempts: int = 1
    """Calls of the operation in all, the first one included."""
    base_delay: float = 0.0
    """Seconds before the second attempt, before jitter."""
    multiplier: float = 2.0
    max_delay: float = 30.0
    """Upper bound of one wait in seconds; a Retry-After may exceed it."""
    retry_after: float | None = None
    """Seconds the other side asked to wait; a minimum for the next wait."""
    recipe: str | None = None
    """Name of the recovery recipe when the strategy is ``recover``."""
    target: str | None = None
    """Who is asked when it escalates: ``codegen``, ``manual``, ``environment_reset``, ``system_reset``."""
    curve: Curve = "exponential"
    """How the wait grows from call to call; ``multiplier`` is for the exponential one."""
    approval: bool = False
    """Whether a person has to agree before anything is changed."""


@dataclass(frozen=True, slots=True)
class Classification:
    """Say what a failure is."""

    category: str
    type: str
    severity: Severity
    retryable: bool
    """Whether an unchanged re-run would plausibly succeed; whether errclass does re-run is ``Decision.strategy``."""
    confidence: float
    """Probability that ``type`` is right, 0 to 1."""
    suggested_action: str
    abstained: Abstention | None = None
    alternatives: tuple[TypeProbability, ...] = ()
    """The next most probable types, best first; at most 3."""
    evidence: tuple[str, ...] = ()
    fingerprint: str | None = None
    model_version: str = ""
    context: Context = field(default_factory=Context)
    metadata: Mapping[str, Any] = field(default_factory=FrozenDict)
    fault_domain: str = UNKNOWN
    """Where the fault lies: code, configuration, platform, infrastructure, third_party or unknown."""

    def to_dict(self) -> dict[str, Any]:
        """Return all fields, JSON-ready."""
        values: dict[str, Any] = to_jsonable(self)
        return values


@dataclass(frozen=True, slots=True)
class Decision(Classification):
    """Say what a failure is and what to do about it."""

    strategy: Strategy = "notify"
    plan: Plan = field(default_factory=Plan)
    priority: Severity = "low"
    channels: tuple[str, ...] = ()
    rules_fired: tuple[str, ...] = ()
    rules_revision: str = ""
    decision_id: str = ""
    because: tuple[str, ...] = ()
    """One sentence per rule that set a fact of this decision, in firing order."""
    history: History | None = None
    """What was known of the failure before; None where there is no store."""


@dataclass(frozen=True, slots=True)
class Label:
    """Hold one opinion on what a stored failure really was."""

    type: str
    source: Literal["human", "import", "outcome", "weak"]
    weight: float = 1.0
    retryable: bool | None = None
    time: datetime = field(default_factory=utc_now)
    author: str | None = None
    """Who or what said so: a person's name, a program, a file."""
    spreads: bool = False
    """Whether it speaks for all failures with the same fingerprint."""
    id: str = field(default="", compare=False)
    """As stored; empty before."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Hold one failure with what was decided and what came of it, as the store keeps it."""

    id: str
    """UUIDv7 from ``core.ids``, or any string up to 64 characters that the caller chose."""
    text: str
    """The masked region, at most 16 KB."""
    time: datetime = field(default_factory=utc_now)
    fingerprint: str | None = None
    context: Context = field(default_factory=Context)
    exit_code: int | None = None
    success: bool | None = None
    """Whether the operation succeeded in the end; None while it is open."""
    tool: str | None = None
    tags: tuple[str, ...] = ()
    facts: Facts = field(default_factory=FrozenDict)
    decision: Decision | None = None
    labels: tuple[Label, ...] = ()
    failing_tests: tuple[str, ...] = ()
    trace: tuple[Firing, ...] = ()
    """The rules that fired for the decision, in order."""


@dataclass(frozen=True, slots=True)
class Example:
    """Hold one labelled text to train or evaluate on."""

    text: str
    type: str
    retryable: bool | None = None
    weight: float = 1.0
    tool: str | None = None
    """Also the group by which evaluation splits are made."""
    source: str = "user"
    """``corpus``, ``capture``, ``store``, ``outcome``, ``user`` or ``weak``."""
