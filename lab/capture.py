"""Play scenarios and keep what the tools printed: ``python lab/capture.py [--tool NAME] [--only ID] [--show]``."""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
from collections.abc import Iterable, Sequence
from itertools import groupby

from captures import Capture, merge
from sandbox import Finished, SandboxError, play, why_not
from scenario import Scenario, load_scenarios
from scrubbing import scrub
from toolbox import Toolbox, find_toolbox

_MOST_LINES = 200
_MOST_BYTES = 16_384


def main(arguments: Sequence[str] | None = None) -> int:
    """Capture the chosen scenarios; return 1 when one of them did not fail as it should."""
    options = _parse(arguments)
    toolbox = find_toolbox()
    if reason := why_not() or ("" if toolbox.root.is_dir() else "the toolbox is not made yet: python lab/toolbox.py"):
        _say(f"skipped: {reason}")
        return 0
    scenarios = load_scenarios()
    chosen = [each for each in scenarios if options.tool in {None, each.tool} and options.only in {None, each.id}]
    failed = 0
    for tool, group in groupby(sorted(chosen, key=lambda each: each.tool), key=lambda each: each.tool):
        known = [each.id for each in scenarios if each.tool == tool]
        failed += _capture_tool(tool, list(group), known, toolbox, show=options.show)
    return 1 if failed else 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", help="only the scenarios of this tool")
    parser.add_argument("--only", help="only the scenario with this id")
    parser.add_argument("--show", action="store_true", help="print the texts")
    return parser.parse_args(arguments)


def _capture_tool(
    tool: str, scenarios: Iterable[Scenario], known: Iterable[str], toolbox: Toolbox, *, show: bool
) -> int:
    """Play one tool's scenarios, write its file, and return how many did not fail as they should."""
    captures, problems = [], 0
    for scenario in scenarios:
        try:
            captures.append(_capture(scenario, toolbox))
        except LookupError as error:
            _say(f"{tool}/{scenario.id}: skipped: {error}")
            continue
        except SandboxError as error:
            problems += 1
            _say(f"{tool}/{scenario.id}: NOT CAPTURED: {error}")
            continue
        _say(f"{tool}/{scenario.id}: {scenario.type}" + (f"\n{captures[-1].text}\n" if show else ""))
    changed = merge(tool, captures, known)
    _say(f"{tool}: {len(captures)} captured, {len(changed)} new or changed")
    return problems


def _capture(scenario: Scenario, toolbox: Toolbox) -> Capture:
    """Play one scenario.

    Raises LookupError for a missing program, and SandboxError when it does not fail as it should.
    """
    if missing := [name for name in scenario.needs if not toolbox.has(name)]:
        raise LookupError(f"not in the toolbox: {', '.join(missing)}")
    finished = play(scenario, toolbox)
    text = scrub(finished.output, scenario.replace)
    _check(scenario, finished, text)
    return Capture(
        id=scenario.id,
        type=scenario.type,
        retryable=scenario.retryable,
        version=finished.version,
        command=scenario.command.strip(),
        exit_code=finished.exit_code,
        captured=dt.datetime.now(tz=dt.UTC).date().isoformat(),
        text=text,
    )


def _check(scenario: Scenario, finished: Finished, text: str) -> None:
    """Make sure that the failure is the one that was to be provoked, for otherwise its label is a guess."""
    said = "\n".join(text.splitlines()[-30:])
    if finished.exit_code == 0:
        raise SandboxError(f"the command succeeded:\n{said}")
    if finished.timed_out and scenario.expect != "(timed out)":
        raise SandboxError(f"the command did not end in {scenario.timeout:.0f} s:\n{said}")
    if scenario.expect != "(timed out)" and not re.search(scenario.expect, text):
        raise SandboxError(f"exit code {finished.exit_code}, and nothing matches {scenario.expect!r}:\n{said}")
    if text.count("\n") >= _MOST_LINES or len(text.encode()) > _MOST_BYTES:
        raise SandboxError(f"{text.count(chr(10)) + 1} lines, {len(text.encode())} bytes: more than a capture may have")


def _say(message: str) -> None:
    sys.stderr.write(message + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
