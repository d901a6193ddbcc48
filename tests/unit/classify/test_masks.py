"""What varies between two runs becomes a placeholder; what tells causes apart stays."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errclass.classify.masks import mask_variables

MASKED = [
    ("GET https://registry.npmjs.org/left-pad failed", "GET <url> failed"),
    ("postgres://db.internal:5432/app refused", "<url> refused"),
    ("id 6f9619ff-8b86-d011-b42d-00c04fc964ff", "id <hex>"),
    ("at 2025-03-04T10:11:12.123Z it broke", "at <time> it broke"),
    ("at 2025-03-04 10:11:12,123 it broke", "at <time> it broke"),
    ("on 2025-03-04", "on <time>"),
    ("took 00:01:12", "took <time>"),
    ("Mar  4 10:11:12 it broke", "<time> it broke"),
    ("Tue, Mar 04 10:11:12 2025", "<time>"),
    ("mail ops@example.com", "mail <email>"),
    ("dial tcp 10.0.12.7:5432: refused", "dial tcp <ip>: refused"),
    ("dial tcp [fe80::1]:443", "dial tcp <ip>"),
    ("digest sha256:9b2cf535f27731c974343645a3985328", "digest <hex>"),
    ("commit 3f2a9c1d0b", "commit <hex>"),
    ("at 0x00007ffd1234", "at <hex>"),
    ("open /var/lib/app/data.json: denied", "open <path>.json: denied"),
    (r"C:\build\src\main.cs(12,3)", "<path>.cs(<number>)"),
    ("./src/app/main.py:12: error", "<path>.py:<number>: error"),
    ("src/app/util/io.ts broke", "<path>.ts broke"),
    ("lookup db-7.prod.internal: no such host", "lookup <host>: no such host"),
    ("node v18.19.0", "node <version>"),
    ("requests==2.31.0", "requests==<version>"),
    ("line 42, column 7", "line <number>, column <number>"),
    ("after 30s", "after <number>s"),
    ("runner-12345", "runner-<number>"),
    ("-1", "<number>"),
    ("token [masked:github-token]", "token <secret>"),
]
STAYS = [
    "ECONNREFUSED",
    "ModuleNotFoundError: No module named yaml",
    "E2BIG",
    "utf8",
    "TS2 is short",
    "deadbeef without a digit",
    "and/or",
    "read/write",
    "x86",
    "std::vector",
    "cannot find symbol",
    "exit",
]


@pytest.mark.parametrize(("text", "expected"), MASKED)
def test_a_variable_becomes_a_placeholder(text: str, expected: str) -> None:
    """Each kind of variable has its placeholder; a path keeps its file's extension."""
    assert expected == mask_variables(text)


@pytest.mark.parametrize("text", STAYS)
def test_a_look_alike_stays(text: str) -> None:
    """Names, words and short fractions are no variables."""
    assert text == mask_variables(text)


PIECES = st.sampled_from(
    [
        "a",
        "1",
        "12",
        "345",
        "1.2",
        "1.2.3",
        ".",
        "/",
        "\\",
        "-",
        ":",
        " ",
        "_",
        "@",
        "x.com",
        "a/b/c",
        "/etc",
        "C:\\x",
        "0x1f",
        "deadbeef1",
        "http://a.b/c",
        "<",
        "number",
        ">",
        "path",
        "v1",
        "+",
        ",",
        "T",
        "Z",
        "10:11",
        "10:11:12",
        "2024-01-02",
        "Mar 4 ",
        "sha256:abcdefgh12345678",
        "é",
        "[",
        "]",
        "::1",
        "(",
        ")",
        "=",
        "%",
        "~",
        "e",
        "s",
        "\n",
        "[masked:key]",
        ".py",
        ".x1",
        "'",
        '"',
    ]
)


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.lists(PIECES, max_size=14).map("".join), st.text(max_size=80)))
def test_masking_masked_text_changes_nothing(text: str) -> None:
    """A placeholder's edge makes no new variable out of its neighbours."""
    masked = mask_variables(text)
    assert masked == mask_variables(masked)


@given(st.text(max_size=200))
def test_masking_keeps_the_lines(text: str) -> None:
    """No placeholder swallows a line's end."""
    assert text.count("\n") == mask_variables(text).count("\n")
