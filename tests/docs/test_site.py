"""The site is built of what stands here: every page is reached, every link leads somewhere, and nothing comes from elsewhere."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
import yaml
from support.source import find_source

pytest.importorskip("material", reason="the site's builder is not installed: pip install 'errclass[docs]'")

SOURCE = find_source()
FETCHED = {
    "audio": "src",
    "iframe": "src",
    "img": "src",
    "link": "href",
    "script": "src",
    "source": "src",
    "video": "src",
}


class Page(HTMLParser):
    """Collects where a page leads, and what a browser fetches to show it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.fetched: set[str] = set()
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.anchors.add(given["id"])
        if tag == "a" and "href" in given:
            self.links.add(given["href"])
        if tag in FETCHED and given.get("rel") != "canonical" and FETCHED[tag] in given:
            self.fetched.add(given[FETCHED[tag]])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; MkDocs ends with an error for a page without a place and for a link without a target."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--config-file", SOURCE / "mkdocs.yml", "--site-dir", folder]  # fmt: skip
    ran = subprocess.run(
        command, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False
    )
    assert (0, "") == (ran.returncode, ran.stdout + ran.stderr)
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    """The pages by their address below the site's own."""
    found = {path.relative_to(site).as_posix(): path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    return {name.removesuffix("index.html"): Page(text) for name, text in found.items() if name != "404.html"}


def test_nothing_is_fetched_from_elsewhere(pages: dict[str, Page]) -> None:
    """No fonts, scripts, styles or pictures of other servers: a reader is not told to anybody."""
    assert len(pages) > 50
    assert set() == {address for page in pages.values() for address in page.fetched if urlsplit(address).netloc}


def test_styles_fetch_nothing_from_elsewhere(site: Path) -> None:
    """Nor do they import any."""
    styles = [path.read_text(encoding="utf-8") for path in site.rglob("*.css")]
    assert styles
    assert [] == [
        found for text in styles for found in re.findall(r"url\(\s*[\"']?(?:https?:)?//[^)]*|@import[^;]*", text)
    ]


def test_links_lead_to_pages_and_headings(pages: dict[str, Page]) -> None:
    """Of the built pages, those of the README and of the changes too."""
    wrong = [
        (name, link) for name, page in pages.items() for link in page.links if not _leads_somewhere(name, link, pages)
    ]
    assert [] == wrong


def test_the_search_knows_the_pages_and_is_on_the_site(site: Path) -> None:
    """Its index is a file beside them."""
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    assert {"retry/", "first-hour/", "adr/0001-root-as-package/"} <= {one["location"] for one in index["docs"]}


def test_every_decision_is_listed(site: Path) -> None:
    """On the page that lists them, and in the navigation."""
    decisions = sorted(path.name for path in (SOURCE / "docs" / "adr").glob("0*.md"))
    listed = re.findall(r"\]\((0\S+\.md)\)", (SOURCE / "docs" / "adr" / "README.md").read_text(encoding="utf-8"))
    navigation = yaml.safe_load((SOURCE / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    (part,) = [entry["Decisions"] for entry in navigation if "Decisions" in entry]
    assert (
        decisions
        == listed
        == [entry.removeprefix("adr/") for entry in part if isinstance(entry, str) and entry[4:5].isdigit()]
    )


def test_a_stranger_sees_six_parts() -> None:
    """And the first one is where to start."""
    navigation = yaml.safe_load((SOURCE / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    parts = [name for entry in navigation for name in entry]
    assert ["Start", "Guides", "Components", "Reference", "Decisions", "About the model"] == parts


def _leads_somewhere(page: str, link: str, pages: dict[str, Page]) -> bool:
    there = urlsplit(urljoin(f"https://site.invalid/{page}", link))
    if there.netloc != "site.invalid":
        return there.scheme in {"https", "mailto"}
    target = pages.get(there.path.removeprefix("/"))
    return target is not None and (not there.fragment or there.fragment in target.anchors)
