"""Our decisions inside of stamina, which waits as long as its hook says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import stamina
import tenacity

from errclass.actions.retry import Backoff, RetryPolicy, Verdict, decide_by
from errclass.actions.retry.adapters import StaminaHook
from errclass.core.errors import MissingExtraError
from errclass.testing import FakeClock

STEADY = Backoff("fixed", base=1, jitter="none")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeClock]:
    """A clock that tenacity's sleep puts forward, and that tenacity reads."""
    clock = FakeClock(100)
    monkeypatch.setattr("tenacity.nap.time.sleep", clock.sleep)
    monkeypatch.setattr("tenacity.time.monotonic", clock)
    monkeypatch.setattr("stamina._core._smart_sleep", clock.asleep)
    stamina.instrumentation.set_on_retry_hooks([])
    yield clock
    stamina.instrumentation.set_on_retry_hooks(None)


def make_hook(clock: FakeClock, **options: Any) -> StaminaHook:
    policy = RetryPolicy(**{"decide": decide_by(ConnectionError), "operation": "deploy", "backoff": STEADY} | options)
    return StaminaHook(policy, clock=clock, draw=lambda: 0.5)


class Down:
    """Never answer; each call takes some seconds."""

    def __init__(self, clock: FakeClock, error: BaseException | None = None, *, seconds: float = 0.0) -> None:
        self.calls = 0
        self._clock = clock
        self._error = error
        self._seconds = seconds

    def __call__(self) -> None:
        self.calls += 1
        self._clock.sleep(self._seconds)
        raise self._error or ConnectionError("refused")

    async def later(self) -> None:
        self()


def call_function(hook: StaminaHook, down: Down, **options: Any) -> None:
    stamina.retry(on=hook, **options)(down.__call__)()


def call_coroutine(hook: StaminaHook, down: Down, **options: Any) -> None:
    asyncio.run(stamina.retry(on=hook, **options)(down.later)())


def call_block(hook: StaminaHook, down: Down, **options: Any) -> None:
    for attempt in stamina.retry_context(on=hook, **options):
        with attempt:
            down()


def call_caller(hook: StaminaHook, down: Down, **options: Any) -> None:
    stamina.RetryingCaller(**options)(hook, down)


@pytest.fixture(params=[call_function, call_coroutine, call_block, call_caller])
def call(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Call by each of stamina's ways."""
    way: Callable[..., None] = request.param
    return way


def test_it_waits_as_ours(clock: FakeClock, call: Callable[..., None]) -> None:
    """As often as stamina says."""
    down = Down(clock)
    with pytest.raises(ConnectionError):
        call(make_hook(clock), down, attempts=6, timeout=None)
    assert (6, 105) == (down.calls, clock())


def test_an_hours_retry_after_is_not_waited_past_the_timeout(clock: FakeClock, call: Callable[..., None]) -> None:
    """Stamina itself would sleep the whole hour."""
    hook, down = make_hook(clock, decide=lambda error, state: Verdict(True, retry_after=3_600)), Down(clock)
    with pytest.raises(ConnectionError):
        call(hook, down, attempts=9, timeout=45)
    assert (1, 100) == (down.calls, clock())


@pytest.mark.parametrize(("ours", "staminas", "calls"), [(None, 5, 3), (4, 60, 3), (60, 3.1, 2), (6, None, 4)])
def test_no_wait_reaches_the_shorter_deadline(
    clock: FakeClock, call: Callable[..., None], ours: float | None, staminas: float | None, calls: int
) -> None:
    """Time inside of the calls counts too; each call of the function has a deadline of its own."""
    hook = make_hook(clock, timeout=ours)
    for _ in range(2):
        down, start = Down(clock, seconds=0.75), clock()
        with pytest.raises(ConnectionError):
            call(hook, down, attempts=None, timeout=staminas)
        assert (calls, calls * 0.75 + calls - 1) == (down.calls, clock() - start)


def test_what_is_not_worth_it_is_raised_at_once(clock: FakeClock, call: Callable[..., None]) -> None:
    """Without a wait."""
    down = Down(clock, ValueError("bad"))
    with pytest.raises(ValueError, match="bad"):
        call(make_hook(clock), down)
    assert (1, 100) == (down.calls, clock())


@pytest.mark.parametrize(("effect", "answer"), [(None, True), ("irreversible", False)])
def test_asked_by_somebody_else_it_names_no_wait(clock: FakeClock, effect: str | None, answer: bool) -> None:
    """Nobody tells how much time is left then."""
    assert answer is make_hook(clock, effect=effect)(ConnectionError())
    assert False is make_hook(clock, effect=effect)(ValueError())


def test_in_staminas_test_mode_nothing_waits(clock: FakeClock, call: Callable[..., None]) -> None:
    """And its attempts count."""
    down = Down(clock)
    with stamina.set_testing(True, attempts=3), pytest.raises(ConnectionError):
        call(make_hook(clock), down)
    assert (3, 100) == (down.calls, clock())


def test_tenacity_may_use_it_too(clock: FakeClock) -> None:
    """As its predicate: a wait is as good as a yes."""
    down = Down(clock)
    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception(make_hook(clock)), stop=tenacity.stop_after_attempt(3), reraise=True
    )
    with pytest.raises(ConnectionError):
        retrying(down)
    assert 3 == down.calls


def test_without_stamina_it_says_what_to_install(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no extra of ours."""
    monkeypatch.setattr(
        "errclass.actions.retry.adapters.libraries.import_module", lambda name: __import__(f"no_{name}")
    )
    with pytest.raises(MissingExtraError, match="pip install stamina"):
        make_hook(clock)
