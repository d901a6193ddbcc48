"""Decide what is stored by other rules, or with another model, and tell what changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from ...classify.artefact import Model
from ...classify.known import KnownErrors
from ...core.clock import utc_now
from ...core.durations import parse_duration
from ...core.types import Facts, Failure
from ...outcomes import DecidedFailure, count_decided, iter_decided, load_observed
from ...rules import RENEWED, Policy, renew_facts
from ...rules.lint import lint_policy
from ..rules_in_use import load_rules
from ..settings import Settings
from ..taxonomy_in_use import find_taxonomy
from ..wiring import find_model, open_store
from .replay.changes import Changes
from .replay.limits import Limit, check_limit, parse_limit
from .replay.rates import Rates, check_rate
from .replay.redeciding import Redecider, read_version
from .replay.replayed import Replayed
from .replay.report import describe_replay, list_bases, list_figures
from .replay.ruling import summarise_row

Progress = Callable[[str, int, int], None]

_STEP = 1_000
"""Decisions between two signs of progress."""


@dataclass(frozen=True, slots=True)
class ReplayRequest:
    """Say what is replayed, by what, and at which prices."""

    since: str = "30d"
    folders: tuple[Path, ...] = ()
    """Rules laid over the usual ones and those of the settings."""
    model: str | None = None
    """A model's reference; None: what the model said then stays."""
    minutes_per_call: float | None = None
    cost_per_minute: float | None = None
    fail_if: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Deciders:
    """Hold what decides now."""

    redecider: Redecider
    model: Model | None
    """What predicts anew; None where nothing does."""
    known: KnownErrors = field(default_factory=KnownErrors)

    def renew(self, row: DecidedFailure) -> Facts:
        """Return the facts of a row, as the other model would have had them where there is one."""
        if self.model is None:
            return row.facts
        found = self.known.answer(_restore_failure(row), self.model.classifier)
        return renew_facts(row.facts, found.signals, found.prediction)


def replay_rules(
    settings: Settings,
    request: ReplayRequest,
    *,
    clock: Callable[[], datetime] = utc_now,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Decide what is stored anew, and return the report, JSON-ready.

    Raises UsageError for a span of time, a rate, a limit, a model or a rule that is none.
    """
    check_rate("--minutes-per-call", request.minutes_per_call)
    check_rate("--cost-per-minute", request.cost_per_minute)
    limits = [parse_limit(text) for text in request.fail_if]
    now = clock()
    since = now - parse_duration(request.since)
    deciders = _make_deciders(settings, request)
    with open_store(settings) as store:
        failures, total = count_decided(store, since)
        observed = load_observed(store, since)
        replayed = Replayed(Changes(observed.ends))
        for done, row in enumerate(iter_decided(store, since, with_text=deciders.model is not None), start=1):
            _replay_row(row, deciders, replayed)
            if progress and done % _STEP == 0:
                progress("deciding anew", done, max(done, total))
    rates = Rates(observed, request.minutes_per_call, request.cost_per_minute)
    report = {
        "since": request.since,
        "start": since.isoformat(timespec="seconds"),
        "end": now.isoformat(timespec="seconds"),
        "rules": deciders.redecider.policy.revision,
        "model": deciders.model.version if deciders.model else None,
        "never_read": list(_list_unread(deciders.redecider.policy)) if request.folders else [],
        "never_decided": max(0, failures - replayed.decisions),
        **describe_replay(replayed, rates),
    }
    return {**report, "limits": _check_limits(limits, report)}


def _list_unread(policy: Policy) -> Iterator[str]:
    """Yield what nothing reads of the rules, such as a misspelt table: it would look as if it changed nothing."""
    return (found.message for found in lint_policy(policy, only=("unread_rows",)).findings)


def _make_deciders(settings: Settings, request: ReplayRequest) -> _Deciders:
    model = find_model(settings, request.model) if request.model is not None else None
    taxonomy = model.taxonomy if model else find_taxonomy(settings)
    policy = load_rules(taxonomy, settings.rule_layers, request.folders)
    return _Deciders(Redecider(policy, settings.decision, RENEWED if model else frozenset()), model)


def _replay_row(row: DecidedFailure, deciders: _Deciders, replayed: Replayed) -> None:
    version = read_version(row.facts)
    if version is None or row.plan is None:
        replayed.unreadable += 1
        return
    redecider = deciders.redecider
    found = redecider.decide(deciders.renew(row), version)
    if found.lacking:
        replayed.add_lacking(found.lacking)
        return
    replayed.same_rules += row.rules_revision == redecider.policy.revision
    replayed.changes.add(row, summarise_row(row, row.plan), found.ruling)


def _restore_failure(row: DecidedFailure) -> Failure:
    exit_code, exception = row.facts.get("exit_code"), row.facts.get("exception_type")
    return Failure(
        row.text or "",
        exception_type=exception if isinstance(exception, str) else None,
        exit_code=exit_code if isinstance(exit_code, int) else None,
        time=row.time,
    )


def _check_limits(limits: Sequence[Limit], report: dict[str, Any]) -> list[dict[str, Any]]:
    figures, bases = list_figures(report), list_bases(report)
    return [asdict(check_limit(limit, figures, bases)) for limit in limits]
