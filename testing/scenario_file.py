"""A file of scenarios: JSON with a list ``scenarios``, of breakers (``steps``) or back-off (``expect``)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..core.errors import UsageError
from .backoff_scenarios import run_backoff_scenario
from .breaker_scenarios import run_breaker_scenario
from .deliberate_differences import DELIBERATE_DIFFERENCES
from .scenario import Mismatch, NotApplicableError

Scenario = Mapping[str, Any]


def load_scenarios(path: Path) -> list[Scenario]:
    """Return the scenarios of a file; raises UsageError for a file that is none."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"{path}: is no JSON: {error}") from error
    scenarios = document.get("scenarios") if isinstance(document, dict) else None
    if not isinstance(scenarios, list) or not scenarios:
        raise UsageError(f"{path}: is no file of scenarios: it has no list 'scenarios'")
    for number, scenario in enumerate(scenarios):
        _check_shape(path, number, scenario)
    return scenarios


def choose_family(scenarios: Sequence[Scenario], family: str | None) -> list[Scenario]:
    """Return the scenarios of one family, all without one; raises UsageError where there are none of it."""
    if family is None:
        return list(scenarios)
    chosen = [scenario for scenario in scenarios if name_family(scenario) == family]
    if not chosen:
        known = ", ".join(sorted({name_family(scenario) for scenario in scenarios}))
        raise UsageError(f"--family {family}: no scenario is of it; the families of this file are {known}")
    return chosen


def name_family(scenario: Scenario) -> str:
    """Return the family of a scenario: as it says, else the beginning of its id."""
    return str(scenario.get("family") or scenario["id"].partition("-")[0])


def run_scenario(scenario: Scenario) -> list[Mismatch]:
    """Return what differs; raises NotApplicableError for what ours cannot express or deliberately do otherwise.

    Raises UsageError for a scenario that is malformed.
    """
    run = run_breaker_scenario if "steps" in scenario else run_backoff_scenario
    try:
        mismatches = list(run(scenario))
    except UsageError as error:
        raise NotApplicableError(f"our options refuse it: {error}") from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UsageError(f"scenario {scenario['id']} is malformed: {type(error).__name__}: {error}") from error
    if mismatches and scenario["id"] in DELIBERATE_DIFFERENCES:
        raise NotApplicableError(DELIBERATE_DIFFERENCES[scenario["id"]])
    return mismatches


def _check_shape(path: Path, number: int, scenario: Any) -> None:
    wrong = list(_list_wrong_keys(scenario)) if isinstance(scenario, dict) else ["it is no object"]
    if wrong:
        raise UsageError(f"{path}: scenario {number} is malformed: {'; '.join(wrong)}")


def _list_wrong_keys(scenario: dict[str, Any]) -> Iterator[str]:
    if not isinstance(scenario.get("id"), str):
        yield "'id' is no text"
    if not isinstance(scenario.get("config"), dict):
        yield "'config' is no object"
    if "steps" in scenario:
        if not isinstance(scenario["steps"], list):
            yield "'steps' is no list"
    elif not isinstance(scenario.get("expect"), dict):
        yield "it has neither a list 'steps' nor an object 'expect'"
