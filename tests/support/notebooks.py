"""The notebooks: read, normalised, run and rendered. ``python -m support.notebooks normalise`` or ``render FOLDER``."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from support.source import find_source

NOTEBOOKS: Path = find_source() / "notebooks"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
_SECONDS = 300
_FETCHED = re.compile(r'<script[^>]*\ssrc="https?:[^>]*>\s*</script>')
"""MathJax and RequireJS, which no notebook of ours needs."""

Notebook = dict[str, Any]


def list_notebooks() -> list[Path]:
    """Return the files in the order in which they are read."""
    return sorted(NOTEBOOKS.glob("*.ipynb"))


def read_notebook(path: Path) -> Notebook:
    """Return one as it is stored."""
    found: Notebook = json.loads(path.read_text(encoding="utf-8"))
    return found


def normalise(notebook: Notebook) -> str:
    """Return what is kept of one: what a person wrote, and nothing that a run, an editor or a library adds."""
    cells = [_normalise_cell(cell) for cell in notebook["cells"]]
    document = {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 4}  # 4.5 asks for ids
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _normalise_cell(cell: dict[str, Any]) -> dict[str, Any]:
    source = "".join(cell["source"]).strip("\n").splitlines(keepends=True)
    kept = {"cell_type": cell["cell_type"], "metadata": {}, "source": source}
    return {**kept, "execution_count": None, "outputs": []} if cell["cell_type"] == "code" else kept


def run_notebook(path: Path, out: Path, home: Path, *, probe: str = "") -> Notebook:
    """Run one in a process of its own, over the demo in ``home``, and return it with its outputs.

    It is written to ``out``. ``probe``: an expression that is evaluated after the last cell; see ``read_probe``.
    """
    notebook = read_notebook(path)
    if probe:
        source = f"import json\nprint(json.dumps({probe}, default=str))"
        cell = {"cell_type": "code", "metadata": {}, "source": source, "execution_count": None, "outputs": []}
        notebook["cells"].append(cell)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(notebook), encoding="utf-8")
    environment = {
        **os.environ,
        "ERRCLASS_DEMO": str(home),
        "IPYTHONDIR": str(out.parent / "ipython"),  # no history is left in the home of whoever runs the tests
        "JUPYTER_RUNTIME_DIR": str(out.parent / "runtime"),
        "PLOTLY_RENDERER": "notebook",  # its script is in the page
    }
    command = [sys.executable, "-m", "nbconvert", "--execute", "--to", "notebook", "--inplace", "--log-level=ERROR"]
    ran = subprocess.run(
        [*command, str(out)], env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    if ran.returncode:
        raise AssertionError(f"{path.name}: {ran.stderr}")
    return read_notebook(out)


def read_probe(notebook: Notebook) -> Any:
    """Return the value of the probe that it was run with."""
    return json.loads(_printed(notebook["cells"][-1]))


def list_texts(notebook: Notebook) -> list[str]:
    """Return what each code cell printed and showed as text, tables as HTML."""
    return [_printed(cell) + _shown(cell) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def _printed(cell: dict[str, Any]) -> str:
    return "".join("".join(one["text"]) for one in cell["outputs"] if one["output_type"] == "stream")


def _shown(cell: dict[str, Any]) -> str:
    data = [one["data"] for one in cell["outputs"] if "data" in one]
    return "".join("".join(one.get("text/markdown", one.get("text/html", ""))) for one in data)


def render_page(path: Path) -> str:
    """Return a notebook that was run as a page that fetches nothing from elsewhere."""
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--no-prompt", "--stdout", "--log-level=ERROR"]
    ran = subprocess.run([*command, str(path)], capture_output=True, text=True, timeout=_SECONDS, check=True)
    return _FETCHED.sub("", ran.stdout)


def _render_all(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        for path in list_notebooks():
            out = Path(work) / path.name
            run_notebook(path, out, Path(work) / "home")
            page = folder / f"{path.stem}.html"
            page.write_text(_lead(render_page(out), folder), encoding="utf-8")
            print(page)


def _lead(page: str, folder: Path) -> str:
    """Lead links to the other pages, and to the documentation as the repository has it."""
    docs = os.path.relpath(NOTEBOOKS.parent / "docs", folder)
    return re.sub(r'href="([\w-]+)\.ipynb"', r'href="\1.html"', page).replace('href="../docs/', f'href="{docs}/')


if __name__ == "__main__":
    if sys.argv[1] == "render":
        _render_all(Path(sys.argv[2]).absolute())
    else:
        for one in list_notebooks():
            one.write_text(normalise(read_notebook(one)), encoding="utf-8")
