"""Read the failing test cases of a JUnit XML report."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.types import Context
from .history_file import Row
from .junit_report import iter_cases
from .source import Source


def recognises(source: Source) -> bool:
    """Tell whether the suffix is that of XML."""
    return source.suffix == ".xml"


def read(source: Source) -> Iterator[Row]:
    """Yield one unlabelled row per failure or error of a test case; raise UsageError at a DOCTYPE."""
    for case in iter_cases(source.path, source.skipped):
        context = Context(component=case.attributes.get("classname") or None)
        for text in case.failures:
            yield Row(text, case.place, context=context)
