"""Every renderer is run through the table of hostile strings: nothing breaks out."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt
from support.hostile import HOSTILE, Hostile, name_case

from errclass.actions.notify import Digest, DigestLine, Dispatch, Notice
from errclass.actions.notify.channels.webhook import write_body
from errclass.actions.notify.preparing import prepare_notice
from errclass.actions.notify.rendering import (
    Page,
    make_page,
    render_html,
    render_markdown,
    render_plain,
    render_slack,
    render_title,
)

CASES = pytest.mark.parametrize("case", HOSTILE, ids=name_case)
NOW = datetime(2026, 11, 28, 12, 30, tzinfo=UTC)
LINK = "https://ci.example.com/17"
ACTIVE = set("\x00\x07\x08\x0b\x0c\r\x1b\x7f\x85\x9b\u2028\u2029\u202a\u202e\u2066\u200f")


class Tags(HTMLParser):
    """Collect the tags and attributes of a document."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.links: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src") or name.startswith("on")]


def make_notice(text: str) -> Notice:
    return Notice(
        text,
        type=text,
        category=text,
        operation=text,
        environment=text,
        repository=text,
        branch=text,
        commit=text,
        evidence=(text, "exit 1"),
        tried=(text, "again"),
        next_step=text,
        fingerprint=text,
        count=3,
        first_seen=NOW,
        last_seen=NOW,
        link=LINK,
    )


def make_digest(text: str) -> Digest:
    line = DigestLine(text, "failure", 3, 2, "high", NOW, NOW, text, text, text, text, text)
    return Digest((line, replace(line, what="plain")), "high", NOW, NOW)


def make_pages(text: str) -> list[Page]:
    return [make_page(Dispatch("k", make_notice(text), repeats=2)), make_page(Dispatch("k", make_digest(text)))]


@CASES
def test_nothing_breaks_out_of_markdown(case: Hostile) -> None:
    """The only link is ours, there is no HTML and no image, and as many lists as we write."""
    for page in make_pages(case.text[:3000]):
        tags = Tags()
        tags.feed(MarkdownIt("commonmark").enable("table").render(render_markdown(page)))
        assert [LINK] * bool(page.link) == tags.links
        assert set() == set(tags.found) - {"p", "ul", "li", "strong", "pre", "code", "a"}
        assert len(page.facts) + len(page.tried) + len(page.lines) == tags.found.count("li")


@CASES
def test_nothing_breaks_out_of_html(case: Hostile) -> None:
    """The tags are those of the template."""
    for page, plain in zip(make_pages(case.text[:3000]), make_pages("plain"), strict=True):
        tags, expected = Tags(), Tags()
        tags.feed(render_html(page))
        expected.feed(render_html(plain))
        assert expected.links == tags.links
        assert set() == set(tags.found) - set(expected.found)


@CASES
def test_nothing_breaks_out_of_plain_text(case: Hostile) -> None:
    """No control, and no title of more than a line."""
    for page in make_pages(case.text[:3000]):
        text, title = render_plain(page), render_title(page)
        assert set() == ACTIVE & set(text + title)
        assert 1 == len(title.splitlines())
        (text + title).encode()


@CASES
def test_nothing_breaks_out_of_slack(case: Hostile) -> None:
    """No mention and no link but ours."""
    for page in make_pages(case.text[:3000]):
        message = render_slack(page)
        texts = [block["text"]["text"] for block in message["blocks"] if block["type"] == "section"]
        written = "\n".join([message["text"], *texts]).replace(f"<{LINK}|Open>", "")
        assert ("<" in written, ">" in written) == (False, False)
        assert set() == ACTIVE & set(json.dumps(message, ensure_ascii=False))


@CASES
def test_a_prepared_notice_is_bounded(case: Hostile) -> None:
    """However long the text; and it can be kept and sent as JSON."""
    prepared = prepare_notice(replace(make_notice(case.text), evidence=(case.text,) * 100, link=case.text))
    document = json.dumps(prepared.to_dict())
    assert (len(document) < 60_000, None) == (True, prepared.link)
    assert Notice.from_dict(json.loads(document)) == prepared
    assert len(write_body(Dispatch("k", prepared))) < 60_000


def test_pages_and_digests_read_well() -> None:
    """What a person gets to see."""
    one, many = make_pages("npm ci")
    assert (
        "Type: npm ci (npm ci)\nOperation: npm ci\nEnvironment: npm ci\nRepository: npm ci\nBranch: npm ci\n"
        "Commit: npm ci\nSeen: 3 times, first 2026-11-28 12:30 UTC, last 2026-11-28 12:30 UTC\n"
        "Told along: 2 more of the same\nFingerprint: npm ci\n\n    npm ci\n    exit 1\n\n"
        f"Tried:\n- npm ci\n- again\n\nNext: npm ci\n\n{LINK}\n"
    ) == render_plain(one)
    assert ("npm ci", "Digest: 6 notices on 2 topics") == (render_title(one), render_title(many))
    assert (
        "Priority: high\nTypes: npm ci 6\nTime: 2026-11-28 12:30 UTC to 2026-11-28 12:30 UTC\n\n"
        "- npm ci: npm ci (3 times; flapping; npm ci)\n- npm ci: plain (3 times; flapping; npm ci)\n"
    ) == render_plain(many)


def test_an_empty_notice_says_so() -> None:
    """Nothing is known of it, and it is told nevertheless."""
    assert "something failed, and nothing is known of it" == prepare_notice(Notice(" \x00 ")).what
