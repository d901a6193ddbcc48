"""The dashboard in a real browser: as people use it, with what strangers wrote in it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.browser import Visitor, open_browser, visit
from support.happenings import decide
from support.recent_history import write_recent_history
from support.service import RunningService, run_service

from errclass import AlertManager, Context, Decision
from errclass.core.taxonomy import Taxonomy
from errclass.core.types import Outcome
from errclass.outcomes import Store, load_review_queue, load_training_set
from errclass.serve.dashboard.navigation import NAVIGATION
from errclass.serve.key_ring import KeyRing

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PATHS = (*(entry.path for entry in NAVIGATION), "/decision?id=hostile", "?window=30d&environment=staging", "?window=5m")
NETWORK = "npm error code ETIMEDOUT\nnpm error network request to https://registry.npmjs.org/left-pad failed"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a started browser."""
    with open_browser() as started:
        yield started


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """Return a service over a history that ends now."""
    home = tmp_path_factory.mktemp("dashboard") / "home"
    write_recent_history(home / "store")
    with run_service(home) as running:
        outcome = {"id": "decided", "text": NETWORK, "context": {"operation": "npm ci", "environment": "staging"}}
        running.ask("POST", "/v1/outcomes", json={"outcomes": [outcome], "decide": True}).raise_for_status()
        yield running


@pytest.fixture
def visitor(browser: Browser, service: RunningService) -> Iterator[Visitor]:
    """Return somebody who has signed in."""
    with visit(browser, service.url, viewport={"width": 1280, "height": 900}) as someone:
        someone.sign_in(service.key)
        yield someone
        assert [] == someone.faults


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_every_page_is_whole_quiet_and_open_to_all(
    browser: Browser, service: RunningService, scheme: str, width: int
) -> None:
    """No error on the console, nothing that axe-core finds grave, nothing wider than the screen, one heading."""
    options = {"color_scheme": scheme, "viewport": {"width": width, "height": 844}}
    with visit(browser, service.url, **options) as someone:
        someone.page.goto(f"{service.url}/dashboard/sign-in")
        found = {"door": (someone.list_violations(), 0)}
        someone.sign_in(service.key)
        for path in PATHS:
            someone.go(path)
            over = someone.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            found[path] = (someone.list_violations(), over)
            assert (path, 1) == (path, someone.page.locator("h1").count())
        assert dict.fromkeys(found, ([], 0)) == found
        assert [] == someone.faults


def test_a_wrong_key_is_told_and_a_right_one_opens(browser: Browser, service: RunningService) -> None:
    """Whoever wanted a page gets there."""
    with visit(browser, service.url) as someone:
        someone.page.goto(f"{service.url}/dashboard/live")
        someone.page.get_by_label("Key of the service").fill("errclass_0_wrong")
        someone.page.keyboard.press("Enter")
        told = someone.page.get_by_role("alert").inner_text()
        someone.page.get_by_label("Key of the service").fill(service.key)
        someone.page.keyboard.press("Enter")
        someone.page.wait_for_url("**/dashboard/live")
        assert "unknown or revoked" in told
        assert someone.page.evaluate("document.cookie") == ""
        someone.page.get_by_role("button", name="Sign out").click()
        someone.page.wait_for_url("**/dashboard/sign-in")
        someone.page.goto(f"{service.url}/dashboard")
        someone.page.wait_for_url("**/dashboard/sign-in?next=/dashboard")


def test_one_key_answers_and_the_answer_is_in_the_next_training_set(
    visitor: Visitor, service: RunningService, taxonomy: Taxonomy
) -> None:
    """And another one takes it back."""
    store = Store(service.home / "store")
    key = dict(zip(taxonomy.names, "123456789abcde", strict=False))["security"]
    learned = ("security", True)
    assert learned not in list_learned(store)
    visitor.go("/review?find=ETIMEDOUT")
    visitor.page.keyboard.press("r")
    visitor.page.keyboard.press(key)
    visitor.page.get_by_text("Labelled as security").wait_for()
    assert learned in list_learned(store)
    said = service.ask("GET", "/v1/labels", params={"outcome_id": "decided"}).json()["labels"][-1]
    assert ("security", True, True, None) == (said["type"], said["retryable"], said["spreads"], said["undone"])
    assert said["author"].startswith("service (test ")
    visitor.page.keyboard.press("u")
    visitor.page.get_by_text("Labelled as security").wait_for(state="detached")
    assert learned not in list_learned(store)


def list_learned(store: Store) -> list[tuple[str, bool | None]]:
    """Return what the next training learns of the cause that is labelled."""
    return [(one.type, one.retryable) for one in load_training_set(store) if "ETIMEDOUT" in one.text]


def test_an_alert_is_taken_up(visitor: Visitor, service: RunningService, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a note, in the name of the key; what strangers wrote of it is text."""
    monkeypatch.setenv("ERRCLASS_HOME", str(service.home))
    full = Decision(
        "resource", "<b>disk</b>", "critical", retryable=False, confidence=0.9, suggested_action="make room"
    )
    with Store(service.home / "store") as store:
        store.record(Outcome("full", "No space left", context=Context(operation="<img src=x>"), decision=full))
        assert ["critical_errors"] == [one.id for one in AlertManager(store=store).check().fired]
        visitor.go("/alerts")
        visitor.page.get_by_placeholder("What you know or do about it").first.fill("making <i>room</i>")
        visitor.page.get_by_role("button", name="Acknowledge").first.click()
        visitor.page.get_by_text("making <i>room</i>").wait_for()
        (alert,) = AlertManager(store=store).active()
    assert ("acknowledged", "making <i>room</i>") == (alert.state, alert.note)
    assert str(alert.acknowledged_by).startswith("service (test ")


def test_patterns_tell_what_is_worth_knowing(visitor: Visitor) -> None:
    """Of the window that is asked for."""
    visitor.go("/patterns?window=30d")
    visitor.page.get_by_role("heading", name="Hours of the day").wait_for()
    assert "Failures by day" in visitor.page.inner_text("main")


def test_keys_do_nothing_while_somebody_writes_or_wants_none(visitor: Visitor, service: RunningService) -> None:
    """The slash leads to the search, a skip to the next cause."""
    visitor.go("/review")
    heading = visitor.page.locator("h2").first
    assert heading.inner_text().startswith("1 of ")
    visitor.page.keyboard.press("/")
    visitor.page.keyboard.type("1su")
    assert "1su" == visitor.page.get_by_label("Find a cause").input_value()
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Control+1")
    visitor.page.keyboard.press("s")
    visitor.page.wait_for_url("**/review?at=1")
    visitor.page.get_by_label("Answer with single keys").uncheck()
    visitor.page.locator("h2").first.click()
    visitor.page.keyboard.press("1")
    visitor.page.reload()
    assert "at=1" in visitor.page.url
    assert not visitor.page.get_by_label("Answer with single keys").is_checked()
    assert 0 == visitor.page.get_by_text("Labelled as").count()


def test_a_decision_tells_why(visitor: Visitor) -> None:
    """From a list: each rule that fired, and what would have changed it."""
    visitor.go("/live")
    visitor.page.get_by_role("link", name="npm error").first.click()
    visitor.page.get_by_role("heading", name="From the evidence to the action").wait_for()
    text = visitor.text()
    assert {True} == {part in text for part in ("network", "What would change it", "cause/prediction", "npm ci")}
    visitor.go("?type=network&severity=critical")
    visitor.page.get_by_role("table", name="Causes that failed").get_by_role("link", name="onerror=alert").click()
    visitor.page.wait_for_url("**/decision?id=hostile")
    for query in ("id=nothing", "cause=nothing"):
        visitor.page.goto(f"{visitor.url}/dashboard/decision?{query}")
        visitor.page.get_by_text("404").wait_for()
    visitor.faults = [one for one in visitor.faults if "404" not in one]  # the browser's own word on the status


def test_what_strangers_wrote_does_nothing(visitor: Visitor) -> None:
    """Tags, direction marks and control characters are text or gone, wherever it is shown."""
    for path in ("", "/live", "/review?find=%3Cscript%3Ealert(5)%3C/script%3E%22%3E", "/decision?id=hostile"):
        visitor.go(path)
        assert visitor.page.title().endswith("· errclass")
        markup = visitor.page.content()
        assert not {"\u202e", "\u2066", "\x1b", "\x07"} & set(markup)
        assert 0 == visitor.page.locator("img[src='x'], main script, b, i, [onerror], [onmouseover]").count()
    assert "<script>document.title = 'taken'" in visitor.text()
    assert "{{ 7 * 7 }}" in visitor.text()
    links = visitor.page.eval_on_selector_all("a", "all => all.map(one => one.getAttribute('href'))")
    assert {True} == {link.startswith(("/dashboard", "#", "?")) for link in links}


def test_a_new_failure_comes_in_by_itself_until_paused(visitor: Visitor, service: RunningService) -> None:
    """And is announced to those who do not see it."""
    visitor.go("/live")
    fresh = {"id": "fresh", "text": "fatal: a fresh failure has come in"}
    service.ask("POST", "/v1/outcomes", json={"outcomes": [fresh]}).raise_for_status()
    visitor.page.locator("[data-id=fresh]").wait_for()
    assert "1 new failure" in visitor.page.locator("[data-news]").inner_text()
    visitor.page.get_by_role("button", name="Pause").click()
    assert "Paused." == visitor.page.locator("[data-state]").inner_text()
    assert 1 == visitor.page.get_by_role("button", name="Go on").count()


def test_a_link_from_another_site_leads_where_it_says(browser: Browser, service: RunningService) -> None:
    """The cookie is held back at first, and whoever is signed in need not do it again."""
    with visit(browser, service.url.replace("127.0.0.1", "localhost")) as someone:
        someone.sign_in(service.key)
        page = someone.page
        page.goto(f"{service.url}/dashboard/sign-in")  # another site: 127.0.0.1, not localhost
        page.evaluate("to => location.assign(to)", f"{someone.url}/dashboard/live")
        page.get_by_role("heading", name="Live").wait_for()
        assert page.url.startswith(f"{someone.url}/dashboard/live")


def test_pages_work_without_script(browser: Browser, service: RunningService) -> None:
    """By links and forms alone."""
    with visit(browser, service.url, java_script_enabled=False) as someone:
        someone.page.goto(f"{service.url}/dashboard/sign-in")
        someone.page.get_by_label("Key of the service").fill(service.key)
        someone.page.get_by_role("button", name="Sign in").click()
        someone.page.get_by_role("link", name="Review").click()
        someone.page.get_by_role("link", name="Skip s").click()
        assert "at=1" in someone.page.url


def test_an_empty_store_says_what_to_do(browser: Browser, tmp_path: Path) -> None:
    """On every page, without a fault."""
    with run_service(tmp_path / "empty") as running, visit(browser, running.url) as someone:
        someone.sign_in(running.key)
        for entry in NAVIGATION:
            someone.go(entry.path)
            assert (entry.title, []) == (entry.title, someone.list_violations())
        someone.go("")
        assert "errclass run -- npm ci" in someone.text()
        assert [] == someone.faults


def test_whoever_may_only_look_is_offered_no_answers(browser: Browser, service: RunningService) -> None:
    """The page says which scope is missing."""
    _, text = KeyRing(service.home).create_key("looker", ["read"])
    with visit(browser, service.url) as someone:
        someone.sign_in(text)
        someone.go("/review")
        assert (0, True) == (someone.page.locator("[data-key='1']").count(), "may look only" in someone.text())


def test_a_changed_rule_is_replayed(visitor: Visitor) -> None:
    """What it would have changed is shown, and its faults are told without a place of this machine."""
    visitor.go("/replay")
    visitor.page.get_by_label("Rule").select_option("strategy/retry")
    visitor.page.get_by_role("button", name="Show it").click()
    draft = visitor.page.get_by_label("Draft of strategy/retry")
    text = draft.input_value()
    draft.fill(text.replace("strategy: retry", "strategy: escalate"))
    visitor.page.get_by_role("button", name="Replay").click()
    visitor.page.get_by_role("heading", name="What became of what").wait_for()
    assert [] == visitor.list_violations()
    rows = visitor.page.get_by_role("table", name="Actions before and after").locator("tr.here").all_inner_texts()
    assert [["retry", "escalate", "1"]] == [[*row.replace("(", " ").split()[:2], row.split()[-1]] for row in rows]
    visitor.go("/replay?rule=strategy/retry")
    visitor.page.get_by_label("Draft of strategy/retry").fill("title: [\n")
    visitor.page.get_by_role("button", name="Replay").click()
    told = visitor.page.get_by_role("alert").inner_text()
    assert ("strategy/retry.yaml:" in told, "/tmp" in told, "errclass-draft" in told) == (True, False, False)


def test_a_log_is_tried_without_a_trace(visitor: Visitor, service: RunningService) -> None:
    """Also a hostile one."""
    visitor.go("/try")
    visitor.page.get_by_label("Error or log").fill(f"<img src=x onerror=alert(1)>\n{NETWORK}")
    visitor.page.get_by_label("Operation").fill("<script>alert(2)</script>")
    visitor.page.get_by_role("button", name="Explain").click()
    visitor.page.get_by_role("heading", name="The lines that show it").wait_for()
    assert [] == visitor.list_violations()
    assert {True} == {part in visitor.text() for part in ("network", "retry")}
    assert 0 == visitor.page.locator("img[src=x]").count()
    assert "tried" not in {one.id for one in load_review_queue(Store(service.home / "store"), limit=100)}


def test_a_locked_store_shows_how_it_was(browser: Browser, tmp_path: Path) -> None:
    """And one that was never seen says what is wrong; both go on by themselves."""
    home = tmp_path / "home"
    write_recent_history(home / "store", 20)
    program = "import sys, duckdb; held = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", program, str(home / "store" / "outcomes.duckdb")]
    with run_service(home) as running, visit(browser, running.url) as someone:
        someone.sign_in(running.key)
        someone.go("/live")
        before = someone.page.locator("[data-id]").count()
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
            assert holder.stdout
            assert "held\n" == holder.stdout.readline()
            someone.go("/escalations")
            unseen = someone.text()
            someone.page.goto(f"{running.url}/dashboard/live")
            someone.page.get_by_text("cannot be read just now").wait_for()
            assert before == someone.page.locator("[data-id]").count()
            holder.communicate()
        assert ("cannot be read just now" in unseen, str(home) in unseen) == (True, False)
        someone.page.get_by_text("cannot be read just now").wait_for(state="detached")


def test_the_review_ends_when_all_is_answered(browser: Browser, tmp_path: Path) -> None:
    """It looks for further causes before it says that there is none."""
    home = tmp_path / "home"
    with Store(home / "store") as store:
        store.record(Outcome("only", "error: the only one", fingerprint="a" * 16, decision=decide("network")))
    with run_service(home) as running, visit(browser, running.url) as someone:
        someone.sign_in(running.key)
        someone.go("/review")
        someone.page.keyboard.press("Enter")
        someone.page.get_by_text("Labelled as network").wait_for()
        assert "All of these are answered" in someone.text()
        someone.page.reload()
        someone.go("/review")
        someone.page.get_by_text("No cause waits for an answer").wait_for()
        someone.page.keyboard.press("u")
        someone.page.get_by_text("Labelled as network").wait_for(state="detached")
        someone.go("/review")
        someone.page.get_by_text("the only one").first.wait_for()
        assert [] == someone.faults
