"""What a decision may need of an event before it is merged: kept beside it, so that no JSON has to be read for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, Final, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RecentFailure:
    """Hold what counts of a failure for a day; times are ISO 8601 in UTC without offset."""

    id: str
    fingerprint: str | None
    operation: str | None
    operation_id: str | None
    attempt: int
    job: str | None
    commit: str | None
    failing_tests: tuple[str, ...]
    imported: bool
    time: str

    def to_row(self) -> tuple[str | int | None, ...]:
        """Return the columns of ``recent_failures``, without the last, its time."""
        tests = "\n".join(self.failing_tests)
        run = self.operation, self.operation_id, self.attempt, self.job, self.commit
        return (self.id, self.fingerprint, *run, tests, self.imported)


@dataclass(frozen=True, slots=True)
class CallBefore:
    """Say which call of a run came before another, and on which commit that one was."""

    operation_id: str
    attempt: int
    operation: str | None = None
    commit: str | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """Hold what one event adds to the answers about fingerprints, operations and tests."""

    fingerprint: str | None = None
    """The cause that the event is about, where the writer knows it."""
    happened_at: str | None = None
    recovery: str | None = None
    """The recovery recipe before a re-run."""
    rerun_passed: bool | None = None
    """Result of an informative re-run, None for anything else."""
    failure: RecentFailure | None = None
    follows: str | None = None
    """Id of the failure that came before."""
    follows_call: CallBefore | None = None
    """The call before, where the failure's id is not known."""
    resolves: bool | None = None
    """How the failure that came before ended."""
    succeeded: str | None = None
    """The operation that succeeded."""

    def change_texts(self, change: Callable[[str], str]) -> Marks:
        """Return them with every text in them changed."""
        return _change(self, change)


def _change(value: T, change: Callable[[str], str]) -> T:
    changes: dict[str, Any] = {}
    for field in fields(value):  # type: ignore[arg-type]
        found = getattr(value, field.name)
        if isinstance(found, str):
            changes[field.name] = change(found)
        elif isinstance(found, tuple):
            changes[field.name] = tuple(map(change, found))
        elif isinstance(found, (CallBefore, RecentFailure)):
            changes[field.name] = _change(found, change)
    return replace(value, **changes)  # type: ignore[type-var]


NO_MARKS: Final = Marks()
