"""All texts that come with errclass."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from errclass.classify import bundled
from errclass.classify.bundled import load_bundled
from errclass.core.taxonomy import Taxonomy
from errclass.core.types import Example

if TYPE_CHECKING:
    import pytest


def test_written_and_captured_texts_are_there(corpus: list[Example], taxonomy: Taxonomy) -> None:
    """Told apart by their source."""
    found = load_bundled(taxonomy)
    written = {example.text for example in found if example.source == "corpus"}
    assert {example.text for example in corpus} == written
    assert len(written) < len(found)


def test_no_text_is_there_twice(taxonomy: Taxonomy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A capture that says what was written before is the written text."""
    first = load_bundled(taxonomy)[0]
    capture = f"tool: other\nsource: captured\ntexts:\n  - type: test\n    text: {json.dumps(first.text)}\n"
    (tmp_path / "other.yaml").write_text(capture, encoding="utf-8")
    monkeypatch.setattr(bundled, "CAPTURES", tmp_path)
    found = [example for example in load_bundled(taxonomy) if example.text == first.text]
    assert [first] == found
    assert 1 == max(Counter(example.text for example in load_bundled(taxonomy)).values())
