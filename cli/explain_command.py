"""``errclass explain``: a failed log, for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..core.errors import StoreError, UsageError
from ..core.escaping import escape_terminal
from .options import (
    context_option,
    format_option,
    model_option,
    open_input,
    parse_context,
    read_settings,
    tell_faults,
)
from .output import print_json
from .remote_answers import explain_remotely, find_client

if TYPE_CHECKING:
    from ..core.types import Failure, Outcome
    from ..outcomes import Store
    from ..system.settings import Settings

_SHOWN_LINES = 8
_LINE_CHARS = 240
_WORTH_NAMING = 0.05
_COLOURS = {"low": "green", "medium": "yellow", "high": "red", "critical": "red"}


@click.command(name="explain")
@click.argument("file", default="-")
@click.option("--record", is_flag=True, help="Keep the answer in the outcome store.")
@context_option
@model_option
@format_option
def explain_command(file: str, record: bool, context: tuple[str, ...], model: str | None, form: str) -> None:
    """Explain the failed log in FILE (or on standard input): what failed, why, and what to do.

    Where ERRCLASS_URL names a service, that one answers.

    \b
    Examples:
      errclass explain build.log
      errclass explain build.log --context environment=production --context attempt=2
      gh run view --log-failed | errclass explain - --format json
    """
    from ..classify.condensing import condense_log

    settings = read_settings()
    given = parse_context(context, settings)
    client = find_client(settings, model)
    if client is not None and record:
        raise UsageError("--record: keep it with the service of ERRCLASS_URL: errclass.Client().record(...)")
    with open_input(file) as stream:
        failure = condense_log(stream, context=given)
    if client is not None:
        explanation = explain_remotely(client, failure)
    else:
        explanation = _explain_here(failure, settings, model, record=record)
    if form == "json":
        print_json(explanation)
    else:
        _render(explanation, name="standard input" if file == "-" else file)


def _explain_here(failure: Failure, settings: Settings, model: str | None, *, record: bool) -> dict[str, Any]:
    from ..system.explaining import explain_answer
    from ..system.pipeline import answer_failure, to_outcome
    from ..system.wiring import build_parts, open_store

    parts = build_parts(settings, model=model)
    tell_faults(parts.faults)
    answer = answer_failure(failure, parts)
    explanation = explain_answer(answer, parts.model)
    if record:
        explanation["outcome_id"] = _record(open_store(settings), to_outcome(answer, parts.engine))
    return explanation


def _record(store: Store, outcome: Outcome) -> str | None:
    """Keep the answer and return its id; a store that fails costs no explanation."""
    try:
        with store:
            store.record(outcome)
            store.merge()
    except StoreError as error:
        click.echo(escape_terminal(f"errclass: the answer was not kept: {error}"), err=True)
        return None
    return outcome.id


def _render(explanation: dict[str, Any], *, name: str) -> None:
    decision = explanation["decision"]
    label = click.style(explanation["type"], bold=True, fg=_COLOURS.get(explanation["severity"]))
    sure = f"confidence {100 * explanation['confidence']:.0f} %"
    click.echo(f"{label}: {explanation['meaning']}")
    domain = explanation["fault_domain"].replace("_", " ")
    click.echo(f"{explanation['category']}, severity {explanation['severity']}, fault domain {domain}, {sure}")
    _section("What failed", [_where(explanation, name), *_excerpt(explanation)])
    _section("Why", [f"- {sentence}" for sentence in decision["because"]])
    _section("Before", explanation["before"])
    _section("What to do", [explanation["advice"], _strategy(decision)])
    others = [other for other in explanation["alternatives"] if other["probability"] >= _WORTH_NAMING]
    if others:
        named = ", ".join(f"{other['type']} {100 * other['probability']:.0f} %" for other in others)
        _section("Otherwise it would be", [named])
    if explanation["flip"]:
        _section("What would change it", _describe_flip(explanation["flip"]))
    if explanation.get("outcome_id"):
        _section("Recorded as", [explanation["outcome_id"]])


def _describe_flip(flip: dict[str, Any]) -> list[str]:
    lines = [f"  {_cut(line)}" for line in flip["without"]]
    return [f"Without {'this line' if len(lines) == 1 else 'these lines'} it would be {flip['type']}:", *lines]


def _section(title: str, lines: list[str]) -> None:
    click.echo("\n" + click.style(title, bold=True))
    for line in lines:
        if line:
            click.echo(f"  {escape_terminal(line)}")


def _where(explanation: dict[str, Any], name: str) -> str:
    region = explanation["region"]
    tool = f"{explanation['tool']}, " if explanation["tool"] else ""
    codes = ", ".join(
        f"{code['table']} {code['code']}" for code in explanation["codes"][:4] if code["table"] != "phrase"
    )
    place = f"lines {region['start']}-{region['end']} of {name}" if region["start"] else f"nothing readable in {name}"
    return f"{tool}{place}" + (f"; found: {codes}" if codes else "")


def _excerpt(explanation: dict[str, Any]) -> list[str]:
    region = explanation["region"]
    # Other candidates, anywhere in the log, are for programs: beside the failure they would only distract a person.
    inside = [line for line in explanation["lines"] if region["start"] <= line["number"] <= region["end"]]
    lines = sorted(inside[:_SHOWN_LINES], key=lambda line: line["number"])
    width = max((len(str(line["number"])) for line in lines), default=0)
    best = explanation["cause_lines"][0] if explanation["cause_lines"] else None
    return [
        f"{'>' if line['number'] == best else ' '} {line['number']:{width}} | {_cut(line['text'])}" for line in lines
    ]


def _cut(text: str) -> str:
    return text if len(text) <= _LINE_CHARS else text[: _LINE_CHARS - 1].rstrip() + "…"


def _strategy(decision: dict[str, Any]) -> str:
    plan = decision["plan"]
    consent = ", once a person agrees" if plan["approval"] else ""
    if decision["strategy"] == "retry":
        wait = max(plan["base_delay"], plan["retry_after"] or 0)
        return f"Strategy: retry, up to {plan['max_attempts']} attempts in all, the first wait about {wait:g} s."
    if decision["strategy"] == "recover":
        return f"Strategy: recover by the recipe {plan['recipe']}, then run it again{consent}."
    if decision["strategy"] == "escalate":
        return f"Strategy: escalate to {plan['target'] or 'a person'}{consent}."
    return "Strategy: nothing automatic."
