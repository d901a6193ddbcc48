"""Signals say what a text shows, or why it shows nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errclass.classify.signals import extract_signals
from errclass.classify.training import signals_of
from errclass.core.failure import failure_from_command
from errclass.core.types import Failure


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        ("", "empty"),
        ("  \n\t\n", "empty"),
        ("\0", "no_log"),
        ("\x01\x02\x03\x04" * 100, "no_log"),
        ("Process completed with exit code 1.", "no_log"),
        ("##[group]Run ./build.sh\n##[endgroup]\n##[error]Process completed with exit code 1.", "no_log"),
        ("Collecting packages\nInstalling packages\nRunning the build step and then [truncated]", "truncated"),
        ("tests/test_a.py::test_1 PASSED\ntests/test_a.py::test_2 PASSED\n2 passed in 0.3s", "no_match"),
        ("Build completed successfully", "no_match"),
        ("Error: Cannot find module 'express'", None),
        ("connect ECONNREFUSED 10.0.0.3:5432", None),
        ("tests/test_a.py::test_1 PASSED\nFAILED tests/test_a.py::test_2 - assert 1 == 2", None),
        ("something odd happened here", None),
    ],
)
def test_a_gap_is_named(text: str, gap: str | None) -> None:
    """Why a text cannot name a cause is said, and nothing is said where it may."""
    assert gap == signals_of(text).gap


def test_a_telling_exit_code_fills_the_gap_of_a_generic_text() -> None:
    """137 says more than the line that reports it."""
    assert signals_of("Process completed with exit code 137.").gap is None
    assert "says:resource" in extract_signals(failure_from_command("Killed", 137)).tags


def test_a_text_without_words_keeps_its_exit_code() -> None:
    """An empty output of a killed process still has that much evidence."""
    signals = extract_signals(failure_from_command("", 137))
    assert "empty" == signals.gap
    assert ["137"] == [hit.code for hit in signals.codes]


@pytest.mark.parametrize("text", ["", "Process completed with exit code 1.", "Build completed successfully"])
def test_a_gap_has_no_fingerprint(text: str) -> None:
    """What names no cause stands for none."""
    assert signals_of(text).fingerprint is None


def test_all_parts_are_filled() -> None:
    """One text that has everything gives everything."""
    signals = signals_of(
        "npm ERR! code E429\nnpm ERR! 429 Too Many Requests - GET https://registry.npmjs.org/left-pad\nretry-after: 30\n"
        "FAILED tests/test_a.py::test_x - boom"
    )
    assert "npm" == signals.tool
    assert 30 == signals.retry_after
    assert ("tests/test_a.py::test_x",) == signals.failing_tests
    assert ("npm", "E429") in {(hit.table, hit.code) for hit in signals.codes}
    assert "<url>" in signals.masked_text
    assert signals.fingerprint
    assert {"tool:npm", "failing-tests", "code:npm:E429", "says:rate_limit", "first:rate_limit"} <= set(signals.tags)


def test_the_tags_come_once_and_in_order() -> None:
    """The same evidence twice is one tag."""
    tags = signals_of("ENOSPC\nENOSPC\nno space left on device").tags
    assert len(tags) == len(set(tags))


def test_a_secret_never_reaches_the_signals() -> None:
    """Text and context are masked before anything reads them."""
    secret = "ghp_" + "a1B2" * 9
    signals = signals_of(f"remote: Invalid credentials for https://x:{secret}@github.com/acme/app.git")
    assert secret not in repr(signals)


ANY = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(["\r", "\n", "\x1b[", "Error: ", "İ", "ﬁ", "\ud800", "\0", "x" * 50]), max_size=20).map(
        "".join
    ),
)


@settings(deadline=None)
@given(ANY, st.one_of(st.none(), st.integers(-300, 2**32)))
def test_any_text_gives_signals(text: str, exit_code: int | None) -> None:
    """No text and no exit code raises; signals are the same each time."""
    failure = Failure(text=text, exit_code=exit_code)
    assert extract_signals(failure) == extract_signals(failure)
