"""Walk through the test cases of a JUnit XML report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from ...core.errors import UsageError
from ..bounds import READ_BYTES
from .history_file import Skipped

_CHUNK = 64 * 1024
_FAILING = ("failure", "error")
_OF_SUITE = frozenset({"name", "timestamp"})
_NOT_RUN = frozenset({"notrun", "disabled"})


@dataclass(slots=True)
class ReportedCase:
    """Hold one test case as the report gives it."""

    place: str
    """``testcase 3``: its number in the report, from 1."""
    attributes: Mapping[str, str]
    suite: Mapping[str, str]
    """``name`` and ``timestamp`` of the innermost suite around it that has them."""
    failures: list[str] = field(default_factory=list)
    """The text of each failure and error: kind, message and body, without what the body repeats."""
    not_run: bool = False


def iter_cases(path: Path, skipped: Skipped) -> Iterator[ReportedCase]:
    """Yield the cases of a report, one by one, up to where it breaks off; raise UsageError at a DOCTYPE."""
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
                report.break_off()
                chunk = b""
            yield from report.take_cases()


class _Report:
    """Collect test cases while the parser walks through the report."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._done: list[ReportedCase] = []
        self._count = 0
        self._suites: list[Mapping[str, str]] = [{}]
        self._case: ReportedCase | None = None
        self._text: list[str] | None = None
        self._size = 0

    def take_cases(self) -> list[ReportedCase]:
        """Return the cases that ended since the last call."""
        done, self._done = self._done, []
        return done

    def refuse_doctype(self, *_: object) -> None:
        """Stop at a document type: entities could expand without end or read files."""
        raise UsageError(f"{self._path} declares a DOCTYPE, which no JUnit report needs; it was not read")

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in ("testsuite", "testsuites"):
            told = {key: value for key, value in attributes.items() if key in _OF_SUITE}
            self._suites.append({**self._suites[-1], **told})
        elif tag == "testcase":
            self._count += 1
            place = f"testcase {self._count}"
            self._case = ReportedCase(place, attributes, self._suites[-1])
            self._case.not_run = attributes.get("status") in _NOT_RUN
        elif tag == "skipped" and self._case:
            self._case.not_run = True
        elif tag in _FAILING:
            self._text, self._size = [attributes.get("type", ""), attributes.get("message", "")], 0

    def characters(self, data: str) -> None:
        # A body without end is cut where no reader of the row would see it any more.
        if self._text is not None and self._size < 4 * READ_BYTES:
            self._text.append(data)
            self._size += len(data)

    def end(self, tag: str) -> None:
        if tag in ("testsuite", "testsuites") and len(self._suites) > 1:
            self._suites.pop()
        elif tag in _FAILING and self._text is not None:
            # A suite may fail as a whole, outside of its cases.
            case = self._case or ReportedCase(f"after testcase {self._count}", {}, self._suites[-1])
            case.failures.append(_join(self._text))
            self._text = None
            if case is not self._case:
                self._done.append(case)
        elif tag == "testcase":
            self._end_case()

    def break_off(self) -> None:
        """Keep the open case if it is known to have failed; nobody knows how another one would have gone."""
        if self._case and self._case.failures:
            self._end_case()

    def _end_case(self) -> None:
        if self._case:
            self._done.append(self._case)
            self._case = None


def _make_parser(report: _Report) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = report.refuse_doctype
    parser.StartElementHandler = report.start
    parser.CharacterDataHandler = report.characters
    parser.EndElementHandler = report.end
    return parser


def _join(parts: list[str]) -> str:
    kind, message, body = parts[0].strip(), parts[1].strip(), "".join(parts[2:]).strip()
    head = "" if message and message in body else ": ".join(part for part in (kind, message) if part)
    return "\n".join(part for part in (head, body) if part)
