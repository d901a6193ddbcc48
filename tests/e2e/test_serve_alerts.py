"""Alerts of a service that is really started."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from support.alert_workers import record_critical
from support.posts_server import Answer, Post, serve_posts
from support.service import SECONDS, RunningService, run_service

from errclass.core.clock import utc_now
from errclass.outcomes import Store
from errclass.serve.key_ring import KeyRing


class Inbox:
    """Take what the service sends, and say when something has come."""

    def __init__(self) -> None:
        self.kinds: list[str] = []
        self.come = threading.Event()

    def take(self, post: Post) -> Answer:
        self.kinds.append(json.loads(post.body)["notice"]["kind"])
        self.come.set()
        return Answer(200)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningService, Inbox]]:
    """Return a service that looks every second, over a store with one critical failure."""
    home, inbox = tmp_path_factory.mktemp("service") / "home", Inbox()
    with Store(home / "store") as store:
        record_critical(store, time=utc_now() - timedelta(minutes=1))
    with serve_posts(inbox.take) as server:
        environ = {
            "ERRCLASS_ALERTS__INTERVAL": "1",
            "ERRCLASS_NOTIFICATIONS__CHANNELS__WEBHOOK__URL": server.url,
        }
        with run_service(home, environ=environ) as running:
            assert inbox.come.wait(2 * SECONDS)
            yield running, inbox


def test_people_are_told_without_anybodys_asking(service: tuple[RunningService, Inbox]) -> None:
    """Once, however often it looks."""
    running, inbox = service
    answer = running.ask("GET", "/v1/alerts").json()
    assert ["critical_errors"] == [one["id"] for one in answer["alerts"]]
    assert answer["checked_at"]
    assert ["alert"] == inbox.kinds


def test_an_alert_is_taken_up_in_the_name_of_the_key(service: tuple[RunningService, Inbox]) -> None:
    """What does not fire is not found."""
    running, _ = service
    alert = running.ask("POST", "/v1/alerts/critical_errors/ack", json={"note": "on it"}).json()
    assert ("acknowledged", "on it", True) == (
        alert["state"],
        alert["note"],
        alert["acknowledged_by"].startswith("service (test"),
    )
    found = running.ask("GET", "/v1/alerts", params={"state": "acknowledged"}).json()["alerts"]
    assert ["critical_errors"] == [one["id"] for one in found]
    missing = running.ask("POST", "/v1/alerts/high_mttr/ack", json={})
    assert (404, "urn:errclass:problem:no-alert") == (missing.status_code, missing.json()["type"])
    assert 422 == running.ask("GET", "/v1/alerts", params={"state": "loud"}).status_code


def test_scopes_are_asked_for(service: tuple[RunningService, Inbox]) -> None:
    """To read is not to take up."""
    running, _ = service
    keys = {scope: KeyRing(running.home).create_key(scope, (scope,))[1] for scope in ("read", "handle")}

    def ask(scope: str) -> tuple[int, int]:
        answers = (
            running.ask("GET", "/v1/alerts", key=keys[scope]),
            running.ask("POST", "/v1/alerts/critical_errors/ack", key=keys[scope], json={}),
        )
        return answers[0].status_code, answers[1].status_code

    assert ((200, 403), (403, 200)) == (ask("read"), ask("handle"))


def test_it_ends_in_order_while_it_watches(tmp_path: Path) -> None:
    """With exit code 0."""
    with run_service(tmp_path / "home", environ={"ERRCLASS_ALERTS__INTERVAL": "1"}) as running:
        assert 200 == running.ask("GET", "/v1/alerts").status_code
        assert 0 == running.stop()
