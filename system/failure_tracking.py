"""Track operations: what became of each call, and how well they work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from ..actions.loss_notice import LossNotice
from ..core.clock import utc_now
from ..core.frozen import FrozenDict
from ..core.ids import new_id
from ..core.masking import mask_secrets
from ..core.types import Context
from ..outcomes import Event, Store, limited_patience
from .tracking.counts import TrackingCounter, TrackingStatistics
from .tracking.open_operations import OpenOperation, OpenOperations
from .tracking.operation_block import OperationBlock
from .tracking.tracked_events import (
    Error,
    cancellation_events,
    check_error,
    end_events,
    failure_events,
    is_cancellation,
    success_events,
    unexplained_events,
)
from .tracking.tracking_parts import TrackingParts, know_context, make_operation_context

if TYPE_CHECKING:
    from ..reports.alerts import Alert
    from ..reports.frames import Frames
    from ..reports.tracking.metrics import CurrentMetrics
    from ..reports.tracking.series import MetricSeries

PATIENCE: Final = 1.0
"""Seconds that a report waits for a store that others hold."""


class FailureTracking:
    """Record what becomes of operations, and say how well they work; safe to share between threads and tasks.

    Without a store that of the settings. A failure is decided as ``errclass.decide`` does it, its secrets masked, and
    recorded with that; nothing is carried out. What cannot be recorded is counted as lost (``get_statistics``) and
    logged, and never raised; only a misuse is, as UsageError: an operation that does not go on, an error that is none.
    With ``enable.tracking`` off nothing is recorded. ``clock`` says when calls begin and end.
    """

    def __init__(self, store: Store | None = None, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._clock = clock
        self._parts = TrackingParts(store)
        self._open = OpenOperations()
        self._counts = TrackingCounter()
        self._loss = LossNotice("what was told of operations")

    def start_operation(self, operation: str, *, operation_id: str | None = None, **context: object) -> str:
        """Say that an operation is called, and return the id by which to say what became of it.

        ``operation`` is its stable name. ``operation_id`` names this run of it; without it a new one is made.
        ``context`` takes the fields of ``Context`` (``environment="production"``, ``component="api"``, ...); other
        names go to its metadata. What it does not say is as the settings and the CI system's environment say.
        """
        chosen = make_operation_context(self._know_context(), operation, operation_id, context)
        name = chosen.operation_id or ""
        self._open.add(name, OpenOperation(chosen, started=self._clock()))
        self._counts.add("started")
        return name

    def record_success(self, operation_id: str) -> None:
        """Say that the call succeeded, and the operation with it."""
        call = self._open.end(operation_id).latest_call()
        self._counts.add("succeeded")
        self._record(partial(success_events, call, self._clock()))

    def record_failure(self, operation_id: str, error: Error, *, final: bool = True) -> None:
        """Say that the call failed, by which error; with ``final`` the operation is not called again.

        What somebody stopped (Ctrl-C, a cancelled task) is recorded as cancelled, which is no failure, and ends it.
        """
        check_error(error)
        if is_cancellation(error):
            self._cancel(operation_id, error)
            return
        call = (self._open.end if final else self._open.find)(operation_id).latest_call()
        name, now = new_id(), self._clock()
        self._counts.add("failures", *(("failed",) if final else ()))
        kept = self._record(partial(failure_events, call, error, now, self._parts.get_parts, name=name, final=final))
        self._open.put(operation_id, replace(call, running=False, failure_id=name if kept else call.failure_id))

    def record_retry(self, operation_id: str, *, unchanged: bool = True) -> None:
        """Say that the operation is called again; the call before has failed, even where nobody said by what.

        ``unchanged``: whether nothing was changed since. Only then does the call tell what a re-run is worth.
        """
        now, call = self._clock(), self._open.find(operation_id)
        self._counts.add("retries", *(("failures",) if call.running else ()))
        self._open.put(operation_id, call.next_call(now, unchanged=unchanged))
        if call.running:
            self._record(partial(unexplained_events, call, now))

    def end_operation(self, operation_id: str, error: Error | None = None) -> None:
        """End an operation as it stands: failed by the error, given up where its last call failed, else succeeded."""
        call = self._open.find(operation_id)
        if error is not None:
            self.record_failure(operation_id, error)
        elif call.running:
            self.record_success(operation_id)
        else:
            self._give_up(operation_id)

    def operation(self, operation: str, *, operation_id: str | None = None, **context: object) -> OperationBlock:
        """Track a block: ``with tracking.operation("deploy", environment="production") as op: ...``.

        It succeeds, or fails by what it raises. ``op.record_failure`` and ``op.record_retry`` tell of calls within.
        ``with`` and ``async with`` both serve in coroutines.
        """
        return OperationBlock(self, self._open.holds, operation, {"operation_id": operation_id, **context})

    def get_current_metrics(
        self, window: str = "24h", *, filters: Mapping[str, str | Sequence[str]] = FrozenDict()
    ) -> CurrentMetrics:
        """Return rates, times to recovery and between failures, and availability in a window, in all and by group.

        ``window``: how far back from now, N and m, h, d or w. ``filters``: name -> value or values, as reports take
        them. Raises UsageError for an unknown window or filter, StoreError where the store cannot be read.
        """
        from ..reports.tracking.asking import ask_metrics

        return ask_metrics(self._look(), window, now=self._clock(), filters=filters)

    def get_time_series(
        self,
        metric: str,
        window: str = "24h",
        slot: str | None = None,
        *,
        filters: Mapping[str, str | Sequence[str]] = FrozenDict(),
    ) -> MetricSeries:
        """Return a metric over a window, slot by slot; where nothing is known of it the value is None, and never 0.

        ``slot``: how long one is, such as ``1h``; without it there are 48 at most. Raises UsageError likewise, for an
        unknown metric, and for more than 1,000 slots.
        """
        from ..reports.tracking.asking import ask_series

        (found,) = ask_series(self._look(), (metric,), window, slot, now=self._clock(), filters=filters)
        return found

    def get_active_alerts(self) -> tuple[Alert, ...]:
        """Return the alerts that fire, newest first, as the last look at the rules left them.

        Who looks: ``errclass serve``, ``errclass alerts check`` or ``AlertManager.check``. Raises StoreError where the
        store cannot be read.
        """
        from .alerting import AlertManager

        return AlertManager(store=self._look(), clock=self._clock).active()

    def frames(
        self,
        window: str = "24h",
        slot: str | None = None,
        *,
        filters: Mapping[str, str | Sequence[str]] = FrozenDict(),
    ) -> Frames:
        """Return pandas tables of a window: ``groups`` has a row per group, ``slots`` one per slot with all metrics.

        Raises as the methods above do, and MissingExtraError where pandas is not installed.
        """
        from ..reports.frames import make_frames
        from ..reports.tracking.asking import ask_metrics, ask_series
        from ..reports.tracking.frames import lay_groups_of_operations, lay_slots
        from ..reports.tracking.series import METRICS

        store, now = self._look(), self._clock()
        metrics = ask_metrics(store, window, now=now, filters=filters)
        names = tuple(METRICS) if metrics.calls is not None else ("mttr",)
        series = ask_series(store, names, window, slot, now=now, filters=filters)
        return make_frames({"groups": lay_groups_of_operations(metrics), "slots": lay_slots(series)})

    def get_statistics(self) -> TrackingStatistics:
        """Return counts of what this program told since the start, or since ``reset``."""
        try:
            enabled = self._parts.get_settings().enable.tracking
        except Exception:  # noqa: BLE001 - the rim: counts are there whatever the settings say
            enabled = None
        return self._counts.read(enabled=enabled, still_open=len(self._open))

    def reset(self) -> None:
        """Forget the operations that go on, and count from nothing. What is stored stays."""
        self._open.clear()
        self._counts.reset()

    def stop(self) -> None:
        """Close the store, unless it was given; where much waits in it, merge it first. It opens again when needed."""
        try:
            if self._counts.read(enabled=None, still_open=0).started:
                self._parts.merge_much()
            self._parts.close()
        except Exception as fault:  # noqa: BLE001 - the rim: what was recorded is safe without it
            self._loss.tell(fault)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _know_context(self) -> Context:
        try:
            return know_context(self._parts.get_settings())
        except Exception:  # noqa: BLE001 - the rim: it is told when it is to be recorded
            return Context()

    def _cancel(self, operation_id: str, error: Error) -> None:
        call = self._open.end(operation_id).latest_call()
        self._counts.add("cancelled")
        self._record(partial(cancellation_events, call, error, self._clock()))

    def _give_up(self, operation_id: str) -> None:
        ended = self._open.end(operation_id)
        self._counts.add("failed")
        self._record(partial(end_events, ended, self._clock()))

    def _record(self, make_events: Callable[[], Iterable[Event]]) -> bool:
        """Record events, and tell whether they are kept; nothing that goes wrong is raised."""
        try:
            if not self._parts.get_settings().enable.tracking:
                return False
            with limited_patience(lambda: PATIENCE):  # what decides asks the store, too
                self._parts.get_store().add_events(make_events())
        except Exception as fault:  # noqa: BLE001 - the rim: what is tracked must not suffer from being tracked
            self._counts.add_loss(mask_secrets(f"{type(fault).__name__}: {fault}"))
            self._loss.tell(fault)
            return False
        return True

    def _look(self) -> Store:
        self._parts.merge_much()
        return self._parts.get_store()
