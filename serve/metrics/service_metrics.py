"""All metrics of one service, as Prometheus reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ...core.clock import utc_now
from .aged_look import AgedLook
from .catalogue import METRICS
from .figure_look import read_figures
from .metric import Metric, Sample
from .otel_instruments import OpenTelemetryInstruments, find_meter
from .parts_samples import list_known, read_parts
from .prometheus_instruments import PrometheusInstruments
from .prometheus_library import (
    CollectorRegistry,
    GaugeMetricFamily,
    InfoMetricFamily,
    ProcessCollector,
    choose_encoder,
)
from .queue_look import read_queues
from .service_meter import ServiceMeter

if TYPE_CHECKING:
    from ...system.settings import Settings
    from ...system.wiring import Parts

QUEUES_EVERY, FIGURES_EVERY = 15.0, 60.0
"""Seconds between looks at what waits, and at the history."""
FIRST_WAIT = 1.0
"""Seconds that the first scrape of all waits for what waits in the store."""


class ServiceMetrics:
    """Count what a service does and look at its store; safe to share between threads.

    ``meter`` is what the service tells; what the store says is looked up once ``watch`` was called. Nothing is kept in
    the default registry of prometheus-client: one process may hold several services.
    """

    def __init__(self) -> None:
        prometheus, otel = PrometheusInstruments(), find_meter()
        self._otel = None if otel is None else OpenTelemetryInstruments(otel)
        self.meter = ServiceMeter(prometheus, *([self._otel] if self._otel else ()))
        self._registry = CollectorRegistry()
        for collector in (prometheus, self, ProcessCollector(registry=None)):
            self._registry.register(collector)
        self._read: Callable[[], Iterable[Sample]] = tuple
        self._stop: Callable[[], object] = bool

    def watch(self, settings: Settings, find_parts: Callable[[], Parts]) -> None:
        """Tell of this store, and of the model and rules that answer, from now on."""
        watched = _Watched(settings, find_parts, self.meter)
        self._read, self._stop = watched.read, watched.stop
        if self._otel is not None:
            self._otel.watch(watched.read)

    def stop(self) -> None:
        """Look no more, and wait for what is under way."""
        self._stop()

    def render(self, accept: str) -> tuple[bytes, str]:
        """Return all of it and its media type: the text format of Prometheus, or OpenMetrics where that is accepted."""
        encode, media_type = choose_encoder(accept)
        return encode(self._registry), media_type

    def collect(self) -> Iterator[Any]:
        """Yield what was looked up, for the registry of prometheus-client."""
        found: dict[str, list[Sample]] = {}
        for sample in self._read():
            found.setdefault(sample.name, []).append(sample)
        for metric in METRICS:
            if metric.name in found:
                yield _make_family(metric, found[metric.name])


class _Watched:
    """Read what is looked up: at once what this process knows, with its age what the store says."""

    def __init__(self, settings: Settings, find_parts: Callable[[], Parts], meter: ServiceMeter) -> None:
        def read_history() -> Iterable[Sample]:
            return read_figures(settings, list_known(find_parts()), utc_now())

        def note_fault() -> None:
            meter.note_fault("look")

        self._find_parts = find_parts
        self._queues = AgedLook("queues", lambda: read_queues(settings), every=QUEUES_EVERY, on_fault=note_fault)
        self._figures = AgedLook("figures", read_history, every=FIGURES_EVERY, on_fault=note_fault)

    def stop(self) -> None:
        self._queues.stop()
        self._figures.stop()

    def read(self) -> Iterator[Sample]:
        yield from read_parts(self._find_parts())
        yield from self._figures.read()
        yield from self._queues.read(FIRST_WAIT)


def _make_family(metric: Metric, samples: Iterable[Sample]) -> Any:
    if metric.kind == "info":
        info = InfoMetricFamily(metric.name.removesuffix("_info"), metric.text, labels=())
        for sample in samples:
            info.add_metric((), dict(zip(metric.labels, sample.labels, strict=True)))
        return info
    family = GaugeMetricFamily(metric.name, metric.text, labels=metric.labels)
    for sample in samples:
        family.add_metric(sample.labels, sample.value)
    return family
