"""Labels of a user's history become types."""

from __future__ import annotations

from pathlib import Path

import pytest

from errclass.core.errors import UsageError
from errclass.system.jobs.label_mapping import LabelMapping, read_label_map
from errclass.system.taxonomy_file import load_taxonomy


@pytest.mark.parametrize("label", ["rate_limit", "Rate Limit", " RATE-LIMIT ", "rate limit"])
def test_spelling_does_not_matter(label: str) -> None:
    """Case, blanks, dashes and underscores are the same."""
    assert "rate_limit" == LabelMapping(load_taxonomy()).find(label)


@pytest.mark.parametrize("label", ["networks", "net", "", "transient", "rate_limit2"])
def test_what_is_only_alike_is_foreign(label: str) -> None:
    """A guess would teach the model something false."""
    assert LabelMapping(load_taxonomy()).find(label) is None


def test_the_users_table_goes_first() -> None:
    """Also over a type's own name."""
    mapping = LabelMapping(load_taxonomy(), {"Flaky Thing": "test", "build": "syntax"})
    assert ["test", "syntax", "network"] == [mapping.find(label) for label in ("flaky-thing", "Build", "network")]


def test_a_table_that_leads_nowhere_is_refused() -> None:
    """The wrong types and the right ones are listed."""
    with pytest.raises(UsageError, match=r"'nope'.*its types are network"):
        LabelMapping(load_taxonomy(), {"a": "nope", "b": "network"})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("map.csv", "Link trouble,network\ncompile error,syntax\n"),
        ("map.tsv", "Link trouble\tnetwork\ncompile error\tsyntax\n"),
        ("map.csv", "\ufeffLink trouble, network\ncompile error,syntax\n\n"),
        ("map.json", '{"Link trouble": "network", "compile error": "syntax"}'),
        ("map.yaml", "Link trouble: network\ncompile error: syntax\n"),
        ("map", "Link trouble: network\ncompile error: syntax\n"),
    ],
)
def test_a_table_may_come_in_any_usual_form(name: str, content: str, tmp_path: Path) -> None:
    """By the file's suffix; YAML where there is none."""
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert {"Link trouble": "network", "compile error": "syntax"} == read_label_map(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("map.json", b"{"),
        ("map.json", b'["network"]'),
        ("map.json", b'{"a": 1}'),
        ("map.yaml", b"a: [b"),
        ("map.yaml", b"just a text"),
        ("map.yaml", b""),
        ("map.csv", b"\xff\xfe\x00"),
        ("map.csv", b"label\nother\n"),
        ("map.csv", b"a,network,extra\n"),
    ],
)
def test_a_table_that_is_none_is_refused(name: str, content: bytes, tmp_path: Path) -> None:
    """The file is named."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError, match=name):
        read_label_map(tmp_path / name)


def test_a_missing_table_is_refused(tmp_path: Path) -> None:
    """Likewise."""
    with pytest.raises(UsageError, match="missing"):
        read_label_map(tmp_path / "missing.csv")


def test_a_table_nested_without_end_is_refused(tmp_path: Path) -> None:
    """It ends in one clear line, not in the parser's recursion."""
    path = tmp_path / "map.json"
    path.write_text("[" * 100_000)
    with pytest.raises(UsageError, match="not valid JSON"):
        read_label_map(path)
