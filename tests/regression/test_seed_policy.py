"""What the system before decided, row by row, and what is decided now: its branches that could never be reached too."""

from __future__ import annotations

from typing import Any

import pytest

from errclass.rules import DEFAULT_FOLDER, ForwardChainer, load_policy
from errclass.system.taxonomy_file import load_taxonomy

POLICY = load_policy(DEFAULT_FOLDER, load_taxonomy().tables())
ENGINE = ForwardChainer(POLICY)


def decide(kind: str, **facts: Any) -> dict[str, Any]:
    """Return what is derived of a sure prediction of a type, with these facts."""
    return dict(ENGINE.decide({"predicted_type": kind, "confidence": 0.95, "attempt": 1, **facts}).facts)


@pytest.mark.parametrize(
    ("kind", "facts", "strategy"),
    [
        ("corruption", {}, "escalate"),  # immediate escalation: severity critical
        ("network", {}, "retry"),  # intelligent retry: retryable
        ("dependency", {}, "recover"),  # automated recovery, unreachable before
        ("build", {}, "recover"),
        ("configuration", {}, "recover"),  # the environment's configuration is put back, unreachable before
        ("syntax", {}, "notify"),  # there is no safe recipe for source code
        ("test", {}, "notify"),  # and none that rewrites expected results
        ("unknown", {}, "notify"),
    ],
)
def test_strategy_choice(kind: str, facts: dict[str, Any], strategy: str) -> None:
    """Every branch can be reached."""
    assert strategy == decide(kind, **facts)["strategy"]


@pytest.mark.parametrize(
    ("kind", "failed", "target"),
    [
        (
            "corruption",
            1,
            "manual",
        ),  # critical: a person, also after ten (a reset was unreachable, and destroys traces)
        ("corruption", 10, "manual"),
        *((kind, 2, "codegen") for kind in ("syntax", "test", "build", "dependency")),
        ("configuration", 2, "environment_reset"),
        ("network", 5, "manual"),
        ("test", 5, "manual"),
        ("network", 10, "system_reset"),  # unreachable before
    ],
)
def test_escalation_targets(kind: str, failed: int, target: str) -> None:
    """2 for Codegen and the environment, 5 for a person, 10 for a reset."""
    assert ("escalate", target) == tuple(
        decide(kind, history_failed_attempts=failed)[name] for name in ("strategy", "plan_target")
    )


@pytest.mark.parametrize(
    ("kind", "action"),
    [
        ("network", "retry_with_backoff"), ("resource", "retry_with_resource_check"),
        ("rate_limit", "retry_with_rate_limiting"), ("temporary", "retry_with_delay"), ("dependency", "fix_dependencies"),
        ("syntax", "fix_syntax_errors"), ("configuration", "fix_configuration"), ("test", "fix_tests"),
        ("build", "fix_build_issues"), ("security", "security_review"), ("corruption", "data_recovery"),
        ("system", "system_maintenance"), ("database", "database_recovery"), ("unknown", "manual_investigation"),
    ],
)  # fmt: skip
def test_suggested_actions(kind: str, action: str) -> None:
    """One for each type."""
    assert action == decide(kind)["suggested_action"]


def test_a_critical_type_of_ones_own_asks_for_attention() -> None:
    """The action of the category, where the type has none."""
    assert "immediate_attention" == decide("radiation", category="critical")["suggested_action"]


@pytest.mark.parametrize(
    ("environment", "calls", "base", "codegen", "manual"),
    [
        (None, 4, 1, 2, 5), ("development", 6, 0.5, 1, 3), ("staging", 4, 1, 2, 4), ("production", 3, 2, 3, 5),
    ],
)  # fmt: skip
def test_presets(environment: str | None, calls: int, base: float, codegen: int, manual: int) -> None:
    """Retries plus one are calls; each threshold is reached in each preset."""
    where = {"environment": environment} if environment else {}
    plan = decide("network", **where)
    assert (calls, base) == (plan["plan_attempts"], plan["plan_base"])
    targets = [
        decide("test", history_failed_attempts=failed, **where).get("plan_target") for failed in (codegen, manual)
    ]
    assert ["codegen", "manual"] == targets
    assert "codegen" != decide("test", history_failed_attempts=codegen - 1, **where).get("plan_target")


@pytest.mark.parametrize(
    ("kind", "facts", "priority", "channels"),
    [
        ("corruption", {}, "critical", "slack,email,linear"),
        ("build", {"environment": "production"}, "high", "slack,linear"),
        ("syntax", {"branch": "main"}, "medium", "slack"),
        ("network", {}, "low", "slack"),
        ("corruption", {"environment": "development"}, "critical", "slack"),
    ],
)
def test_priority_and_channels(kind: str, facts: dict[str, Any], priority: str, channels: str) -> None:
    """Critical is critical; production and high is high; high is medium; the rest is low."""
    made = decide(kind, **facts)
    assert (priority, channels) == (made["priority"], made["channels"])


@pytest.mark.parametrize(
    ("kind", "multiplier"), [("rate_limit", 3), ("resource", 2.5), ("network", 2), ("temporary", 2)]
)
def test_growth_of_the_waits(kind: str, multiplier: float) -> None:
    """By type."""
    assert multiplier == decide(kind)["plan_multiplier"]


@pytest.mark.parametrize(
    ("kind", "facts", "severity"),
    [
        ("system", {}, "critical"),
        ("security", {"environment": "production"}, "critical"),
        ("build", {"environment": "production"}, "high"),
        ("build", {}, "medium"),
        ("resource", {}, "medium"),
        ("network", {}, "low"),
        ("unknown", {}, "medium"),
    ],
)
def test_severity(kind: str, facts: dict[str, Any], severity: str) -> None:
    """By type, environment and reach; the confidence of the answer makes nothing worse."""
    assert {severity} == {decide(kind, confidence=sure, **facts)["severity"] for sure in (0.75, 0.99)}
