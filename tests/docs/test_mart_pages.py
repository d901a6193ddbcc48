"""docs/marts.md lists every mart, and docs/sql-and-notebooks.md shows what its queries really answer."""

from __future__ import annotations

import doctest
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.example_store import write_example
from support.mart_pages import CATALOGUE, QUERIES, describe_marts, list_queries, rewrite_tables
from support.readme import list_blocks

from errclass.outcomes import Column, Mart, Store, list_marts, open_marts

TEXT = QUERIES.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return the store that the page shows figures of."""
    with write_example(tmp_path_factory.mktemp("reader") / "store") as store:
        yield store


def test_the_catalogue_is_up_to_date() -> None:
    """After a change of a description, ``just docs`` writes it anew."""
    assert describe_marts(list_marts()) == CATALOGUE.read_text(encoding="utf-8")


def test_a_mart_in_the_catalogue() -> None:
    """Its window, its columns and their units."""
    mart = Mart("m", "T", "one row per x", "About.", (Column("c", "A time.", "s"),), "t")
    assert "## m\n\nT: one row per x. About. Window: t.\n" in describe_marts([mart])
    assert "| [m](#m) | T | one row per x |" in describe_marts([mart])
    assert "| c | s | A time. |" in describe_marts([mart])


def test_the_queries_answer_what_is_shown(example: Store) -> None:
    """After a change that is meant, ``just docs`` writes the tables anew."""
    with open_marts(example) as session:
        assert rewrite_tables(TEXT, session) == TEXT
    assert len(list_queries(TEXT)) >= 10


def test_the_python_example_answers_what_is_shown(example: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a doctest, run beside the store."""
    monkeypatch.chdir(Path(example.place).parent)
    (body,) = [block.body for block in list_blocks(TEXT) if block.language == "pycon"]
    printed: list[str] = []
    doctest.DocTestRunner().run(
        doctest.DocTestParser().get_doctest(body, {}, QUERIES.name, QUERIES.name, 0), out=printed.append
    )
    assert "" == "".join(printed)


def test_every_block_is_run() -> None:
    """A block in another language would rot; every query has its table."""
    blocks = list_blocks(TEXT)
    assert {"pycon", "sql"} == {block.language for block in blocks}
    assert list_queries(TEXT) == [block.body for block in blocks if block.language == "sql"]


def test_links_lead_somewhere() -> None:
    """Relative links point at files that exist."""
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", TEXT)
    assert targets
    assert [] == [target for target in targets if not (QUERIES.parent / target).exists()]
