"""The files that captures are kept in: one per tool, its entries sorted by id, stable from run to run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent.parent / "data" / "captures"
_VARYING = re.compile(r"0x[0-9a-f]+|\b[0-9a-f]{7,64}\b|\d+|\b(?=\w*[A-Z]\w*[a-z0-9])\w{6,10}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Capture:
    """Hold what one scenario's command printed, scrubbed."""

    id: str
    type: str
    retryable: bool | None
    version: str
    command: str
    exit_code: int
    captured: str
    text: str


def merge(tool: str, captures: Iterable[Capture], known: Iterable[str], folder: Path = FOLDER) -> list[str]:
    """Write a tool's captures into its file and return the ids whose entries are new or changed.

    An entry whose text differs from the stored one in numbers, hashes and random names only is left as it is. Entries
    of scenarios that are no longer ``known`` go.
    """
    path = folder / f"{tool}.yaml"
    stored = {entry["id"]: entry for entry in _read(path)}
    fresh = {capture.id: _entry(capture) for capture in captures}
    changed = sorted(name for name, entry in fresh.items() if not _same(stored.get(name), entry))
    kept = set(known)
    merged = {name: entry for name, entry in stored.items() if name in kept} | {name: fresh[name] for name in changed}
    if changed or set(merged) != set(stored):
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(
            _dump({"tool": tool, "source": "captured", "texts": [merged[name] for name in sorted(merged)]}),
            encoding="utf-8",
        )
    return changed


def _read(path: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load(path.read_text(encoding="utf-8"))["texts"]) if path.exists() else []


def _entry(capture: Capture) -> dict[str, Any]:
    return {name: value for name, value in asdict(capture).items() if value is not None}


def _same(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> bool:
    if old is None:
        return False
    plain = [
        {name: value for name, value in each.items() if name not in {"captured", "text", "version"}}
        for each in (old, new)
    ]
    return plain[0] == plain[1] and _VARYING.sub("#", old["text"]) == _VARYING.sub("#", new["text"])


class _Dumper(yaml.SafeDumper):
    """Write texts of several lines as blocks, the way the corpus is written."""


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _represent_text)


def _dump(content: Mapping[str, Any]) -> str:
    return yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1 << 20)
