"""What may stand in a request, and what it becomes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    StrictBool,
    StringConstraints,
    model_validator,
)

from ...core.clock import utc_now
from ...core.failure import MAX_TEXT_CHARS, failure_from_text
from ...core.frozen import FrozenDict
from ...core.ids import new_id
from ...core.types import Context, Effect, Failure, Guard
from ...reports.alerts.alert import State
from ...system.jobs.recording import CallReport
from ..service import Labelling

MOST_OUTCOMES = 500
"""In one request."""
_MOST_SHOWN = 100
"""Characters of a key that is told to be wrong."""
_Name = Annotated[str, StringConstraints(max_length=256)]
_Key = Annotated[str, StringConstraints(min_length=1, max_length=64)]
_Value = Annotated[str, StringConstraints(max_length=1024)]
_Text = Annotated[str, StringConstraints(max_length=MAX_TEXT_CHARS)]
_Note = Annotated[str, StringConstraints(max_length=500)]
Identifier = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Window = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,2}[mhdw]$")]


def _move_to_utc(time: datetime) -> datetime:
    try:
        return time.astimezone(UTC)
    except OverflowError:
        raise ValueError("the time lies beyond the years 1 to 9999 in UTC") from None


def _refuse_other(kind: Any) -> BeforeValidator:
    """Return what refuses values that JSON has other words for, such as true for 1."""

    def check(value: Any) -> Any:
        if value is not None and (not isinstance(value, kind) or isinstance(value, bool)):
            raise ValueError("this is of another type")
        return value

    return BeforeValidator(check)


_Count = Annotated[int, Field(ge=1, le=1_000_000), _refuse_other(int | float)]
_Moment = Annotated[AwareDatetime, AfterValidator(_move_to_utc), _refuse_other(str)]
_ExitCode = Annotated[int, Field(ge=-(2**31), lt=2**32), _refuse_other(int | float)]
_NPM = "npm error code ETIMEDOUT\nnpm error network request to https://registry.npmjs.org/left-pad failed"
_CONTEXT: dict[str, JsonValue] = {
    "environment": "production",
    "operation": "deploy web",
    "effect": "idempotent",
    "attempt": 2,
}


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ContextFields(_Body):
    """Where and how the failed operation ran. All of it is what the sender says; none of it names a place here."""

    environment: _Name | None = None
    operation: _Name | None = None
    effect: Effect | None = None
    """What running the operation again would do to the world; ``irreversible`` is never re-run automatically."""
    attempt: _Count = 1
    operation_id: _Name | None = None
    component: _Name | None = None
    repository: _Name | None = None
    branch: _Name | None = None
    commit: _Name | None = None
    job: _Name | None = None
    phase: _Name | None = None
    source: _Name | None = None
    cancelled: StrictBool = False
    metadata: dict[_Key, _Value] = Field(default_factory=dict, max_length=64)

    def to_context(self) -> Context:
        """Return the context."""
        return Context(**{**self.model_dump(), "metadata": FrozenDict(self.metadata)})


class GuardFields(_Body):
    """What limits acting just now; it may say no, and never more than the service's own settings allow."""

    breaker_open: StrictBool | None = None
    budget_spent: StrictBool | None = None
    kill_switch: StrictBool = False
    attempts_at_most: _Count | None = None

    def to_guard(self) -> Guard:
        """Return the guard."""
        return Guard(**self.model_dump())


class FailureFields(_Body):
    """One failure."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": _NPM, "context": _CONTEXT}]})

    text: _Text
    """The error, or the end of the log."""
    logs: _Text = ""
    """The log around it."""
    exception_type: _Name | None = None
    """Qualified name of the exception's class, such as ``builtins.ConnectionResetError``."""
    exit_code: _ExitCode | None = None
    context: ContextFields = ContextFields()

    def to_failure(self) -> Failure:
        """Return the failure."""
        failure = failure_from_text(self.text, logs=self.logs, context=self.context.to_context())
        return replace(failure, exception_type=self.exception_type, exit_code=self.exit_code)


class GuardedFailure(FailureFields):
    """One failure, and what limits acting on it."""

    guard: GuardFields = GuardFields()


class OutcomeFields(_Body):
    """One call of an operation: how it failed, or that it succeeded."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"required": ["text"], "properties": {"text": {"minLength": 1}}},
                {"required": ["success"], "properties": {"success": {"type": "boolean"}}},
            ]
        }
    )

    id: Identifier = Field(default_factory=new_id)
    """The sender's own; the same id again changes nothing. Made up without one."""
    text: _Text = ""
    """What failed; may be left out when ``success`` is said."""
    success: StrictBool | None = None
    exit_code: _ExitCode | None = None
    time: _Moment | None = None
    """When it ended; now without it."""
    context: ContextFields = ContextFields()

    @model_validator(mode="after")
    def _check_content(self) -> Self:
        if not self.text and self.success is None:
            raise ValueError("say what failed (text), or whether it succeeded (success)")
        return self

    def to_report(self) -> CallReport:
        """Return the report."""
        return CallReport(
            text=self.text,
            success=self.success,
            exit_code=self.exit_code,
            context=self.context.to_context(),
            time=self.time or utc_now(),
            id=self.id,
        )


class OutcomesRequest(_Body):
    """Calls of operations, kept all or none."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"outcomes": [{"id": "job-4711", "text": _NPM, "context": {"operation": "deploy web"}}]}]
        }
    )

    outcomes: list[OutcomeFields] = Field(min_length=1, max_length=MOST_OUTCOMES)
    decide: StrictBool = False
    """Whether each failure is decided as well, so that one sees what errclass would have done."""


class LabelRequest(_Body):
    """What an outcome really was."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"outcome_id": "job-4711", "type": "network"}]})

    outcome_id: Identifier
    type: _Name
    retryable: StrictBool | None = None
    spreads: StrictBool = False
    """Whether it is said of all outcomes with the same fingerprint."""

    def to_labelling(self) -> Labelling:
        """Return the label."""
        return Labelling(**self.model_dump())


class OutcomeQuery(_Body):
    """Which outcome is meant."""

    outcome_id: Identifier


class ReportQuery(_Body):
    """What a report is about."""

    window: Window = Field(default="24h", description="N and m, h, d or w.", examples=["7d"])


class AlertQuery(_Body):
    """Which alerts are meant."""

    state: State | None = None


class AcknowledgeRequest(_Body):
    """What is known of an alert that somebody takes up."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "the registry is down"}]})

    note: _Note = ""
    """For the others."""


def read_faults(errors: Any) -> tuple[dict[str, str], ...]:
    """Return what is wrong with a request, without what stood in it; of long keys only the beginning."""
    return tuple(
        {"where": ".".join(str(part)[:_MOST_SHOWN] for part in error["loc"]), "what": str(error["msg"])}
        for error in errors[:10]
    )
