"""The circuit breakers and retry budgets that all processes of the store share."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from ...actions.breaker import SharedState, read_shared_state
from ...actions.breaker.shared import KIND as BREAKER
from ...actions.retry import BudgetOptions, SharedRetryBudget
from ...actions.retry.shared_budget import KIND as BUDGET
from ...core.errors import UsageError
from ...outcomes import Store
from ..settings import Settings
from .check import Check
from .finding import Finding, sum_up
from .looking import look_safely
from .store_view import view_store
from .words import count_things

_REFUSING = ("open", "forced_open")
_SHOWN = 5
_ADVICE = "see what errclass doctor --only store says"


def check_breakers(settings: Settings) -> Check:
    """Look at the shared breakers and budgets: what keeps failing is refused, what failed much is not re-run."""
    return look_safely("breakers", lambda: _look(settings), advice=_ADVICE)


def _look(settings: Settings) -> Check:
    with view_store(settings) as store:
        if store is None:
            return sum_up("breakers", "none is in use")
        found = store.list_states(BREAKER)
        spent, budgets = _list_spent(store)
    states = {name: _read(document) for name, document in found.items()}
    damaged = [name for name, state in states.items() if state is None]
    known = {name: state for name, state in states.items() if state is not None}
    findings = [*_tell_open(known), *_tell_spent(spent), *_tell_damaged(damaged)]
    counts = Counter(state.state for state in known.values())
    details = {
        "by_state": dict(counts),
        "open": sorted(name for name, state in known.items() if state.state in _REFUSING),
        "budgets": budgets,
        "spent": spent,
        "damaged": damaged,
    }
    said = ", ".join(f"{number} {state.replace('_', ' ')}" for state, number in counts.items()) or "none is in use"
    return sum_up("breakers", f"{said}; {count_things(budgets, 'budget')}", findings, details)


def _read(document: Mapping[str, Any] | None) -> SharedState | None:
    try:
        return read_shared_state(document, time.time())
    except UsageError:
        return None


def _list_spent(store: Store) -> tuple[list[str], int]:
    """Return the operations whose budget pays for no retry just now, and how many budgets there are."""
    names = list(store.list_states(BUDGET))
    least = BudgetOptions().cost
    return [name for name in names if SharedRetryBudget(store, name).tokens < least], len(names)


def _tell_open(states: Mapping[str, SharedState]) -> list[Finding]:
    refusing = {name: state for name, state in states.items() if state.state in _REFUSING}
    if not refusing:
        return []
    told = [f"{name} ({_tell_wait(state)})" for name, state in refusing.items()]
    advice = "mend what the operation calls; a success of a trial call closes the breaker by itself"
    return [Finding("warning", f"calls are refused of {_shorten(told)}", advice)]


def _tell_wait(state: SharedState) -> str:
    if state.state == "forced_open":
        return "forced open"
    return f"tried again in {state.time_left:.0f} s" if state.time_left else "the next call is a trial"


def _tell_spent(spent: list[str]) -> list[Finding]:
    if not spent:
        return []
    advice = "find out why it fails so often; the budget fills by itself within a day, and with every success"
    return [Finding("warning", f"the retries are used up of {_shorten(spent)}", advice)]


def _tell_damaged(names: list[str]) -> list[Finding]:
    if not names:
        return []
    advice = "nothing has to be done: the next call makes it anew"
    return [Finding("warning", f"the state is damaged of {_shorten(names)}", advice)]


def _shorten(names: Iterable[str]) -> str:
    known = sorted(names)
    more = f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else ""
    return ", ".join(known[:_SHOWN]) + more
