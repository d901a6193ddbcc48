"""What type checkers must see of retries and breakers; checked by mypy and pyright, never run."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from datetime import timedelta
from typing import Any, assert_type

import errclass
from errclass import Backoff, BreakerOptions, BudgetOptions, CircuitBreaker, IntelligentRetrySystem


@errclass.retry(on=OSError, attempts=3, timeout="2m", wait_initial=timedelta(seconds=1))
def fetch(url: str, *, tries: int = 1) -> bytes:
    return url.encode() * tries


@errclass.retry()
async def fetch_later(url: str) -> int:
    return len(url)


class Client:
    @errclass.retry(on=lambda error: isinstance(error, OSError))
    def read(self, name: str) -> list[str]:
        return [name]


assert_type(fetch("a", tries=2), bytes)
assert_type(Client().read("a"), list[str])
later: Callable[[str], Coroutine[Any, Any, int]] = fetch_later

fetch(1)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
fetch("a", 2)  # type: ignore[call-arg, misc, unused-ignore] # pyright: ignore[reportCallIssue]
Client().read()  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]


async def use_later() -> None:
    assert_type(await fetch_later("a"), int)
    system = IntelligentRetrySystem(attempts=2)
    assert_type(await system.aexecute_with_retry(lambda: fetch_later("a")), int)
    assert_type(await CircuitBreaker().acall(fetch_later, "a"), int)
    async for attempt in errclass.retry_context(on=OSError):
        with attempt:
            await fetch_later("a")


def use_now() -> str:
    assert_type(IntelligentRetrySystem().execute_with_retry(lambda: fetch("a")), bytes)
    assert_type(CircuitBreaker().call(fetch, "a", tries=2), bytes)
    CircuitBreaker().call(fetch, 1)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    for attempt in errclass.retry_context(on=OSError, attempts=3):
        with attempt:
            return "done"
    return "never"


@CircuitBreaker("mirror")
def download(name: str) -> bytes:
    return name.encode()


assert_type(download("a"), bytes)
errclass.retry(jitter="some")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
errclass.retry(on=[OSError])  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
errclass.retry(fetch)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]


@errclass.retry(backoff=Backoff("linear"), breaker=BreakerOptions(), budget=BudgetOptions(capacity=9))
def upload(name: str) -> None:
    print(name)


assert_type(upload("a"), None)
assert_type(errclass.get_retries().get_statistics().by_type, Mapping[str, int])
assert_type(errclass.get_retries().breaker_of("upload"), CircuitBreaker)
heard: list[object] = []
errclass.get_retries().add_listener(heard.append)
IntelligentRetrySystem(timeout="30s", listeners=(heard.append,))
