"""Read rule files from disk: text to plain Python values, with errors that name the place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from ..core.errors import PolicyError
from ..core.strict_yaml import FileKind, read_mapping, strict_loader

POLICY_FILE = "policy.yaml"
SCENARIOS = "scenarios"
"""Folder of a rule set that holds cases for the set as a whole, and no rules."""
NAME = re.compile(r"[a-z][a-z0-9_]*")
_RULE_PLACE = re.compile(rf"{NAME.pattern}/{NAME.pattern}\.yaml")
_KIND = FileKind(
    "rule files",
    "a rule file starts with keys such as 'title:' and 'when:'",
    most_bytes=1 << 17,
    error=PolicyError,
)
_MAX_FILES = 2_000


@dataclass(frozen=True, slots=True)
class Document:
    """Hold what one file says, and where it says it."""

    path: Path
    text: str
    content: dict[str, Any]

    def find_line(self, keys: Sequence[str | int]) -> int:
        """Return the 1-based line of the value below ``keys``, or of the nearest one above it that is there."""
        import yaml

        node, line = yaml.compose(self.text, Loader=strict_loader(yaml)), 1
        for key in keys:
            found = _find_child(node, key)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        return line


def read_document(path: Path) -> Document:
    """Return the one mapping that the YAML file holds; raise ``PolicyError`` when it does not hold exactly one."""
    import yaml

    return Document(path, *read_mapping(path, _KIND, yaml))


def list_rule_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield id and path of each ``<stage>/<name>.yaml`` in ``folder``; raise for YAML files that would be ignored."""
    paths = sorted(islice(folder.rglob("*.y*ml"), _MAX_FILES + 1))
    if len(paths) > _MAX_FILES:
        raise PolicyError(f"{folder}: holds more than {_MAX_FILES} rule files; split it")
    for path in paths:
        place = path.relative_to(folder)
        if place.as_posix() == POLICY_FILE or place.parts[0] == SCENARIOS:
            continue
        if not _RULE_PLACE.fullmatch(place.as_posix()):
            raise PolicyError(f"{path}: is no rule's place; name it <stage>/<name>.yaml in lower case with underscores")
        yield place.with_suffix("").as_posix(), path


def list_scenario_files(folder: Path) -> list[Path]:
    """Return the files of ``scenarios/``."""
    return sorted((folder / SCENARIOS).glob("*.yaml"))


def _find_child(node: Any, key: str | int) -> tuple[Any, Any] | None:
    """Return the node that marks the place of ``key`` below ``node``, and the node of its value."""
    import yaml

    if isinstance(node, yaml.MappingNode):
        return next((pair for pair in node.value if pair[0].value == key), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key], node.value[key]
    return None
