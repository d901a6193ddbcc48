"""What is captured names no machine, no mirror and no person, and stays readable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrubbing import scrub
from support.source import find_source

CHANGED = [
    ("colours", "\x1b[31mERROR\x1b[0m: no", "ERROR: no"),
    ("titles", "\x1b]0;npm ci\x07npm error", "npm error"),
    ("progress lines", "10%\r50%\r100%\ndone", "100%\ndone"),
    ("Windows line ends", "one\r\ntwo\r\n", "one\ntwo"),
    ("control characters", "a\x00b\x07c", "abc"),
    ("trailing spaces", "    6 |   \nend", "    6 |\nend"),
    ("a private address", "dial tcp 10.42.7.19:5432: refused", "dial tcp 192.0.2.10:5432: refused"),
    ("another private address", "host 192.168.1.20 is down", "host 192.0.2.10 is down"),
    ("a link-local address", "http://169.254.169.254/latest", "http://192.0.2.10/latest"),
    ("a person", "Author: Ada <ada.l@mail.acme.io>", "Author: Ada <user@example.com>"),
    ("a cloud kernel", "Linux 6.1.0-18-cloud-amd64", "Linux 6.8.0-1021-generic"),
    ("the sandbox's outside", "open /var/tmp/lab-x8_2k/place/merged/etc/hosts", "open /etc/hosts"),
    (
        "the home of whoever captured",
        "/root/.rustup/toolchains/stable/lib",
        "/home/runner/.cache/toolchains/stable/lib",
    ),
    ("this repository", f"File {find_source()}/lab/capture.py, line 3", "File /srv/app/lab/capture.py, line 3"),
]

UNCHANGED = [
    "connect ECONNREFUSED 127.0.0.1:5432",
    "listening on 0.0.0.0:8080",
    "chrome 10.0.3029 and 172.4.1.2 and 11.2.3.4",
    "pip 10.0.1",
    "deploy@deploy.example.com: Permission denied (publickey).",
    "git@github.com:acme/app.git",
    "npm error 404 '@acme/design-tokens@^1.0.0' is not in this registry.",
    "react-dom@18.2.0",
    "https://user:token@registry.example.com/simple",
    "File /home/runner/work/app/app/src/main.c, line 3",
    "\tat com.example.App.main(App.java:3)",
    "  7 |     return queue\n    |            ^~~~~",
]


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in CHANGED], ids=[case[0] for case in CHANGED])
def test_changed(text: str, expected: str) -> None:
    """What may not be published is taken out or made neutral."""
    assert scrub(text) == expected


@pytest.mark.parametrize("text", UNCHANGED)
def test_unchanged(text: str) -> None:
    """What only looks like an address, and what is neutral already, survives."""
    assert scrub(text) == text


def test_replace_comes_first() -> None:
    """A scenario's own replacements see the text as the tool printed it."""
    expected = "GET https://registry.npmjs.org/react"
    assert scrub("GET http://10.1.2.3:4873/react", {"http://10.1.2.3:4873": "https://registry.npmjs.org"}) == expected


@given(st.text(alphabet=st.sampled_from("ab1.@/ \r\n\x1b[]m:-0"), max_size=80))
def test_idempotent(text: str) -> None:
    """Scrubbing what is scrubbed changes nothing."""
    once = scrub(text)
    assert scrub(once) == once
