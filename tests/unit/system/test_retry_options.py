"""Options that make no sense are refused where they are given, and not inside of the user's program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

import errclass
from errclass import Backoff, BreakerOptions, BudgetOptions, CircuitBreaker, Context, IntelligentRetrySystem
from errclass.actions.breaker import Consecutive
from errclass.actions.retry import RetryBudget, RetryMode, RetryPolicy, use_mode
from errclass.system.adapters import make_backoff_giveup, make_stamina_hook, make_tenacity_strategies

NAN, INFINITY = float("nan"), float("inf")


@pytest.fixture(autouse=True)
def sleepless() -> Iterator[None]:
    """Wait for nothing."""
    with use_mode(RetryMode(sleeps=False)):
        yield


async def answer_later(_: object) -> bool:
    return True


def decorate(**options: Any) -> Any:
    return errclass.retry(**options)(lambda: "done")


def count_calls(door: Callable[..., Any] = errclass.retry, **options: Any) -> int:
    """Return how often a function is called that never gets through."""
    calls = []

    def fail() -> None:
        calls.append(1)
        raise ConnectionError("refused")

    with pytest.raises(ConnectionError):
        door(**options)(fail)()
    return len(calls)


BAD_OF_ALL: list[tuple[dict[str, Any], str]] = [
    ({"on": [OSError]}, r"^on: .*OSError"),
    ({"on": answer_later}, "^on: give a function of the error, not a coroutine function"),
    ({"on": ()}, r"^on: .*\(\)"),
    ({"attempts": "3"}, "^attempts: give a whole number of calls, at least 1, not '3'$"),
    ({"attempts": 2.5}, r"^attempts: .*, not 2\.5$"),
    ({"attempts": True}, "^attempts: .*, not True$"),
    ({"attempts": 0}, "^attempts: .*, not 0$"),
    ({"attempts": -1}, "^attempts: .*, not -1$"),
    ({"timeout": "soon"}, "^timeout: 'soon' is no span of time"),
    ({"timeout": "0s"}, "^timeout: '0s'"),
    ({"timeout": 0}, r"^timeout: give a number of seconds, above 0, not 0\.0$"),
    ({"timeout": -1}, "^timeout: .*, not -1$"),
    ({"timeout": timedelta(seconds=-1)}, r"^timeout: .*, not -1\.0$"),
    ({"timeout": NAN}, "^timeout: .*, not nan$"),
    ({"timeout": INFINITY}, "^timeout: .*, not inf$"),
    ({"timeout": True}, "^timeout: .*, not True$"),
    ({"timeout": 10**400}, "^timeout: "),
    ({"timeout": [3]}, r"^timeout: .*, not \[3\]$"),
]
BAD_OF_DECORATORS: list[tuple[dict[str, Any], str]] = [
    *BAD_OF_ALL,
    ({"effect": "irreversable"}, "^effect: give one of .*, not 'irreversable'; did you mean 'irreversible'\\?$"),
    ({"effect": "Read-Only"}, "did you mean 'read_only'"),
    ({"effect": ""}, "^effect: .*, not ''$"),
    ({"effect": 3}, "^effect: .*, not 3$"),
    ({"context": Context(effect="irreversable")}, "did you mean 'irreversible'"),  # type: ignore[arg-type]
    ({"context": {}}, r"^context: give an errclass\.Context, not \{\}$"),
    ({"context": {"effect": "irreversible"}}, "^context: "),
    ({"operation": 3}, "^operation: give a name, such as 'deploy', not 3$"),
    ({"operation": ""}, "^operation: .*, not ''$"),
    ({"jitter": None}, "^jitter: give 'full', 'equal', 'decorrelated', 'none' or seconds, not None$"),
    ({"jitter": "some"}, "^jitter: .*, not 'some'$"),
    ({"jitter": True}, "^jitter: .*, not True$"),
    ({"jitter": NAN}, "^jitter: .*, not nan$"),
    ({"jitter": -1}, "^jitter: .*, not -1$"),
    ({"jitter": []}, r"^jitter: .*, not \[\]$"),
    ({"wait_exp_base": "2"}, "^wait_exp_base: give a number, at least 0, not '2'$"),
    ({"wait_exp_base": INFINITY}, "^wait_exp_base: .*, not inf$"),
    ({"wait_exp_base": -2}, "^wait_exp_base: .*, not -2$"),
    ({"wait_initial": -1}, "^wait_initial: .*, not -1$"),
    ({"wait_initial": NAN}, "^wait_initial: .*, not nan$"),
    ({"wait_max": INFINITY}, "^wait_max: .*, not inf$"),
    ({"wait_max": "5"}, "^wait_max: '5' is no span"),
    ({"wait_jitter": "x"}, "^wait_jitter: "),
    ({"jitter": 2, "wait_jitter": 3}, "^wait_jitter: .* not both$"),
    ({"jitter": "none", "wait_jitter": 3}, "^wait_jitter: .* not both$"),
    ({"jitter": "decorrelated", "wait_exp_base": 3}, "^wait_exp_base: "),
    ({"backoff": 3}, "^backoff: give an errclass.Backoff, not 3$"),
    ({"backoff": "linear"}, "^backoff: "),
    ({"backoff": Backoff(), "wait_initial": 1}, "^backoff: .* not both$"),
    ({"backoff": Backoff(), "jitter": "none"}, "^backoff: .* not both$"),
    ({"breaker": "yes"}, "^breaker: give True, False, BreakerOptions or a CircuitBreaker, not 'yes'$"),
    ({"breaker": CircuitBreaker}, "^breaker: "),
    ({"breaker": BudgetOptions()}, "^breaker: "),
    ({"budget": 5}, "^budget: give True, False, BudgetOptions or a RetryBudget, not 5$"),
    ({"budget": BudgetOptions}, "^budget: "),
]


@pytest.mark.parametrize(("options", "told"), BAD_OF_DECORATORS)
def test_a_decorator_refuses_it(options: dict[str, Any], told: str) -> None:
    """Where it is written, by name and value, with what to give."""
    with pytest.raises(errclass.UsageError, match=told):
        decorate(**options)


@pytest.mark.parametrize(("options", "told"), BAD_OF_DECORATORS)
def test_a_block_refuses_it(options: dict[str, Any], told: str) -> None:
    """Likewise, before its first attempt."""
    with pytest.raises(errclass.UsageError, match=told):
        errclass.retry_context(**options)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"is_failure": 3}, "^is_failure: give a function that returns True or False, not 3$"),
        ({"is_failure": answer_later}, "^is_failure: give a function, not a coroutine function"),
        ({"attempt_timeout": -1}, "^attempt_timeout: .*, not -1$"),
        ({"attempt_timeout": 5}, "^attempt_timeout: a running function cannot be stopped"),
    ],
)
def test_a_decorator_refuses_what_only_it_takes(options: dict[str, Any], told: str) -> None:
    """An answer that nobody awaits is always true."""
    with pytest.raises(errclass.UsageError, match=told):
        decorate(**options)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        *BAD_OF_ALL,
        ({"max_retries": -1}, "^max_retries: give a whole number of calls, at least 0, not -1$"),
        ({"max_retries": "2"}, "^max_retries: .*, not '2'$"),
        ({"max_retries": 1.5}, "^max_retries: "),
        ({"attempt_timeout": NAN}, "^attempt_timeout: .*, not nan$"),
        ({"attempt_timeout": 0}, "^attempt_timeout: give a number of seconds, above 0"),
        ({"backoff": "linear"}, "^backoff: give an errclass.Backoff, not 'linear'$"),
        ({"breaker": True}, "^breaker: give BreakerOptions, or None for no breaker, not True$"),
        ({"budget": 5}, "^budget: give BudgetOptions, or None for no budget, not 5$"),
        ({"listeners": (3,)}, "^listener: give a function of the event, not 3$"),
    ],
)
def test_a_system_refuses_it(options: dict[str, Any], told: str) -> None:
    """When it is made, and not at its first operation."""
    with pytest.raises(errclass.UsageError, match=told):
        IntelligentRetrySystem(**options)


@pytest.mark.parametrize(
    ("context", "told"),
    [({}, "^context: "), ("deploy", "^context: "), (Context(effect="reversable"), "did you mean 'reversible'")],  # type: ignore[arg-type]
)
def test_a_system_refuses_a_context_before_it_calls(context: Any, told: str) -> None:
    """The operation has not run then."""
    calls: list[int] = []
    with pytest.raises(errclass.UsageError, match=told):
        IntelligentRetrySystem().execute_with_retry(lambda: calls.append(1), context)
    assert [] == calls


@pytest.mark.parametrize("make", [make_backoff_giveup, make_stamina_hook, make_tenacity_strategies])
@pytest.mark.parametrize(
    ("options", "told"),
    [({"effect": "irreversable"}, "irreversible"), ({"context": {}}, "^context"), ({"on": []}, "^on")],
)
def test_adapters_refuse_it_too(make: Callable[..., Any], options: dict[str, Any], told: str) -> None:
    """A misspelt effect would open the gate in any loop."""
    with pytest.raises(errclass.UsageError, match=told):
        make("deploy", **options)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"retry_after_cap": NAN}, "^retry_after_cap: "),
        ({"retry_after_cap": -1}, "^retry_after_cap: "),
        ({"retry_after_jitter": INFINITY}, "^retry_after_jitter: "),
        ({"timeout": "30s"}, "^timeout: give a number of seconds, above 0, not '30s'$"),
        ({"operation": None}, "^operation: "),
    ],
)
def test_a_policy_refuses_it(options: dict[str, Any], told: str) -> None:
    """As it is the door of those who make executors or transports by hand; only the doors above it take texts."""
    with pytest.raises(errclass.UsageError, match=told):
        RetryPolicy(**{"decide": None, "operation": "deploy", **options})


@pytest.mark.parametrize(
    "options",
    [
        {"timeout": "30s"},
        {"timeout": timedelta(seconds=30), "wait_initial": "1s", "wait_max": 2},
        {"timeout": 0.5, "wait_exp_base": 1},
        {"jitter": 0},
        {"jitter": 2.5},
        {"wait_jitter": "1s"},
        {"jitter": "decorrelated"},
        {"effect": "idempotent"},
        {"context": Context(effect="read_only", operation="fetch")},
        {"breaker": None, "budget": None},
        {"breaker": CircuitBreaker("own"), "budget": RetryBudget()},
        {"backoff": Backoff("fibonacci", cap=INFINITY)},
    ],
)
def test_what_makes_sense_is_taken(options: dict[str, Any]) -> None:
    """By decorators and by blocks."""
    assert "done" == decorate(**options)()
    assert [1] == [attempt.number for attempt in errclass.retry_context(**options)]


def test_a_misspelt_effect_does_not_open_the_gate() -> None:
    """What was to be called once is not called at all, rather than four times."""
    calls: list[int] = []
    with pytest.raises(errclass.UsageError):
        errclass.retry(effect="irreversable", on=ConnectionError)(lambda: calls.append(1))()  # type: ignore[arg-type]
    assert [] == calls
    assert 1 == count_calls(effect="irreversible", on=ConnectionError)


def test_a_system_takes_spans_as_people_write_them() -> None:
    """As every other door does."""
    heard: list[Any] = []
    slow = Backoff("fixed", 40, cap=60, jitter="none")
    system = IntelligentRetrySystem(on=ConnectionError, timeout="30s", backoff=slow, listeners=(heard.append,))
    with pytest.raises(ConnectionError):
        system.execute_with_retry(_refuse)
    assert ["deadline"] == [event.reason for event in heard]


def test_options_of_a_breaker_make_one() -> None:
    """That opens as they say; the next block of the same line meets it again."""
    options = BreakerOptions(Consecutive(2))
    with pytest.raises(errclass.CircuitOpenError):
        errclass.retry(on=OSError, breaker=options, operation="test-own-breaker")(_refuse)()
    assert ("open", "closed") == (
        errclass.get_retries().breaker_of("test-own-breaker", options).state,
        errclass.get_retries().breaker_of("test-own-breaker").state,
    )
    with pytest.raises(errclass.CircuitOpenError):
        _refuse_in_block(on=OSError, breaker=options, operation="test-own-breaker")


def test_options_of_a_budget_make_one() -> None:
    """Which one operation has in common."""
    options = BudgetOptions(capacity=20, cost=10)
    many = {"on": ConnectionError, "attempts": 9, "budget": options, "operation": "test-own-budget"}
    assert (3, 1, 9) == (count_calls(**many), count_calls(**many), count_calls(**{**many, "budget": False}))
    assert 0 == errclass.get_retries().budget_of("test-own-budget", options).tokens


@pytest.mark.parametrize(
    ("backoff", "waits"),
    [
        (Backoff("linear", 1, jitter="none"), [1, 2, 3]),
        (Backoff("fixed", 2, jitter="none"), [2, 2, 2]),
        (Backoff("fibonacci", 1, jitter="none"), [1, 1, 2]),
    ],
)
def test_any_back_off_can_be_asked_for(backoff: Backoff, waits: list[float]) -> None:
    """Of decorators and of blocks."""
    heard: list[Any] = []
    errclass.get_retries().add_listener(heard.append)
    try:
        count_calls(on=ConnectionError, attempts=4, backoff=backoff, operation="test-back-off")
        with pytest.raises(ConnectionError):
            _refuse_in_block(on=OSError, attempts=4, backoff=backoff, operation="test-back-off")
    finally:
        errclass.get_retries().remove_listener(heard.append)
    assert [*waits, *waits] == [event.wait for event in heard if hasattr(event, "wait")]


def _refuse() -> None:
    raise ConnectionError("refused")


def _refuse_in_block(**options: Any) -> None:
    for attempt in errclass.retry_context(**options):
        with attempt:
            _refuse()
