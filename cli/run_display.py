"""What ``errclass run`` says on standard error: a short block for each failed call, and a countdown."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..core.escaping import escape_terminal
from ..system.jobs.run_ends import describe_end
from ..system.jobs.run_order import RunOrder, RunScreen, Step
from .error_lines import print_error_line

if TYPE_CHECKING:
    from ..actions.recover import RecoveryPlan, RecoveryResult

_EVIDENCE_LINES = 3
_REASONS = 3
_LINE_CHARS = 200
_CLEAR_LINE = "\r\x1b[K"
_PROPERTY = {"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"}


def choose_screen(order: RunOrder, environ: Mapping[str, str]) -> RunScreen:
    """Return what says it the way the place wants it: GitHub, GitLab, a terminal or a file; or hardly at all."""
    if order.quiet or order.as_json:
        return SilentScreen()
    if environ.get("GITHUB_ACTIONS") == "true":
        return GitHubScreen(order)
    if environ.get("GITLAB_CI") == "true":
        return GitLabScreen(order)
    return PlainScreen(order)


class SilentScreen:
    """Say only what keeps the command from being started."""

    def __init__(self) -> None:
        import logging

        # Without a handler of the user's, the last resort of logging would write on standard error.
        logging.getLogger("errclass").addHandler(logging.NullHandler())
        logging.getLogger("errclass").propagate = False

    def show(self, step: Step) -> None:
        """Say nothing."""

    def count_down(self, seconds: float) -> None:
        """Say nothing."""

    def ask(self) -> None:
        """Say nothing: nobody is asked."""

    def show_recovery(self, step: Step) -> None:
        """Say nothing."""

    def give_up(self, reason: str) -> None:
        """Say nothing."""

    def say(self, message: str) -> None:
        """Say nothing."""

    def complain(self, message: str) -> None:
        """Say it in one line."""
        print_error_line(f"errclass: {escape_terminal(message)}")


class PlainScreen:
    """Say it in lines."""

    def __init__(self, order: RunOrder) -> None:
        self._order = order
        self._shown: int | None = None

    def show(self, step: Step) -> None:
        """Say what failed, why, and what comes next."""
        self._show_under(_describe_call(self._order, step), step)

    def count_down(self, seconds: float) -> None:
        """Count down in place, on a terminal only."""
        whole = round(seconds)
        if whole == self._shown or not os.isatty(2):
            return
        self._shown = whole
        text = f"errclass: again in {whole} s (Ctrl-C ends it)" if seconds > 0 else ""
        os.write(2, f"{_CLEAR_LINE}{text}".encode())

    def ask(self) -> None:
        """Ask in a line of its own."""
        print_error_line("errclass: do it? [y/N]")

    def show_recovery(self, step: Step) -> None:
        """Say it in one line, and show the end of what a failed step printed."""
        for line in describe_recovery(step):
            print_error_line(line)

    def give_up(self, reason: str) -> None:
        """Say it in one line."""
        print_error_line(f"errclass: stops here: {escape_terminal(reason)}")

    def say(self, message: str) -> None:
        """Say it in one line."""
        print_error_line(f"errclass: {escape_terminal(message)}")

    def complain(self, message: str) -> None:
        """Say it in one line."""
        print_error_line(f"errclass: {escape_terminal(message)}")

    @staticmethod
    def _show_under(headline: str, step: Step) -> None:
        print_error_line(headline)
        for line in describe_step(step):
            print_error_line(f"  {line}")


class GitHubScreen(PlainScreen):
    """Say it as a group that can be folded, and as an annotation."""

    def show(self, step: Step) -> None:
        """Say what failed, why, and what comes next."""
        headline = _describe_call(self._order, step)
        self._show_under(f"::group::{headline}", step)
        print_error_line("::endgroup::")
        level = "error" if step.verdict is None or step.verdict.wait is None else "warning"
        self._annotate(level, "; ".join([headline, *_annotate(step)]))

    def show_recovery(self, step: Step) -> None:
        """Say it, and annotate what did not help: no other call follows."""
        super().show_recovery(step)
        if step.recovery and step.recovery.outcome != "success":
            self._annotate("error", _tidy(_say_recovery(step.recovery)))

    def count_down(self, seconds: float) -> None:
        """Say nothing: a log has no place to count in."""

    def _annotate(self, level: str, message: str) -> None:
        print_error_line(f"::{level} title={escape_github(f'errclass: {self._order.name}')}::{escape_github(message)}")


class GitLabScreen(PlainScreen):
    """Say it as a section that can be folded."""

    def show(self, step: Step) -> None:
        """Say what failed, why, and what comes next."""
        name, now = f"errclass_{step.call.number}", int(time.time())
        self._show_under(f"\x1b[0Ksection_start:{now}:{name}\r\x1b[0K{_describe_call(self._order, step)}", step)
        print_error_line(f"\x1b[0Ksection_end:{now}:{name}\r\x1b[0K")

    def count_down(self, seconds: float) -> None:
        """Say nothing: a log has no place to count in."""


def describe_step(step: Step) -> Iterator[str]:
    """Yield lines, safe to print: what it is, the lines that show it, why, and what comes next."""
    if step.verdict is None:
        return
    if step.verdict.explanation:
        yield from (_tidy(line) for line in _explain(step.verdict.explanation))
        yield from (_tidy(f"why: {sentence}") for sentence in step.verdict.why[-_REASONS:])
        yield _tidy(f"do: {step.verdict.explanation['advice']}")
    yield _tidy(f"next: {_describe_next(step)}")
    if step.verdict.recovery:
        yield from (f"  {_tidy(line)}" for line in _list_parts(step.verdict.recovery))


def describe_recovery(step: Step) -> Iterator[str]:
    """Yield lines, safe to print: what became of a recovery, and what its last step printed where that failed."""
    from ..system.jobs.run_recoveries import describe_way_back

    result = step.recovery
    if result is None:
        return
    stops = "" if result.outcome == "success" else "stops here: "
    yield _tidy(f"errclass: {stops}{_say_recovery(result)}")
    printed = [line for line in str(result.details.get("output", "")).splitlines() if line.strip()]
    yield from (f"  | {_tidy(line)}" for line in printed[-_EVIDENCE_LINES:])
    if way_back := describe_way_back(result):
        yield f"  {_tidy(way_back)}"


def escape_github(text: str) -> str:
    """Return text that cannot end the value or the command of a workflow command that it stands in."""
    return "".join(_PROPERTY.get(character, character) for character in escape_terminal(text))


def _explain(explanation: Mapping[str, Any]) -> Iterator[str]:
    yield f"what: {explanation['type']} ({100 * explanation['confidence']:.0f} %): {explanation['meaning']}"
    for line in sorted(explanation["lines"][:_EVIDENCE_LINES], key=lambda line: int(line["number"])):
        yield f"  | {line['text']}"


def _describe_next(step: Step) -> str:
    verdict = step.verdict
    if verdict is None:
        return "nothing"
    if verdict.wait is None:
        return f"stops here: {verdict.reason}"
    if verdict.recovery:
        return _describe_plan(verdict.recovery, step.call.number + 1)
    return f"again in {verdict.wait:.1f} s, call {step.call.number + 1} of {verdict.attempts} at most"


def _describe_plan(plan: RecoveryPlan, number: int) -> str:
    what = "asks whether to recover" if plan.mode == "ask" else "recovers"
    return f"{what} by {plan.recipe} ({plan.title}, about {plan.cost:g} s), then call {number}"


def _list_parts(plan: RecoveryPlan) -> list[str]:
    from .recovery_display import list_parts

    return list_parts(plan)


def _say_recovery(result: RecoveryResult) -> str:
    from ..system.jobs.run_recoveries import describe_result

    return describe_result(result)


def _describe_call(order: RunOrder, step: Step) -> str:
    ended = step.call.ended
    end = f"call {step.call.number}, {describe_end(ended)}, {ended.seconds:.1f} s"
    return f"errclass: {escape_terminal(order.name)} failed ({end})"


def _annotate(step: Step) -> list[str]:
    explanation = step.verdict.explanation if step.verdict else None
    named = [f"{explanation['type']}: {explanation['meaning']}"] if explanation else []
    return [*named, f"next: {_describe_next(step)}"]


def _tidy(line: str) -> str:
    text = " ".join(escape_terminal(line).split("\n"))
    return text if len(text) <= _LINE_CHARS else text[: _LINE_CHARS - 1].rstrip() + "…"
