"""Read rule files from disk: text to plain Python values, with errors that name the place."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from ..core.errors import PolicyError

POLICY_FILE = "policy.yaml"
NAME = re.compile(r"[a-z][a-z0-9_]*")
_RULE_PLACE = re.compile(rf"{NAME.pattern}/{NAME.pattern}\.yaml")


def read_mapping(path: Path) -> dict[str, Any]:
    """Return the mapping that the YAML file holds; raise ``PolicyError`` when it does not hold exactly one."""
    import yaml

    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_loader())  # noqa: S506 - it is a safe loader
    except OSError as error:
        raise PolicyError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from error
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise PolicyError(f"{path}: is not valid YAML: {error}; correct the file") from error
    if not isinstance(content, dict):
        raise PolicyError(f"{path}: holds no mapping; a rule file starts with keys such as 'title:' and 'when:'")
    return content


def list_rule_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield id and path of each ``<stage>/<name>.yaml`` in ``folder``; raise for YAML files that would be ignored."""
    for path in sorted(folder.rglob("*.y*ml")):
        place = path.relative_to(folder)
        if place.as_posix() == POLICY_FILE:
            continue
        if not _RULE_PLACE.fullmatch(place.as_posix()):
            raise PolicyError(f"{path}: is no rule's place; name it <stage>/<name>.yaml in lower case with underscores")
        yield place.with_suffix("").as_posix(), path


@cache
def _loader() -> Any:
    """Return a safe YAML loader, in C where there is one, that refuses a key given twice."""
    import yaml

    class _StrictLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # chosen at run time
        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - PyYAML's
            keys = [key.value for key, _ in node.value]
            doubled = next((key for key in keys if isinstance(key, str) and keys.count(key) > 1), None)
            if doubled is not None:
                raise yaml.constructor.ConstructorError(None, None, f"key {doubled!r} is given twice", node.start_mark)
            return dict(super().construct_mapping(node, deep=deep))

    return _StrictLoader
