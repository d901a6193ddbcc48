"""What type checkers must see of the public names; checked by mypy, never run."""

from __future__ import annotations

from typing import assert_type

import errclass
from errclass import Classification, Context, Decision, Failure, Outcome, Store
from errclass.reports.analytics.trend_data import Direction

assert_type(errclass.decide("boom"), Decision)
assert_type(errclass.decide(ValueError("boom"), logs=b"log", environment="production").plan.max_attempts, int)
assert_type(errclass.classify_error("boom"), Classification)
assert_type(errclass.__version__, str)
assert_type(errclass.ErrorAnalytics().analyze_patterns("24h").total_errors, int)
assert_type(errclass.ErrorAnalytics().analyze_trends(filters={"type": ["network"]}).direction, Direction)

failure = Failure(text="boom", context=Context(environment="production"))
assert_type(errclass.decide(failure).type, str)
assert_type(Store("folder").record(Outcome(id="1", text="boom")), str)

try:
    errclass.decide("boom")
except errclass.UsageError as error:
    assert_type(error, errclass.UsageError)

system = errclass.ErrorHandlingSystem({"retry": {"attempts": 2}})
assert_type(system.handle_error(ValueError("boom"), {"operationType": "deploy"}, print), errclass.HandlingResult)
assert_type(system.get_health_status(), errclass.HealthStatus)


@system.guard(operation_type="add", effect="idempotent")
def add(one: int, other: int) -> int:
    """Keep the signature."""
    return one + other


assert_type(add(1, other=2), int)
add("1", 2)  # type: ignore[arg-type]
errclass.decide(12)  # type: ignore[arg-type]
print(errclass.no_such_name)  # type: ignore[attr-defined]

tracking = errclass.FailureTracking()
assert_type(tracking.start_operation("deploy", environment="production"), str)
assert_type(tracking.get_current_metrics("24h").mttr.mean_seconds, float | None)
assert_type(tracking.get_time_series("mttr").points[0].value, float | None)

with errclass.Client("http://localhost:8377", key="key") as client:
    assert_type(client.decide("boom", environment="production"), Decision)
    assert_type(client.classify_error(ValueError("boom")), Classification)
    assert_type(client.record("boom"), str)


async def ask(client: errclass.AsyncClient) -> None:
    assert_type(await client.decide("boom"), Decision)
