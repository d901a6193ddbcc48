"""Count what other rules change, row by row."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from ....outcomes import DecidedFailure
from .ruling import Rerun, Ruling, describe_change, list_changes


@dataclass(frozen=True, slots=True)
class RerunKey:
    """Name re-runs that are worth and cost the same."""

    rerun: Rerun
    fingerprint: str | None
    operation: str | None


@dataclass(slots=True)
class CauseChanges:
    """Count what befell one fingerprint."""

    decisions: int = 0
    changed: int = 0
    type: str | None = None
    """As its last decision would be now."""
    changes: Counter[str] = field(default_factory=Counter)
    added: Counter[Rerun] = field(default_factory=Counter)


@dataclass(slots=True)
class Changes:
    """Count what befell all decisions that were decided anew."""

    ends: Mapping[tuple[str, str | None], bool]
    """Failure and recipe -> whether a re-run of it was seen to succeed."""
    replayed: int = 0
    changed: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    matrix: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Action before and after -> decisions."""
    newly_automatic: Counter[str] = field(default_factory=Counter)
    """What is done without a person -> decisions."""
    no_longer_automatic: int = 0
    asked_before: int = 0
    asked_after: int = 0
    calls_before: int = 0
    """Calls of the operation that all plans together allow."""
    calls_after: int = 0
    causes: defaultdict[str, CauseChanges] = field(default_factory=lambda: defaultdict(CauseChanges))
    added: Counter[RerunKey] = field(default_factory=Counter)
    saved: Counter[RerunKey] = field(default_factory=Counter)
    saved_seen: Counter[RerunKey] = field(default_factory=Counter)
    """Those of the saved re-runs that really ran."""
    saved_passed: Counter[str] = field(default_factory=Counter)
    """Strategy -> saved re-runs that succeeded."""

    def add(self, row: DecidedFailure, before: Ruling, after: Ruling) -> None:
        """Count one decision."""
        self.replayed += 1
        self.matrix[before.action, after.action] += 1
        self.asked_before += before.asks
        self.asked_after += after.asks
        self.calls_before += before.calls
        self.calls_after += after.calls
        cause = self.causes[row.fingerprint] if row.fingerprint else None
        if cause:
            cause.decisions += 1
        if before != after:
            self._add_change(row, before, after, cause)

    def _add_change(self, row: DecidedFailure, before: Ruling, after: Ruling, cause: CauseChanges | None) -> None:
        self.changed += 1
        self.fields.update(list_changes(before, after))
        self._add_automatic(before.automatic, after.automatic)
        if before.rerun != after.rerun:
            self._add_reruns(row, before.rerun, after.rerun)
        if cause:
            cause.changed += 1
            cause.type = after.type
            cause.changes[describe_change(before, after)] += 1
            if after.rerun and before.rerun != after.rerun:
                cause.added[after.rerun] += 1

    def _add_automatic(self, before: str | None, after: str | None) -> None:
        if after and not before:
            self.newly_automatic[after] += 1
        self.no_longer_automatic += bool(before and not after)

    def _add_reruns(self, row: DecidedFailure, before: Rerun | None, after: Rerun | None) -> None:
        if after:
            self.added[RerunKey(after, row.fingerprint, row.operation)] += 1
        if before:
            key = RerunKey(before, row.fingerprint, row.operation)
            end = self.ends.get((row.id, before.recipe))
            self.saved[key] += 1
            if end is not None:
                self.saved_seen[key] += 1
                self.saved_passed[before.strategy] += end
