"""All metrics of a service, for Prometheus and for OpenTelemetry."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import metrics as otel
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from prometheus_client import REGISTRY
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_text
from support.happenings import decide

from errclass.serve.metrics import METRICS, ServiceMetrics
from errclass.serve.request_meter import Exchange
from errclass.system.settings import Settings, load_settings
from errclass.system.wiring import Parts, build_parts

Watch = Callable[[Settings], tuple[ServiceMetrics, Parts]]
DECIDED = ("decide", "notify", "transient", "medium")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a store of their own, which does not exist."""
    return load_settings(cwd=tmp_path, overrides={"home": str(tmp_path), "store": str(tmp_path / "store")})


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemoryMetricReader]:
    """What OpenTelemetry collects, with a provider of this test's own."""
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader])
    monkeypatch.setattr(otel, "get_meter", provider.get_meter)
    yield reader
    provider.shutdown()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What makes metrics that watch a store, and the parts that answer; in the end they look no more."""
    made: list[ServiceMetrics] = []

    def make(settings: Settings) -> tuple[ServiceMetrics, Parts]:
        metrics, parts = ServiceMetrics(), build_parts(settings)
        metrics.watch(settings, lambda: parts)
        made.append(metrics)
        return metrics, parts

    yield make
    for metrics in made:
        metrics.stop()


def scrape(metrics: ServiceMetrics, accept: str = "") -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Return what is told, by name and labels."""
    text = metrics.render(accept)[0].decode()
    parse = parse_openmetrics if "openmetrics" in accept else parse_text
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in parse(text)
        for sample in family.samples
    }


def collect(reader: InMemoryMetricReader) -> dict[str, dict[tuple[str, ...], float]]:
    """Return what OpenTelemetry collected, by name and values of labels; of histograms the counts."""
    data: Any = reader.get_metrics_data()
    return {
        metric.name: {
            tuple(point.attributes[name] for name in _find_labels(metric.name)): getattr(
                point, "value", getattr(point, "count", None)
            )
            for point in metric.data.data_points
        }
        for resource in data.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
    }


def _find_labels(name: str) -> tuple[str, ...]:
    return next(metric.labels for metric in METRICS if metric.name in {name, f"{name}_total"})


@pytest.mark.parametrize("accept", ["", "text/plain", "application/openmetrics-text; version=1.0.0", "nonsense"])
def test_what_is_told_can_be_read(watch: Watch, settings: Settings, accept: str) -> None:
    """By the parser of its format, with the media type that says which it is."""
    metrics, _ = watch(settings)
    metrics.meter.note_decision("decide", decide("network"))
    found = scrape(metrics, accept)
    labels = tuple(sorted(zip(("source", "strategy", "category", "severity"), DECIDED, strict=True)))
    assert 1.0 == found["errclass_decisions_total", labels]
    names = {name for name, _ in found}
    assert not [name for name in names if name.endswith("_created")]
    assert {"errclass_model_info", "errclass_rules_info", "errclass_info", "process_start_time_seconds"} <= names
    assert ("openmetrics" in accept) == ("openmetrics" in metrics.render(accept)[1])


def test_two_services_of_one_process_count_apart() -> None:
    """And nothing is kept in the registry that all share."""
    first, second = ServiceMetrics(), ServiceMetrics()
    first.meter.note_label()
    key = ("errclass_labels_total", ())
    assert (1.0, 0.0) == (scrape(first)[key], scrape(second)[key])
    assert None is REGISTRY.get_sample_value("errclass_labels_total")


def test_before_anything_is_watched_only_counts_are_told() -> None:
    """A model that is not loaded yet is none."""
    assert not [name for name, _ in scrape(ServiceMetrics()) if name.endswith("_info")]


def test_the_model_and_the_rules_are_those_in_use(watch: Watch, settings: Settings) -> None:
    """As ``doctor`` tells them."""
    metrics, parts = watch(settings)
    found = scrape(metrics)
    policy = parts.engine.policy
    told = {name: dict(labels) for name, labels in found if name.endswith("_info")}
    assert {"version": parts.model.version, "shipped": "true"} == told["errclass_model_info"]
    rules = {"revision": policy.revision, "name": policy.name, "engine": parts.engine.name}
    assert rules == told["errclass_rules_info"]
    assert (len(policy.rules), 0.0) == (found["errclass_rules_loaded", ()], found["errclass_rules_held_back", ()])


def test_counts_of_many_threads_add_up() -> None:
    """While others scrape."""
    metrics, threads, each = ServiceMetrics(), 8, 200
    begin = threading.Barrier(threads)

    def work(number: int) -> None:
        begin.wait()
        for _ in range(each):
            metrics.meter.begin()
            metrics.meter.note_decision("decide", decide("network"))
            metrics.meter.end(Exchange("/v1/decide", "POST", 200, 0.001))
            if number == 0:
                metrics.render("")

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))
    found = scrape(metrics)
    request = (("method", "POST"), ("route", "/v1/decide"))
    assert threads * each == found["errclass_requests_total", (*request, ("status", "200"))]
    assert threads * each == found["errclass_request_duration_seconds_count", request]
    assert threads * each == found["errclass_decision_confidence_count", ()]
    assert 0.0 == found["errclass_requests_in_flight", ()]


def test_opentelemetry_counts_the_same(watch: Watch, settings: Settings, reader: InMemoryMetricReader) -> None:
    """Under the same names, counters without their suffix; and what is looked up."""
    metrics, parts = watch(settings)
    metrics.meter.note_decision("decide", decide("network"))
    metrics.meter.begin()
    metrics.meter.begin()
    metrics.meter.end(Exchange("/v1/decide", "POST", 200, 0.1))
    found = collect(reader)
    assert {DECIDED: 1} == found["errclass_decisions"]
    assert {("/v1/decide", "POST"): 1} == found["errclass_request_duration_seconds"]
    assert {(): 1} == found["errclass_requests_in_flight"]
    assert {(parts.model.version, "true"): 1} == found["errclass_model_info"]
    assert {("open",): 0.0} == {key: value for key, value in found["errclass_breakers"].items() if key == ("open",)}
    assert {metric.name.removesuffix("_total") for metric in METRICS} >= set(found)


def test_without_opentelemetry_nothing_of_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prometheus has its metrics all the same."""
    monkeypatch.delitem(sys.modules, "opentelemetry.metrics")
    metrics = ServiceMetrics()
    metrics.meter.note_label()
    assert 1.0 == scrape(metrics)["errclass_labels_total", ()]


def test_a_store_that_cannot_be_read_takes_nothing_else_away(watch: Watch, settings: Settings) -> None:
    """What the process knows is told; a damaged store is no fault of errclass."""
    folder = Path(settings.store)
    folder.mkdir()
    (folder / "inbox.sqlite").write_bytes(b"no database" * 1000)
    metrics, _ = watch(settings)
    found = scrape(metrics)
    assert 0.0 == found["errclass_look_ok", (("look", "queues"),)]
    assert 0.0 == scrape(metrics)["errclass_inner_faults_total", (("where", "look"),)]
    assert ("errclass_inbox_events", ()) not in found
    assert "errclass_model_info" in {name for name, _ in found}
