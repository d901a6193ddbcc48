"""A fingerprint stays under what varies between two runs, and differs between causes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errclass.classify.training import signals_of

NUMBERS = st.integers(0, 10**9).map(str)
HASHES = st.text("0123456789abcdef", min_size=8, max_size=40).filter(
    lambda text: any(c.isdigit() for c in text) and any(c.isalpha() for c in text)
)
WORDS = st.from_regex(r"[a-z]{1,8}", fullmatch=True)
PATHS = st.lists(WORDS, min_size=2, max_size=5).map(lambda parts: "/" + "/".join(parts) + "/data.json")
HOSTS = st.tuples(WORDS, st.integers(0, 999), st.sampled_from(["internal", "example.com", "svc.cluster.local"])).map(
    lambda parts: f"{parts[0]}{parts[1]}.{parts[2]}"
)
TIMES = st.datetimes().map(lambda time: time.replace(year=2025).isoformat(timespec="seconds") + "Z")


def fingerprint(text: str) -> str | None:
    return signals_of(text).fingerprint


@settings(max_examples=100, deadline=None)
@given(
    st.tuples(NUMBERS, NUMBERS),
    st.tuples(PATHS, PATHS),
    st.tuples(HASHES, HASHES),
    st.tuples(HOSTS, HOSTS),
    st.tuples(TIMES, TIMES),
)
def test_what_varies_between_runs_changes_nothing(
    numbers: tuple[str, str],
    paths: tuple[str, str],
    hashes: tuple[str, str],
    hosts: tuple[str, str],
    times: tuple[str, str],
) -> None:
    """Other numbers, paths, hashes, hosts and times give the same fingerprint."""
    first, second = (
        fingerprint(
            f"{times[i]} starting job {numbers[i]}\n"
            f"{times[i]} ERROR: upload of {paths[i]} (sha {hashes[i]}) to {hosts[i]}:443 broke off after {numbers[i]} bytes"
        )
        for i in (0, 1)
    )
    assert first == second
    assert first is not None


CAUSES = [
    "Error: Cannot find module 'express'",
    "Error: Cannot find module 'lodash'",
    "fatal: unable to access 'https://github.com/acme/app.git/': Could not resolve host: github.com",
    "write /var/lib/docker/tmp/x: no space left on device",
    "AssertionError: expected total to be positive",
    "error: linker `cc` not found",
    "FAILED tests/test_cart.py::test_total - assert 3 == 4",
    "FAILED tests/test_cart.py::test_discount - assert 3 == 4",
]


def test_different_causes_have_different_fingerprints() -> None:
    """Two tests that fail with the same assertion are two failures, too."""
    found = [fingerprint(cause) for cause in CAUSES]
    assert None not in found
    assert len(CAUSES) == len(set(found))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\t\n",
        "Process completed with exit code 1.",
        "make: *** [Makefile:12: all] Error 2",
        "ERROR: Job failed: exit code 1",
        "npm ERR! code ELIFECYCLE\nnpm ERR! A complete log of this run can be found in:\nnpm ERR!     /root/.npm/_logs/x-debug.log",
        "Error: 42",
        "fatal: /tmp/x",
        "12345",
    ],
)
def test_a_generic_text_stands_for_no_cause(text: str) -> None:
    """What a thousand different failures print has no fingerprint."""
    assert fingerprint(text) is None


def test_a_vague_line_with_an_exact_code_is_told_by_its_code() -> None:
    """The same vague line with another code is another failure."""
    first, second = fingerprint("Error: 12 ENOSPC"), fingerprint("Error: 12 EMFILE")
    assert None not in (first, second)
    assert first != second


def test_healthy_lines_around_a_failure_change_nothing() -> None:
    """The fingerprint belongs to the line that explains the failure."""
    failure = "Error: Cannot find module 'express'"
    around = "\n".join(f"step {number} ok" for number in range(30))
    assert fingerprint(failure) == fingerprint(f"{around}\n{failure}\n{around}")


def test_a_fingerprint_is_sixteen_hex_digits() -> None:
    """Its form is fixed, for it is stored."""
    found = fingerprint(CAUSES[0])
    assert found is not None
    assert 16 == len(found)
    assert set(found) <= set("0123456789abcdef")


def test_cr_only_lines_do_not_hide_the_cause() -> None:
    """In a log whose lines end in CR the fingerprint is that of its failing line, not of its first."""
    failure = "Error: Cannot find module 'express'"
    assert fingerprint(failure) == fingerprint(f"starting job\r{failure}\r")
