"""What differs from run to run gets fixed values; what may be a code stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errclass.classify.masks import mask_variables
from errclass.classify.normal_form import normalise_variables
from errclass.core.types import Example


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01T12:34:56.789Z failed", "0000-00-00T00:00:00.000Z failed"),
        ("2026-03-01 12:34:56+02:00 failed", "0000-00-00 00:00:00+00:00 failed"),
        ("[12:34:56,123] failed", "[00:00:00,000] failed"),
        ("Mar 12 08:15:00 host sshd", "Jan 12 00:00:00 host sshd"),
        ("request 3f2504e0-4f89-11d3-9a0c-0305e82c3301", "request 00000000-0000-0000-0000-000000000000"),
        ("commit 1f2e3d4", "commit 0a0a0a0"),
        ("at 0x7f3a5c001000", "at 0x0a0a0a0a0a0a"),
        ("took 12.345s", "took 00.000s"),
        ("account 123456789012", "account 000000000000"),
        ("/tmp/tmp4k2l9x_a/setup.py", "/tmp/tmpx0x0x0x0/setup.py"),
        ("/tmp/ccZk2uQe.s: No space", "/tmp/ccx0x0x0.s: No space"),
    ],
)
def test_values_that_differ_are_fixed(text: str, expected: str) -> None:
    """Each keeps its length, so that all places stay."""
    assert expected == normalise_variables(text)


@pytest.mark.parametrize(
    "text",
    [
        "exit code 3221225786",
        "status 0xC0000005",
        "HTTP 503 after 12 s",
        "error TS2322: decade facade",
        "99:99:99 is no time",
        "5.551115123125783e-17 is no id",
        "-1234567a is a number first",
        "/tmp/tmpfailure names what failed",
        "2026-03-01 is a day",
        "registry-1.docker.io:443",
        "",
    ],
)
def test_what_may_be_a_code_or_a_word_stays(text: str) -> None:
    """Short numbers, words of hexadecimal letters, plain names, dates without a time."""
    assert text == normalise_variables(text)


def test_the_model_reads_the_same(corpus: list[Example]) -> None:
    """Masking sees no difference, and places stay."""
    for example in corpus:
        form = normalise_variables(example.text)
        assert (mask_variables(example.text), len(example.text)) == (mask_variables(form), len(form))


@given(st.text(alphabet="0123456789abcdefx-:.T/ tmpnJan\n", max_size=120))
def test_a_form_is_its_own_form(text: str) -> None:
    """Otherwise one error would have two."""
    form = normalise_variables(text)
    assert (len(text), form) == (len(form), normalise_variables(form))
