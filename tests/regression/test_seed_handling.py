"""Handling itself was broken in the system before: it never ended, and never called anything again."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.handling import Flaky, open_system, refuse

from errclass.testing import quick_retries


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own."""
    monkeypatch.setenv("ERRCLASS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_handling_with_defaults_ends(home: Path) -> None:
    """Failure tracking recursed for ever after the first finished operation: each failure is kept and counted once."""
    with quick_retries(), open_system(home) as system:
        results = [system.handle_error(refuse(), {"operationType": "deploy"}) for _ in range(3)]
        found = system.get_statistics()
    assert [False] * 3 == [result.is_handling_error for result in results]
    assert (3, 3) == (found["system"]["total_errors"], found["failure_tracking"]["store"]["outcomes"])


def test_a_retry_calls_the_operation(home: Path) -> None:
    """The same error was thrown through every back-off, and then escalated."""
    operation = Flaky(2)
    with quick_retries(), open_system(home) as system:
        result = system.handle_error(refuse(), {"operationType": "deploy", "effect": "idempotent"}, operation)
    assert (True, "deployed", 3) == (result.success, result.result, operation.calls)


def test_a_statistic_that_fails_is_no_failure_of_health(home: Path) -> None:
    """Health was always degraded, since one component's statistics threw."""
    with open_system(home) as system:
        assert "healthy" == system.get_health_status().overall
        assert not [name for name, one in system.get_statistics().items() if "error" in one]
