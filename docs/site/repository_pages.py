"""Put pages of the repository that stand outside of docs/ on the site, and lead links to where they are there.

A hook of MkDocs: mkdocs.yml names this file.
"""

from __future__ import annotations

import json
import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.structure.files import File

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

PAGES = {
    "CHANGELOG.md": "changes.md",
    "CONTRIBUTING.md": "contributing.md",
    "LICENSE": "licence.md",
    "README.md": "overview.md",
    "benchmarks/README.md": "model/measurements.md",
    "data/corpus/README.md": "model/texts.md",
    "data/knowledge/README.md": "reference/codes.md",
    "lab/README.md": "model/lab.md",
    "models/README.md": "model/shipped.md",
    "models/default/card.md": "model/card.md",
    "notebooks/01-from-logs-to-model.ipynb": "notebooks/from-logs-to-model.md",
    "notebooks/02-patterns-and-trends.ipynb": "notebooks/patterns-and-trends.md",
    "notebooks/03-reliability.ipynb": "notebooks/reliability.md",
    "notebooks/04-policy-replay.ipynb": "notebooks/policy-replay.md",
    "notebooks/05-model-review-and-labels.ipynb": "notebooks/model-review-and-labels.md",
}
"""What the repository has, and which page of the site it is."""
FOLDERS = {"docs/adr": "adr/README.md"}
"""Folders that pages link to, and the page that lists what is in them."""

_LINK = re.compile(r"(?<=\]\()(?![a-z]+:|[#/])(?P<target>[^)#\s]+)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that stand outside of docs/."""
    root = Path(config.config_file_path).parent
    for source, page in PAGES.items():
        if (root / source).is_file():
            files.append(File.generated(config, page, content=read_page(root / source)))
    return files


def read_page(path: Path) -> str:
    """Return the text of a page; of a notebook what a person wrote, since its outputs are not kept."""
    text = path.read_text(encoding="utf-8")
    return "\n\n".join(map(_read_cell, json.loads(text)["cells"])) if path.suffix == ".ipynb" else text


def _read_cell(cell: dict[str, Any]) -> str:
    source = "".join(cell["source"])
    return f"```python\n{source}\n```" if cell["cell_type"] == "code" else source


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Lead the links of a page to where their targets are on the site."""
    return _LINK.sub(lambda match: lead(match["target"], page.file.src_uri), markdown)


def lead(target: str, page: str) -> str:
    """Return where a link of a page of the site leads, written as a link from that page.

    ``target`` is the link as the repository has it, without its fragment.
    """
    sources = {uri: source for source, uri in PAGES.items()}
    folder = posixpath.dirname(sources.get(page, f"docs/{page}"))
    path = posixpath.normpath(posixpath.join(folder, target))
    uri = {**PAGES, **FOLDERS}.get(path, path.removeprefix("docs/"))
    return posixpath.relpath(uri, posixpath.dirname(page) or ".")
