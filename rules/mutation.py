"""Take rules away one by one: a set whose cases pass all the same has a rule that nothing tests, or nothing needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from .chaining import ForwardChainer
from .checking import find_difference
from .engine import Derivation
from .policy import Policy
from .rule import Rule
from .whole_set import CaseRun


def list_unnoticed(policy: Policy, runs: Sequence[CaseRun], rules: Iterable[Rule]) -> tuple[str, ...]:
    """Return the ids of those of ``rules`` without which every case still passes that passed with them.

    ``runs`` are those of the whole set. That a rule taken away does not fire in its own cases tells nothing: of these
    only the expected facts count.
    """
    passed = [run for run in runs if _passes(run, run.derivation)]
    return tuple(rule.id for rule in rules if not _is_noticed(rule, policy, passed))


def _is_noticed(rule: Rule, policy: Policy, passed: Sequence[CaseRun]) -> bool:
    # Where the rule did not fire, its absence changes nothing.
    concerned = [run for run in passed if rule.id in run.fired]
    if not concerned:
        return False
    engine = ForwardChainer(replace(policy, rules=tuple(other for other in policy.rules if other is not rule)))
    return any(not _passes(run, engine.decide(run.case.facts), without=rule.id) for run in concerned)


def _passes(run: CaseRun, derivation: Derivation, *, without: str | None = None) -> bool:
    if run.owner not in {None, without}:
        fired = any(firing.rule == run.owner for firing in derivation.trace)
        if fired != run.case.fires:
            return False
    return not find_difference(run.case, derivation)
