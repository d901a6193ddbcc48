"""The API under schemathesis: whatever is sent, no fault, and every answer is what the schema says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from errclass.serve.api_key import SCOPES
from errclass.serve.callers import CallerDesk
from errclass.serve.hosts import HostList
from errclass.serve.key_ring import KeyRing
from errclass.serve.listening import open_gate
from errclass.system.settings import load_settings

EXAMPLES = 200
"""For each operation."""
HOST = "testserver"
_HEADERS: dict[str, str] = {}


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[schemathesis.BaseSchema]:
    """Return the schema of a service in this process, which has no limit on how many requests come."""
    home = tmp_path_factory.mktemp("schema") / "home"
    known = load_settings(
        cwd=home.parent,
        overrides={"home": str(home), "store": str(home / "store"), "serve.rate": 1e6, "serve.burst": 1_000_000},
    )
    ring = KeyRing(home)
    _HEADERS["Authorization"] = f"Bearer {ring.create_key('test', SCOPES)[1]}"
    with open_gate(known, CallerDesk(ring, keyless=False), HostList((HOST,))) as gate:
        yield schemathesis.openapi.from_asgi("/openapi.json", gate)


schema = schemathesis.pytest.from_fixture("api")


@schema.parametrize()
@settings(max_examples=EXAMPLES, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_what_the_schema_says(case: schemathesis.Case) -> None:
    """No 5xx, the statuses, media types and documents that are declared."""
    case.call_and_validate(headers=_HEADERS)
