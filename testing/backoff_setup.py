"""What a scenario of retries asks for, as options of our classes."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from operator import index
from typing import Any

from ..actions.breaker import BreakerOptions, FailuresInWindow
from ..actions.retry import Backoff, BudgetOptions, Jitter, RetryPolicy, Verdict
from ..core.retry_after import find_retry_after
from .scenario import NotApplicableError
from .scripted_error import decide_by_script

UNLIMITED = sys.maxsize
"""Attempts where the scenario sets no limit."""
_NO_CAP = float("inf")
_CURVES = ("fixed", "linear", "exponential", "fibonacci", "decorrelated")
_KINDS = {"transient": "network", "throttling": "rate_limit"}
_KNOWN = frozenset(
    {
        "kind", "base_s", "factor", "increment_s", "cap_s", "max_attempts", "equivalent_max_retries", "jitter",
        "jitter_s", "base_s_by_class", "retry_after", "retry_after_jitter_s", "retry_after_max_s", "deadline_s",
        "deadline_mode", "call_takes_s", "budget", "breaker", "cancel_at_s",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BackoffSetup:
    """Hold one scenario as our classes take it; times in seconds."""

    policy: RetryPolicy
    failures: tuple[Verdict, ...] | None
    """What is decided about the failures of the calls, before one succeeds; None: every call fails."""
    budget: BudgetOptions | None
    breaker: BreakerOptions | None
    call_takes: float
    cancel_at: float | None

    @property
    def ends(self) -> bool:
        """Whether anything ends the calls."""
        limits = (self.failures, self.budget, self.breaker, self.cancel_at, self.policy.timeout)
        return self.policy.attempts != UNLIMITED or any(limit is not None for limit in limits)

    @property
    def is_random(self) -> bool:
        """Whether two runs may wait differently."""
        return self.policy.retry_after_jitter > 0 or any(
            backoff.jitter != "none" or backoff.curve == "decorrelated" for backoff in self.list_backoffs()
        )

    def list_backoffs(self) -> list[Backoff]:
        """Return the back-offs in use: the policy's, or those of the failures."""
        if self.policy.backoff is not None:
            return [self.policy.backoff]
        return [failure.backoff for failure in self.failures or () if failure.backoff is not None]


def read_setup(scenario: Mapping[str, Any]) -> BackoffSetup:
    """Return what a scenario asks for; raises NotApplicableError for what our classes cannot express.

    Raises TypeError or ValueError for numbers that are none.
    """
    config = scenario["config"]
    _refuse_other_rules(config)
    unknown = sorted(config.keys() - _KNOWN)
    if unknown:
        raise NotApplicableError(f"there is no option for {', '.join(unknown)}")
    by_class = config.get("base_s_by_class")
    backoff = None if by_class else _read_backoff(config, config["base_s"])
    setup = BackoffSetup(
        policy=_read_policy(config, backoff),
        failures=_read_failures(config, scenario.get("inputs"), by_class),
        budget=_read_budget(config.get("budget")),
        breaker=_read_breaker(config.get("breaker")),
        call_takes=config.get("call_takes_s", 0.0),
        cancel_at=config.get("cancel_at_s"),
    )
    _refuse_lost_jitter(setup, len(scenario["expect"].get("delays", ())))
    return setup


def _refuse_other_rules(config: Mapping[str, Any]) -> None:
    """Refuse what ours deliberately do by one rule only."""
    if config.get("jitter") == "proportional":
        raise NotApplicableError("jitter is not proportional to the delay: full and equal jitter are its kin here")
    if config.get("retry_after", "minimum") != "minimum":
        raise NotApplicableError(f"a Retry-After is a minimum, not {config['retry_after']!r}")
    if config.get("deadline_mode", "before_sleep") != "before_sleep":
        raise NotApplicableError(
            f"no wait is begun that would reach the deadline; there is no mode {config['deadline_mode']!r}"
        )


def _read_policy(config: Mapping[str, Any], backoff: Backoff | None) -> RetryPolicy:
    attempts = config.get("max_attempts")
    return RetryPolicy(
        decide=decide_by_script,
        operation="scenario",
        attempts=UNLIMITED if attempts is None else index(attempts),
        timeout=config.get("deadline_s"),
        backoff=backoff,
        retry_after_cap=config.get("retry_after_max_s", _NO_CAP),
        retry_after_jitter=config.get("retry_after_jitter_s", 0.0),
    )


def _read_backoff(config: Mapping[str, Any], base: float) -> Backoff:
    if config["kind"] not in _CURVES:
        raise NotApplicableError(f"there is no curve {config['kind']!r}")
    return Backoff(
        curve=config["kind"],
        base=float(base),
        factor=float(config.get("factor", 2.0)),
        increment=config.get("increment_s"),
        cap=float(config.get("cap_s", _NO_CAP)),
        jitter=_read_jitter(config),
    )


def _read_jitter(config: Mapping[str, Any]) -> Jitter:
    jitter = config.get("jitter", "none")
    if jitter == "additive":
        return float(config["jitter_s"])
    if jitter in ("none", "full", "equal"):
        return jitter  # type: ignore[no-any-return] # one of the three
    raise NotApplicableError(f"there is no {jitter} jitter")


def _read_failures(
    config: Mapping[str, Any], inputs: Sequence[Mapping[str, Any]] | None, by_class: Mapping[str, float] | None
) -> tuple[Verdict, ...] | None:
    if inputs is None:
        if by_class:
            raise NotApplicableError("a base by class needs inputs that name the classes")
        return None
    return tuple(_read_failure(config, given, by_class) for given in inputs)


def _read_failure(config: Mapping[str, Any], given: Mapping[str, Any], by_class: Mapping[str, float] | None) -> Verdict:
    name = given["error"]
    retryable = given.get("retryable", name != "non_retryable")
    if retryable and name not in _KINDS:
        raise NotApplicableError(f"there is no class {name!r} of errors")
    return Verdict(
        retryable,
        _KINDS.get(name, name),
        retry_after=_read_retry_after(given),
        backoff=_read_backoff(config, by_class[name]) if by_class and retryable else None,
    )


def _read_retry_after(given: Mapping[str, Any]) -> float | None:
    """Return the seconds of a header, by the same functions that read real ones."""
    if "retry_after" not in given:
        return given.get("retry_after_s")
    headers = {"Retry-After": given["retry_after"]}
    if "response_date" in given:
        headers["Date"] = given["response_date"]
    return find_retry_after(headers, _read_date(given.get("now")))


def _read_date(text: str | None) -> datetime | None:
    return None if text is None else parsedate_to_datetime(text)


def _read_budget(budget: Mapping[str, Any] | None) -> BudgetOptions | None:
    if budget is None:
        return None
    if budget.get("refund_retried_success", "cost of the last retry") != "cost of the last retry":
        raise NotApplicableError("a success after retries gives back the cost of the last one, and nothing else")
    return BudgetOptions(
        capacity=budget["capacity"],
        cost=budget["cost"],
        throttling_cost=budget.get("throttling_cost", budget["cost"]),
        refund=budget.get("refund_clean_success", 0),
    )


def _read_breaker(breaker: Mapping[str, Any] | None) -> BreakerOptions | None:
    if breaker is None:
        return None
    return BreakerOptions(FailuresInWindow(breaker["failures"], breaker["window_s"]), open_for=breaker["open_s"])


def _refuse_lost_jitter(setup: BackoffSetup, delays: int) -> None:
    """Refuse a scenario that adds jitter to a delay until it is as long as the cap, and so has none left there."""
    for backoff in setup.list_backoffs():
        if isinstance(backoff.jitter, str) or backoff.curve == "decorrelated":
            continue
        plain = replace(backoff, jitter="none")
        if any(plain.delay(number) + backoff.jitter > backoff.cap for number in range(1, delays + 1)):
            raise NotApplicableError("jitter that is added does not vanish at the cap")
