"""What each preset sets, and which preset an environment has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ...core.errors import UsageError
from ...core.frozen import FrozenDict
from ...core.suggesting import join_names, suggest_name
from ...rules import find_preset, list_environments

PRESETS: Mapping[str, Mapping[str, Any]] = FrozenDict(
    {
        "development": FrozenDict({"notifications.limit": 0}),
        "staging": FrozenDict({"reset.allow_destructive": True}),
        "production": FrozenDict(
            {
                "notifications.limit": 5,
                "notifications.window": 60.0,
                "reset.allow_destructive": False,
                "reset.preserve_user_data": True,
            }
        ),
    }
)
"""Values that lie over the defaults and under all that the user says.

How often is retried, after which waits, and from when on who is asked, is said by the rules for the same presets, in
the tables of their ``policy.yaml``; it is not said twice.
"""
PRESET_VARIABLES: Mapping[str, Mapping[str, str]] = FrozenDict(
    {
        "development": FrozenDict({"notifications.channels.slack.webhook_url": "DEV_SLACK_WEBHOOK"}),
        "production": FrozenDict(
            {
                "notifications.channels.linear.team_id": "LINEAR_PROD_TEAM_ID",
                "notifications.channels.slack.webhook_url": "PROD_SLACK_WEBHOOK",
            }
        ),
    }
)
"""Variables that count in one preset only, there over those that hold everywhere."""


def name_preset(environment: Any, rule_folders: Iterable[Path]) -> str | None:
    """Return the name of the preset of an environment, by the names that the rules know; None where it has none."""
    if not isinstance(environment, str):
        return None
    name = environment.strip().casefold()
    name = name if name in PRESETS else find_preset(name, rule_folders) or ""
    return name if name in PRESETS else None


def check_preset(environment: str, rule_folders: Iterable[Path] = ()) -> None:
    """Raise UsageError for an environment without a preset."""
    folders = tuple(rule_folders)
    if name_preset(environment, folders) is None:
        known = [name for name in list_environments(folders) if name_preset(name, folders)]
        hint = suggest_name(environment, known)
        raise UsageError(f"there is no preset {environment!r}{hint}; known: {join_names(known)}")
