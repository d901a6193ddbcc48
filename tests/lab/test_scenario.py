"""Scenario files say what they mean, or are refused with the place."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenario import load_scenarios

from errclass.core.taxonomy import Taxonomy

GOOD = """
tool: curl
version: curl --version
shared: {needs: [curl], env: {A: "1"}, files: {a.txt: one}}
scenarios:
  - {id: refused, type: network, expect: refused, command: curl x, needs: [jq], env: {B: "2"}, files: {a.txt: two}}
  - {id: plain, type: unknown, expect: 404, command: curl y}
"""


def _write(folder: Path, text: str) -> Path:
    (folder / "curl.yaml").write_text(text, encoding="utf-8")
    return folder


def test_shared_values_are_merged(tmp_path: Path) -> None:
    """Lists add up, mappings too, and the scenario's own value wins."""
    first = load_scenarios(_write(tmp_path, GOOD))[0]
    assert first.needs == ("curl", "jq")
    assert first.env == {"A": "1", "B": "2"}
    assert first.files == {"a.txt": "two"}


def test_numbers_are_expected_as_text(tmp_path: Path) -> None:
    """``expect: 404`` is a regular expression like any other."""
    assert load_scenarios(_write(tmp_path, GOOD))[1].expect == "404"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("id: plain", "id: refused", "there twice"),
        ("id: plain", "id: plain, colour: red", "unknown fields: colour"),
        ("type: unknown, ", "", "missing 1 required"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    """A file with a mistake is refused, and the message says which."""
    with pytest.raises(ValueError, match=complaint):
        load_scenarios(_write(tmp_path, GOOD.replace(old, new)))


def test_types_are_in_the_taxonomy(taxonomy: Taxonomy) -> None:
    """Every scenario is labelled with a type that exists."""
    assert sorted({each.type for each in load_scenarios()} - set(taxonomy.names)) == []


def test_retryable_is_said_only_where_it_differs(taxonomy: Taxonomy) -> None:
    """A scenario says nothing that follows from its type."""
    said = [each for each in load_scenarios() if each.retryable is not None]
    assert [f"{each.tool}/{each.id}" for each in said if each.retryable == taxonomy.is_retryable(each.type)] == []
