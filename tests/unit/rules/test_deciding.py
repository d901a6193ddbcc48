"""Whole decisions by the default policy: how its rules work together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from errclass.core.frozen import FrozenDict
from errclass.core.types import CodeHit, Context, Decision, History, Plan, Prediction, Region, Signals, TypeProbability
from errclass.rules import ForwardChainer, Policy, build_facts, decide
from errclass.rules.effects import Lookup


def decide_on(
    policy: Policy,
    kind: str,
    probability: float = 0.92,
    *codes: CodeHit,
    abstained: Any = None,
    context: Context | None = None,
    history: History | None = None,
    **signal_fields: Any,
) -> Decision:
    """Return the decision on a prediction of ``kind`` with these circumstances."""
    context = context or Context()
    signals = Signals(Region("", 1, 1), "", None, codes=codes, **signal_fields)
    rest = TypeProbability("build" if kind != "build" else "test", 1 - probability)
    prediction = Prediction((TypeProbability(kind, probability), rest), abstained=abstained)
    facts = build_facts(signals, prediction, context, history or History())
    return decide(ForwardChainer(policy), facts, signals=signals, prediction=prediction, context=context)


DEADLOCK = CodeHit("sqlstate", "40P01", 0, 5, line=1, type="database", strength="strong", retryable=True)
NO_SPACE = CodeHit("errno", "ENOSPC", 0, 6, line=1, type="resource", strength="exact", retryable=False)
REFUSED = CodeHit("http", "401", 0, 3, line=1, type="security", strength="strong")

STRATEGIES = [
    ("network", "transient", "low", True, "retry", "retry_with_backoff"),
    ("resource", "transient", "medium", True, "retry", "retry_with_resource_check"),
    ("rate_limit", "transient", "low", True, "retry", "retry_with_rate_limiting"),
    ("temporary", "transient", "low", True, "retry", "retry_with_delay"),
    ("dependency", "persistent", "medium", False, "recover", "fix_dependencies"),
    ("configuration", "persistent", "medium", False, "recover", "fix_configuration"),
    ("build", "persistent", "medium", False, "recover", "fix_build_issues"),
    ("syntax", "persistent", "medium", False, "notify", "fix_syntax_errors"),
    ("test", "persistent", "medium", False, "notify", "fix_tests"),
    ("security", "critical", "critical", False, "escalate", "security_review"),
    ("corruption", "critical", "critical", False, "escalate", "data_recovery"),
    ("system", "critical", "critical", False, "escalate", "system_maintenance"),
    ("database", "critical", "critical", False, "escalate", "database_recovery"),
    ("unknown", "unknown", "medium", False, "notify", "manual_investigation"),
]


@pytest.mark.parametrize(("kind", "category", "severity", "retryable", "strategy", "action"), STRATEGIES)
def test_plain_failure_of_each_type(
    default_policy: Policy, kind: str, category: str, severity: str, retryable: bool, strategy: str, action: str
) -> None:
    """A sure prediction without context is decided as the taxonomy says."""
    made = decide_on(default_policy, kind)
    found = (made.category, made.severity, made.retryable, made.strategy, made.suggested_action, made.confidence)
    assert (category, severity, retryable, strategy, action, 0.92) == found


def test_decision_explains_itself(default_policy: Policy) -> None:
    """It names rules, revision and reasons."""
    made = decide_on(default_policy, "network")
    assert "strategy/retry" in made.rules_fired
    assert made.rules_revision == default_policy.revision
    assert "The text reads like network (probability 0.92)." in made.because
    assert made.decision_id


def test_exact_code_beats_a_weak_prediction(default_policy: Policy) -> None:
    """A full disk under a guess of a failed build is a shortage that a re-run does not mend."""
    made = decide_on(default_policy, "build", 0.5, NO_SPACE, abstained="low_margin")
    assert ("resource", 0.95, False) == (made.type, made.confidence, made.retryable)
    assert ("recover", None) == (made.strategy, made.abstained)
    assert "free_space" == made.plan.recipe


def test_unsure_is_never_automatic(default_policy: Policy) -> None:
    """A doubtful network failure keeps its label, and someone is told."""
    made = decide_on(default_policy, "network", 0.4, abstained="low_margin")
    assert ("network", "low_margin", "notify") == (made.type, made.abstained, made.strategy)


def test_unsure_and_critical_asks_a_person(default_policy: Policy) -> None:
    """Perhaps damaged data is not left at a message."""
    made = decide_on(default_policy, "corruption", 0.4, abstained="low_margin")
    assert ("escalate", "manual") == (made.strategy, made.plan.target)


@pytest.mark.parametrize("gap", ["empty", "no_log", "no_match"])
def test_no_text_is_unknown(default_policy: Policy, gap: Any) -> None:
    """Where nothing can be read the type is unknown, whatever the model says."""
    made = decide_on(default_policy, "network", 0.9, gap=gap, abstained=gap)
    assert ("unknown", gap, "notify", False) == (made.type, made.abstained, made.strategy, made.retryable)


def test_truncated_text_keeps_its_type(default_policy: Policy) -> None:
    """A cut log may still name its cause."""
    assert "network" == decide_on(default_policy, "network", 0.9, gap="truncated").type


def test_irreversible_operation_is_never_re_run(default_policy: Policy) -> None:
    """Neither retried nor recovered, whatever the score; grave ones go to a person."""
    context = Context(effect="irreversible")
    assert "notify" == decide_on(default_policy, "network", 0.99, context=context).strategy
    assert "notify" == decide_on(default_policy, "dependency", 0.99, context=context).strategy
    grave = replace(context, environment="production")
    assert "escalate" == decide_on(default_policy, "resource", 0.99, context=grave).strategy


def test_cancelled_run_is_let_be(default_policy: Policy) -> None:
    """Nothing is done and nobody is told, however grave the text looks."""
    made = decide_on(default_policy, "corruption", context=Context(cancelled=True))
    assert ("ignore", "low", ()) == (made.strategy, made.severity, made.channels)


def test_deadlock_is_retried_before_anyone_is_called(default_policy: Policy) -> None:
    """Severity medium, a quick retry, also in production."""
    made = decide_on(default_policy, "database", 0.9, DEADLOCK, context=Context(environment="production"))
    assert ("medium", True, "retry", 0.1) == (made.severity, made.retryable, made.strategy, made.plan.base_delay)


def test_refused_credential_is_high_and_goes_to_a_person(default_policy: Policy) -> None:
    """A 401 is grave but not critical."""
    made = decide_on(default_policy, "security", 0.9, REFUSED)
    assert ("high", "escalate", "manual") == (made.severity, made.strategy, made.plan.target)


@pytest.mark.parametrize(
    ("kind", "failed", "strategy", "target"),
    [
        ("test", 1, "notify", None), ("test", 2, "escalate", "codegen"), ("test", 4, "escalate", "codegen"),
        ("test", 5, "escalate", "manual"), ("test", 10, "escalate", "system_reset"), ("network", 4, "retry", None),
        ("network", 5, "escalate", "manual"), ("configuration", 4, "escalate", "environment_reset"),
        ("security", 10, "escalate", "manual"),
    ],
)  # fmt: skip
def test_thresholds(default_policy: Policy, kind: str, failed: int, strategy: str, target: str | None) -> None:
    """Two failures offer code to Codegen, five call a person, ten suspect the environment."""
    made = decide_on(default_policy, kind, history=History(failed_attempts=failed))
    assert (strategy, target) == (made.strategy, made.plan.target)


@pytest.mark.parametrize(("attempt", "strategy"), [(1, "retry"), (3, "retry"), (4, "escalate")])
def test_attempts_run_out(default_policy: Policy, attempt: int, strategy: str) -> None:
    """The fourth failed call is the last."""
    assert strategy == decide_on(default_policy, "network", context=Context(attempt=attempt)).strategy


def test_re_runs_that_never_worked_are_given_up(default_policy: Policy) -> None:
    """Five vain re-runs outweigh the type."""
    made = decide_on(default_policy, "network", history=History(retries=5))
    assert (False, "notify") == (made.retryable, made.strategy)


@pytest.mark.parametrize(
    ("kind", "plan"),
    [
        ("network", Plan(4, 1.0, 2.0, 30.0)),
        ("rate_limit", Plan(4, 5.0, 3.0, 120.0)),
        ("resource", Plan(4, 5.0, 2.5, 60.0)),
    ],
)
def test_plan_of_a_retry(default_policy: Policy, kind: str, plan: Plan) -> None:
    """Waits grow by type."""
    assert plan == decide_on(default_policy, kind).plan


def test_retry_after_is_kept(default_policy: Policy) -> None:
    """What the other side asked for is in the plan."""
    assert 42.0 == decide_on(default_policy, "rate_limit", retry_after=42.0).plan.retry_after


@pytest.mark.parametrize(
    ("environment", "kind", "priority", "channels"),
    [
        ("production", "corruption", "critical", ("slack", "email", "linear")),
        ("production", "build", "high", ("slack", "linear")),
        ("staging", "build", "low", ("slack",)),
    ],
)
def test_priority_and_channels(
    default_policy: Policy, environment: str, kind: str, priority: str, channels: tuple[str, ...]
) -> None:
    """Production and severity decide how loudly people are told."""
    made = decide_on(default_policy, kind, context=Context(environment=environment))
    assert (priority, channels) == (made.priority, made.channels)


def test_type_of_a_foreign_taxonomy_falls_back_to_its_category(default_policy: Policy) -> None:
    """A type with nothing but a category is decided by the category."""
    tables = FrozenDict({**default_policy.tables, "type_category": FrozenDict({"licence": "transient"})})
    rules = tuple(
        replace(rule, then=(replace(rule.then[0], rows=tables["type_category"]),))
        if rule.id == "usual/category" and isinstance(rule.then[0], Lookup)
        else rule
        for rule in default_policy.rules
    )
    made = decide_on(replace(default_policy, rules=rules, tables=tables), "licence")
    assert ("transient", "low", True, "retry") == (made.category, made.severity, made.retryable, made.strategy)


def test_policy_that_says_nothing_is_careful(default_policy: Policy) -> None:
    """Without rules nothing automatic happens."""
    made = decide_on(replace(default_policy, rules=()), "network")
    assert ("unknown", "medium", False, "notify", "manual_investigation", Plan()) == (
        made.type, made.severity, made.retryable, made.strategy, made.suggested_action, made.plan,
    )  # fmt: skip
