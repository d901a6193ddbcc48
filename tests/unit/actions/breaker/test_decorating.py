"""A breaker decorates what a call runs, and refuses what it would get wrong."""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from errclass.actions.breaker import BreakerOptions, CircuitBreaker, Consecutive
from errclass.core.errors import CircuitOpenError, UsageError


class Service:
    """Can be called, and answers later."""

    async def __call__(self, answer: Any) -> Any:
        """Return the answer, or raise it."""
        if isinstance(answer, Exception):
            raise answer
        return answer


class Plain:
    """Can be called, and answers at once."""

    def __call__(self, answer: Any) -> Any:
        """Return the answer."""
        return answer


class Generating:
    """Can be called, and yields."""

    def __call__(self) -> Iterator[int]:
        """Yield a number."""
        yield 1


def generate(first: int = 1) -> Iterator[int]:
    yield first


async def generate_later() -> AsyncIterator[int]:
    yield 1


async def answer_later(answer: Any) -> Any:
    return await Service()(answer)


def hand_on(answer: Any) -> Any:
    return answer_later(answer)


LATER: dict[str, Callable[..., Any]] = {
    "a coroutine function": answer_later,
    "an object": Service(),
    "a partial": functools.partial(answer_later),
    "a partial of an object": functools.partial(functools.partial(Service())),
    "a bound method": Service().__call__,
    "a function that returns a coroutine": hand_on,
}


@pytest.mark.parametrize("function", LATER.values(), ids=LATER.keys())
def test_a_coroutine_counts_when_it_ends(function: Callable[..., Any]) -> None:
    """Not when it is made: its failure opens the circuit, its success is one."""
    breaker = CircuitBreaker("x", BreakerOptions(Consecutive(1)))
    guarded = breaker(function)

    async def use() -> Any:
        pending = guarded("ok")
        assert 0 == breaker.status().success_count
        assert ("ok", 1) == (await pending, breaker.status().success_count)
        with pytest.raises(ConnectionError):
            await guarded(ConnectionError("refused"))
        with pytest.raises(CircuitOpenError):
            await guarded("ok")

    asyncio.run(use())
    assert ("open", 1, 1) == (breaker.state, breaker.status().success_count, breaker.status().failure_count)


def test_what_makes_coroutines_still_does() -> None:
    """For those who look; what answers at once does not."""
    breaker = CircuitBreaker()
    kinds = [breaker(Service()), breaker(functools.partial(Service(), 1)), breaker(Plain()), breaker(len)]
    assert [True, True, False, False] == [inspect.iscoroutinefunction(kind) for kind in kinds]
    assert (3, 2) == (kinds[2](3), kinds[3]("ab"))


@pytest.mark.parametrize("function", [generate, generate_later, Generating(), functools.partial(generate, 2)])
def test_generators_are_refused(function: Any) -> None:
    """Their call runs nothing yet, and would count as a success."""
    with pytest.raises(UsageError, match=r"is a generator, whose call runs nothing of it yet; .*guarding\(\)"):
        CircuitBreaker()(function)


@pytest.mark.parametrize(("kind", "name"), [(classmethod, "classmethod"), (staticmethod, "staticmethod")])
def test_a_decorator_in_the_wrong_order_is_refused(kind: Any, name: str) -> None:
    """With where to put it; the other way around it works."""
    breaker = CircuitBreaker()
    with pytest.raises(UsageError, match=f"put it under @{name}"):
        breaker(kind(len))

    class Client:
        read = kind(breaker(lambda *given: len(given)))

    assert (name == "classmethod") == Client.read()


def test_what_cannot_be_called_is_refused() -> None:
    """At once, and not with the first call."""
    with pytest.raises(UsageError, match="decorates functions, not str objects"):
        CircuitBreaker()("name")  # type: ignore[arg-type] # as in @breaker without parentheses of a factory
