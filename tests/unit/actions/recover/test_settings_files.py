"""Settings that a tool can read are not broken, and those that are missing can be had back."""

from __future__ import annotations

from pathlib import Path

import pytest

from errclass.actions.recover import find_broken_file
from errclass.actions.recover.settings_formats import parses


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tsconfig.json", '{ // a comment\n "a": 1, /* another\n one */ "b": [1, 2,], }'),
        ("a.json", '{"url": "http://example.com/*x*/", "b": "// none, ]"}'),
        ("a.json", "\ufeff{}"),
        ("a.yaml", "\ufeffa: 1"),
        ("a.toml", "a = 1"),
        ("a.ini", "anything"),
        ("a.json", "[" + " " * (5 << 20)),
    ],
)
def test_what_tools_can_read_is_fine(tmp_path: Path, name: str, text: str) -> None:
    """Comments, last commas and byte order marks; what is too large to read is not judged."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert parses(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", "{"),
        ("a.json", "{a}"),
        ("a.json", '{"a" // x\n}'),
        ("a.json", ""),
        ("a.yaml", "a: ["),
        ("a.toml", "a"),
    ],
)
def test_what_nobody_can_read_is_broken(tmp_path: Path, name: str, text: str) -> None:
    """Whatever is in comments."""
    (tmp_path / name).write_text(text)
    assert not parses(tmp_path / name)


@pytest.mark.parametrize("piece", ["/*", '\\"', '"', ",", ", ", "//", "[", "\\", "\n", '"\n'])
def test_a_hostile_file_is_read_in_no_time(tmp_path: Path, piece: str) -> None:
    """Each piece is looked at once; else this would take hours."""
    (tmp_path / "a.json").write_text('"' + piece * 1_000_000)
    assert not parses(tmp_path / "a.json")


def test_a_missing_file_is_found_after_the_broken_ones(tmp_path: Path) -> None:
    """Only where its folder is there."""
    lines = ["cannot find gone/app.json", "cannot find app.yaml", "cannot parse broken.toml"]
    assert "app.yaml" == find_broken_file(tmp_path, lines)
    (tmp_path / "broken.toml").write_text("[")
    assert "broken.toml" == find_broken_file(tmp_path, lines)
    (tmp_path / "app.yaml").write_text("a: 1")
    (tmp_path / "broken.toml").unlink()
    assert "broken.toml" == find_broken_file(tmp_path, lines)
