"""The settings tree: defaults < user file < environment < flags; a working tree may only tighten what comes of it."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from platformdirs import user_data_path
from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    SecretStr,
    ValidationError,
    field_serializer,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict, SettingsError

from ..core.durations import parse_duration
from ..core.errors import ConfigError, UsageError
from ..core.masking import mask_secrets
from ..core.types import Autonomy
from ..outcomes import hide_password
from ..rules import Layer
from .recovery_settings import RecoverySettings, ResetSettings
from .tree_file import RECIPES, RULES, flatten
from .trust import TrustStore
from .working_tree import KILL_SWITCH, NAMES, Refusal, TreeSettings, is_still_trusted, read_tree_settings, tighten

_USER_FILE = "config.toml"
_ENVIRONMENT, _FLAG = "environment", "flag"
_PATHS = ("store", "model")
_CHANNELS = "notifications.channels."
_HIDDEN = "***"
_PLAIN_NAMES = {
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
_ACT = "ERRCLASS_ACT"
_SWITCH: Mapping[str, bool] = {"on": True, "true": True, "1": True, "off": False, "false": False, "0": False}


class DecisionSettings(BaseModel):
    """Limits on what rules may plan, and where further rules lie."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: tuple[Path, ...] = ()
    """Folders of rules laid over the usual ones, in this order."""
    max_attempts: int = Field(default=10, ge=1, le=1000)
    """Upper bound of a plan's attempts, the first one included."""
    max_delay: float = Field(default=300.0, ge=0, le=86_400)
    """Upper bound of one wait between attempts, in seconds; a Retry-After may exceed it."""
    autonomy: Autonomy | None = None
    """How far errclass may go by itself: ``suggest``, ``ask``, ``auto``; the environment's usual one without it."""
    kill_switch: bool = False
    """Whether everything automatic is switched off: nothing is re-run, recovered, reset, escalated or sent."""


class OutcomeSettings(BaseModel):
    """How long outcomes are kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    retention: str | None = None
    """Age beyond which ``errclass outcomes prune`` drops them, such as ``365d``; nothing is dropped without it."""

    @field_validator("retention")
    @classmethod
    def _check_span(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                parse_duration(value)
            except UsageError as error:
                raise ValueError(str(error)) from error
        return value


class MaintenanceSettings(BaseModel):
    """A time in which notifications are held; a digest tells them afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: AwareDatetime
    end: AwareDatetime
    environment: str | None = None
    """Only notifications of this environment; all without it."""
    operation: str | None = None
    channel: str | None = None

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.end <= self.start:
            raise ValueError("a maintenance must end after it starts")
        return self


class NotificationSettings(BaseModel):
    """Whom to tell, and how much; see docs/notifications.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    channels: Mapping[str, Mapping[str, Any]] = Field(default_factory=dict, repr=False)
    """Options of each channel by its name, such as ``slack.webhook_url``."""
    limit: int = Field(default=10, ge=0, le=10_000)
    """Messages to one channel of one priority within ``window``, digests included; 0: any number."""
    window: float = Field(default=300.0, gt=0, le=86_400)
    """In seconds."""
    digest_every: float = Field(default=60.0, gt=0, le=86_400)
    """Seconds that what does not go at once waits for a digest."""
    repeat_window: float = Field(default=900.0, gt=0, le=86_400)
    """Seconds within which the same again is only counted."""
    maintenance: tuple[MaintenanceSettings, ...] = ()

    @field_serializer("channels", when_used="json")
    def _hide_options(self, channels: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, str]]:
        return {name: dict.fromkeys(options, _HIDDEN) for name, options in channels.items()}


class PromotionSettings(BaseModel):
    """When a trained model may take the place of the one in use; see ``errclass models compare``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_type_drop: float = Field(default=5.0, ge=0, le=100)
    """Most that the F1 of any type may fall, in points (100 times F1)."""
    minimum_gain: float = Field(default=0.0, ge=-100, le=100)
    """Points of accuracy that must be gained; with exactly so many gained, macro-F1 decides, then the Brier skill."""
    minimum_examples: int = Field(default=20, ge=2, le=100_000)
    """Fewest texts that can be judged on; with fewer nothing is judged."""
    slice_share: float = Field(default=0.2, gt=0, le=0.5)
    """Share of the store's labelled causes, the newest, that a model is judged on; more where those are too few."""


class CodegenSettings(BaseModel):
    """The agent that is asked to mend code, and when it is; see ``docs/codegen.md``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    agent: str = "codegen"
    """Which of the installed agents."""
    api_url: str | None = None
    """Where its API is; where it usually is without it."""
    api_key: SecretStr | None = None
    """Without a key no agent is asked."""
    org_id: str | None = None
    repo_id: str | None = None
    """The agent's own number of the repository, where the organisation has several."""
    confidence: float = Field(default=0.8, ge=0, le=1)
    """Least probability that the type is right."""
    runs_per_day: int = Field(default=20, ge=0, le=500)
    """Most runs that are paid for in one day (UTC), over all processes that share the store."""

    @field_validator("org_id", "repo_id", mode="before")
    @classmethod
    def _read_number(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class EscalationSettings(BaseModel):
    """How failures are handed on; see ``docs/escalation.md``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    concurrent: int = Field(default=10, ge=1, le=1000)
    """Escalations that are carried out at a time, over all processes that share the store."""
    deadline: float = Field(default=300.0, gt=0, le=86_400)
    """Seconds for carrying one out, with its repetitions."""


class Settings(BaseSettings):
    """All settings. Environment variables are the keys in capitals: ``ERRCLASS_DECISION__MAX_ATTEMPTS=3``."""

    model_config = SettingsConfigDict(
        env_prefix="ERRCLASS_",
        env_nested_delimiter="__",
        env_ignore_empty=True,
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
    )

    home: Path
    """Where models, store, trust and the user's settings file lie."""
    store: str
    """Folder of the outcome store, or the address of a PostgreSQL database."""
    model: Path | None = None
    """Folder of the model to use instead of the promoted one."""
    environment: str | None = None
    """Where operations run, unless a call says otherwise: ``development``, ``staging``, ``production``, ..."""
    component: str | None = None
    operation: str | None = None
    decision: DecisionSettings = DecisionSettings()
    outcomes: OutcomeSettings = OutcomeSettings()
    promotion: PromotionSettings = PromotionSettings()
    codegen: CodegenSettings = CodegenSettings()
    escalation: EscalationSettings = EscalationSettings()
    notifications: NotificationSettings = NotificationSettings()
    recovery: RecoverySettings = RecoverySettings()
    reset: ResetSettings = ResetSettings()

    _origins: dict[str, str] = PrivateAttr(default_factory=dict)
    _refused: tuple[Refusal, ...] = PrivateAttr(default=())
    _tree: TreeSettings = PrivateAttr(default=TreeSettings())

    @property
    def refused(self) -> tuple[Refusal, ...]:
        """What a file of the working tree asked for and did not get."""
        return self._refused

    @property
    def rule_layers(self) -> tuple[Layer, ...]:
        """Folders of rules laid over the usual ones; those of a working tree that nobody trusts may only say no."""
        lost = self._has_lost_trust(RULES)
        chosen = (Layer(folder, restricted=lost) for folder in self.decision.rules)
        return (*chosen, *(Layer(folder, restricted=True) for folder in self._tree.restricted_rules))

    @property
    def recipe_folders(self) -> tuple[Path, ...]:
        """Folders of recipes laid over the shipped ones; those of a working tree only while it is as it was trusted."""
        return () if self._has_lost_trust(RECIPES) else self.recovery.recipes

    @property
    def acting(self) -> bool:
        """Whether anything may be done at all: re-run, recovered, reset, escalated, asked of an agent or sent."""
        return not self.decision.kill_switch

    @property
    def autonomy_cap(self) -> Autonomy | None:
        """How far errclass may go by itself at most, says a working tree that nobody trusts."""
        return self._tree.autonomy_cap

    def describe(self) -> list[dict[str, Any]]:
        """Return each setting with its value, secrets masked, and where it came from."""
        values = flatten(self.model_dump(mode="json"))
        return [
            {
                "key": key,
                "value": _show(key, value),
                "origin": self._origins.get(key, "default"),
            }
            for key, value in values.items()
        ]

    def _has_lost_trust(self, key: str) -> bool:
        """Tell whether a key is of a working tree whose files are no longer those that were trusted.

        It is looked at each time: a program may run on while they change.
        """
        file = self._tree.file
        if file is None or self._origins.get(key) != str(file):
            return False
        return not is_still_trusted(file, TrustStore(self.home))


def _show(key: str, value: Any) -> Any:
    """Return a value without secrets: a channel's options are all taken for such."""
    if key.startswith(_CHANNELS):
        return _HIDDEN
    # Whatever stands for a password in the store's address is one, however short.
    return mask_secrets(hide_password(value)) if isinstance(value, str) else value


def load_settings(*, cwd: Path | None = None, overrides: Mapping[str, Any] | None = None) -> Settings:
    """Read all levels and return the settings; nothing is created.

    ``overrides`` are the flags: dotted keys to values. Raises ConfigError, naming file or variable, key and the nearest
    known key, for whatever is wrong at the user's own level.
    """
    flags = dict(overrides or {})
    home = _find_home(flags)
    levels = {
        "default": {"store": str(home / "store")},
        str(home / _USER_FILE): _read_user_file(home / _USER_FILE),
        _ENVIRONMENT: _anchor(_read_environment(), None),
        _FLAG: _anchor(flags, None),
    }
    values = {key: value for level in levels.values() for key, value in level.items()} | {"home": str(home)}
    origins = {key: origin for origin, level in levels.items() for key in level}
    tree = read_tree_settings(_working_directory(cwd), TrustStore(home))
    applied, refused = tighten(tree, flatten(_build(values, origins).model_dump()))
    for key, value in _without_outranked(applied, origins, tree).items():
        reason = _find_fault(values | {key: value})
        if reason:
            refused.append(Refusal(tree.file or Path(), key, reason))
        else:
            values[key], origins[key] = value, str(tree.file)
    settings = _build(values, origins)
    settings._origins = origins  # noqa: SLF001 - set once, here, where they are known
    settings._refused = (*tree.refused, *refused)  # noqa: SLF001
    settings._tree = tree  # noqa: SLF001
    return settings


def _find_home(flags: Mapping[str, Any]) -> Path:
    home = flags.get("home") or os.environ.get("ERRCLASS_HOME") or user_data_path("errclass", appauthor=False)
    return Path(os.path.expanduser(home)).absolute()  # noqa: PTH111 - Path.expanduser raises for unknown users


def _working_directory(cwd: Path | None) -> Path | None:
    try:
        return (cwd or Path.cwd()).resolve()
    except (OSError, RuntimeError):  # it was removed, or is a loop of links
        return None


def _read_user_file(path: Path) -> dict[str, Any]:
    try:
        values = flatten(tomllib.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: cannot be read as TOML ({error})") from error
    if "home" in values:
        raise ConfigError(f"{path}: home: the file that lies in it cannot move it; set ERRCLASS_HOME instead")
    return _anchor(values, path.parent)


def _read_environment() -> dict[str, Any]:
    plain = {key: os.environ[name] for key, name in _PLAIN_NAMES.items() if os.environ.get(name)}
    try:
        values = plain | flatten(EnvSettingsSource(Settings)())
    except SettingsError as error:
        message = f'environment: {error}; lists are written as JSON: ERRCLASS_DECISION__RULES=\'["/a", "/b"]\''
        raise ConfigError(message) from None  # likewise
    return _pull_switch(values, os.environ.get(_ACT, ""))


def _pull_switch(values: dict[str, Any], word: str) -> dict[str, Any]:
    """Return the environment's values with what ERRCLASS_ACT says; of two variables the one that stops counts."""
    if not word:
        return values
    acting = _SWITCH.get(word.strip().lower())
    if acting is None:
        raise ConfigError(f"{_ACT}: write off to switch everything automatic off, or on, not {word!r}")
    return {KILL_SWITCH: False, **values} if acting else {**values, KILL_SWITCH: True}


def _anchor(values: Mapping[str, Any], folder: Path | None) -> dict[str, Any]:
    """Expand ``~`` in paths; those of a file are meant from its folder, wherever the command runs."""

    def resolve(path: Any) -> Any:
        if not isinstance(path, str | Path) or "://" in str(path):
            return path
        expanded = os.path.expanduser(path)  # noqa: PTH111 - as above
        return str(folder / expanded) if folder else str(expanded)

    changed = {key: resolve(values[key]) for key in _PATHS if key in values}
    for key in (RULES, RECIPES):
        folders = values.get(key)
        if isinstance(folders, list | tuple):
            changed[key] = [resolve(path) for path in folders]
    return {**values, **changed}


def _without_outranked(applied: Mapping[str, Any], origins: Mapping[str, str], tree: TreeSettings) -> dict[str, Any]:
    """Leave out what the user's own level outranks: names always; of a trusted file, what environment or flags set."""

    def is_outranked(key: str) -> bool:
        origin = origins.get(key, "default")
        return origin in {_ENVIRONMENT, _FLAG} if tree.trusted else key in NAMES and origin != "default"

    kept = {key: value for key, value in applied.items() if not is_outranked(key)}
    return _anchor(kept, tree.file.parent if tree.file else None)


def _find_fault(values: Mapping[str, Any]) -> str | None:
    try:
        Settings.model_validate(_nest(values))
    except (ConfigError, ValidationError) as error:
        return "it is unknown, or not a value that this key takes" if isinstance(error, ValidationError) else str(error)
    return None


def _build(values: Mapping[str, Any], origins: Mapping[str, str]) -> Settings:
    try:
        return Settings.model_validate(_nest(values))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        fault = "unknown key" if first["type"] == "extra_forbidden" else first["msg"].lower()
        raise ConfigError(f"{_name_origin(key, origins)}: {fault}{_suggest(key)}") from None  # it holds secrets


def _name_origin(key: str, origins: Mapping[str, str]) -> str:
    """Name the file and key, or the variable, that a fault comes from; the key of a list's item is longer."""
    known = next((name for name in origins if key == name or key.startswith(f"{name}.")), key)
    origin = origins.get(known, "settings")
    variable = _PLAIN_NAMES.get(known) or f"ERRCLASS_{known.upper().replace('.', '__')}"
    return variable if origin == _ENVIRONMENT else f"{origin}: {key}"


def _nest(values: Mapping[str, Any]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for key, value in values.items():
        *path, last = key.split(".")
        place = nested
        for part in path:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                raise ConfigError(f"{part}: is a group of keys, such as {key}, and takes no value of its own")
        place[last] = value
    return nested


def _suggest(key: str) -> str:
    fields = {name: field.annotation for name, field in Settings.model_fields.items()}
    groups = {name: kind for name, kind in fields.items() if isinstance(kind, type) and issubclass(kind, BaseModel)}
    known = [
        *Settings.model_fields,
        *(f"{group}.{name}" for group, kind in groups.items() for name in kind.model_fields),
    ]
    if any(key == name or key.startswith(f"{name}.") for name in known if name not in groups):
        return ""
    nearest = difflib.get_close_matches(key, known, n=1)
    return f"; did you mean {nearest[0]}?" if nearest else f"; known keys: {', '.join(known)}"
