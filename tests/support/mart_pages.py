"""The pages about marts: docs/marts.md, and the tables below the queries of docs/sql-and-notebooks.md.

Run as a program (``just docs``) it writes both anew.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from support.example_store import write_example
from support.source import find_source

from errclass.outcomes import Mart, Store, list_marts, open_marts

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CATALOGUE = find_source() / "docs" / "marts.md"
QUERIES = find_source() / "docs" / "sql-and-notebooks.md"
_QUERY = re.compile(r"^```sql\n(?P<query>.*?)^```\n(?:\n(?:\|[^\n]*\n)+)?", re.DOTALL | re.MULTILINE)
_ABOUT = """\
# The marts

Written by `just docs` from the descriptions in `outcomes/sql/marts`; how to open them, and how the figures are defined, is told in
[Your own SQL and notebooks over the store](sql-and-notebooks.md). All times are UTC. *Window* says by which time `since`
and `until` choose what counts.
"""


def describe_marts(marts: Sequence[Mart]) -> str:
    """Return the catalogue, in Markdown."""
    contents = [(f"[{mart.name}](#{mart.name})", mart.title, mart.grain) for mart in marts]
    return "\n".join([_ABOUT, format_table(("mart", "about", "a row"), contents), *map(_describe_mart, marts)])


def list_queries(text: str) -> list[str]:
    """Return the queries of a page in order."""
    return [match["query"] for match in _QUERY.finditer(text)]


def rewrite_tables(text: str, session: DuckDBPyConnection) -> str:
    """Return the page with what every query really answers below it."""

    def answer(match: re.Match[str]) -> str:
        cursor = session.execute(match["query"])
        head = [column[0] for column in cursor.description or ()]
        rows = [[_format_cell(cell) for cell in row] for row in cursor.fetchall()]
        return f"```sql\n{match['query']}```\n\n{format_table(head, rows)}"

    return _QUERY.sub(answer, text)


def format_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table, in Markdown."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(["| " + " | ".join(head) + " |", "|---" * len(head) + "|", *lines, ""])


def _describe_mart(mart: Mart) -> str:
    window = f" Window: {mart.window}." if mart.window else ""
    columns = [(column.name, column.unit, column.description) for column in mart.columns]
    return (
        f"## {mart.name}\n\n{mart.title}: {mart.grain}. {mart.description}{window}\n\n"
        f"{format_table(('column', 'unit', 'about'), columns)}"
    )


def _format_cell(cell: Any) -> str:
    if isinstance(cell, float):
        return f"{cell:.3f}".rstrip("0").rstrip(".")
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return "" if cell is None else str(cell)


def _write_queries(store: Store) -> None:
    with open_marts(store) as session:
        QUERIES.write_text(rewrite_tables(QUERIES.read_text(encoding="utf-8"), session), encoding="utf-8")


if __name__ == "__main__":
    CATALOGUE.write_text(describe_marts(list_marts()), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, write_example(Path(folder) / "store") as example:
        _write_queries(example)
