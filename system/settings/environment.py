"""The settings that environment variables hold."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from pydantic_settings import EnvSettingsSource, SettingsError

from ...core.errors import ConfigError
from ..tree_file import flatten
from ..working_tree import KILL_SWITCH
from .tree import Settings

PLAIN_NAMES = {
    "codegen.api_key": "CODEGEN_API_KEY",
    "codegen.api_url": "CODEGEN_API_URL",
    "codegen.org_id": "CODEGEN_ORG_ID",
    "notifications.channels.email.host": "NOTIFICATION_EMAIL_SMTP_HOST",
    "notifications.channels.email.password": "NOTIFICATION_EMAIL_SMTP_PASS",
    "notifications.channels.email.port": "NOTIFICATION_EMAIL_SMTP_PORT",
    "notifications.channels.email.recipients": "NOTIFICATION_EMAIL_TO",
    "notifications.channels.email.sender": "NOTIFICATION_EMAIL_FROM",
    "notifications.channels.email.user": "NOTIFICATION_EMAIL_SMTP_USER",
    "notifications.channels.linear.api_key": "LINEAR_API_KEY",
    "notifications.channels.linear.team_id": "LINEAR_TEAM_ID",
    "notifications.channels.slack.webhook_url": "NOTIFICATION_SLACK_WEBHOOK",
}
"""Variables that have a name of their own; the usual one is read too, and counts over it."""
NODE_ENVIRONMENT = "NODE_ENV"
"""Says where operations run where nothing else does, as in programs of Node."""
ENVIRONMENT = "environment"
"""Where values of environment variables come from."""
_ACT = "ERRCLASS_ACT"
_SWITCH: Mapping[str, bool] = {"on": True, "true": True, "1": True, "off": False, "false": False, "0": False}


def read_plain_names(names: Mapping[str, str] = PLAIN_NAMES) -> dict[str, Any]:
    """Return the settings, flat, that variables with a name of their own hold."""
    return {key: os.environ[name] for key, name in names.items() if os.environ.get(name)}


def read_environment() -> dict[str, Any]:
    """Return those of the usual variables; raises ConfigError for a list that is none, or a switch that is no word."""
    try:
        values = flatten(EnvSettingsSource(Settings)())
    except SettingsError as error:
        message = f'environment: {error}; lists are written as JSON: ERRCLASS_DECISION__RULES=\'["/a", "/b"]\''
        raise ConfigError(message) from None  # it may hold secrets
    return _pull_switch(values, os.environ.get(_ACT, ""))


def _pull_switch(values: dict[str, Any], word: str) -> dict[str, Any]:
    """Return the environment's values with what ERRCLASS_ACT says; of two variables the one that stops counts."""
    if not word:
        return values
    acting = _SWITCH.get(word.strip().lower())
    if acting is None:
        raise ConfigError(f"{_ACT}: write off to switch everything automatic off, or on, not {word!r}")
    return {KILL_SWITCH: False, **values} if acting else {**values, KILL_SWITCH: True}
