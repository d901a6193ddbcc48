"""What the service does, with the library's own parts; how it is asked is none of its business."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from ..core.errors import UsageError
from ..core.failure import failure_from_text
from ..core.types import Classification, Decision, Failure, Guard, Outcome
from ..outcomes import BackgroundMerger
from ..system.alerting import AlertManager
from ..system.checks import check_model, check_queue, check_rules, check_store
from ..system.explaining import explain_answer
from ..system.handling import ErrorHandlingSystem, HealthStatus
from ..system.handling.health_status import judge_health
from ..system.jobs.answering import read_type
from ..system.jobs.recording import CallReport, Recorder
from ..system.pipeline import Answer, answer_failure
from ..system.report_schedules import ReportSchedules
from ..system.reporting import check_reporting, find_price
from ..system.shared_parts import SharedParts
from ..system.wiring import Parts, open_store
from .kept_look import KeptLook
from .metrics.service_meter import DecisionSource, ServiceMeter
from .problem import Problem, RefusalError
from .repeating import Repeating

if TYPE_CHECKING:
    from ..outcomes.opinions import Opinion
    from ..reports.alerts import Alert
    from ..system.settings import Settings

_log = logging.getLogger("errclass")
_SHARE_OF_TIME = 0.9
"""Of the time for a request: whoever asks is to hear what was done."""
_LOOK_SECONDS = 2.0
"""In which a look at the alert rules ends that was under way, after messages had their time."""
_WATCH_SHARE = 0.1
"""Of the time that looks at the alert rules may take: over ten million outcomes one takes seconds on every core."""
_SCHEDULE_SECONDS = 20.0
"""Between two looks for reports that are due."""
_HIDDEN_FAULTS = ("errclass itself failed at something; the log of the service says at what",)
_FIRST = "npm error code ETIMEDOUT"
_CLASSIFICATION = tuple(field.name for field in fields(Classification))


@dataclass(frozen=True, slots=True)
class Labelling:
    """Hold a label that is to be given."""

    outcome_id: str
    type: str
    retryable: bool | None = None
    spreads: bool = False


class Service:
    """Answer, record and report. Its methods may wait for the store, and are safe to share between threads."""

    def __init__(self, settings: Settings, meter: ServiceMeter | None = None) -> None:
        self.settings = settings
        self.store = open_store(settings)
        self._meter = meter or ServiceMeter()
        self._parts = SharedParts()
        self._system = ErrorHandlingSystem(settings, hands_off=True)
        self._look = KeptLook(self._look_around)
        self._recorder = Recorder(self.store)
        self._merger = BackgroundMerger(self.store)
        self._alerts = AlertManager(settings, store=self.store)
        self._watch = Repeating(self._alerts.check, settings.alerts.interval, "alerts_not_checked", share=_WATCH_SHARE)
        self._schedules = ReportSchedules(settings, self.store)
        self._timer = Repeating(self._make_reports, _SCHEDULE_SECONDS, "reports_not_made", at_once=True)

    def start(self) -> None:
        """Answer once, so that the first to ask waits no longer than others, and begin to merge and to watch.

        Raises ErrclassError where model or rules cannot be loaded.
        """
        self._answer(failure_from_text(_FIRST), Guard())
        self._merger.start()
        if self.settings.alerts.enabled:
            self._watch.start()
        if self.settings.enable.reporting and self.settings.reporting.schedules:
            self._timer.start()

    def stop(self) -> None:
        """Send what is due, within the time for it, merge what waits and close the store."""
        seconds = self.settings.serve.stop_timeout
        deadline = time.monotonic() + seconds
        self._watch.stop(0.0)
        self._timer.stop(seconds / 2)
        self._system.stop(max(0.0, deadline - time.monotonic()))
        self._watch.stop(_LOOK_SECONDS)
        self._merger.stop()
        self.store.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def classify(self, failure: Failure) -> Classification:
        """Say what a failure is."""
        decision = self._answer(failure, Guard(), "classify")[0].decision
        return Classification(**{name: getattr(decision, name) for name in _CLASSIFICATION})

    def decide(self, failure: Failure, guard: Guard) -> Decision:
        """Say what a failure is and what to do about it; nothing is written."""
        return self._answer(failure, guard, "decide")[0].decision

    def explain(self, failure: Failure, guard: Guard) -> dict[str, Any]:
        """Return all that there is to say of a failure; lines are those of its text."""
        answer, parts = self._answer(failure, guard, "explain")
        return explain_answer(answer, parts.model)

    def handle(self, failure: Failure) -> dict[str, Any]:
        """Decide, record, notify and escalate; nothing is recovered, reset or run on this machine."""
        seconds = _SHARE_OF_TIME * self.settings.serve.request_timeout
        result = self._system.handle_error(failure, failure.context, timeout=seconds)
        self._meter.note_handling(result)
        for fault in result.faults:
            _log.error("errclass.handling_failed: %s", fault)  # it may name places of this machine
        return replace(result, faults=_HIDDEN_FAULTS if result.faults else ()).to_dict()

    def record(self, reports: Iterable[CallReport], *, decide: bool) -> list[str]:
        """Keep reports of calls, all or none, and return their ids once they are durable."""
        recorder = self._make_recorder() if decide else self._recorder
        found = list(reports)
        self.store.add_events([event for report in found for event in recorder.events(report)])
        self._meter.note_recorded(len(found))
        return [report.id for report in found]

    def find_outcome(self, outcome_id: str) -> Outcome:
        """Return a stored outcome; raise RefusalError where there is none."""
        from ..outcomes import find_outcome

        found = find_outcome(self.store, outcome_id)
        if found is None:
            raise RefusalError(_NO_OUTCOME)
        return found

    def label(self, labelling: Labelling, author: str) -> dict[str, str]:
        """Say what an outcome really was; raise RefusalError where there is none, and for no known type."""
        kind = self._find_type(labelling.type)
        outcome = self.find_outcome(labelling.outcome_id)
        label_id = self.store.label(
            outcome.id, kind, "human", retryable=labelling.retryable, spreads=labelling.spreads, author=author
        )
        self._meter.note_label()
        return {"label_id": label_id, "outcome_id": outcome.id, "type": kind}

    def list_labels(self, outcome_id: str) -> list[Opinion]:
        """Return what was said of an outcome, labels taken back included; raise RefusalError where there is none."""
        from ..outcomes.opinions import list_opinions

        return list_opinions(self.store, self.find_outcome(outcome_id).id)

    def undo_label(self, outcome_id: str, label_id: str, author: str) -> Opinion:
        """Take a label back and return it as it was; raise RefusalError where there is none."""
        from ..outcomes.opinions import take_back

        found = next((one for one in self.list_labels(outcome_id) if one.id == label_id), None)
        if found is None:
            raise RefusalError(_NO_LABEL)
        return take_back(self.store, found.outcome_id, label_id, author=author)

    def report(self, kind: str, window: str) -> dict[str, Any]:
        """Return a report.

        Raises RefusalError for a type that there is not, UsageError for such a window and where reports are switched
        off.
        """
        from ..reports import REPORT_TYPES, make_report

        check_reporting(self.settings, kind)
        if kind not in REPORT_TYPES:
            raise RefusalError(_NO_REPORT)
        return make_report(self.store, kind, window=window, price=find_price(self.settings)).to_dict()

    def list_alerts(self, state: str | None) -> dict[str, Any]:
        """Return alerts as the last look left them, newest first, with the moment of that."""
        book = self._alerts.read_book()
        return {
            "checked_at": book.checked_at,
            "alerts": [one for one in book.list_all() if state in (None, one.state)],
        }

    def acknowledge_alert(self, alert_id: str, author: str, note: str) -> Alert:
        """Take an alert up; raise RefusalError where none with this id fires."""
        try:
            return self._alerts.acknowledge(alert_id, by=author, note=note)
        except UsageError as error:
            raise RefusalError(_NO_ALERT) from error

    def get_parts(self) -> Parts:
        """Return the model and the rules in use."""
        return self._parts.get()

    def look(self) -> Future[HealthStatus]:
        """Say whether all that answers need is there, as it was within the last seconds; never waits."""
        return self._look.take()

    def _make_reports(self) -> None:
        for one in self._schedules.make_due():
            _log.log(logging.WARNING if one.fault else logging.INFO, "errclass.scheduled_report: %s", one)

    def _find_type(self, given: str) -> str:
        try:
            return read_type(given, self._parts.get().model.taxonomy)
        except UsageError as error:
            raise RefusalError(Problem("no-type", 404, str(error), "give a type of the taxonomy")) from error

    def _look_around(self) -> HealthStatus:
        settings = self.settings
        parts = self._parts.get()
        looked = (
            check_model(settings, parts),
            check_rules(settings, parts),
            check_store(settings),
            check_queue(settings),
        )
        return judge_health(looked)

    def _make_recorder(self) -> Recorder:
        return Recorder(self.store, self._parts.get(), tell=partial(self._meter.note_decision, "record"))

    def _answer(self, failure: Failure, guard: Guard, source: DecisionSource | None = None) -> tuple[Answer, Parts]:
        """Answer, and count that for whoever asked."""
        parts = self._parts.get()
        answer = answer_failure(failure, parts, guard=guard)
        if source is not None:
            self._meter.note_decision(source, answer.decision)
        return answer, parts


_NO_OUTCOME = Problem("no-outcome", 404, "there is no such outcome", "give an id as POST /v1/outcomes returned it")
_NO_REPORT = Problem("no-report", 404, "there is no such report", "see /openapi.json for the types there are")
_NO_ALERT = Problem("no-alert", 404, "no alert with this id fires", "list those that fire: GET /v1/alerts?state=firing")
_NO_LABEL = Problem(
    "no-label", 404, "there is no such label on this outcome", "list its labels: GET /v1/labels?outcome_id=ID"
)
