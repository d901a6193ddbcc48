"""A text that was copied is found, also when names and numbers were changed; others are not."""

from __future__ import annotations

import json

import pytest
import yaml
from support.contamination import find_contaminated, split_words

RECORD = (
    "the quick gizmo could not whistle because its third spring was bent beyond repair\n"
    "please order another spring from /opt/gizmo/parts/list.txt within 14 days or return it"
)
LONG = " ".join(f"w{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(120))


def find(record: str, text: str) -> list[tuple[str, str, bool]]:
    return [(one.record, one.file, one.run) for one in find_contaminated({"r1": record}, [("file.txt", text)])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Exit code: 137.", ["exit", "code", "0"]),
        ("at /srv/app/main.py:12 (in C:\\work\\app)", ["at", "0path", "in", "0path"]),
        ("GET https://example.com/a/b?c=1", ["get", "0path"]),
        ("one\\ntwo\\t\\x1b[31mthree", ["one", "two", "0mthree"]),
        ("2025-06-02T11:12:13Z  v18.2 | node20", ["0-0-0t0:0:0z", "v0.0", "node0"]),
        ("==> 'quoted' - \"[list]\"", ["quoted", "list"]),
        ("", []),
    ],
)
def test_words_are_plain(text: str, expected: list[str]) -> None:
    """Lower case, digits and paths masked, escapes and marks left out."""
    assert expected == split_words(text)


@pytest.mark.parametrize(
    "text",
    [
        RECORD,
        f"before {RECORD} after",
        RECORD.upper(),
        RECORD.replace("14", "90").replace("/opt/gizmo/parts/list.txt", "/srv/other.csv"),
        RECORD.replace("\n", "\n      "),
        json.dumps({"text": RECORD}),
        yaml.safe_dump({"texts": [{"type": "test", "text": RECORD}]}, width=40),
        f"assert {RECORD!r} == text",
    ],
)
def test_a_copy_is_found(text: str) -> None:
    """Whatever the file's format, and whatever was filled into its slots."""
    assert [("r1", "file.txt", True)] == find(RECORD, text)


def test_half_of_it_is_too_much_only_beyond_half() -> None:
    """Of the sixteen runs of eight words of a short record, eight may stand in a file and nine may not."""
    record = " ".join(LONG.split()[:23])
    within, beyond = (" ".join(LONG.split()[:words]) for words in (15, 16))
    assert [] == find(record, within)
    assert [("r1", "file.txt", False)] == find(record, beyond)


def test_a_run_of_a_long_record_is_too_much() -> None:
    """Twenty-five words of one hundred and twenty, which is far from half of them."""
    words = LONG.split()
    assert [] == find(LONG, " ".join(words[40:64]))
    assert [("r1", "file.txt", True)] == find(LONG, " ".join(words[40:65]))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ".join(reversed(RECORD.split())),
        RECORD.replace("spring", "screw").replace("gizmo", "widget").replace("another", "one").replace("return", "x"),
        "the quick gizmo could not whistle because its",
    ],
)
def test_what_is_only_alike_is_not(text: str) -> None:
    """The same words in another order, another text of the same kind, one run of eight words."""
    assert [] == find(RECORD, text)


def test_parts_in_two_files_do_not_add_up() -> None:
    """Only what one file repeats counts."""
    words = " ".join(LONG.split()[:23]).split()
    files = [("a", " ".join(words[:14])), ("b", " ".join(words[9:]))]
    assert [] == list(find_contaminated({"r1": " ".join(words)}, files))


def test_rows_of_numbers_are_no_copy() -> None:
    """Masked they are all the same, and so are lines of one word."""
    numbers = " ".join(map(str, range(100)))
    assert [] == find(f"sizes {numbers}", f"weights {numbers[::-1]}")
    assert [] == find("retry " * 40, "retry " * 90)


def test_a_record_too_short_to_tell_is_passed_over() -> None:
    """Seven words have no run of eight."""
    assert [] == find("error could not open the file again", "error could not open the file again")


def test_every_file_and_record_is_named() -> None:
    """And nothing of the texts."""
    found = list(find_contaminated({"r1": RECORD, "r2": LONG, "r3": "x " * 40}, [("a", RECORD), ("b", LONG + RECORD)]))
    assert {("r1", "a"), ("r1", "b"), ("r2", "b")} == {(one.record, one.file) for one in found}
    assert "gizmo" not in repr(found)
