"""What a system says of itself: counts, health, log, reports."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from support.handling import IDEMPOTENT, Flaky, count_stored, open_system, refuse

import errclass
from errclass import ErrorClassificationEngine, ErrorHandlingSystem, UsageError
from errclass.system.checks import Check
from errclass.system.handling.health_status import judge_health
from errclass.testing import quick_retries

COMPONENTS = {
    "system", "classifier", "retry_system", "escalation_manager", "recovery_strategies", "codegen_integration",
    "environment_reset", "notification_system", "error_analytics", "failure_tracking", "error_reporting",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _quickly() -> Any:
    with quick_retries():
        yield


@pytest.fixture
def own_level() -> Any:
    """Errclass's own logger, as it was."""
    logger = logging.getLogger("errclass")
    before = logger.level
    logger.setLevel(logging.NOTSET)
    yield logger
    logger.setLevel(before)


def test_statistics_have_every_component(home: Path) -> None:
    """By the names of the asked-for system, ready for JSON."""
    with open_system(home) as system:
        system.handle_error(refuse(), IDEMPOTENT, Flaky(1))
        system.handle_error(refuse(), IDEMPOTENT)
        found = system.get_statistics()
    assert COMPONENTS == found.keys()
    assert found == json.loads(json.dumps(found))
    assert {} == {name: one["error"] for name, one in found.items() if "error" in one}
    own = found["system"]
    assert (2, 1, 0.5, 4) == (own["total_errors"], own["resolved"], own["resolution_rate"], own["calls"])
    assert 3 == found["failure_tracking"]["store"]["outcomes"]


def test_reset_begins_anew_and_keeps_what_is_stored(home: Path) -> None:
    """Counts, budgets and breakers."""
    with open_system(home, breaker__failures=2) as system:
        system.handle_error(refuse(), IDEMPOTENT)
        assert not system.handle_error(refuse(), IDEMPOTENT, Flaky(0)).success
        system.reset()
        assert 0 == system.get_statistics()["system"]["total_errors"]
        assert system.handle_error(refuse(), IDEMPOTENT, Flaky(0)).success
    assert 3 == count_stored(home)["failures"]


def test_a_new_system_is_healthy(home: Path) -> None:
    """And after it has handled something."""
    with open_system(home) as system:
        assert "healthy" == system.get_health_status().overall
        system.handle_error(refuse(), IDEMPOTENT)
        status = system.get_health_status()
    assert "healthy" == status.overall
    assert {"settings", "store", "model", "rules", "queue", "breakers", "codegen"} <= status.components.keys()
    assert json.loads(json.dumps(status.to_dict())) == status.to_dict()


def check(name: str, status: Any) -> Check:
    return Check(name, status, "it is so", "mend it")


@pytest.mark.parametrize(
    ("checks", "overall"),
    [
        ({}, "healthy"),
        ({"store": "ok", "rules": "warning", "codegen": "off"}, "healthy"),
        ({"store": "ok", "model": "ok", "rules": "problem"}, "degraded"),
        ({"store": "ok", "queue": "problem", "codegen": "off"}, "degraded"),
        ({"store": "ok", "queue": "problem", "rules": "problem"}, "unhealthy"),
        ({"store": "problem", "model": "ok", "rules": "ok", "queue": "ok"}, "unhealthy"),
        ({"store": "ok", "model": "problem", "rules": "ok", "queue": "ok"}, "unhealthy"),
        ({"settings": "problem"}, "unhealthy"),
    ],
)
def test_health_is_judged_by_what_is_wrong(checks: dict[str, str], overall: str) -> None:
    """A problem degrades it; most of it, or what is vital, makes it unhealthy."""
    status = judge_health(check(name, said) for name, said in checks.items())
    assert overall == status.overall
    wrong = [name for name, said in checks.items() if said in ("problem", "warning")]
    assert sorted(f"{name}: it is so; mend it" for name in wrong) == sorted(status.issues)


def test_a_report_is_made_over_what_was_handled(home: Path) -> None:
    """As ``ErrorReporting`` makes it; switched off, it says so."""
    with open_system(home) as system:
        system.handle_error(refuse(), IDEMPOTENT)
        report = system.generate_report("summary", "json")
        assert json.loads(report.content)
    with open_system(home, enable__reporting=False) as system, pytest.raises(UsageError, match=r"enable\.reporting"):
        system.generate_report()
    with open_system(home, enable__analytics=False) as system, pytest.raises(UsageError, match=r"enable\.analytics"):
        system.generate_report("trends")


def test_without_an_agent_there_is_no_connection(home: Path) -> None:
    """It says what to set."""
    with open_system(home) as system:
        found = system.test_codegen_connection()
    assert (False, True) == (found.success, "CODEGEN_API_KEY" in found.advice)


def test_handling_is_an_event_with_flat_keys(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    """For those who read logs by program."""
    with caplog.at_level(logging.INFO, logger="errclass"), open_system(home) as system:
        result = system.handle_error(refuse(), {**IDEMPOTENT, "operation_id": "one"}, Flaky(0))
    (event,) = [vars(record) for record in caplog.records if vars(record).get("event") == "errclass.handled"]
    said = {
        name: event[name] for name in ("operation", "operation_id", "failure_type", "strategy", "success", "attempts")
    }
    assert {
        "operation": "deploy", "operation_id": "one", "failure_type": "network", "strategy": "retry", "success": True,
        "attempts": 2,
    } == said  # fmt: skip
    assert (result.outcome_id, False) == (event["outcome_id"], event["is_handling_error"])


@pytest.mark.parametrize(
    ("config", "level"),
    [({}, logging.NOTSET), ({"logging__level": "info"}, logging.INFO), ({"logging__debug": True}, logging.DEBUG)],
)
def test_the_log_is_as_talkative_as_asked_for(home: Path, own_level: logging.Logger, config: Any, level: int) -> None:
    """Handlers are the program's business, and the root's level too."""
    before = (list(logging.root.handlers), logging.root.level)
    with open_system(home, **config) as system:
        system.handle_error(refuse(), IDEMPOTENT)
    assert level == own_level.level
    assert before == (list(logging.root.handlers), logging.root.level)


def test_a_level_of_the_programs_own_stays(home: Path, own_level: logging.Logger) -> None:
    """It was set on purpose."""
    own_level.setLevel(logging.ERROR)
    with open_system(home, logging__debug=True) as system:
        system.handle_error(refuse(), IDEMPOTENT)
    assert logging.ERROR == own_level.level


def test_a_component_keeps_the_presets_other_values(home: Path) -> None:
    """One override does not undo what holds in production."""
    home.mkdir()
    (home / "config.toml").write_text("[components.shop.retry]\nattempts = 2\n")
    calls = []
    for component in ("shop", "other"):
        operation = Flaky(99)
        system = ErrorHandlingSystem({"environment": "production"})
        given = {"operation": f"deploy {component}", "effect": "idempotent", "component": component}
        system.handle_error(refuse(), given, operation)
        system.stop()
        calls.append(operation.calls)
    assert (1, True) == (calls[0], calls[1] > 1)


def test_the_engine_classifies_and_counts(home: Path) -> None:
    """Alone, as in the asked-for system; with context and logs, and never raising."""
    engine = ErrorClassificationEngine({"home": str(home)})
    found = engine.classify_error(refuse(), context={"operationType": "deploy", "environment": "staging"})
    assert ("network", "deploy", "staging") == (found.type, found.context.operation, found.context.environment)
    assert type(found) is errclass.Classification
    assert "dependency" == engine.classify_error("failed", "ModuleNotFoundError: No module named 'left_pad'").type
    assert "unknown" == engine.classify_error(refuse(), context=7).type  # type: ignore[arg-type] # that is the test
    counts = engine.get_statistics()
    assert (3, {"network": 1, "dependency": 1, "unknown": 1}) == (counts["total_classifications"], counts["by_type"])
