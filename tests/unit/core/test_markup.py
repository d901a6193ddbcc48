"""Text from strangers does nothing in messages."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.hostile import HOSTILE, Hostile, name_case

from errclass.core.markup import (
    check_link,
    clean_line,
    clean_lines,
    escape_header,
    escape_markdown,
    escape_slack,
    fence_markdown,
    fence_slack,
    link_slack,
    quote_slack,
)

CASES = pytest.mark.parametrize("case", HOSTILE, ids=name_case)
ACTIVE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def is_inert_slack(text: str) -> bool:
    """Tell whether Slack finds no mention, link or entity of a stranger in mrkdwn."""
    bare = re.sub("&(amp|lt|gt);", "", text)
    return not re.search("[<>&]", bare) and not ACTIVE.search(text)


@CASES
def test_clean_text_acts_nowhere(case: Hostile) -> None:
    """No control, no direction mark, nothing that cannot be sent; lines stay lines."""
    for text in (clean_lines(case.text), clean_line(case.text)):
        assert None is ACTIVE.search(text)
        text.encode()


@CASES
def test_a_line_is_one_line_of_bounded_length(case: Hostile) -> None:
    """For headers and titles."""
    line = clean_line(case.text, 80)
    assert (True, [line] if line else []) == (len(line) <= 80, line.splitlines())


@CASES
def test_a_header_holds_no_encoded_word(case: Hostile) -> None:
    """What is read from the mail is what was written, on one line."""
    from email.message import EmailMessage

    message = EmailMessage()
    message["Subject"] = escape_header(case.text)
    assert ["Subject"] == message.keys()
    assert 1 >= len(str(message["Subject"]).splitlines())
    assert b"\nBcc:" not in message.as_bytes()


@CASES
def test_slack_text_is_inert(case: Hostile) -> None:
    """No mention, no link, no entity, within its limit."""
    line = escape_slack(case.text, 200)
    assert is_inert_slack(line)
    assert not re.search("@\\w|://", line)


@CASES
def test_slack_code_is_not_left(case: Hostile) -> None:
    """A stranger's backtick closes nothing."""
    line, block = quote_slack(case.text, 200), fence_slack(case.text, 500)
    assert is_inert_slack(line)
    assert is_inert_slack(block)
    assert (True, True) == (len(line) <= 202, len(block) <= 500)
    assert line.count("`") in (0, 2)
    assert block.count("`") in (0, 6)


@CASES
def test_markdown_text_means_nothing(case: Hostile) -> None:
    """Every character that could mean something is escaped, and it stays on its line."""
    line = escape_markdown(case.text, 200)
    assert not re.search(r"(?<!\\)(?:\\\\)*[!-/:-@\[\]^-`{-~]", line)
    assert "\n" not in line


@CASES
def test_a_markdown_fence_is_not_closed_from_inside(case: Hostile) -> None:
    """The fence is longer than any within."""
    block = fence_markdown(case.text, 2000)
    if block:
        first, *inside, last = block.split("\n")
        assert ("`" * len(last), f"{last}text") == (last, first)
        assert not any(last in line for line in inside)


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    """What is clean stays as it is."""
    assert clean_lines(text) == clean_lines(clean_lines(text))


@given(st.text(), st.integers(20, 300))
def test_limits_hold_for_any_text(text: str, limit: int) -> None:
    """Escaping makes text longer; the limit is for the result."""
    assert len(fence_slack(text, limit)) <= limit
    assert len(quote_slack(text, limit)) <= limit + 2
    assert is_inert_slack(escape_slack(text, limit))


def test_plain_text_reads_as_it_was() -> None:
    """Nothing is done to what does nothing."""
    assert "npm ERR code E404" == clean_line("npm ERR code E404")
    assert "`npm ERR! code E404`" == quote_slack("npm ERR! code E404")
    assert "```\na\n  b\n```" == fence_slack("\na\n  b\n")
    assert "```text\na\n```" == fence_markdown("a")
    assert "exit code 1" == escape_markdown("exit code 1")


@pytest.mark.parametrize(
    "url", ["https://ci.example.com/job/1?a=b&c=d#L1", "http://localhost:8080/x", "https://[::1]/x"]
)
def test_a_plain_address_is_a_link(url: str) -> None:
    """Of the web."""
    assert url == check_link(url)


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//evil.example",
        "https://",
        "https://status.example.com@evil.example/",
        "https://evil.example/|label>",
        "https://evil.example/ x",
        "https://evil.example/\nx",
        'https://evil.example/"onclick="x',
        "https://evil.example:99999999/",
        "https://\u0430pple.example/",
        "https://evil.example/" + "a" * 3000,
    ],
)
def test_anything_else_is_no_link(url: str | None) -> None:
    """It is left out rather than mended."""
    assert None is check_link(url)


@CASES
def test_no_hostile_text_is_a_link(case: Hostile) -> None:
    """Not even one that holds an address."""
    assert None is check_link(case.text)


def test_a_link_of_ours_is_written_for_slack() -> None:
    """With its ampersands escaped."""
    assert "<https://ci.example.com/?a=1&amp;b=2|Open>" == link_slack("https://ci.example.com/?a=1&b=2", "Open")
