"""The engine on durable-rules: its C module matches and joins, Python guards.

Only the C module is used, and only narrowly: no ``durable.lang``, one live session at a time, and nothing but small
integers under names of our own making go into it, so that no string, float or quirk of its coercions can reach it.
What it is weak at (negation, absence, sets) is tested in Python when a match comes out; since a fact never changes
once set, and absence may only be tested on facts of earlier stages, such a test cannot come too early.
"""

from __future__ import annotations

import importlib
import itertools
import json
import threading
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from ..core.errors import MissingExtraError, PolicyError
from ..core.frozen import FrozenDict
from ..core.types import Facts, Firing, Scalar
from .conditions import Condition, FactRef, all_hold
from .engine import Derivation
from .firing import Trigger
from .normalising import DIGITS, normalise_facts
from .policy import Policy
from .rule import Rule

# Fact names are lower case: an upper-case ending cannot meet another fact's name.
_PRESENT, _TEXT, _NUMBER, _FLAG = "X", "S", "N", "B"
_COMPARISONS = {"gte": "$gte", "gt": "$gt", "lte": "$lte", "lt": "$lt"}
_MATCHED_BY_C = frozenset({"is", "missing", *_COMPARISONS})
_SCALE = 10**DIGITS

_names = itertools.count(1)


def import_durable() -> ModuleType | None:
    """Return the C module of durable-rules; None where it is absent or does not load (Python 3.13 and later)."""
    try:
        return importlib.import_module("durable_rules_engine")
    except ImportError:
        return None


class DurableEngine:
    """Apply a policy with durable-rules; raises ``MissingExtraError`` where it cannot be imported."""

    name = "durable-rules"

    def __init__(self, policy: Policy) -> None:
        module = import_durable()
        if module is None:
            raise MissingExtraError("durable-rules", "durable")
        self.policy = policy
        self._module: Any = module
        self._lock = threading.Lock()
        self._sessions = itertools.count(1)
        self._codes = _number_texts(policy)
        self._matches = {f"r{rank}": _Match(rank, rule, policy) for rank, rule in enumerate(policy.rules, start=1)}
        self._matched = {name for match in self._matches.values() for test in match.positive for name in test.reads}
        self._handle = module.create_ruleset(f"errclass{next(_names)}", json.dumps(self._define()))

    def close(self) -> None:
        """Free the ruleset; the engine cannot be used afterwards."""
        with self._lock:
            handle, self._handle = self._handle, None
            if handle is not None:
                self._module.delete_ruleset(handle)

    def decide(self, facts: Facts) -> Derivation:
        """Return what the rules derive from ``facts``."""
        known = normalise_facts(facts)
        with self._lock:
            session = _Session(self._module, self._handle, next(self._sessions))
            try:
                trace = self._run(session, known)
            finally:
                session.delete()
        return Derivation(FrozenDict(known), tuple(trace))

    def _run(self, session: _Session, known: dict[str, Scalar]) -> list[Firing]:
        session.tell('"START":1')
        self._tell(session, known)
        trace: list[Firing] = []
        stage = 0
        for name in itertools.islice(session.matches(), len(self._matches)):
            match = self._matches[name]
            if match.stage < stage or not match.passes(known):
                continue
            stage = match.stage
            trace.append(match.trigger.fire(known))
            self._tell(session, trace[-1].sets)
        return trace

    def _tell(self, session: _Session, facts: Facts) -> None:
        for name, value in facts.items():
            if name in self._matched:
                session.tell(f'"{name}{_PRESENT}":1,"{name}{_kind(value)}":{self._encode(value)}')

    def _encode(self, value: Scalar) -> int:
        if isinstance(value, str):
            return self._codes.get(value, 0)
        return int(value) if isinstance(value, bool) else round(value * _SCALE)

    def _define(self) -> dict[str, Any]:
        boot = {"boot": {"all": [{"m": {"BOOT": 1}}], "pri": 0}}
        return boot | {name: self._define_rule(match) for name, match in self._matches.items()}

    def _define_rule(self, match: _Match) -> dict[str, Any]:
        """Return the rule as durable-rules reads it: one pattern per fact, joined."""
        tests: dict[str, list[dict[str, Any]]] = {}
        for condition in match.positive:
            tests.setdefault(condition.fact, []).append(self._define_test(condition))
            for other in condition.reads[1:]:
                tests.setdefault(other, []).append({f"{other}{_PRESENT}": 1})
        patterns = [_join(tests[fact]) for fact in sorted(tests)] or [{"START": 1}]
        return {"all": [{f"m{number}": pattern} for number, pattern in enumerate(patterns)], "pri": match.rank}

    def _define_test(self, condition: Condition) -> dict[str, Any]:
        fact, value = condition.fact, condition.value
        if isinstance(value, FactRef):
            return {f"{fact}{_PRESENT}": 1}
        if condition.operator == "is":
            return {f"{fact}{_kind(value)}": self._encode(value)}
        if condition.operator in _COMPARISONS:
            return {_COMPARISONS[condition.operator]: {f"{fact}{_NUMBER}": self._encode(value)}}
        return {f"{fact}{_PRESENT}": 1}


class _Match:
    """Hold one rule split into what the C module matches and what Python guards."""

    def __init__(self, rank: int, rule: Rule, policy: Policy) -> None:
        self.rank = rank
        self.trigger = Trigger(rule)
        self.stage = policy.stages.index(rule.stage)
        self.positive = tuple(condition for condition in rule.conditions if not condition.tests_absence)
        self._guards = tuple(condition for condition in rule.conditions if _needs_guard(condition))

    def passes(self, facts: Facts) -> bool:
        """Say whether the tests kept out of the C module let the rule fire."""
        return all_hold(self._guards, facts) and not self.trigger.rule.is_vetoed(facts)


class _Session:
    """Hold the facts of one decision inside the C module.

    The boot rule fires first: a session in which a rule has fired can be deleted safely, another cannot.
    """

    def __init__(self, module: Any, handle: Any, number: int) -> None:
        self._module = module
        self._handle = handle
        self._sid = str(number)
        self._ids = itertools.count(1)
        self._state = self.tell('"BOOT":1')
        module.start_action_for_state(handle, self._state)

    def tell(self, fields: str) -> Any:
        """Assert one fact, given as the inside of a JSON object; return the session's place in the C module."""
        message = f'{{"id":"{next(self._ids)}","sid":"{self._sid}",{fields}}}'
        code, state = self._module.assert_fact(self._handle, message)
        if code not in (0, 1):
            raise PolicyError(f"durable-rules refused a fact (code {code}): {message}; use the built-in engine")
        return state

    def matches(self) -> Iterator[str]:
        """Yield the name of the next matching rule until there is none."""
        while message := self._module.complete_and_start_action(self._handle, self._state):
            yield message.split('"', 2)[1]  # the message is {"rule": {the facts it matched}}

    def delete(self) -> None:
        """Forget the session."""
        self._module.delete_state(self._handle, self._sid)


def _needs_guard(condition: Condition) -> bool:
    # A fact compared with another is there when a match comes out, and so is the other: neither changes any more.
    compares = isinstance(condition.value, FactRef)
    return condition.tests_absence or compares or condition.operator not in _MATCHED_BY_C


def _join(tests: list[dict[str, Any]]) -> dict[str, Any]:
    return tests[0] if len(tests) == 1 else {"$and": tests}


def _kind(value: Scalar) -> str:
    if isinstance(value, bool):
        return _FLAG
    return _TEXT if isinstance(value, str) else _NUMBER


def _number_texts(policy: Policy) -> dict[str, int]:
    """Give every text that some rule compares with a number from 1; all other texts are 0, equal to none of these."""
    tests = (test for rule in policy.rules for test in rule.conditions if test.operator == "is")
    texts = sorted({test.value for test in tests if isinstance(test.value, str)})
    return {text: number for number, text in enumerate(texts, start=1)}
