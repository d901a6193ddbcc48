"""Corpus files are read as labelled examples; a broken one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from errclass.classify.corpus import load_corpus
from errclass.core.errors import UsageError
from errclass.core.taxonomy import Taxonomy
from errclass.core.types import Example

GOOD = """\
tool: npm
source: written
texts:
  - type: network
    text: |-
      connect ECONNREFUSED
  - type: resource
    retryable: false
    text: no space left on device
"""


def load(folder: Path, taxonomy: Taxonomy, content: str | bytes) -> list[Example]:
    (folder / "npm.yaml").write_bytes(content.encode() if isinstance(content, str) else content)
    return load_corpus(taxonomy, folder)


def test_texts_become_examples(tmp_path: Path, taxonomy: Taxonomy) -> None:
    """The type's own answer stands for a retryable that is not stated."""
    assert [
        Example("connect ECONNREFUSED", "network", retryable=True, tool="npm", source="corpus"),
        Example("no space left on device", "resource", retryable=False, tool="npm", source="corpus"),
    ] == load(tmp_path, taxonomy, GOOD)


def test_a_capture_keeps_its_source(tmp_path: Path, taxonomy: Taxonomy) -> None:
    """Only what was written by hand is called corpus."""
    assert {"capture"} == {one.source for one in load(tmp_path, taxonomy, GOOD.replace("written", "capture"))}


def test_files_come_in_the_order_of_their_names(tmp_path: Path, taxonomy: Taxonomy) -> None:
    """The same folder always gives the same list."""
    (tmp_path / "apt.yaml").write_text(GOOD.replace("npm", "apt"))
    assert ["apt", "apt", "npm", "npm"] == [one.tool for one in load(tmp_path, taxonomy, GOOD)]


def test_other_files_are_left_alone(tmp_path: Path, taxonomy: Taxonomy) -> None:
    """A README beside them is none of them."""
    (tmp_path / "README.md").write_text("hello")
    assert 2 == len(load(tmp_path, taxonomy, GOOD))


@pytest.mark.parametrize(
    "content",
    [
        "",
        "hello",
        "[]",
        "{",
        "tool: npm\nsource: written\n",
        "tool: npm\ntexts:\n  - {type: network, text: x}\n",
        "source: written\ntexts:\n  - {type: network, text: x}\n",
        "tool: npm\nsource: written\ntexts: hello\n",
        "tool: npm\nsource: written\ntexts:\n  - hello\n",
        "tool: npm\nsource: written\ntexts:\n  - [type, text]\n",
        "tool: npm\nsource: written\ntexts:\n  - {type: network}\n",
        "tool: npm\nsource: written\ntexts:\n  - {text: x}\n",
        "tool: npm\nsource: written\ntexts:\n  - {type: weather, text: x}\n",
        "tool: npm\nsource: written\ntexts:\n  - {type: [network], text: x}\n",
        "tool: npm\nsource: written\ntexts:\n  - {type: network, text: 42}\n",
        "tool: !!python/object/apply:os.getcwd []\nsource: written\ntexts: []\n",
        b"tool: \xff\xfe",
        b"tool: a\0b",
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, taxonomy: Taxonomy, content: str | bytes) -> None:
    """The error is the user's kind, with the file in it."""
    with pytest.raises(UsageError, match=r"npm\.yaml"):
        load(tmp_path, taxonomy, content)


def test_a_foreign_type_is_named(tmp_path: Path, taxonomy: Taxonomy) -> None:
    """The error tells the entry and the type."""
    with pytest.raises(UsageError, match=r"connect ECONNREFUSED.*weather"):
        load(tmp_path, taxonomy, GOOD.replace("type: network", "type: weather"))


def test_an_empty_folder_gives_nothing(tmp_path: Path, taxonomy: Taxonomy) -> None:
    """No file is no example."""
    assert [] == load_corpus(taxonomy, tmp_path)
