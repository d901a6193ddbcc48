"""What ``errclass.retry`` can decorate, and how blocks are named."""

from __future__ import annotations

import asyncio
import functools
import gc
import warnings
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import AsyncMock, MagicMock, Mock

import pytest

import errclass
from errclass.actions.retry import RetryMode, use_mode


@pytest.fixture(autouse=True)
def sleepless() -> Iterator[None]:
    """Wait for nothing."""
    with use_mode(RetryMode(sleeps=False)):
        yield


REFUSED = ConnectionError("refused")


class Answers:
    """Fail once, then answer."""

    def __init__(self) -> None:
        self.answers: list[Any] = [REFUSED, "answer"]

    def ask(self, *_: object) -> str:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return str(answer)

    async def ask_later(self, *_: object) -> str:
        return self.ask()


class Called(Answers):
    def __call__(self) -> str:
        return self.ask()


class CalledLater(Answers):
    async def __call__(self) -> str:
        return self.ask()


again = errclass.retry(on=ConnectionError)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Answers().ask,
        lambda: functools.partial(Answers().ask, 1),
        lambda: functools.partial(functools.partial(Answers().ask, 1), 2),
        Called,
        lambda: Mock(side_effect=[REFUSED, "answer"]),
        lambda: MagicMock(side_effect=[REFUSED, "answer"]),
    ],
)
def test_what_can_be_called_can_be_called_again(make: Callable[[], Callable[[], str]]) -> None:
    """Also what has no name."""
    assert "answer" == again(make())()


@pytest.mark.parametrize(
    "make",
    [
        lambda: Answers().ask_later,
        lambda: functools.partial(Answers().ask_later, 1),
        CalledLater,
        lambda: functools.partial(CalledLater()),
        lambda: AsyncMock(side_effect=[REFUSED, "answer"]),
    ],
)
def test_what_can_be_awaited_can_be_awaited_again(make: Callable[[], Callable[[], Any]]) -> None:
    """Though no ``async def`` is in sight."""
    assert "answer" == asyncio.run(again(make())())


def test_operations_are_named_after_what_is_called() -> None:
    """The function within a partial, the class of an object."""
    heard: list[Any] = []

    def name(function: Callable[..., Any]) -> str:
        with pytest.raises(ConnectionError):
            errclass.retry(on=KeyError)(function)()
        return str(heard.pop().operation)

    class Refusing:
        def __call__(self) -> None:
            raise REFUSED

    def refuse() -> None:
        raise REFUSED

    def hear(event: object) -> None:
        heard.append(event)

    here = f"{__name__}.{test_operations_are_named_after_what_is_called.__qualname__}.<locals>"
    errclass.get_retries().add_listener(hear)
    try:
        assert [f"{here}.refuse", f"{here}.refuse", f"{here}.Refusing", "unittest.mock.Mock"] == [
            name(function) for function in (refuse, functools.partial(refuse), Refusing(), Mock(side_effect=REFUSED))
        ]
    finally:
        errclass.get_retries().remove_listener(hear)


def test_a_methods_decorator_stands_under_that_of_its_kind() -> None:
    """Above, it would lose the class, or give a static method a self."""
    for kind in (classmethod, staticmethod):
        with pytest.raises(errclass.UsageError, match=f"put it under @{kind.__name__}"):
            again(kind(Answers.ask))

    class Client:
        @classmethod
        @again
        def make(cls) -> str:
            return cls.__name__

        @staticmethod
        @again
        def ask(word: str) -> str:
            return word

    assert ("Client", "yes") == (Client.make(), Client().ask("yes"))


def test_forgotten_parentheses_are_told_of() -> None:
    """And options without their names."""
    with pytest.raises(errclass.UsageError, match=r"^write @errclass\.retry\(\) above builtins\.print"):
        errclass.retry(print)  # type: ignore[arg-type]
    for options in (ConnectionError, 3):
        with pytest.raises(errclass.UsageError, match="takes its options by name"):
            errclass.retry(options)  # type: ignore[arg-type]


@pytest.mark.parametrize("thing", [None, 3, property(Answers.ask), "deploy"])
def test_what_cannot_be_called_is_refused(thing: Any) -> None:
    """Before it is called."""
    with pytest.raises(errclass.UsageError, match=r"^this decorates functions, not "):
        again(thing)


def test_generators_are_refused_with_what_to_do() -> None:
    """A retry around a yield would call the consumer's errors its own."""

    class Numbers:
        def __call__(self) -> Iterator[int]:
            yield 1

    for generator in (Numbers(), Numbers.__call__, functools.partial(Numbers())):
        with pytest.raises(errclass.UsageError, match=r"is a generator.*around each step and not around the yield"):
            again(generator)


class TestAwaitableResults:
    """A result that has to be awaited is neither a success nor worth another call."""

    @pytest.fixture(autouse=True)
    def strict(self) -> Iterator[None]:
        """Nothing is left that Python would warn of: nobody awaited it."""
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            yield
            gc.collect()
        assert [] == [str(warning.message) for warning in told]

    @pytest.mark.parametrize("options", [{}, {"on": Exception}, {"on": lambda error: True}])
    def test_a_function_that_returns_a_coroutine_is_refused(self, options: dict[str, Any]) -> None:
        """Once, whoever decides."""
        calls: list[int] = []

        def ask() -> Any:
            calls.append(1)
            return Answers().ask_later()

        with pytest.raises(errclass.UsageError, match=r"returned a coroutine, .* async def.* aexecute_with_retry"):
            errclass.retry(**options)(ask)()
        assert [1] == calls

    def test_a_system_refuses_a_coroutine_function(self) -> None:
        """And counts no success."""
        system = errclass.IntelligentRetrySystem(on=Exception)
        with pytest.raises(errclass.UsageError, match="aexecute_with_retry"):
            system.execute_with_retry(Answers().ask_later)
        total = system.get_statistics().total
        assert (0, 1, "closed") == (
            total.successful_operations, total.attempts, system.breakers.of("default").state,
        )  # fmt: skip
        assert "answer" == asyncio.run(system.aexecute_with_retry(Answers().ask_later))

    def test_a_task_is_a_result_like_any_other(self) -> None:
        """To start it was what was asked for."""

        async def run() -> str:
            return await again(lambda: asyncio.ensure_future(asyncio.sleep(0, "answer")))()

        assert "answer" == asyncio.run(run())

    def test_an_object_that_answers_to_any_name_is_a_result(self) -> None:
        """Its own type says what it is."""

        class Proxy:
            def __getattr__(self, name: str) -> str:
                return name

        assert "any" == again(Proxy)().any


def _name_block() -> str:
    before = set(errclass.get_retries().get_statistics().by_operation)
    for attempt in errclass.retry_context(on=OSError):
        with attempt:
            pass
    (name,) = set(errclass.get_retries().get_statistics().by_operation) - before
    return name


def test_an_unnamed_block_is_named_after_its_line() -> None:
    """So that an outage in one does not spend the budget of another."""
    line = _name_block.__code__.co_firstlineno + 2
    assert f"{__name__}:{line}" == _name_block()
    for _ in range(2):
        errclass.retry_context(on=OSError, operation="test-named-block")
        errclass.retry_context(context=errclass.Context(operation="test-block-of-context"))
    assert {"test-named-block", "test-block-of-context"} <= set(errclass.get_retries().get_statistics().by_operation)


def test_blocks_have_a_budget_each() -> None:
    """One is spent, the other is not."""
    options = errclass.BudgetOptions(capacity=10, cost=10)

    def fail_here() -> int:
        for attempt in errclass.retry_context(on=OSError, attempts=9, budget=options):
            with attempt:
                raise ConnectionError("refused")
        return 0

    def fail_there() -> int:
        for attempt in errclass.retry_context(on=OSError, attempts=9, budget=options):
            with attempt:
                raise ConnectionError("refused")
        return 0

    notes = []
    for fail in (fail_here, fail_there):
        with pytest.raises(ConnectionError) as caught:
            fail()
        notes.append(caught.value.__notes__[0])
    assert [True, True] == [note.startswith("errclass: 2 attempts") for note in notes]
