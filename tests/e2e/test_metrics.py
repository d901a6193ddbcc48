"""``/metrics`` of a service that is really started, read as Prometheus reads it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families
from support.command_line import start_errclass
from support.happenings import decide
from support.metrics_known import PROCESS, list_series
from support.service import SECONDS, RunningService, run_service

from errclass.actions.notify import Notice, NotificationSystem
from errclass.core.clock import utc_now
from errclass.core.happenings import Action, Attempt, Message
from errclass.core.types import Context, Outcome
from errclass.outcomes import Store
from errclass.serve.key_ring import KeyRing
from errclass.serve.metrics import METRICS
from errclass.testing import RecordingChannel

TEXT = "npm error code ETIMEDOUT"
LIMITS = {"ERRCLASS_SERVE__RATE": "100000", "ERRCLASS_SERVE__BURST": "100000"}
Scraped = Mapping[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """Return a service with a store in which something happened before it was started."""
    home = tmp_path_factory.mktemp("metrics") / "home"
    with Store(home / "store") as store:
        fill(store)
    with run_service(home, environ=LIMITS) as running:
        yield running


def fill(store: Store) -> None:
    """Write four failures of which one was run again, one recovered, and of all that may be done about them one thing."""
    now = utc_now() - timedelta(minutes=5)
    context = Context(operation="deploy", environment="production")
    decided = decide("network", strategy="retry", severity="critical", abstained="novel")
    for number in range(4):
        outcome = Outcome(f"before-{number}", TEXT, time=now, context=context, decision=decided)
        store.record(outcome)
    again = {"context": context, "failure_id": "before-0", "unchanged": True}
    store.record_attempt(Attempt("again", True, **again, ended=now + timedelta(seconds=60)))
    mended = {"context": context, "failure_id": "before-1", "recovery": "npm_reinstall"}
    store.record_attempt(Attempt("mended", True, **mended, ended=now + timedelta(seconds=90)))
    for kind, name in (("recover", "npm_reinstall"), ("reset", "soft"), ("escalate", "manual")):
        store.record_action(Action(kind, kind, name, "success", "before-2", ended=now))  # type: ignore[arg-type]
    store.record_message(Message("m", "slack", "high", "sent", "before-3", time=now))
    NotificationSystem(store, [RecordingChannel()]).send_notification(Notice("deploy failed", priority="low"))
    store.merge()


def scrape(service: RunningService) -> Scraped:
    """Return what is told, by name and labels."""
    response = service.ask("GET", "/metrics")
    assert (200, "text/plain; version=0.0.4; charset=utf-8") == (
        response.status_code,
        response.headers["content-type"],
    )
    families = text_string_to_metric_families(response.text)
    return {(one.name, frozenset(one.labels.items())): one.value for family in families for one in family.samples}


def scrape_until(service: RunningService, name: str) -> Scraped:
    """Return the first scrape in which there is a metric with this name: looks take their time."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        found = scrape(service)
        if pick(found, name):
            return found
    raise AssertionError(name)


def pick(found: Scraped, name: str, **labels: str) -> dict[frozenset[tuple[str, str]], float]:
    """Return the values of a metric that have these labels."""
    wanted = set(labels.items())
    return {have: value for (known, have), value in found.items() if known == name and wanted <= have}


def add_up(found: Scraped, name: str, **labels: str) -> float:
    """Return their sum."""
    return sum(pick(found, name, **labels).values())


def test_all_that_is_told_is_known_and_the_other_way_round(service: RunningService) -> None:
    """Every series is one of the catalogue, with exactly its labels; every metric is told once there is anything."""
    do_everything(service)
    found = scrape_until(service, "errclass_availability_ratio")
    known = list_series()
    assert [] == [
        (name, labels)
        for name, labels in found
        if name not in known or {label for label, _ in labels} != known[name].labels
    ]
    told = {re.sub(r"_(bucket|sum|count)$", "", name) for name, _ in found}
    wanted = {metric.name for metric in METRICS} | set(PROCESS)
    # Where all was merged just now, and nobody has looked at the alert rules yet.
    assert wanted - told <= {"errclass_inbox_oldest_timestamp_seconds", "errclass_alerts_checked_timestamp_seconds"}


def do_everything(service: RunningService) -> None:
    """Ask for each thing once."""
    body = {"text": TEXT, "context": {"operation": "npm ci", "effect": "idempotent"}}
    for path in ("classify", "decide", "explain", "handle"):
        assert 200 == service.ask("POST", f"/v1/{path}", json=body).status_code
    outcomes = [{"id": "one", **body}, {"id": "two", **body}, {"success": True, "context": {"operation": "npm ci"}}]
    assert 200 == service.ask("POST", "/v1/outcomes", json={"outcomes": outcomes, "decide": True}).status_code
    assert 200 == service.ask("POST", "/v1/labels", json={"outcome_id": "one", "type": "network"}).status_code
    assert 404 == service.ask("GET", "/nowhere").status_code


def test_counters_rise_by_what_happened(service: RunningService) -> None:
    """And by nothing else: neither by what was refused, nor by the answer that the service gives itself at its start."""
    before = scrape(service)
    do_everything(service)
    refused = service.ask("POST", "/v1/decide", json={"text": TEXT}, key="errclass_wrong")
    assert 401 == refused.status_code
    after = scrape(service)

    def rise(name: str, **labels: str) -> float:
        return add_up(after, name, **labels) - add_up(before, name, **labels)

    decided = {one: rise("errclass_decisions_total", source=one) for one in ("classify", "decide", "explain", "handle")}
    assert dict.fromkeys(decided, 1.0) == decided
    assert 2.0 == rise("errclass_decisions_total", source="record")
    assert 6.0 == rise("errclass_decided_types_total", type="network")
    assert 6.0 == rise("errclass_decision_confidence_count")
    assert (1.0, 3.0, 1.0) == (
        rise("errclass_handled_total"),
        rise("errclass_recorded_calls_total"),
        rise("errclass_labels_total"),
    )
    assert 1.0 == rise("errclass_requests_refused_total", reason="wrong-key")
    assert 1.0 == rise("errclass_requests_refused_total", reason="http-404")
    assert 2.0 == rise("errclass_requests_refused_total")
    assert 1.0 == rise("errclass_requests_total", route="/v1/decide", method="POST", status="200")
    assert 1.0 == rise("errclass_requests_total", route="other", method="POST", status="401")
    assert 1.0 == rise("errclass_requests_total", route="/metrics")  # the first scrape
    assert 1.0 == rise("errclass_request_duration_seconds_count", route="/v1/decide")
    assert 0.0 == rise("errclass_inner_faults_total")
    assert {frozenset(): 1.0} == pick(after, "errclass_requests_in_flight")  # the scrape itself


def test_the_store_is_told_of(service: RunningService) -> None:
    """What was in it before the service was started, too."""
    found = scrape_until(service, "errclass_recent_calls")
    assert 4.0 == add_up(found, "errclass_recent_failures", type="network", severity="critical")
    assert 4.0 <= add_up(found, "errclass_recent_decisions_unsure")
    assert 1.0 == add_up(found, "errclass_recent_retries", type="network", result="success")
    assert 1.0 == add_up(found, "errclass_recent_messages", status="sent", priority="high")
    assert 1.0 == add_up(found, "errclass_recent_recoveries", recipe="npm_reinstall", result="success")
    assert 1.0 == add_up(found, "errclass_look_ok", look="figures")
    assert 0.0 <= add_up(found, "errclass_look_age_seconds", look="figures") < SECONDS
    assert 0.0 < add_up(found, "errclass_mttr_seconds")


def test_openmetrics_is_told_where_it_is_asked_for(service: RunningService) -> None:
    """As Prometheus asks for it."""
    accept = "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1"
    response = service.ask("GET", "/metrics", headers={"Accept": accept})
    assert response.headers["content-type"].startswith("application/openmetrics-text")
    assert "errclass_model" in {family.name for family in parse_openmetrics(response.text)}


def test_what_strangers_send_makes_no_series(service: RunningService) -> None:
    """Neither paths, methods, ids, types nor texts; and the log lines of the format cannot be forged."""
    scrape(service)
    hostile = 'x"} 1\nerrclass_forged 1\n'
    for number in range(20):
        service.ask("GET", f"/v1/stranger-{number}")
        service.ask("GET", f"/v1/outcomes/stranger-{number}")
        service.ask("GET", f"/v1/reports/stranger-{number}")
        service.ask(f"STRANGER{number}", "/v1/decide")
        service.ask("POST", "/v1/labels", json={"outcome_id": "one", "type": f"stranger-{number}"})
        context = {
            "operation": f"stranger-{number}{hostile}",
            "environment": f"stranger-{number}",
            "component": hostile,
        }
        service.ask("POST", "/v1/decide", json={"text": f"stranger {hostile}", "context": context})
    found = scrape(service)
    assert not [labels for _, labels in found if any("stranger" in value.lower() for _, value in labels)]
    assert not [name for name, _ in found if "forged" in name]
    paths = set(service.ask("GET", "/openapi.json").json()["paths"])
    routes = {dict(labels).get("route", "other") for _, labels in found}
    assert routes <= {*(re.sub(r"\{(\w+)\}", r"{\1}", path) for path in paths), "/openapi.json", "other", *_TEMPLATES}
    assert {dict(labels).get("method", "GET") for _, labels in found} <= {"GET", "POST", "DELETE", "HEAD", "other"}


_TEMPLATES = {"/v1/outcomes/{outcome_id:path}", "/v1/labels/{label_id:path}", "/v1/reports/{type}"}
"""Routes that the schema writes otherwise."""


def test_many_at_a_time_are_all_counted(service: RunningService) -> None:
    """Also while it is scraped."""
    before = add_up(scrape(service), "errclass_decisions_total", source="decide")
    with ThreadPoolExecutor(16) as pool:
        decided = [pool.submit(service.ask, "POST", "/v1/decide", json={"text": TEXT}) for _ in range(60)]
        scraped = [pool.submit(scrape, service) for _ in range(10)]
        assert [200] * 60 == [one.result(SECONDS).status_code for one in decided]
        totals = [add_up(one.result(SECONDS), "errclass_decisions_total", source="decide") for one in scraped]
    after = scrape(service)
    assert 60.0 == add_up(after, "errclass_decisions_total", source="decide") - before
    assert all(before <= total <= before + 60 for total in totals)
    assert 1.0 == add_up(after, "errclass_requests_in_flight")


def test_head_is_answered_without_the_body(service: RunningService) -> None:
    """And counted as what it is."""
    response = service.ask("HEAD", "/metrics")
    assert (200, b"") == (response.status_code, response.content)
    assert 1.0 <= add_up(scrape(service), "errclass_requests_total", method="HEAD", route="/metrics")


@pytest.mark.parametrize(
    ("scopes", "status"), [(("metrics",), 200), (("classify", "handle", "label", "read", "record"), 403)]
)
def test_a_key_needs_the_scope(service: RunningService, scopes: tuple[str, ...], status: int) -> None:
    """And one for Prometheus opens nothing else."""
    ring = KeyRing(service.home)
    key, text = ring.create_key(f"of {len(scopes)}", scopes)
    assert status == service.ask("GET", "/metrics", key=text).status_code
    if status == 200:
        asked = [
            service.ask("POST", "/v1/decide", json={"text": TEXT}, key=text),
            service.ask("GET", "/v1/labels", key=text),
        ]
        assert {403} == {one.status_code for one in asked}
    ring.revoke_key(key.id)
    assert 401 == service.ask("GET", "/metrics", key=text).status_code


def test_without_a_key_nothing_is_told_where_there_are_keys(service: RunningService) -> None:
    """With what to do."""
    response = service.ask("GET", "/metrics", key="")
    assert (401, True) == (response.status_code, "--scope metrics" in response.json()["advice"])


def test_neighbours_are_told_while_there_are_no_keys(tmp_path: Path) -> None:
    """As they are answered questions; and what there is, is a store that nobody made."""
    with run_service(tmp_path / "home", keys=False) as service:
        found = scrape(service)
        assert 0.0 == add_up(found, "errclass_decisions_total")
        assert {frozenset(): 0.0} == pick(found, "errclass_inbox_events")
        assert not [labels for _, labels in found if str(tmp_path) in str(labels)]
        assert 0 == service.stop()
        assert not (tmp_path / "home" / "store" / "outcomes.duckdb").exists()


def test_a_look_that_is_under_way_does_not_keep_it_from_ending_in_order(tmp_path: Path) -> None:
    """Right after the first scrape, which begins to look; an end in the middle of a query would be a crash."""
    home = tmp_path / "home"
    with Store(home / "store") as store:
        fill(store)
    with run_service(home) as service:
        scrape(service)
        assert 0 == service.stop()


def test_without_prometheus_client_the_extra_is_named(tmp_path: Path) -> None:
    """The service does not start without what it is watched by."""
    program = (
        "import sys; sys.modules['prometheus_client'] = None; from errclass.cli import main; "
        "sys.argv = ['errclass', 'serve', '--port', '0']; main()"
    )
    done = start_errclass(cwd=tmp_path, program=("-c", program), environ={"ERRCLASS_HOME": "home"})
    assert (1, "", True) == (done.code, done.out, "'errclass[serve]'" in done.err)
    assert "Traceback" not in done.err
