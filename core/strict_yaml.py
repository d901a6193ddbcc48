"""YAML files of strangers: one mapping of plain values, within a size, with errors that name file and line.

The library comes in as an argument, for core needs nothing but the standard library.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .errors import UsageError

_SHOWN = 200
"""Characters shown of a fault."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """Say what files of one kind hold, and how their faults are told."""

    names: str
    """What a person calls them, such as ``recipes``."""
    start: str
    """How one of them starts, for whoever wrote something else."""
    most_bytes: int
    error: type[UsageError]
    links: bool = True
    """Whether a symbolic link is followed."""


def read_mapping(path: Path, kind: FileKind, yaml: Any) -> tuple[str, dict[str, Any]]:
    """Return the file's text and the one mapping that it holds; raise ``kind.error`` when it does not hold exactly one.

    ``yaml`` is the module PyYAML.
    """
    try:
        text = _read_text(path, kind)
        _refuse_tricks(text, kind, yaml)
        content = yaml.load(text, Loader=strict_loader(yaml))
    except OSError as error:
        raise kind.error(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from error
    except yaml.MarkedYAMLError as error:
        line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
        raise kind.error(f"{path}{line}: is not valid YAML: {error.problem}; correct the file") from error
    except (yaml.YAMLError, ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        shown = " ".join(str(error).split())[:_SHOWN]
        raise kind.error(f"{path}: is not valid YAML: {shown}; correct the file") from error
    if not isinstance(content, dict):
        raise kind.error(f"{path}: holds no mapping; {kind.start}")
    return text, content


@cache
def strict_loader(yaml: Any) -> Any:
    """Return a safe YAML loader, in C where there is one, that refuses a key given twice."""

    class _StrictLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # chosen at run time
        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - PyYAML's
            counts = Counter(key.value for key, _ in node.value if isinstance(key.value, str))
            doubled = next((key for key, count in counts.items() if count > 1), None)
            if doubled is not None:
                raise yaml.constructor.ConstructorError(None, None, f"key {doubled!r} is given twice", node.start_mark)
            return dict(super().construct_mapping(node, deep=deep))

    return _StrictLoader


def _read_text(path: Path, kind: FileKind) -> str:
    if (path.is_symlink() and not kind.links) or (path.exists() and not path.is_file()):
        raise ValueError("it is no plain file")  # a pipe would be waited for, a device never ends
    with path.open("rb") as file:
        data = file.read(kind.most_bytes + 1)
    if len(data) > kind.most_bytes:
        raise ValueError(f"it is larger than {kind.most_bytes >> 10} KiB")
    return data.decode("utf-8")


def _refuse_tricks(text: str, kind: FileKind, yaml: Any) -> None:
    """Raise ValueError for aliases, which make much of little, and for tags, which make what no such file holds."""
    if not any(mark in text for mark in "&*!"):
        return
    for event in yaml.parse(text, Loader=strict_loader(yaml)):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "tag", None) is not None:
            line = f"line {event.start_mark.line + 1}: " if event.start_mark else ""
            raise ValueError(f"{line}{kind.names} hold no aliases and no tags; write the value out, or quote it")
