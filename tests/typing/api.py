"""What type checkers must see of the public names; checked by mypy, never run."""

from __future__ import annotations

from typing import assert_type

import errclass
from errclass import Classification, Context, Decision, Failure, Outcome, Store

assert_type(errclass.decide("boom"), Decision)
assert_type(errclass.decide(ValueError("boom"), logs=b"log", environment="production").plan.max_attempts, int)
assert_type(errclass.classify_error("boom"), Classification)
assert_type(errclass.__version__, str)

failure = Failure(text="boom", context=Context(environment="production"))
assert_type(errclass.decide(failure).type, str)
assert_type(Store("folder").record(Outcome(id="1", text="boom")), str)

try:
    errclass.decide("boom")
except errclass.UsageError as error:
    assert_type(error, errclass.UsageError)

errclass.decide(12)  # type: ignore[arg-type]
print(errclass.no_such_name)  # type: ignore[attr-defined]

with errclass.Client("http://localhost:8377", key="key") as client:
    assert_type(client.decide("boom", environment="production"), Decision)
    assert_type(client.classify_error(ValueError("boom")), Classification)
    assert_type(client.record("boom"), str)


async def ask(client: errclass.AsyncClient) -> None:
    assert_type(await client.decide("boom"), Decision)
