"""Who gets into the dashboard, and what is refused: as browsers send it, and as nobody should."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from support.service import SECONDS, RunningService, run_service

from errclass.serve.key_ring import KeyRing

BOARD, DOOR = "/dashboard", "/dashboard/sign-in"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """Return a service over an empty store."""
    home = tmp_path_factory.mktemp("door") / "home"
    limits = {"ERRCLASS_SERVE__RATE": "100000", "ERRCLASS_SERVE__BURST": "100000"}
    with run_service(home, environ=limits) as running:
        yield running


@pytest.fixture
def browser(service: RunningService) -> Iterator[httpx.Client]:
    """Return what sends cookies and the header that a browser sends with forms."""
    headers = {"Origin": service.url}
    with httpx.Client(base_url=service.url, headers=headers, timeout=SECONDS, trust_env=False) as client:
        yield client


def token_of(page: httpx.Response) -> str:
    """Return the token of the first form."""
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found
    return found[1]


def sign_in(browser: httpx.Client, key: str, **fields: str) -> httpx.Response:
    """Exchange a key as a browser does."""
    token = token_of(browser.get(DOOR))
    return browser.post(DOOR, data={"csrf": token, "key": key, **fields})


def test_a_key_is_exchanged_for_a_cookie_that_scripts_and_other_sites_never_have(
    service: RunningService, browser: httpx.Client
) -> None:
    """For the dashboard only, and secure where the browser sees https."""
    answer = sign_in(browser, service.key)
    cookie = answer.headers["set-cookie"]
    assert (303, BOARD) == (answer.status_code, answer.headers["location"])
    assert {"HttpOnly", "SameSite=strict", f"Path={BOARD}"} <= {part.strip() for part in cookie.split(";")}
    assert "secure" not in cookie.lower()
    assert service.key not in cookie
    host = {"Host": "localhost", "Origin": "https://localhost"}
    token = token_of(browser.get(DOOR, headers=host | {"Cookie": ""}))
    behind = browser.post(DOOR, data={"csrf": token, "key": service.key}, headers=host | {"Cookie": ""})
    assert "; Secure" in behind.headers["set-cookie"]


def test_a_wrong_key_opens_nothing_and_is_not_said_again(service: RunningService, browser: httpx.Client) -> None:
    """Neither does a key in a header, nor somebody else's cookie."""
    answer = sign_in(browser, "errclass_0_wrong")
    assert (401, False, False) == (
        answer.status_code,
        "set-cookie" in answer.headers,
        "errclass_0_wrong" in answer.text,
    )
    bearer = browser.get(BOARD, headers={"Authorization": f"Bearer {service.key}"})
    made_up = browser.get(BOARD, headers={"Cookie": "errclass_session=AAAA.BBBB"})
    assert [(303, f"{DOOR}?next=/dashboard")] * 2 == [
        (one.status_code, one.headers["location"]) for one in (bearer, made_up)
    ]


def test_forms_without_the_token_of_the_session_are_refused(service: RunningService, browser: httpx.Client) -> None:
    """Also with that of nobody, and with none; nothing was done."""
    strange = token_of(browser.get(DOOR))
    sign_in(browser, service.key)
    tried = [
        browser.post(path, data=fields)
        for path in ("/dashboard/sign-out", "/dashboard/review", "/dashboard/review/undo")
        for fields in ({"type": "network"}, {"csrf": ""}, {"csrf": "é" * 43}, {"csrf": strange})
    ]
    assert {403} == {one.status_code for one in tried}
    assert 200 == browser.get(BOARD).status_code


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": ""},
    ],
    ids=str,
)
def test_forms_of_other_pages_are_refused(
    service: RunningService, browser: httpx.Client, headers: dict[str, str]
) -> None:
    """Whatever token they have."""
    token = token_of(browser.get(DOOR))
    answer = browser.post(DOOR, data={"csrf": token, "key": service.key}, headers=headers)
    assert (403, False) == (answer.status_code, "set-cookie" in answer.headers)


def test_a_form_has_to_say_where_it_comes_from(service: RunningService) -> None:
    """Programs that are no browser have the API."""
    token = token_of(httpx.get(f"{service.url}{DOOR}", trust_env=False))
    answer = httpx.post(f"{service.url}{DOOR}", data={"csrf": token, "key": service.key}, trust_env=False)
    assert 403 == answer.status_code


def test_nothing_is_embedded_or_fetched_by_other_sites(service: RunningService, browser: httpx.Client) -> None:
    """Not even by an image; a link may be followed, and goes on from a page of our own."""
    embedded = browser.get(BOARD, headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Origin": ""})
    framed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
    followed = {**framed, "Sec-Fetch-Dest": "document"}
    with httpx.Client(base_url=service.url, timeout=SECONDS, trust_env=False) as client:
        assert [403, 403] == [embedded.status_code, client.get(BOARD, headers=framed).status_code]
        page = client.get(f"{BOARD}/review?at=1", headers=followed)
    assert (200, True) == (page.status_code, 'href="/dashboard/review?at=1"' in page.text)


def test_every_answer_has_a_policy_that_runs_nothing_of_others(service: RunningService, browser: httpx.Client) -> None:
    """Pages, refusals, files and redirects."""
    sign_in(browser, service.key)
    page = browser.get(BOARD)
    style = re.search(r'href="(/dashboard/static/[^"]+css[^"]*)"', page.text)
    assert style
    paths = (BOARD, "/", "/dashboard/nothing", style[1], f"{BOARD}?window=ever", "/dashboard/review/undo")
    answers = [browser.get(path) for path in paths] + [browser.post(DOOR, json={})]
    assert [200, 307, 404, 200, 422, 405, 415] == [one.status_code for one in answers]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(
            policy.split("; ")
        )
        assert ("same-origin", "nosniff") == (
            answer.headers["referrer-policy"],
            answer.headers["x-content-type-options"],
        )
    assert "unsafe" not in "".join(one.headers["content-security-policy"] for one in answers)
    assert ["no-store", "private, max-age=3600"] == [answers[number].headers["cache-control"] for number in (0, 3)]
    assert not re.search(r"<script>|<style|\sstyle=|\son\w+=|https?://(?!www\.w3\.org)", page.text)


def test_whoever_signs_out_is_out(service: RunningService, browser: httpx.Client) -> None:
    """The cookie that was there opens nothing any more."""
    sign_in(browser, service.key)
    cookie = {"Cookie": f"errclass_session={browser.cookies['errclass_session']}"}
    token = token_of(browser.get(BOARD))
    before = httpx.get(f"{service.url}{BOARD}", headers=cookie, timeout=SECONDS, trust_env=False).status_code
    browser.post("/dashboard/sign-out", data={"csrf": token})
    after = httpx.get(f"{service.url}{BOARD}", headers=cookie, timeout=SECONDS, trust_env=False).status_code
    assert (200, 303) == (before, after)


def test_a_revoked_key_ends_its_sessions(service: RunningService, browser: httpx.Client) -> None:
    """At once."""
    ring = KeyRing(service.home)
    key, text = ring.create_key("short", ["read"])
    sign_in(browser, text)
    before = browser.get(BOARD).status_code
    ring.revoke_key(key.id)
    assert (200, 303) == (before, browser.get(BOARD).status_code)


def test_a_key_may_do_what_its_scopes_say(service: RunningService, browser: httpx.Client) -> None:
    """One that may only look cannot answer; one that may only record is not let in."""
    ring = KeyRing(service.home)
    _, recorder = ring.create_key("recorder", ["record"])
    assert 401 == sign_in(browser, recorder).status_code
    _, reader = ring.create_key("reader", ["read"])
    sign_in(browser, reader)
    page = browser.get(BOARD)
    answer = browser.post("/dashboard/review", data={"csrf": token_of(page), "outcome_id": "a", "type": "network"})
    assert (200, 403, True) == (page.status_code, answer.status_code, "--scope label" in answer.text)


@pytest.mark.parametrize(
    ("given", "target"),
    [
        ("/dashboard/review?at=1", "/dashboard/review?at=1"),
        ("https://evil.example/dashboard", BOARD),
        ("//evil.example/dashboard", BOARD),
        ("/dashboard/../v1", BOARD),
        ("/dashboards", BOARD),
        ("/dashboard/\\evil", BOARD),
        ("/dashboard\r\nX: y", BOARD),
        ("", BOARD),
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(
    service: RunningService, browser: httpx.Client, given: str, target: str
) -> None:
    """Only to where they wanted to go here."""
    assert target == sign_in(browser, service.key, next=given).headers["location"]


def test_tries_at_the_door_are_counted_like_other_requests(tmp_path: Path) -> None:
    """Whoever guesses is told to wait."""
    limits = {"ERRCLASS_SERVE__RATE": "0.01", "ERRCLASS_SERVE__BURST": "3"}
    with run_service(tmp_path / "home", environ=limits) as running:
        client = httpx.Client(base_url=running.url, headers={"Origin": running.url}, timeout=SECONDS, trust_env=False)
        with client:
            codes = [sign_in(client, "errclass_0_wrong").status_code]
            found = [client.post(DOOR, data={"key": "errclass_0_wrong"}) for _ in range(3)]
    assert ([401], [403, 429, 429]) == (codes, [one.status_code for one in found])
    assert {"text/html; charset=utf-8"} == {one.headers["content-type"] for one in found}


def test_strangers_send_short_forms_only(service: RunningService) -> None:
    """A long one is not even read."""
    with httpx.Client(
        base_url=service.url, headers={"Origin": service.url}, timeout=SECONDS, trust_env=False
    ) as client:
        long = client.post(DOOR, data={"key": "a" * 20_000, "csrf": "b"})
        short = client.post(DOOR, data={"key": "a" * 2_000, "csrf": "b"})
    assert (413, 403) == (long.status_code, short.status_code)
    assert "sign in first" in long.text


def test_without_any_key_nothing_that_is_stored_is_shown(tmp_path: Path) -> None:
    """As in the API; the door says how a key is made, and forms still need their token."""
    with run_service(tmp_path / "home", keys=False) as running:
        client = httpx.Client(base_url=running.url, headers={"Origin": running.url}, timeout=SECONDS, trust_env=False)
        with client:
            door = client.get(BOARD, follow_redirects=True)
            paths = ("live", "review", "decision?id=a")
            codes = {client.get(f"{BOARD}/{path}").status_code for path in paths}
            unsent = client.post("/dashboard/review", data={"csrf": token_of(door), "type": "network"})
    assert (True, {303}, 401) == ("errclass serve keys create" in door.text, codes, unsent.status_code)
