"""Spans: there where a program traces, and nowhere else."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from support.running import run_program

import errclass
from errclass.system.tracing import Span, open_span

SECRET = "npm error code ETIMEDOUT token=ghp_0123456789abcdefghijklmnopqrstuvwxyz"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """What is traced, with a provider of this test's own."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    yield exporter
    provider.shutdown()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home of its own."""
    monkeypatch.setenv("ERRCLASS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


def find(spans: InMemorySpanExporter, name: str) -> list[ReadableSpan]:
    """Return the spans with a name, in the order in which they ended."""
    return [span for span in spans.get_finished_spans() if span.name == name]


def read(span: ReadableSpan) -> dict[str, Any]:
    """Return its attributes."""
    return dict(span.attributes or {})


def test_a_decision_is_a_span(spans: InMemorySpanExporter) -> None:
    """With what was decided, and without a word of the failure."""
    decision = errclass.decide(SECRET, environment="staging", effect="idempotent")
    (span,) = find(spans, "errclass.decide")
    told = read(span)
    assert (decision.decision_id, "network", decision.strategy) == (
        told["errclass.decision_id"],
        told["errclass.type"],
        told["errclass.strategy"],
    )
    assert pytest.approx(decision.confidence) == told["errclass.confidence"]
    assert decision.abstained == told.get("errclass.abstained")
    assert not [value for value in told.values() if "ETIMEDOUT" in str(value) or "ghp_" in str(value)]


def test_a_handled_failure_is_a_span_around_its_decisions(spans: InMemorySpanExporter) -> None:
    """In threads as in tasks."""
    with errclass.ErrorHandlingSystem() as system:
        results = [
            system.handle_error(ConnectionResetError(SECRET)),
            asyncio.run(system.ahandle_error(ConnectionResetError(SECRET))),
        ]
    handled = find(spans, "errclass.handle")
    assert [result.outcome_id for result in results] == [read(span)["errclass.outcome_id"] for span in handled]
    assert [(False, 1, 0)] * 2 == [
        (read(span)["errclass.success"], read(span)["errclass.attempts"], read(span)["errclass.faults"])
        for span in handled
    ]
    ids = {span.context.span_id for span in handled if span.context}
    decided = find(spans, "errclass.decide")
    assert ids == {span.parent.span_id for span in decided if span.parent}
    told = [str(value) for span in (*handled, *decided) for value in read(span).values()]
    assert not [value for value in told if "ETIMEDOUT" in value or "ghp_" in value]


def test_an_exception_is_told_by_its_type_alone(spans: InMemorySpanExporter) -> None:
    """Its text may hold secrets; it goes on as it is."""
    with pytest.raises(ValueError, match="ghp_"), open_span("errclass.decide"):
        raise ValueError(SECRET)
    (span,) = find(spans, "errclass.decide")
    assert ({"error.type": "ValueError"}, ()) == (read(span), span.events)
    assert span.status.description is None


def test_attributes_that_are_none_are_left_out(spans: InMemorySpanExporter) -> None:
    """OpenTelemetry would complain of them."""
    with open_span("errclass.decide") as span:
        span.tell(lambda: {"a": None, "b": False, "c": 0})
    assert {"b": False, "c": 0} == read(find(spans, "errclass.decide")[0])


@pytest.mark.parametrize("broken", ["get_tracer", "enter", "tell", "exit"])
def test_whoever_traces_keeps_nobody_from_an_answer(
    broken: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault of the tracing is logged."""

    class Broken:
        def __getattr__(self, name: str) -> Any:
            raise OSError(name)

        def __enter__(self) -> Any:
            if broken == "enter":
                raise OSError(broken)
            return self if broken == "tell" else trace.INVALID_SPAN

        def __exit__(self, *_: object) -> None:
            if broken == "exit":
                raise OSError(broken)

        def start_as_current_span(self, *_: object, **__: object) -> Any:
            return self

    def get_tracer(_: str) -> Any:
        if broken == "get_tracer":
            raise OSError(broken)
        return Broken()

    monkeypatch.setattr(trace, "get_tracer", get_tracer)
    assert "network" == errclass.decide(SECRET).type
    assert 1 == [record.getMessage() for record in caplog.records].count("errclass.tracing_failed")


def test_without_opentelemetry_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor made: all blocks have the same span."""
    monkeypatch.delitem(sys.modules, "opentelemetry.trace")

    def fail() -> Any:
        raise AssertionError

    with open_span("errclass.decide") as span:
        span.tell(fail)
    assert (Span, True) == (type(span), open_span("errclass.handle") is span)


def test_errclass_does_not_load_opentelemetry(tmp_path: Path) -> None:
    """A program that does not trace does not pay for it."""
    program = "import sys, errclass; errclass.decide('x'); print('opentelemetry' in sys.modules)"
    assert "False\n" == run_program([sys.executable, "-c", program], cwd=tmp_path)
