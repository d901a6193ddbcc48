"""Read how every test case of a JUnit XML report went, the passing ones too."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ...core.errors import UsageError
from ..bounds import STORED_BYTES, bound_text
from .cells import parse_time
from .history_file import Skipped
from .junit_report import ReportedCase, iter_cases


@dataclass(frozen=True, slots=True)
class ReadCase:
    """Hold how one test case went, as the report gives it: not masked."""

    test: str
    """pytest's node id where pytest wrote the report, else ``classname.name``."""
    passed: bool
    message: str = ""
    """The first failure or error: kind, message and body, at most 16 KB."""
    seconds: float | None = None
    time: datetime | None = None
    """When its suite was started, in UTC."""


def read_test_cases(path: str | Path, skipped: Skipped) -> Iterator[ReadCase]:
    """Yield how each test case of a report went, in its order.

    Cases that did not run or have no name are counted in ``skipped``. A test that a report holds several times, as
    after a re-run, is yielded as often. Raises UsageError for a file that cannot be read or declares a DOCTYPE.
    """
    try:
        for case in iter_cases(Path(path), skipped):
            if problem := _find_problem(case):
                skipped.add(problem, case.place)
            else:
                yield _result(case)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from error


def _find_problem(case: ReportedCase) -> str | None:
    if case.not_run:
        return "the test did not run"
    return None if case.attributes.get("name", "").strip() else "the test has no name"


def _result(case: ReportedCase) -> ReadCase:
    return ReadCase(
        test=spell_test(case.attributes, case.suite),
        passed=not case.failures,
        message=bound_text(case.failures[0], STORED_BYTES) if case.failures else "",
        seconds=_parse_seconds(case.attributes.get("time", "")),
        time=parse_time(case.suite.get("timestamp")),
    )


def spell_test(case: Mapping[str, str], suite: Mapping[str, str]) -> str:
    """Return the name of a test as its runner prints it in a log, as far as the report tells.

    pytest prints ``tests/test_cart.py::TestCart::test_total`` and reports the class ``tests.test_cart.TestCart``; the
    file is told by the report or is all before the first name with a capital. Runners for Java and .NET print
    ``shop.CartTest.total``, and whatever else is spelled so, too.
    """
    name, owner = case["name"].strip(), case.get("classname", "").strip()
    if owner and (suite.get("name") == "pytest" or case.get("file", "").endswith(".py")):
        return _spell_as_pytest(name, owner, case.get("file", ""))
    return name if not owner or name.startswith(f"{owner}.") else f"{owner}.{name}"


def _spell_as_pytest(name: str, owner: str, file: str) -> str:
    parts = owner.split(".")
    module = file.replace("\\", "/").removesuffix(".py").split("/")
    if parts[: len(module)] != module:
        module = parts[: next((n for n, part in enumerate(parts) if part[:1].isupper()), len(parts))]
    return "::".join(["/".join(module) + ".py", *parts[len(module) :], name])


def _parse_seconds(text: str) -> float | None:
    try:
        seconds = float(text.replace(",", ""))  # Surefire groups digits: 1,234.5
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None
