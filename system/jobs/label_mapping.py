"""Translate the labels of a user's history into the taxonomy's types."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path

from ...core.errors import UsageError
from ...core.taxonomy import Taxonomy


class LabelMapping:
    """Find the type that a foreign label stands for: by the user's table, else by its spelling."""

    def __init__(self, taxonomy: Taxonomy, table: Mapping[str, str] | None = None) -> None:
        self._types = {_plain(name): name for name in taxonomy.names}
        self._table = {_plain(label): kind for label, kind in (table or {}).items()}
        wrong = sorted({kind for kind in self._table.values() if kind not in taxonomy.names})
        if wrong:
            raise UsageError(
                f"the label map leads to {', '.join(map(repr, wrong))}, which the taxonomy does not have; "
                f"its types are {', '.join(taxonomy.names)}"
            )

    def find(self, label: str) -> str | None:
        """Return the type, or None for a label that neither the table nor the taxonomy knows."""
        plain = _plain(label)
        return self._table.get(plain) or self._types.get(plain)


def read_label_map(path: Path) -> dict[str, str]:
    """Read a table from label to type: a JSON or YAML mapping, or a CSV with two columns and no header.

    Raises UsageError when the file cannot be read as one.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix.lower() in (".csv", ".tsv"):
            return _read_rows(text, path)
        content = _parse(text, path)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path}: cannot be read ({error})") from error
    if not isinstance(content, dict) or not all(isinstance(kind, str) for kind in content.values()):
        raise UsageError(f"{path}: expected one 'label: type' pair per entry")
    return {str(label): kind for label, kind in content.items()}


def _read_rows(text: str, path: Path) -> dict[str, str]:
    reader = csv.reader(text.splitlines(), delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
    table: dict[str, str] = {}
    for row in reader:
        if len(row) not in {0, 2}:
            raise UsageError(f"{path}: line {reader.line_num}: expected a label and its type, got {len(row)} columns")
        if row:
            table[row[0]] = row[1].strip()
    return table


def _parse(text: str, path: Path) -> object:
    import yaml

    try:
        return json.loads(text) if path.suffix.lower() == ".json" else yaml.safe_load(text)
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise UsageError(f"{path}: not valid {path.suffix.lstrip('.').upper() or 'YAML'} ({error})") from error


def _plain(label: str) -> str:
    return label.strip().lower().replace(" ", "_").replace("-", "_")
