"""Text from strangers does nothing where it is printed."""

from __future__ import annotations

import json
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errclass.core.escaping import escape_json, escape_terminal

ACTIVE = [
    ("\x1b[31mred\x1b[0m", "red"),
    ("\x1b]8;;http://evil.example\x07link\x1b]8;;\x07", "link"),
    ("\x1b]0;title\x1b\\after", "after"),
    ("\x1b]0;never closed", ""),
    ("\x1bcreset", "reset"),
    ("\x9b31mred", "31mred"),
    ("bell\x07 back\x08 delete\x7f nul\x00", "bell back delete nul"),
    ("one\rtwo", "onetwo"),
    ("right\u202eleft\u2066isolate\u061c", "rightleftisolate"),
    ("::error file=a.py::x", ": :error file=a.py::x"),
    ("  ::set-output name=a::b", "  : :set-output name=a::b"),
    ("first\n::add-mask::x", "first\n: :add-mask::x"),
    ("\x1b[0m::warning::x", ": :warning::x"),
    ("::ERROR::x", ": :ERROR::x"),
    ("##vso[task.complete]", "# #vso[task.complete]"),
    ("text ##[error]x", "text # #[error]x"),
    ("#\x00#vso[a]b", "# #vso[a]b"),
    ("###vso[a]b", "## #vso[a]b"),
    ("##VSO[a]b", "# #VSO[a]b"),
]
HARMLESS = [
    "",
    "plain text, with a tab:\tand a line\nmore",
    "std::vector<int>::push_back",
    "a ::1 address, ::ffff:10.0.0.1",
    "::1 refused",
    "## Heading",
    "### [link](target)",
    "C# #1 [x]",
    "→ Échec ✗ 失敗",
    "error: expected ';' before '}' token",
]


@pytest.mark.parametrize(("text", "expected"), ACTIVE)
def test_what_acts_is_disarmed(text: str, expected: str) -> None:
    """Sequences are dropped; commands get a space inside."""
    assert expected == escape_terminal(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_does_nothing_stays(text: str) -> None:
    """Look-alikes of commands read as they were written."""
    assert text == escape_terminal(text)


hostile = st.lists(
    st.one_of(
        st.sampled_from(
            ["\x1b", "[", "]", "#", "##", "vso[", "::", ":", "error", "\n", " ", "\x9b", "\u202e", "\x07", "\\"]
        ),
        st.text(max_size=4),
    ),
    max_size=30,
).map("".join)


@given(hostile)
def test_nothing_active_is_ever_left(text: str) -> None:
    """However the parts are put together."""
    escaped = escape_terminal(text)
    assert not set(escaped) & {"\x1b", "\x9b", "\x07", "\x00", "\r", "\u202e"}
    assert not re.search(r"##(?:vso)?\[", escaped, re.IGNORECASE)
    assert not re.search(r"^[^\S\n]*::[a-z]", escaped, re.IGNORECASE | re.MULTILINE)


@given(hostile)
def test_escaping_twice_changes_nothing_more(text: str) -> None:
    """It is idempotent."""
    assert escape_terminal(text) == escape_terminal(escape_terminal(text))


@given(
    st.recursive(
        st.one_of(hostile, st.integers(), st.none()),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(hostile, inner, max_size=4),
        max_leaves=12,
    )
)
def test_json_keeps_its_values(value: object) -> None:
    """A parser gets back what was written, and neither terminal nor CI finds anything in it."""
    document = escape_json(json.dumps(value, indent=2))
    assert value == json.loads(document)
    assert document.isascii()
    assert not set(document) & {"\x1b", "\x7f"}
    assert "##" not in document
    assert "::" not in document


@pytest.mark.parametrize(
    "text", ["\n" * 60_000, " " * 60_000, "\x1b]" * 30_000, "\x1b[" * 30_000, "#" * 60_000, ":" * 60_000]
)
def test_hostile_lines_take_no_time(text: str) -> None:
    """No pattern looks at the same characters again and again: the square of this length would take minutes."""
    started = time.process_time()
    escape_terminal(text)
    assert time.process_time() - started < 20
