"""Whether a settings file can be read, by what its ending says."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

_MAX_PARSED = 4 << 20
_TEXT = r'("(?:\\.|[^"\\\n])*(?:"|\\?\Z|(?=\n)))'  # one that is not closed matches too, so that it is looked at once
_TEXT_OR_COMMENT = re.compile(rf"{_TEXT}|//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_TEXT_OR_LAST_COMMA = re.compile(rf"{_TEXT}|,(?=\s*[}}\]])", re.DOTALL)


def parses(path: Path) -> bool:
    """Tell whether a settings file is there and can be read as what its ending says.

    Files of other endings, and those above 4 MiB, need only be there. In JSON comments and a last comma are fine, for
    many tools allow them.
    """
    read = _READERS.get(path.suffix.lower())
    try:
        if not path.is_file():
            return False
        if read and path.stat().st_size <= _MAX_PARSED:
            read(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return False
    return True


def _read_json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        plain = _TEXT_OR_COMMENT.sub(lambda found: found[1] or " ", text)
        return json.loads(_TEXT_OR_LAST_COMMA.sub(lambda found: found[1] or "", plain))


def _read_yaml(text: str) -> Any:
    import yaml

    try:
        for _ in yaml.parse(text, Loader=yaml.SafeLoader):  # makes no values, so that aliases cannot blow it up
            pass
    except yaml.YAMLError as error:
        raise ValueError("it is no YAML") from error


_READERS: Mapping[str, Callable[[str], Any]] = {
    ".json": _read_json,
    ".toml": tomllib.loads,
    ".yaml": _read_yaml,
    ".yml": _read_yaml,
}
