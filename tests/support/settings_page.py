"""The tables of keys in docs/settings.md; run as a program (``just docs``) they are written anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from support.source import find_source

from errclass.system.settings.key_info import KeyInfo, list_groups, list_key_infos
from errclass.system.settings.presets import PRESETS
from errclass.system.settings.ruled import find_ruled

PAGE = find_source() / "docs" / "settings.md"
_TABLES = re.compile(r"(<!-- keys -->\n).*?(<!-- /keys -->)", re.DOTALL)
_PRESETS = re.compile(r"(<!-- presets -->\n).*?(<!-- /presets -->)", re.DOTALL)
_HEAD = ["| key | meaning | values | default | presets | variable |", "|---|---|---|---|---|---|"]


def write_tables() -> str:
    """Return a table for each group."""
    infos = list_key_infos()
    return "\n".join(line for group, about in list_groups().items() for line in _write_group(group, about, infos))


def write_presets() -> str:
    """Return a table of what presets set, and of what the rules say in them."""
    lines = [f"| | elsewhere | {' | '.join(PRESETS)} |", "|---|---|---|---|---|"]
    for info in list_key_infos():
        if info.presets:
            usual = find_ruled(info.key, None)[0] if info.by_rules else info.default
            cells = [usual, *(info.presets.get(name, usual) for name in PRESETS)]
            lines.append(f"| `{info.key}` | {' | '.join(map(_write_value, cells))} |")
    return "\n".join(lines) + "\n"


def fill_in_tables(text: str) -> str:
    """Return the page with the tables as they are now."""
    text = _PRESETS.sub(lambda match: match[1] + write_presets() + match[2], text)
    return _TABLES.sub(lambda match: match[1] + write_tables() + match[2], text)


def _write_group(group: str, about: str, infos: list[KeyInfo]) -> Iterator[str]:
    yield f"### {group or 'Top level'}\n\n{about.replace('``', '`')}\n"
    yield from _HEAD
    yield from (_write_line(info) for info in infos if info.group == group)
    yield "\n"


def _write_line(info: KeyInfo) -> str:
    presets = ", ".join(f"{name}: {_write_value(value)}" for name, value in info.presets.items())
    default = "as the rules say" if info.by_rules else _write_value(info.default)
    cells = (
        f"`{info.key}`",
        info.meaning.replace("``", "`"),
        info.values,
        default,
        presets,
        ", ".join(f"`{name}`" for name in info.variables),
    )
    return f"| {' | '.join(cells)} |"


def _write_value(value: Any) -> str:
    if value is None or value in ((), {}):
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, float):
        return f"`{value:g}`"
    return value if isinstance(value, str) and "`" in value else value if " " in str(value) else f"`{value}`"


if __name__ == "__main__":
    PAGE.write_text(fill_in_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
