"""Read recipe files from disk: text to plain Python values, with errors that name file and key."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

from ...core.errors import ConfigError

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_MAX_BYTES = 1 << 15
_MAX_FILES = 500
_SHOWN = 200
"""Characters shown of a fault."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Point to a value of one recipe file."""

    path: Path
    keys: tuple[str | int, ...] = ()

    def at(self, *keys: str | int) -> Spot:
        """Return the spot below this one."""
        return Spot(self.path, (*self.keys, *keys))

    def refuse(self, what: str) -> NoReturn:
        """Raise ConfigError with file, key and ``what``, which says what is wrong and what to do."""
        key = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in self.keys).lstrip(".")
        raise ConfigError(f"{self.path}: {key}: {what}" if key else f"{self.path}: {what}")


def list_recipe_files(folder: Path) -> list[Path]:
    """Return the recipe files of a folder by name; raise ConfigError where there are none, or names that are none."""
    if not folder.is_dir():
        raise ConfigError(f"{folder}: is no folder of recipes; check the path")
    paths = sorted(islice(folder.glob("*.y*ml"), _MAX_FILES + 1))
    if len(paths) > _MAX_FILES:
        raise ConfigError(f"{folder}: holds more than {_MAX_FILES} recipes; split it")
    for path in paths:
        if path.suffix != ".yaml" or not NAME.fullmatch(path.stem):
            raise ConfigError(f"{path}: is no recipe's name; use lower case and underscores, and end it in .yaml")
    return paths


def read_recipe_file(path: Path) -> dict[str, Any]:
    """Return the one mapping that the file holds; raise ConfigError when it does not hold exactly one."""
    import yaml

    try:
        text = _read_text(path)
        _refuse_tricks(text)
        content = yaml.load(text, Loader=_loader())  # noqa: S506 - it is a safe loader
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from error
    except yaml.MarkedYAMLError as error:
        line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ConfigError(f"{path}{line}: is not valid YAML: {error.problem}; correct the file") from error
    except (yaml.YAMLError, ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        shown = " ".join(str(error).split())[:_SHOWN]
        raise ConfigError(f"{path}: is not valid YAML: {shown}; correct the file") from error
    if not isinstance(content, dict):
        raise ConfigError(f"{path}: holds no mapping; a recipe starts with keys such as 'title:' and 'fits:'")
    return content


def _read_text(path: Path) -> str:
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise ValueError("it is no plain file")  # a pipe would be waited for, a device never ends
    with path.open("rb") as file:
        data = file.read(_MAX_BYTES + 1)
    if len(data) > _MAX_BYTES:
        raise ValueError(f"it is larger than {_MAX_BYTES >> 10} KiB")
    return data.decode("utf-8")


def _refuse_tricks(text: str) -> None:
    """Raise ValueError for aliases, which make much of little, and for tags, which make what no recipe holds."""
    for event in _events(text):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if type(event).__name__ == "AliasEvent" or getattr(event, "tag", None) is not None:
            raise ValueError(f"line {line}: recipes hold no aliases and no tags; write the value out, or quote it")


def _events(text: str) -> Iterator[Any]:
    import yaml

    yield from yaml.parse(text, Loader=_loader())


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
