"""The knowledge tables are well formed, agree with the taxonomy and refer to one another correctly."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from pathlib import Path

import pytest
import yaml

import errclass

DATA = Path(errclass.__file__).parent / "data"
KNOWLEDGE = DATA / "knowledge"

CODE_HEADER = ["code", "type", "strength", "retryable", "meaning"]
OTHER_HEADERS = {
    "families": ["prefix", "pattern", "table", "type", "strength", "retryable", "meaning"],
    "phrases": ["phrase", "table", "code", "type", "strength", "retryable"],
    "tools": ["phrase", "tool"],
}
IN_PLACE_ONLY = {"http", "exit", "curl", "sqlstate", "grpc"}
"""Tables whose codes are never read as a bare token."""

TABLES = sorted(path.stem for path in KNOWLEDGE.glob("*.csv"))
CODE_TABLES = [table for table in TABLES if table not in OTHER_HEADERS]
TYPES = set(yaml.safe_load((DATA / "taxonomy.yaml").read_text(encoding="utf-8"))["types"])

Row = dict[str, str]


def read_rows(table: str) -> list[Row]:
    with (KNOWLEDGE / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def judged_rows() -> list[tuple[str, Row]]:
    """Return every row that carries a judgement of its own, with its table."""
    rows = [(table, row) for table in [*CODE_TABLES, "families"] for row in read_rows(table)]
    return rows + [("phrases", row) for row in read_rows("phrases") if row["strength"]]


def test_the_main_tables_are_there() -> None:
    """The families that signals rely on exist."""
    wanted = {"errno", "http", "sqlstate", "grpc", "exit", "signal", "exception", "kubernetes", "npm"}
    assert set() == wanted - set(CODE_TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_a_table_has_its_header_and_full_rows(table: str) -> None:
    """The header is the one its kind has, and every row has as many fields."""
    with (KNOWLEDGE / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    assert OTHER_HEADERS.get(table, CODE_HEADER) == header
    assert [] == [row for row in rows if len(row) != len(header) or any(field != field.strip() for field in row)]
    assert rows


@pytest.mark.parametrize("table", [table for table in TABLES if table != "families"])
def test_a_table_is_sorted_and_free_of_duplicates(table: str) -> None:
    """The first column rises strictly; it is never empty."""
    keys = [next(iter(row.values())) for row in read_rows(table)]
    assert sorted(set(keys)) == keys
    assert "" not in keys


def test_families_are_sorted_and_free_of_duplicates() -> None:
    """A prefix may stand several times, with another pattern each."""
    keys = [(row["prefix"], row["pattern"]) for row in read_rows("families")]
    assert sorted(set(keys)) == keys


def test_types_come_from_the_taxonomy() -> None:
    """A type is one of the taxonomy's, or empty for a tag."""
    assert [] == [(table, row) for table, row in judged_rows() if row["type"] not in TYPES | {""}]


def test_strength_and_retryable_have_known_values() -> None:
    """No value outside the vocabulary."""
    rows = judged_rows()
    assert [] == [(table, row) for table, row in rows if row["strength"] not in {"exact", "strong", "weak"}]
    assert [] == [(table, row) for table, row in rows if row["retryable"] not in {"yes", "no", ""}]


def test_a_tag_is_weak_and_says_nothing_of_retrying() -> None:
    """Without a type there is nothing to be sure of."""
    assert [] == [
        (t, row) for t, row in judged_rows() if not row["type"] and (row["strength"], row["retryable"]) != ("weak", "")
    ]


def test_retryable_is_stated_only_where_it_differs_from_the_default() -> None:
    """A value equal to the type's default is noise."""
    taxonomy = yaml.safe_load((DATA / "taxonomy.yaml").read_text(encoding="utf-8"))
    defaults = {name: taxonomy["categories"][spec["category"]]["retryable"] for name, spec in taxonomy["types"].items()}
    stated = [(table, row) for table, row in judged_rows() if row["type"] and row["retryable"]]
    assert [] == [(table, row) for table, row in stated if defaults[row["type"]] == (row["retryable"] == "yes")]


@pytest.mark.parametrize("table", [*CODE_TABLES, "families"])
def test_every_code_says_what_it_means(table: str) -> None:
    """The meaning is a few words."""
    assert [] == [row for row in read_rows(table) if not 3 <= len(row["meaning"]) <= 80]


def test_a_code_in_two_tables_means_the_same() -> None:
    """A bare token gives one answer, whichever table is asked first."""
    readings = defaultdict(set)
    for table in set(CODE_TABLES) - IN_PLACE_ONLY:
        for row in read_rows(table):
            if not row["code"].isdigit():
                readings[row["code"]].add((row["type"], row["strength"], row["retryable"]))
    assert {} == {code: found for code, found in readings.items() if len(found) > 1}


def test_family_patterns_compile_and_start_with_their_prefix() -> None:
    """The literal start of a pattern is its prefix, so that the quick filter loses nothing."""
    for row in read_rows("families"):
        re.compile(row["pattern"])
        literal = row["pattern"].replace(r"\.", ".")
        assert literal.startswith(row["prefix"]), row
        assert not re.match(r"[*?{]", literal[len(row["prefix"]) :]), row


@pytest.mark.parametrize(
    ("token", "table"),
    [
        ("TS2322", "typescript"),
        ("CS1002", "dotnet"),
        ("LNK2019", "msvc"),
        ("ORA-01000", "oracle"),
        ("NU1605", "dotnet"),
    ],
)
def test_a_numbered_code_matches_its_family(token: str, table: str) -> None:
    """One family takes the token whole."""
    found = {row["table"] for row in read_rows("families") if re.fullmatch(row["pattern"], token)}
    assert {table} == found


@pytest.mark.parametrize(
    "token", ["TS", "TS23", "CSV", "ORANGE", "Error", "E2E", "C99", "W3C", "IDE", "SQL", "NUL", "MSBuild"]
)
def test_an_ordinary_word_matches_no_family(token: str) -> None:
    """Words that share a prefix with a family stay silent."""
    assert [] == [row["pattern"] for row in read_rows("families") if re.fullmatch(row["pattern"], token)]


@pytest.mark.parametrize(
    "word", ["Error", "Failed", "Exception1", "Warning", "Completed", "BUSY", "Killing", "timeout", "INFO", "main"]
)
def test_a_word_of_healthy_lines_is_no_code(word: str) -> None:
    """Tables read as bare tokens hold no everyday word."""
    assert [] == [
        table for table in set(CODE_TABLES) - IN_PLACE_ONLY for row in read_rows(table) if row["code"] == word
    ]


def test_phrases_name_a_code_or_judge_themselves() -> None:
    """A phrase of table ``phrase`` has a strength; any other takes all from an existing code."""
    codes = {table: {row["code"] for row in read_rows(table)} for table in CODE_TABLES}
    for row in read_rows("phrases"):
        if row["table"] == "phrase":
            assert re.fullmatch(r"[a-z][a-z0-9_]*", row["code"]), row
            assert row["strength"], row
        else:
            assert row["code"] in codes[row["table"]], row
            assert ("", "", "") == (row["type"], row["strength"], row["retryable"]), row


@pytest.mark.parametrize(("table", "shortest"), [("phrases", 6), ("tools", 4)])
def test_phrases_are_in_matching_form(table: str, shortest: int) -> None:
    """Lower case, beginning with a word character, not too short in UTF-8 bytes, no doubled blanks."""
    form = re.compile(r"[^\W_][^\n\t]*")
    phrases = [row["phrase"] for row in read_rows(table)]
    assert [] == [text for text in phrases if not form.fullmatch(text) or text != text.lower() or "  " in text]
    assert [] == [text for text in phrases if len(text.encode()) < shortest]


def test_no_phrase_is_covered_by_a_shorter_one_of_the_same_meaning() -> None:
    """A longer wording is worth a row only when it says something else."""
    by_meaning = defaultdict(list)
    for row in read_rows("phrases"):
        by_meaning[tuple(list(row.values())[1:])].append(row["phrase"])
    covered = [
        (phrase, other)
        for phrases in by_meaning.values()
        for phrase in phrases
        for other in phrases
        if other != phrase and other in phrase and re.search(r"(?<!\w)" + re.escape(other), phrase)
    ]
    assert [] == covered


@pytest.mark.parametrize(
    "line",
    [
        "Downloading artifacts from coordinator... ok",
        "PASS src/retry.test.ts > waits for the timeout",
        "added 1432 packages, and audited 1433 packages in 21s",
        "Successfully installed requests-2.31.0 urllib3-2.1.0",
        "$ docker build -t app:latest .",
        "+ kubectl rollout status deployment/web --timeout=120s",
        "HEAD is now at 3f2a9c1 Fix conflict resolution when a lock is denied",
        "Step 4/9 : RUN pip install --no-cache-dir -r requirements.txt",
        "[INFO] Building web 1.4.0",
        "   Compiling serde v1.0.197",
        "test parser::rejects_bad_input ... ok",
        "Cache restored from key: npm-deps-9b1",
        "0 errors, 0 warnings",
        "Waiting for the database to come up",
        "Uploading build artifacts",
    ],
)
def test_a_healthy_line_contains_no_phrase(line: str) -> None:
    """Progress, echoes of commands and passing tests stay silent."""
    lowered = line.lower()
    phrases = [row["phrase"] for row in read_rows("phrases")]
    assert [] == [phrase for phrase in phrases if re.search(r"(?<!\w)" + re.escape(phrase), lowered)]


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("curl: (6) Could not resolve host: repo.example.com", "dns_failure"),
        ("write /layer.tar: no space left on device", "ENOSPC"),
        ("git@example.com: Permission denied (publickey).", "auth_failed"),
        ("toomanyrequests: You have reached your pull rate limit.", "rate_limited"),
        ("main.o: undefined reference to `frobnicate'", "linker_failed"),
        ("ERROR:  deadlock detected", "deadlock"),
        ("x509: certificate signed by unknown authority", "certificate_untrusted"),
        ("gzip: stdin: not in gzip format", "data_damaged"),
        ("Kernel panic - not syncing: VFS", "kernel_failure"),
        ("E: Could not get lock /var/lib/dpkg/lock-frontend", "lock_held"),
        ("CONFLICT (content): Merge conflict in setup.py", "merge_conflict"),
        ("java.lang.OutOfMemoryError: Java heap space", "out_of_memory"),
        ("E       fixture: 3 tests failed, AssertionError: boom", "test_failed"),
        ("FATAL:  sorry, too many clients already", "connections_used_up"),
        ("docker: invalid reference format.", "image_name_invalid"),
    ],
)
def test_a_failing_line_contains_its_phrase(line: str, cause: str) -> None:
    """The wording of a well-known failure names its cause."""
    lowered = line.lower()
    found = {row["code"] for row in read_rows("phrases") if re.search(r"(?<!\w)" + re.escape(row["phrase"]), lowered)}
    assert cause in found


def test_tool_names_are_plain() -> None:
    """Lower case with hyphens, as the corpus files are named."""
    assert [] == [row for row in read_rows("tools") if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["tool"])]


def test_most_tools_of_the_corpus_have_a_wording() -> None:
    """At least three in four corpus files can be told by their wording; the corpus may grow first."""
    corpus = {path.stem for path in (DATA / "corpus").glob("*.yaml")} - {"generic"}
    known = {row["tool"] for row in read_rows("tools")}
    assert len(corpus & known) >= 0.75 * len(corpus), sorted(corpus - known)
