"""What a scenario declares: how to make one tool fail, and what that failure is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent / "scenarios"


@dataclass(frozen=True, slots=True)
class Scenario:
    """Describe one provoked failure; the README explains each field."""

    id: str
    tool: str
    type: str
    command: str
    expect: str
    version: str = ""
    retryable: bool | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    root_setup: str = ""
    setup: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    servers: tuple[Mapping[str, Any], ...] = ()
    dns: str = "nxdomain"
    mounts: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)
    user: str = "runner"
    timeout: float = 60.0
    disk: str = "1g"
    replace: Mapping[str, str] = field(default_factory=dict)


def load_scenarios(folder: Path = FOLDER) -> list[Scenario]:
    """Return the scenarios of all files of a folder, in the order of the files.

    Raises ValueError for broken YAML, an unknown field, a missing one or an id that is there twice.
    """
    scenarios = [scenario for path in sorted(folder.glob("*.yaml")) for scenario in _load_file(path)]
    seen: set[tuple[str, str]] = set()
    for scenario in scenarios:
        if (key := (scenario.tool, scenario.id)) in seen:
            raise ValueError(f"{scenario.tool}: the id {scenario.id!r} is there twice")
        seen.add(key)
    return scenarios


def _load_file(path: Path) -> list[Scenario]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ValueError(f"{path}: no YAML: {error}") from error
    shared = content.get("shared", {}) | {"tool": content["tool"], "version": content.get("version", "")}
    return [_scenario(shared, entry, path) for entry in content["scenarios"]]


def _scenario(shared: Mapping[str, Any], entry: Mapping[str, Any], path: Path) -> Scenario:
    values = {**shared, **entry, "expect": str(entry.get("expect", ""))}
    for name in ("files", "env", "mounts", "limits", "replace"):
        values[name] = {**shared.get(name, {}), **entry.get(name, {})}
    for name in ("needs", "hosts", "servers"):
        values[name] = (*shared.get(name, ()), *entry.get(name, ()))
    if unknown := sorted(set(values) - {each.name for each in fields(Scenario)}):
        raise ValueError(f"{path}: {entry.get('id')!r} has unknown fields: {', '.join(unknown)}")
    try:
        return Scenario(**values)
    except TypeError as error:
        raise ValueError(f"{path}: {entry.get('id')!r}: {error}") from error
