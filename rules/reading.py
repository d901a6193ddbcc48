"""Read rule files from disk: text to plain Python values, with errors that name the place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from ..core.errors import PolicyError

POLICY_FILE = "policy.yaml"
SCENARIOS = "scenarios"
"""Folder of a rule set that holds cases for the set as a whole, and no rules."""
NAME = re.compile(r"[a-z][a-z0-9_]*")
_RULE_PLACE = re.compile(rf"{NAME.pattern}/{NAME.pattern}\.yaml")
_MAX_BYTES = 1 << 17
_MAX_FILES = 2_000
_SHOWN = 200
"""Characters shown of a fault."""


@dataclass(frozen=True, slots=True)
class Document:
    """Hold what one file says, and where it says it."""

    path: Path
    text: str
    content: dict[str, Any]

    def find_line(self, keys: Sequence[str | int]) -> int:
        """Return the 1-based line of the value below ``keys``, or of the nearest one above it that is there."""
        import yaml

        node, line = yaml.compose(self.text, Loader=_loader()), 1
        for key in keys:
            found = _find_child(node, key)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        return line


def read_document(path: Path) -> Document:
    """Return the one mapping that the YAML file holds; raise ``PolicyError`` when it does not hold exactly one."""
    import yaml

    try:
        text = _read_text(path)
        _refuse_tricks(text)
        content = yaml.load(text, Loader=_loader())  # noqa: S506 - it is a safe loader
    except OSError as error:
        raise PolicyError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from error
    except yaml.MarkedYAMLError as error:
        line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
        raise PolicyError(f"{path}{line}: is not valid YAML: {error.problem}; correct the file") from error
    except (yaml.YAMLError, ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise PolicyError(
            f"{path}: is not valid YAML: {' '.join(str(error).split())[:_SHOWN]}; correct the file"
        ) from error
    if not isinstance(content, dict):
        raise PolicyError(f"{path}: holds no mapping; a rule file starts with keys such as 'title:' and 'when:'")
    return Document(path, text, content)


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


def _read_text(path: Path) -> str:
    if not path.is_file() and path.exists():
        raise ValueError("it is no plain file")  # a pipe would be waited for, a device never ends
    with path.open("rb") as file:
        data = file.read(_MAX_BYTES + 1)
    if len(data) > _MAX_BYTES:
        raise ValueError(f"it is larger than {_MAX_BYTES >> 10} KiB")
    return data.decode("utf-8")


def _refuse_tricks(text: str) -> None:
    """Raise ValueError for aliases, which make much of little, and for tags, which make what no rule holds."""
    import yaml

    if not any(mark in text for mark in "&*!"):
        return
    for event in yaml.parse(text, Loader=_loader()):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "tag", None) is not None:
            line = f"line {event.start_mark.line + 1}: " if event.start_mark else ""
            raise ValueError(f"{line}rule files hold no aliases and no tags; write the value out, or quote it")


def _find_child(node: Any, key: str | int) -> tuple[Any, Any] | None:
    """Return the node that marks the place of ``key`` below ``node``, and the node of its value."""
    import yaml

    if isinstance(node, yaml.MappingNode):
        return next((pair for pair in node.value if pair[0].value == key), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key], node.value[key]
    return None


@cache
def _loader() -> Any:
    """Return a safe YAML loader, in C where there is one, that refuses a key given twice."""
    import yaml

    class _StrictLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # chosen at run time
        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - PyYAML's
            counts = Counter(key.value for key, _ in node.value if isinstance(key.value, str))
            doubled = next((key for key, count in counts.items() if count > 1), None)
            if doubled is not None:
                raise yaml.constructor.ConstructorError(None, None, f"key {doubled!r} is given twice", node.start_mark)
            return dict(super().construct_mapping(node, deep=deep))

    return _StrictLoader
