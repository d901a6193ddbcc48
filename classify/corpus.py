"""Load the bundled training texts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..core.errors import UsageError
from ..core.taxonomy import Taxonomy
from ..core.types import Example

FOLDER = Path(__file__).resolve().parent.parent / "data" / "corpus"


def load_corpus(taxonomy: Taxonomy, folder: Path = FOLDER) -> list[Example]:
    """Return the texts of all files in the folder, one file per tool, as labelled examples.

    Raises UsageError for a file that breaks the format, naming the file and the entry.
    """
    return [example for path in sorted(folder.glob("*.yaml")) for example in _load_file(path, taxonomy)]


def _load_file(path: Path, taxonomy: Taxonomy) -> list[Example]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - both loaders are safe
        return [_example(entry, content["tool"], content["source"], taxonomy, path) for entry in content["texts"]]
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{path}: not a corpus file ({error}); see data/corpus/README.md for the format") from error


def _example(entry: dict[str, Any], tool: str, source: str, taxonomy: Taxonomy, path: Path) -> Example:
    kind, text = entry["type"], entry["text"]
    if kind not in taxonomy.names or not isinstance(text, str):
        raise UsageError(
            f"{path}: the entry {str(text)[:60]!r} has the type {kind!r}; it must be a text with a type of the taxonomy"
        )
    retryable = entry.get("retryable")
    return Example(
        text=text,
        type=kind,
        retryable=taxonomy.is_retryable(kind) if retryable is None else bool(retryable),
        tool=tool,
        source="corpus" if source == "written" else source,
    )
