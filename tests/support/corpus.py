"""Texts of the bundled corpus as history of a user."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from errclass.classify.corpus import load_corpus
from errclass.core.types import Example
from errclass.system.taxonomy_file import load_taxonomy


def pick_examples(types: Sequence[str], each: int, *, start: int = 0) -> list[Example]:
    """Return ``each`` texts of every type, spread over the corpus; another ``start`` gives others."""
    return [example for name in types for example in _spread(_of_type(name)[start::3], each)]


def write_jsonl(path: Path, examples: Iterable[Example]) -> Path:
    """Write examples as a labelled history and return its path."""
    rows = ({"text": example.text, "label": example.type, "tool": example.tool} for example in examples)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def _spread(examples: Sequence[Example], number: int) -> Sequence[Example]:
    return examples[:: max(1, len(examples) // number)][:number]


@cache
def _of_type(name: str) -> tuple[Example, ...]:
    return tuple(example for example in load_corpus(load_taxonomy()) if example.type == name)
