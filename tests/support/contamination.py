"""Find texts that a model is measured on in files that it may have learned from, or that its authors have written."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from support.shingles import Shingle, list_shingles

SHINGLE_WORDS, RUN_WORDS = 8, 25
MOST = 0.5
"""Share of a record's shingles that may stand in one file."""
_LEAST_DIFFERENT = 3
_ESCAPE = re.compile(r"\\(?:[ntre]|x1b|u001b|033)")
_PATH = re.compile(r"\w[/\\]|[/\\]\w")
_DIGITS = re.compile(r"\d+")
_AROUND = "\"'`,;:.!?()[]{}<>|*=-"


@dataclass(frozen=True, slots=True)
class Finding:
    """Name a record and the file that repeats it; never its text."""

    record: str
    file: str
    share: float
    """How many of the record's shingles stand in the file, 0 to 1."""
    run: bool
    """Whether a run of 25 words does."""


def split_words(text: str) -> list[str]:
    """Return the words between white space, in lower case, without marks around them, digits and paths masked.

    What is written as an escape (of a line end, say) is white space, and marks alone are no word.
    """
    words = (word.strip(_AROUND) for word in _ESCAPE.sub(" ", text).lower().split())
    return ["0path" if _PATH.search(word) else _DIGITS.sub("0", word) for word in words if word]


def find_contaminated(records: Mapping[str, str], files: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """Yield every record that one of the files, given as (name, text), repeats.

    It does when more than half of the record's different runs of 8 words stand in the file, or any run of 25 words. Runs
    of which less than a third are different words do not count: masked, all rows of numbers are the same. A record of
    fewer than 8 words is too short to tell.
    """
    words = {name: split_words(text) for name, text in records.items()}
    index = _index_shingles(words)
    sizes = Counter(name for names in index.values() for name in names)
    runs = {name: _list_telling(own, RUN_WORDS) for name, own in words.items()}
    for file, text in files:
        found = split_words(text)
        shared = index.keys() & _list_telling(found, SHINGLE_WORDS)
        counts = Counter(name for shingle in shared for name in index[shingle])
        found_runs = _list_telling(found, RUN_WORDS) if counts else set()
        for name, count in counts.items():
            share, run = count / sizes[name], not runs[name].isdisjoint(found_runs)
            if share > MOST or run:
                yield Finding(name, file, round(share, 2), run)


def _index_shingles(words: Mapping[str, Sequence[str]]) -> dict[Shingle, list[str]]:
    index: dict[Shingle, list[str]] = defaultdict(list)
    for name, own in words.items():
        for shingle in _list_telling(own, SHINGLE_WORDS):
            index[shingle].append(name)
    return index


def _list_telling(words: Sequence[str], size: int) -> set[Shingle]:
    return {shingle for shingle in list_shingles(words, size) if _LEAST_DIFFERENT * len(set(shingle)) >= size}
