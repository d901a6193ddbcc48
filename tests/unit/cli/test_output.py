"""Tables, JSON and progress."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from errclass.cli.output import print_json, print_json_line, print_table, show_progress


def test_json_takes_what_values_are_made_of(capsys: pytest.CaptureFixture[str]) -> None:
    """Paths, times and numbers without a word in JSON."""
    print_json({"path": Path("a"), "time": datetime(2026, 3, 2, tzinfo=UTC), "number": float("nan")})
    assert {"path": "a", "time": "2026-03-02T00:00:00+00:00", "number": None} == json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("text", ["", "a\nb\u2028c\r\n", "::d##e", "\ud800", "→ Échec"])
def test_a_json_line_is_one_line(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever is in it."""
    print_json_line({"text": text})
    shown = capsys.readouterr().out
    assert ([shown.strip()], {"text": text}) == (shown.splitlines(), json.loads(shown))


def test_a_table_shows_every_row(capsys: pytest.CaptureFixture[str]) -> None:
    """Rates with two digits, nothing as a dash, markup as text, sequences not at all."""
    print_table("Title", ("name", "rate"), [("[bold]a[/bold]", 0.5), ("\x1b[31mb", 1.0), (None, 0.123)])
    lines = [line.split() for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert [["Title"], ["name", "rate"]] == lines[:2]
    assert [["[bold]a[/bold]", "0.50"], ["b", "1.00"], ["-", "0.12"]] == lines[3:]


def test_the_heads_of_columns_are_text_like_any_other(capsys: pytest.CaptureFixture[str]) -> None:
    """They may be names out of a store."""
    print_table("", ("[red]x", "\x1b[2J"), [(1, 2)])
    shown = capsys.readouterr().out
    assert (True, False) == ("[red]x" in shown, "\x1b" in shown)


def test_the_title_is_text_like_any_other(capsys: pytest.CaptureFixture[str]) -> None:
    """It may name a file or a model of a stranger."""
    print_table("[bold]our[/bold] \x1b[2J[link=http://x]model[/link]", ("name",), [("a" * 60,)])
    shown = capsys.readouterr().out
    assert (True, False) == ("[bold]our[/bold] [link=http://x]model[/link]" in shown, "\x1b" in shown)


def test_a_table_without_rows_is_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    """Its columns are shown."""
    print_table("", ("name", "rate"), [])
    assert "name" in capsys.readouterr().out


def test_long_cells_are_folded_never_cut(capsys: pytest.CaptureFixture[str]) -> None:
    """A reader can still copy all of it."""
    print_table("", ("text",), [("x" * 500,)])
    assert 500 == capsys.readouterr().out.count("x") - 1


def test_progress_is_for_terminals_only(capsys: pytest.CaptureFixture[str]) -> None:
    """Elsewhere it prints nothing."""
    with show_progress() as show:
        show("reading", 1, 2)
        show("training", 0, 0)
    assert ("", "") == capsys.readouterr()


def test_progress_on_a_terminal_stays_off_standard_output(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Data and progress never mix."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with show_progress() as show:
        for done in range(3):
            show("reading", done, 3)
        show("training", 0, 0)
    assert "" == capsys.readouterr().out
