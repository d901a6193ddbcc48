"""Run a file of scenarios against our classes: ``python -m errclass.testing.scenarios FILE.json [--family NAME]``.

Prints each mismatch, each scenario that is not applicable with its reason, and one line of counts at the end. Exits
with 1 on a mismatch, with 2 for a file that is none.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ..core.errors import UsageError
from .scenario import NotApplicableError
from .scenario_file import Scenario, choose_family, load_scenarios, run_scenario


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code."""
    options = _make_parser().parse_args(arguments)
    try:
        scenarios = choose_family(load_scenarios(options.file), options.family)
        mismatches, not_applicable = _run_all(scenarios)
    except UsageError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - it is a program
        return 2
    print(f"scenarios {len(scenarios)} mismatches {mismatches} not_applicable {not_applicable}")  # noqa: T201 - likewise
    return 1 if mismatches else 0


def _run_all(scenarios: Sequence[Scenario]) -> tuple[int, int]:
    """Return how many mismatches there are, and how many scenarios are not applicable."""
    mismatches = not_applicable = 0
    for scenario in scenarios:
        try:
            found = run_scenario(scenario)
        except NotApplicableError as error:
            not_applicable += 1
            print(f"not applicable {scenario['id']}: {error}")  # noqa: T201 - likewise
            continue
        mismatches += len(found)
        for mismatch in found:
            print(f"mismatch {mismatch}")  # noqa: T201 - likewise
    return mismatches, not_applicable


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m errclass.testing.scenarios",
        description="Run scenarios of circuit breakers or of back-off against the classes of errclass.",
    )
    parser.add_argument("file", type=Path, metavar="FILE.json", help="a file of scenarios")
    parser.add_argument("--family", metavar="NAME", help="run only these, such as errclass")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
