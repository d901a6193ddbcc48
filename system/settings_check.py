"""Check the settings before they are needed: what is wrong, and what is probably not meant."""

from __future__ import annotations

import difflib
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ..actions.notify import make_channel
from ..actions.recover import load_recipes
from ..core.errors import ConfigError, ErrclassError, UsageError
from ..core.frozen import FrozenDict
from ..core.suggesting import suggest_name
from ..outcomes import hide_password
from ..reports import check_request
from ..reports.formats.browser import find_browser
from ..reports.registry import PRINTED
from ..rules import find_preset, list_environments
from .escalating import make_codegen
from .settings import Settings, load_settings
from .settings.environment import NODE_ENVIRONMENT, PLAIN_NAMES
from .settings.presets import PRESET_VARIABLES
from .settings.ruled import find_ruled

Level = Literal["error", "warning"]
_PREFIX = "ERRCLASS_"
_NEAR = 0.75
_OTHERS_MAY = stat.S_IRGRP | stat.S_IROTH


@dataclass(frozen=True, slots=True)
class Finding:
    """Say one thing about the settings."""

    level: Level
    message: str


@dataclass(frozen=True, slots=True)
class SettingsReport:
    """Hold what was found, and which variables are set that have a name of their own."""

    findings: tuple[Finding, ...]
    variables: Mapping[str, bool] = field(default_factory=FrozenDict)

    @property
    def valid(self) -> bool:
        """Whether there is no error."""
        return all(finding.level != "error" for finding in self.findings)


def check_settings(user_file: Path | None = None) -> SettingsReport:
    """Check files and variables; ``user_file`` stands in the place of the user's own one. Nothing is sent."""
    return SettingsReport(tuple(_find_all(user_file)), FrozenDict(_list_variables()))


def _find_all(user_file: Path | None) -> Iterator[Finding]:
    try:
        settings = load_settings(user_file=user_file)
    except ConfigError as error:
        yield from (Finding("error", fault) for fault in (str(error), *getattr(error, "__notes__", ())))
        return
    yield from (Finding("warning", str(refusal)) for refusal in settings.refused)
    yield from _check_variables()
    yield from _check_file(user_file or settings.home / "config.toml", settings)
    yield from _check_channels(settings)
    yield from _check_agent(settings)
    yield from _check_recipes(settings)
    yield from _check_schedules(settings)
    yield from find_doubts(settings)


def find_doubts(settings: Settings) -> Iterator[Finding]:
    """Yield what is probably not meant: environments that nobody knows, numbers that do not fit each other."""
    yield from _check_environment(settings)
    for component in (None, *sorted(settings.components)):
        for warning in _check_numbers(settings.for_call(component=component)):
            where = f"components.{component}: " if component else ""
            yield Finding("warning", f"{where}{warning}")


def _check_environment(settings: Settings) -> Iterator[Finding]:
    name, layers = settings.environment, settings.rule_layers
    if name is not None and find_preset(name, layers) is None:
        near = suggest_name(name, list_environments(layers), most=1)
        yield Finding("warning", f"environment: {name!r} has no preset{near}; it is decided as usual")


def _check_variables() -> Iterator[Finding]:
    """Yield variables whose first word is nearly that of a setting; a wrong second word is an error when it is read."""
    known = [name.upper() for name in Settings.model_fields]
    for name in sorted(os.environ):
        word = name.removeprefix(_PREFIX).partition("__")[0]
        if name.startswith(_PREFIX) and word not in known:
            for near in difflib.get_close_matches(word, known, n=1, cutoff=_NEAR):
                meant = f"{_PREFIX}{near}{name.removeprefix(_PREFIX + word)}"
                yield Finding("warning", f"{name}: no setting has this name, so it does nothing; did you mean {meant}?")


def _check_file(path: Path, settings: Settings) -> Iterator[Finding]:
    if not path.exists():
        return
    if os.name == "posix" and _holds_secret(settings) and path.stat().st_mode & _OTHERS_MAY:
        yield Finding("warning", f"{path}: others may read it, and it may hold secrets; run: chmod 600 {path}")


def _holds_secret(settings: Settings) -> bool:
    keys = (settings.key, settings.codegen.api_key)
    return any(keys) or bool(settings.notifications.channels) or hide_password(settings.store) != settings.store


def _check_channels(settings: Settings) -> Iterator[Finding]:
    if not settings.enable.notifications:
        return
    if not settings.notifications.channels:
        yield Finding("warning", "notifications.channels: there is none, so nobody is told")
    for name, values in settings.notifications.channels.items():
        try:
            make_channel(name, values)
        except ErrclassError as error:
            yield Finding("error", f"notifications.channels.{name}: {error}")


def _check_agent(settings: Settings) -> Iterator[Finding]:
    if not settings.enable.codegen:
        return
    if settings.codegen.api_key is None:
        yield Finding("warning", "codegen.api_key: is not set, so no agent is asked; set CODEGEN_API_KEY")
        return
    try:
        make_codegen(settings)
    except ErrclassError as error:
        yield Finding("error", f"codegen: {error}")


def _check_schedules(settings: Settings) -> Iterator[Finding]:
    for name, wanted in settings.reporting.schedules.items():
        where = f"reporting.schedules.{name}"
        try:
            check_request(wanted.type, window=wanted.window, filters=wanted.filters)
            if wanted.format in PRINTED:
                find_browser(settings.reporting.browser)
        except UsageError as error:
            yield Finding("error", f"{where}: {error}")
        if wanted.notify and not settings.notifications.channels:
            yield Finding("warning", f"{where}.notify: there is no channel, so nobody is told")


def _check_recipes(settings: Settings) -> Iterator[Finding]:
    try:
        known = {recipe.name for recipe in load_recipes(settings.recipe_folders)}
    except ErrclassError as error:
        yield Finding("error", f"recovery.recipes: {error}")
        return
    for name in settings.recovery.allow or ():
        if name not in known:
            yield Finding("warning", f"recovery.allow: there is no recipe {name!r}{suggest_name(name, known)}")


def _check_numbers(settings: Settings) -> Iterator[str]:
    retry, limits = settings.retry, settings.decision
    base = _choose(settings, "retry.base_delay", retry.base_delay)
    if retry.max_delay is not None and retry.max_delay < base:
        yield f"retry.max_delay: {retry.max_delay:g} s is shorter than the first wait, {base:g} s"
    if retry.attempts is not None and retry.attempts > limits.max_attempts:
        yield f"retry.attempts: {retry.attempts} are no more than decision.max_attempts, {limits.max_attempts}"
    repair = _choose(settings, "thresholds.codegen", settings.thresholds.codegen)
    person = _choose(settings, "thresholds.manual", settings.thresholds.manual)
    if repair >= person:
        yield f"thresholds: a person is asked after {person:g} failures, so no repair is after {repair:g}"


def _choose(settings: Settings, key: str, said: float | None) -> float:
    """Return what was set, or what the rules say."""
    if said is not None:
        return said
    ruled = find_ruled(key, settings.environment, settings.rule_layers)[0]
    return float(ruled) if isinstance(ruled, int | float) else 0.0


def _list_variables() -> dict[str, bool]:
    names = {*PLAIN_NAMES.values(), *(name for names in PRESET_VARIABLES.values() for name in names.values())}
    return {name: bool(os.environ.get(name)) for name in sorted({*names, NODE_ENVIRONMENT})}
