"""docs/retry.md and docs/coming-from.md cannot lie: what they show is run, and the defaults are those of the code."""

from __future__ import annotations

import dataclasses
import doctest
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from support.readme import list_blocks
from support.source import find_source

from errclass.actions.breaker import BreakerOptions, FailuresInWindow
from errclass.actions.retry import DEFAULT_ATTEMPTS, Backoff, BudgetOptions, RetryPolicy, StopReason
from errclass.actions.retry.adapters import RETRIED_STATUSES
from errclass.system.retry_shared import SHARED
from errclass.testing import quick_retries

DOCS = find_source() / "docs"
PAGES = ("retry.md", "coming-from.md")


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Read without waiting, with a home of one's own."""
    monkeypatch.setenv("ERRCLASS_HOME", str(tmp_path))
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    SHARED.reset()
    with quick_retries():
        yield


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_answer_what_is_shown(page: str, reader: None) -> None:
    """The blocks of a page are one session, in order."""
    body = "".join(block.body for block in list_blocks((DOCS / page).read_text(encoding="utf-8")))
    example = doctest.DocTestParser().get_doctest(body, {"__name__": "__main__"}, page, page, 0)
    printed: list[str] = []
    found = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=printed.append)
    assert "" == "".join(printed)
    assert found.attempted > 10


@pytest.mark.parametrize("page", PAGES)
def test_every_block_is_run(page: str) -> None:
    """A block in another language would rot."""
    text = (DOCS / page).read_text(encoding="utf-8")
    blocks = list_blocks(text)
    assert {"pycon"} == {block.language for block in blocks}
    assert 2 * len(blocks) == len(re.findall(r"^```", text, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    """To files that exist, and to headings of them."""
    text = (DOCS / page).read_text(encoding="utf-8")
    for target, heading in re.findall(r"\]\(([^)#]+)(?:#([^)]+))?\)", text):
        assert (DOCS / target).exists()
        headings = re.findall(r"^#+ (.+)$", (DOCS / target).read_text(encoding="utf-8"), re.MULTILINE)
        assert not heading or heading in {name.lower().replace(" ", "-") for name in headings}


def read_defaults() -> dict[str, Any]:
    backoff, budget, breaker = Backoff(), BudgetOptions(), BreakerOptions()
    policy = {field.name: field.default for field in dataclasses.fields(RetryPolicy)}
    assert isinstance(breaker.trip, FailuresInWindow)
    return {
        "attempts": DEFAULT_ATTEMPTS,
        "timeout": policy["timeout"] or "none",
        **{f"backoff.{name}": getattr(backoff, name) for name in ("base", "factor", "cap")},
        "jitter": backoff.jitter,
        "retry_after_cap": policy["retry_after_cap"],
        **{f"budget.{name}": getattr(budget, name) for name in ("capacity", "cost", "throttling_cost", "refund")},
        "breaker.failures": breaker.trip.failures,
        "breaker.window": breaker.trip.window,
        "breaker.open_for": breaker.open_for,
        "breaker.permits": breaker.half_open.permits,
        "breaker.successes": breaker.half_open.successes,
    }


def test_the_defaults_are_those_of_the_code() -> None:
    """Each of the table, and no other."""
    text = (DOCS / "retry.md").read_text(encoding="utf-8")
    shown = {name: re.sub(r"^as decided, ", "", value) for name, value in re.findall(r"^\| `(\S+)` \| ([^|]+) \|", text, re.MULTILINE)}  # fmt: skip
    wanted = {name: value if isinstance(value, str) else f"{value:g}" for name, value in read_defaults().items()}
    assert wanted == {name: value.partition(" where")[0] for name, value in shown.items()}


def test_every_reason_and_status_is_told() -> None:
    """Of those that listeners may hear, and those that are tried again."""
    retry, coming = ((DOCS / page).read_text(encoding="utf-8") for page in PAGES)
    assert [] == [reason for reason in get_args(StopReason) if f"`{reason}`" not in retry]
    assert [] == [status for status in RETRIED_STATUSES if str(status) not in coming]
