"""Retries by the settings, where the caller leaves something to them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from support.retry_calls import Flaky, make_executor

import errclass
from errclass import BreakerOptions, CircuitOpenError, Context, IntelligentRetrySystem
from errclass.actions.retry import AttemptState, Backoff, Executor, RetryMode, Verdict, use_mode
from errclass.core.errors import ConfigError
from errclass.system import deciding
from errclass.system.retry_decider import RetryDecider
from errclass.system.retry_shared import RetryShared
from errclass.system.settings import Settings
from errclass.testing import FakeClock

STATE = AttemptState("deploy", None, 1, 0.0, None, budget_spent=False)


@pytest.fixture(autouse=True)
def sleepless() -> Iterator[None]:
    """Wait for nothing."""
    with use_mode(RetryMode(sleeps=False)):
        yield


def write(home: Path, text: str) -> None:
    home.mkdir()
    (home / "config.toml").write_text(text, encoding="utf-8")


def count_calls(system: IntelligentRetrySystem, context: Context | None = None) -> int:
    """Return how many failing calls are let through in ten."""
    flaky = Flaky()
    for _ in range(10):
        with pytest.raises((ConnectionError, CircuitOpenError)):
            system.execute_with_retry(flaky, context)
    return flaky.calls


def test_the_breaker_is_as_the_settings_say(home: Path) -> None:
    """For a component as for that one; what the caller says goes before."""
    write(home, "[breaker]\nfailures = 3\n[components.api.breaker]\nfailures = 2\n")
    assert 3 == count_calls(IntelligentRetrySystem(on=ConnectionError, attempts=1))
    assert 2 == count_calls(IntelligentRetrySystem(on=ConnectionError, attempts=1), Context(component="API"))
    assert 5 == count_calls(IntelligentRetrySystem(on=ConnectionError, attempts=1, breaker=BreakerOptions()))
    assert 10 == count_calls(IntelligentRetrySystem(on=ConnectionError, attempts=1, breaker=None))


def test_without_a_word_it_is_the_usual_one(home: Path) -> None:
    """Five failures."""
    assert 5 == count_calls(IntelligentRetrySystem(on=ConnectionError, attempts=1))


def test_breakers_may_be_switched_off(home: Path) -> None:
    """Everywhere, or for a component; not where the caller gave one."""
    write(home, "[components.db.enable]\ncircuit_breaker = false\n")
    assert 10 == count_calls(IntelligentRetrySystem(on=ConnectionError, attempts=1), Context(component="db"))
    assert 5 == count_calls(IntelligentRetrySystem(on=ConnectionError, attempts=1), Context(component="web"))
    assert 5 == count_calls(
        IntelligentRetrySystem(on=ConnectionError, attempts=1, breaker=BreakerOptions()), Context(component="db")
    )


def test_broken_settings_cost_no_retry(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The usual breaker is there, and the log names the mistake."""
    write(home, "[breaker]\nfailure = 3\n")
    with caplog.at_level(logging.WARNING, "errclass"):
        assert 5 == count_calls(IntelligentRetrySystem(on=ConnectionError, attempts=1))
    assert "errclass.settings_unreadable" in caplog.text
    assert "did you mean breaker.failures?" in caplog.text


def test_decorators_read_the_settings_at_their_first_failure(home: Path) -> None:
    """Neither where they are made nor while they succeed; then the breaker is as they say by that time."""
    flaky, shared = Flaky(), RetryShared(breaker="settings")
    flow = shared.make_flow(IntelligentRetrySystem(on=ConnectionError, attempts=1)._policy, True, False)
    executor = Executor(flow, shared.naps)
    assert 1 == executor.call(lambda: 1)
    write(home, "[breaker]\nfailures = 2\n")
    for _ in range(10):
        with pytest.raises((ConnectionError, CircuitOpenError)):
            executor.call(flaky)
    assert (2, {"default": "open"}) == (
        flaky.calls,
        {name: status.state for name, status in shared.breakers.statuses().items()},
    )


def test_settings_that_contradict_each_other_for_a_component_cost_no_retry(
    home: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its breaker is the usual one, and the log says why."""

    def contradict(*_: object, **__: object) -> None:
        raise ConfigError("retry.base_delay is more than retry.max_delay")

    monkeypatch.setattr(Settings, "for_call", contradict)
    with caplog.at_level(logging.WARNING, "errclass"):
        assert 5 == count_calls(IntelligentRetrySystem(on=ConnectionError, attempts=1), Context(component="api"))
    assert "base_delay is more than" in caplog.text


@pytest.mark.parametrize(
    ("retry", "jitter", "timeout"),
    [({}, "full", None), ({"jitter": "none", "timeout": 9.0}, "none", 9.0), ({"jitter": "equal"}, "equal", None)],
)
def test_jitter_and_deadline_are_as_the_settings_say(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, retry: dict[str, Any], jitter: str, timeout: float | None
) -> None:
    """Of the component that the context names."""
    settings = Settings(home=tmp_path, store="s", components={"db": {"retry": retry}})
    monkeypatch.setattr(deciding, "decide", lambda *_, **__: errclass.Decision(**PLANNED))
    monkeypatch.setattr(deciding, "_shared", SimpleNamespace(get=lambda: SimpleNamespace(settings=settings)))
    verdict = RetryDecider(Context(component="db"))(ConnectionError("refused"), STATE)
    assert (Backoff(base=0.0, jitter=jitter), timeout) == (verdict.backoff, verdict.timeout)
    other = RetryDecider(None)(ConnectionError("refused"), STATE)
    assert ("full", None) == (other.backoff.jitter if other.backoff else None, other.timeout)


PLANNED: dict[str, Any] = {
    "category": "transient", "type": "network", "severity": "low", "retryable": True, "confidence": 0.9,
    "suggested_action": "retry_with_backoff", "strategy": "retry",
}  # fmt: skip


def test_settings_that_cannot_be_read_leave_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault is told by who decides."""

    def fail() -> None:
        raise errclass.ConfigError("broken")

    monkeypatch.setattr(deciding, "_shared", SimpleNamespace(get=fail))
    assert deciding.find_retry_settings(None, None) is None


@pytest.mark.parametrize(("own", "calls"), [(None, 3), (9.0, 9), (1.5, 2)])
def test_a_deadline_of_the_verdict_counts_where_the_policy_has_none(own: float | None, calls: int) -> None:
    """A second passes between two calls."""
    clock = FakeClock()
    flaky = Flaky()
    executor = make_executor(
        clock, decide=lambda *_: Verdict(True, timeout=2.5), timeout=own, attempts=99, backoff=STEADY
    )
    with use_mode(RetryMode()), pytest.raises(ConnectionError):
        executor.call(flaky)
    assert calls == flaky.calls


STEADY = Backoff("fixed", base=1, jitter="none")
