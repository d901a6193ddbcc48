"""Every metric of the service. What the store says is a gauge: its counts fall where it is pruned or relabelled."""

from __future__ import annotations

from .metric import Metric

COUNTED = "24 hours"
JUDGED = "7 days"
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""From a known failure, which takes about a millisecond, to the usual limit of a request."""
_SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)

_SERVICE = (
    Metric("errclass_info", "info", "Version of errclass and of Python.", ("version", "python")),
    Metric("errclass_model_info", "info", "The model that answers.", ("version", "shipped")),
    Metric("errclass_model_created_timestamp_seconds", "gauge", "When the model that answers was trained."),
    Metric("errclass_rules_info", "info", "The rules that decide.", ("revision", "name", "engine")),
    Metric("errclass_rules_loaded", "gauge", "Rules that decide."),
    Metric("errclass_rules_faults", "gauge", "Faults in rules of one's own; they hold on to the last good ones."),
    Metric("errclass_rules_held_back", "gauge", "1 while broken rules keep everything automatic from being done."),
    Metric("errclass_requests_total", "counter", "Requests that are over.", ("route", "method", "status")),
    Metric(
        "errclass_request_duration_seconds",
        "histogram",
        "Time from the first byte of a request to the last of its answer.",
        ("route", "method"),
        buckets=_SECONDS,
    ),
    Metric("errclass_requests_in_flight", "gauge", "Requests under way."),
    Metric("errclass_requests_refused_total", "counter", "Requests that were refused.", ("reason",)),
    Metric(
        "errclass_decisions_total",
        "counter",
        "Decisions that this service made.",
        ("source", "strategy", "category", "severity"),
    ),
    Metric(
        "errclass_decided_types_total", "counter", "Decisions by what was found, and how sure.", ("type", "abstained")
    ),
    Metric(
        "errclass_decision_confidence",
        "histogram",
        "Probability that the type of a decision is right.",
        buckets=_SHARES,
    ),
    Metric("errclass_handled_total", "counter", "Failures that this service handled.", ("strategy", "result")),
    Metric("errclass_recorded_calls_total", "counter", "Calls that this service was told of and kept."),
    Metric("errclass_labels_total", "counter", "Labels that were given here."),
    Metric("errclass_inner_faults_total", "counter", "Faults of errclass itself.", ("where",)),
)
_LOOKS = (
    Metric("errclass_look_age_seconds", "gauge", "Time since the store was last looked at, by what for.", ("look",)),
    Metric("errclass_look_duration_seconds", "gauge", "How long that took.", ("look",)),
    Metric("errclass_look_ok", "gauge", "1 where the last attempt to look succeeded, 0 where it failed.", ("look",)),
)


def _queue(name: str, text: str, labels: tuple[str, ...] = ()) -> Metric:
    return Metric(name, "gauge", text, labels, "queues")


def _figure(name: str, text: str, labels: tuple[str, ...] = ()) -> Metric:
    return Metric(name, "gauge", text, labels, "figures")


_QUEUES = (
    _queue("errclass_store_size_bytes", "Size of the outcome store."),
    _queue("errclass_inbox_events", "Events that wait to be merged into the history."),
    _queue("errclass_inbox_parked_events", "Those of them that cannot be merged by this version."),
    _queue("errclass_inbox_oldest_timestamp_seconds", "When the oldest of them happened; none where none waits."),
    _queue("errclass_notifications", "Notifications that wait or could not be delivered.", ("state", "priority")),
    _queue(
        "errclass_notifications_oldest_timestamp_seconds",
        "When the oldest one that may go at once was queued; none where none waits.",
    ),
    _queue("errclass_escalations_open", "Escalations in which somebody still has to act.", ("target", "priority")),
    _queue("errclass_escalations_overdue", "Those that nobody took up or settled in time."),
    _queue(
        "errclass_alerts",
        "Alerts that do not fire yet, that fire, and that fire and were taken up.",
        ("state", "severity"),
    ),
    _queue(
        "errclass_alerts_checked_timestamp_seconds",
        "When the alert rules were last looked at; none if never.",
    ),
    _queue(
        "errclass_breakers",
        "Circuit breakers that processes share; half_open: the next call is a trial.",
        ("state",),
    ),
)
_FIGURES = (
    _figure("errclass_store_newest_timestamp_seconds", "When the newest failure or call in the history happened."),
    _figure("errclass_recent_failures", f"Failures of the last {COUNTED}.", ("type", "category", "severity")),
    _figure("errclass_recent_failure_ends", f"Failures of the last {COUNTED} by what came of them.", ("end",)),
    _figure("errclass_recent_failures_escalated", f"Failures of the last {COUNTED} that were escalated."),
    _figure(
        "errclass_recent_decisions",
        f"Decisions on failures of the last {COUNTED}.",
        ("strategy", "category", "severity"),
    ),
    _figure("errclass_recent_decisions_unsure", f"Decisions on failures of the last {COUNTED} that were unsure."),
    _figure("errclass_recent_calls", f"Known calls of operations in the last {COUNTED}.", ("result",)),
    _figure("errclass_recent_retries", f"Unchanged re-runs of the last {COUNTED}.", ("type", "result")),
    _figure("errclass_recent_recoveries", f"Recoveries of the last {COUNTED}.", ("recipe", "result")),
    _figure(
        "errclass_recent_recovery_reruns",
        f"Calls of the last {COUNTED} that followed a recovery.",
        ("recipe", "result"),
    ),
    _figure("errclass_recent_resets", f"Resets of the last {COUNTED}.", ("result",)),
    _figure("errclass_recent_escalations", f"Escalations of the last {COUNTED}.", ("target", "result")),
    _figure("errclass_recent_messages", f"Messages to channels in the last {COUNTED}.", ("status", "priority")),
    _figure(
        "errclass_recent_incidents",
        f"Incidents that opened in the last {JUDGED}, by whether they are over.",
        ("state",),
    ),
    _figure(
        "errclass_mttr_seconds", f"Restricted mean time to recovery of incidents that opened in the last {JUDGED}."
    ),
    _figure("errclass_recovery_median_seconds", f"Time by which half of the incidents of the last {JUDGED} recovered."),
    _figure("errclass_mtbf_seconds", f"Mean time between failures in the last {JUDGED}: time up per incident."),
    _figure(
        "errclass_availability_ratio", f"Share of the watched time of the last {JUDGED} in which nothing was down."
    ),
)
METRICS = (*_SERVICE, *_LOOKS, *_QUEUES, *_FIGURES)
BY_NAME = {metric.name: metric for metric in METRICS}
