"""What is kept of a notebook is what a person wrote: no outputs, no names of machines, one first cell for all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.notebooks import list_notebooks, normalise, read_notebook

PATHS = list_notebooks()
NAMES = [path.stem for path in PATHS]


def test_there_are_five() -> None:
    """In an order in which they can be read."""
    assert [name[:3] for name in NAMES] == ["01-", "02-", "03-", "04-", "05-"]


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_it_is_kept_as_it_was_written(path: Path) -> None:
    """Without outputs, counts, ids and what editors add; ``just notebooks`` normalises them."""
    assert path.read_text(encoding="utf-8") == normalise(read_notebook(path))


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_it_is_short_and_tells_of_no_machine(path: Path) -> None:
    """8 to 14 cells, that begin with a title and end with what to do next."""
    cells = read_notebook(path)["cells"]
    assert 8 <= len(cells) <= 14
    texts = ["".join(cell["source"]) for cell in cells]
    assert re.match(r"# \w", texts[0])
    assert texts[-1].startswith("## What to do next\n")
    assert [] == re.findall(r"/(?:home|root|tmp|Users|work)/\S*", "\n".join(texts))


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_it_imports_only_what_is_public(path: Path) -> None:
    """The root's names, those of outcomes and reports, and the charts."""
    code = "\n".join("".join(cell["source"]) for cell in read_notebook(path)["cells"] if cell["cell_type"] == "code")
    modules = set(re.findall(r"^(?:from|import) (errclass\S*)", code, re.MULTILINE))
    assert modules <= {"errclass", "errclass.outcomes", "errclass.reports"} | {
        one for one in modules if one.startswith("errclass.reports.figures.")
    }


def test_all_begin_alike() -> None:
    """One cell makes or finds the demo for all of them."""
    first = {"".join(read_notebook(path)["cells"][1]["source"]) for path in PATHS}
    assert len(first) == 1


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_links_lead_somewhere(path: Path) -> None:
    """Relative ones, from where the notebook lies."""
    text = "\n".join(
        "".join(cell["source"]) for cell in read_notebook(path)["cells"] if cell["cell_type"] == "markdown"
    )
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
    assert targets
    assert [] == [target for target in targets if not (path.parent / target).exists()]
