"""Answers of a service instead of this machine's: what ``classify`` and ``explain`` print where ERRCLASS_URL is set."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from ..core.errors import UsageError
from ..core.types import Decision, Failure

if TYPE_CHECKING:
    from ..serve.client import Client
    from ..system.settings import Settings

_MOST_CHARS = 1 << 19
"""Of a log that is sent: its end."""


def find_client(settings: Settings, model: str | None) -> Client | None:
    """Return the client of the service that the settings name, open while the command runs; else None."""
    if settings.url is None:
        return None
    if model is not None:
        raise UsageError("--model: the service of ERRCLASS_URL answers with its own; leave out one of them")
    from ..serve.client import Client

    client = Client(settings.url, key=settings.key.get_secret_value() if settings.key else None)
    click.get_current_context().call_on_close(client.close)
    return client


def decide_remotely(client: Client, failure: Failure) -> Decision:
    """Return what the service decides; raise ServiceError where it gives no answer."""
    return client.decide(_keep_end(failure))


def explain_remotely(client: Client, failure: Failure) -> dict[str, Any]:
    """Return the service's explanation, its lines numbered as in the log; raise ServiceError where there is none."""
    kept = _keep_end(failure)
    return _renumber(client.explain(kept), kept.line_numbers)


def _keep_end(failure: Failure) -> Failure:
    """Return the failure with as many of its last lines as are sent, each with its number in the log."""
    lines = failure.text.split("\n")
    numbers = failure.line_numbers or tuple(range(1, len(lines) + 1))
    size, first = 0, len(lines)
    while first and size + len(lines[first - 1]) < _MOST_CHARS:
        first -= 1
        size += len(lines[first]) + 1
    return replace(failure, text="\n".join(lines[first:]), line_numbers=numbers[first:])


def _renumber(explanation: dict[str, Any], numbers: tuple[int, ...]) -> dict[str, Any]:
    def find(line: int) -> int:
        return numbers[line - 1] if 0 < line <= len(numbers) else line

    region = explanation["region"]
    return {
        **explanation,
        "cause_lines": [find(line) for line in explanation["cause_lines"]],
        "region": {name: find(region[name]) for name in ("start", "end")},
        "lines": [{**line, "number": find(line["number"])} for line in explanation["lines"]],
        "codes": [{**code, "line": find(code["line"])} for code in explanation["codes"]],
    }
