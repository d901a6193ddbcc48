"""``errclass classify``: what failures are, for programs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from ..core.errors import ServiceError, UsageError
from ..core.types import Context, Decision, Failure
from .json_lines import context_of, parse_line, read_lines, text_of
from .options import (
    context_option,
    format_option,
    model_option,
    open_input,
    parse_context,
    read_settings,
    tell_faults,
)
from .output import print_json, print_json_line, print_table
from .remote_answers import decide_remotely, find_client

if TYPE_CHECKING:
    from ..system.settings import Settings

Decider = Callable[[Failure], Decision]

_KEYS = (
    "category", "type", "severity", "retryable", "suggested_action", "confidence", "abstained", "alternatives",
    "fingerprint", "evidence", "model_version", "strategy",
)  # fmt: skip


@click.command(name="classify")
@click.argument("file", default="-")
@click.option("--jsonl", is_flag=True, help='Read one {"id", "text", "context"?} per line; print one answer per line.')
@click.option("--exit-code", is_flag=True, help="Exit with 75 when the failure is worth an unchanged retry.")
@context_option
@model_option
@format_option
def classify_command(
    file: str, jsonl: bool, exit_code: bool, context: tuple[str, ...], model: str | None, form: str
) -> None:
    """Say what the failure in FILE (or on standard input) is.

    Where ERRCLASS_URL names a service, that one answers.

    \b
    Examples:
      errclass classify error.txt --format json
      errclass classify --jsonl < failures.jsonl > answers.jsonl
      make deploy 2> err.txt || errclass classify err.txt --exit-code --context environment=production
    """
    from ..classify.condensing import condense_log

    if jsonl and exit_code:
        raise UsageError("--exit-code speaks of one failure and --jsonl answers many; leave out one of them")
    settings = read_settings()
    given = parse_context(context, settings)
    decide = _find_decider(settings, model)
    with open_input(file) as stream:
        if jsonl:
            sys.exit(1 if _classify_lines(stream, decide, given) else 0)
        decision = decide(condense_log(stream, context=given))
    if form == "json":
        print_json(_row(decision))
    else:
        print_table("", ("field", "value"), ((key, _plain(value)) for key, value in _row(decision).items()))
    if exit_code and decision.strategy == "retry":
        sys.exit(75)


def _find_decider(settings: Settings, model: str | None) -> Decider:
    """Return what decides: the service that the settings name, else this machine."""
    client = find_client(settings, model)
    if client is not None:
        return partial(decide_remotely, client)
    from ..system.pipeline import answer_failure
    from ..system.wiring import build_parts

    parts = build_parts(settings, model=model)
    tell_faults(parts.faults)
    return lambda failure: answer_failure(failure, parts).decision


def _classify_lines(stream: BinaryIO, decide: Decider, given: Context) -> int:
    """Answer line by line, in order, and return the number of bad lines."""
    bad = 0
    for number, line in read_lines(stream):
        answer = _answer_line(line, number, decide, given)
        bad += "error" in answer
        print_json_line(answer)
    return bad


def _answer_line(line: bytes, number: int, decide: Decider, given: Context) -> dict[str, Any]:
    from ..core.failure import failure_from_text

    name: dict[str, Any] = {"line": number}
    try:
        record = parse_line(line)
        if isinstance(record, dict) and isinstance(record.get("id"), (str, int)):
            name = {"id": record["id"]}
        text = text_of(record)
        context = context_of(record, given)
    except UsageError as error:
        return {**name, "error": str(error)}
    try:
        return {**name, **_row(decide(failure_from_text(text, context=context)))}
    except ServiceError:
        raise  # it will not answer the next line either
    except Exception as error:  # noqa: BLE001 - the rim: one text that we fail on must not cost the answers to the others
        return {**name, "error": f"errclass itself failed ({type(error).__name__}: {error}); please report it"}


def _row(decision: Decision) -> dict[str, Any]:
    data = decision.to_dict()
    return {key: data[key] for key in _KEYS}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return ", ".join(f"{v['type']} {v['probability']:.2f}" if isinstance(v, dict) else str(v) for v in value)
    return value
