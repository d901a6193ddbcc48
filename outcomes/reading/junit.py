"""Read the failing test cases of a JUnit XML report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.parsers import expat

from ...core.errors import UsageError
from ...core.types import Context
from ..bounds import READ_BYTES, bound_text
from .history_file import Row, Skipped
from .table import find_text_problem

_CHUNK = 64 * 1024
_FAILING = ("failure", "error")


class _Report:
    """Collect failing test cases while the parser walks through the report."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.found: list[tuple[str, str, str | None]] = []
        """Place, text and class name of each failure since the list was last emptied."""
        self._cases = 0
        self._case: Mapping[str, str] = {}
        self._text: list[str] | None = None

    def refuse_doctype(self, *_: object) -> None:
        """Stop at a document type: entities could expand without end or read files."""
        raise UsageError(f"{self.path} declares a DOCTYPE, which no JUnit report needs; it was not read")

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "testcase":
            self._cases += 1
            self._case = attributes
        elif tag in _FAILING:
            self._text = [attributes.get("type", ""), attributes.get("message", ""), ""]

    def characters(self, data: str) -> None:
        if self._text is not None:
            self._text[2] += data

    def end(self, tag: str) -> None:
        if tag in _FAILING and self._text is not None:
            self.found.append((f"testcase {self._cases}", _join(self._text), self._case.get("classname")))
            self._text = None


def read_junit(path: Path, skipped: Skipped) -> Iterator[Row]:
    """Yield one unlabelled row per failed or errored test case; raise UsageError at a DOCTYPE."""
    report = _Report(path)
    parser = _make_parser(report)
    with path.open("rb") as stream:
        chunk: bytes | None = None
        while chunk is None or chunk:
            chunk = stream.read(_CHUNK)
            try:
                parser.Parse(chunk, not chunk)
            except expat.ExpatError as error:
                skipped.add(f"broken XML: {expat.ErrorString(error.code)}", f"line {error.lineno}")
                chunk = b""
            yield from _take_rows(report, skipped)


def _make_parser(report: _Report) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = report.refuse_doctype
    parser.StartElementHandler = report.start
    parser.CharacterDataHandler = report.characters
    parser.EndElementHandler = report.end
    return parser


def _take_rows(report: _Report, skipped: Skipped) -> Iterator[Row]:
    found, report.found = report.found, []
    for place, text, component in found:
        if problem := find_text_problem(text):
            skipped.add(problem, place)
        else:
            yield Row(bound_text(text, READ_BYTES), place, context=Context(component=component or None))


def _join(parts: list[str]) -> str:
    kind, message, body = (part.strip() for part in parts)
    head = "" if message and message in body else ": ".join(part for part in (kind, message) if part)
    return "\n".join(part for part in (head, body) if part)
