"""The API under schemathesis: whatever is sent, no fault, and every answer is what the schema says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from errclass.serve.api_key import SCOPES
from errclass.serve.callers import CallerDesk
from errclass.serve.hosts import HostList
from errclass.serve.key_ring import KeyRing
from errclass.serve.listening import open_gate
from errclass.system.settings import load_settings

EXAMPLES = 200
"""For each operation."""
HOST = "testserver"
OPERATIONS = (
    "POST /v1/classify",
    "POST /v1/decide",
    "POST /v1/explain",
    "POST /v1/handle",
    "POST /v1/outcomes",
    "GET /v1/outcomes/{outcome_id}",
    "POST /v1/labels",
    "GET /v1/labels",
    "DELETE /v1/labels/{label_id}",
    "GET /v1/reports/{type}",
    "GET /v1/alerts",
    "POST /v1/alerts/{alert_id}/ack",
    "GET /health/live",
    "GET /health/ready",
    "GET /metrics",
)
FREE = ("GET /health/live", "GET /health/ready", "GET /metrics")
"""Without anything to vary."""


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, dict[str, str]]]:
    """Return the schema of a service in this process, and headers with a key; any number of requests may come."""
    home = tmp_path_factory.mktemp("schema") / "home"
    flags = {"home": str(home), "store": str(home / "store"), "serve.rate": 1e6, "serve.burst": 1_000_000}
    ring = KeyRing(home)
    headers = {"Authorization": f"Bearer {ring.create_key('test', SCOPES)[1]}"}
    desk, hosts = CallerDesk(ring, keyless=False), HostList((HOST,))
    with open_gate(load_settings(cwd=home.parent, overrides=flags), desk, hosts) as gate:
        yield schemathesis.openapi.from_asgi("/openapi.json", gate), headers


def make_cases(operation: Any, label: str) -> st.SearchStrategy[Any]:
    """Return requests that the schema allows, and some that it does not."""
    allowed = operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE)
    if label in FREE:
        return allowed
    return st.one_of(allowed, operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE))


def says_less(case: Any) -> bool:
    """Tell whether something that the schema forbids does not reach the address: empty lists and tables have no text."""
    return any(value in ([], {}, None) for value in dict(case.query or {}).values())


def test_all_operations_are_tried(api: tuple[Any, dict[str, str]]) -> None:
    """The list above is the whole API."""
    schema, _ = api
    assert sorted(OPERATIONS) == sorted(found.ok().label for found in schema.get_all_operations())


@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_what_the_schema_says(api: tuple[Any, dict[str, str]], label: str) -> None:
    """No 5xx, and the statuses, media types and documents that are declared."""
    schema, headers = api
    operation = next(found.ok() for found in schema.get_all_operations() if found.ok().label == label)

    @given(make_cases(operation, label))
    @settings(
        max_examples=1 if label in FREE else EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def check(case: Any) -> None:
        assume(not says_less(case))
        case.call_and_validate(headers=headers)

    check()
