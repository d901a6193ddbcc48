"""The tree of all settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pydantic import Field, PrivateAttr, SecretStr, field_serializer
from pydantic_settings import BaseSettings, SettingsConfigDict

from ...actions.recover import Mode
from ...core.masking import mask_secrets
from ...core.types import Autonomy
from ...outcomes import hide_password
from ...rules import Layer
from ..tree_file import RECIPES, RULES, flatten
from ..trust import TrustStore
from ..working_tree import Refusal, TreeSettings, is_still_trusted
from .alerts import AlertSettings
from .breaker import BreakerSettings
from .codegen import CodegenSettings
from .component import ComponentSettings
from .decision import DecisionSettings
from .enable import EnableSettings
from .escalation import EscalationSettings
from .logs import LogSettings
from .notifications import HIDDEN, NotificationSettings
from .outcomes import OutcomeSettings
from .presets import name_preset
from .promotion import PromotionSettings
from .recovery import RecoverySettings
from .reporting import ReportSettings
from .reset import ResetSettings
from .retry import RetrySettings
from .ruled import TABLES, find_ruled
from .running import RunSettings
from .serving import ServeSettings
from .thresholds import ThresholdSettings

if TYPE_CHECKING:
    from .levels import Levels

_CHANNELS = "notifications.channels."
_MOST_KNOWN = 256
"""Names of environments whose presets are kept."""


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
    url: str | None = None
    """Address of an errclass service that answers instead of this machine; ``errclass classify`` and ``explain``."""
    key: SecretStr | None = None
    """The key for it."""
    environment: str | None = None
    """Where operations run, unless a call says otherwise; ``development``, ``staging`` and ``production``, and their
    usual short names, have a preset."""
    component: str | None = None
    """Which component operations belong to, unless a call says otherwise."""
    operation: str | None = None
    """What is run, unless a call says otherwise."""
    enable: EnableSettings = EnableSettings()
    retry: RetrySettings = RetrySettings()
    breaker: BreakerSettings = BreakerSettings()
    thresholds: ThresholdSettings = ThresholdSettings()
    logging: LogSettings = LogSettings()
    decision: DecisionSettings = DecisionSettings()
    outcomes: OutcomeSettings = OutcomeSettings()
    promotion: PromotionSettings = PromotionSettings()
    codegen: CodegenSettings = CodegenSettings()
    escalation: EscalationSettings = EscalationSettings()
    notifications: NotificationSettings = NotificationSettings()
    recovery: RecoverySettings = RecoverySettings()
    reporting: ReportSettings = ReportSettings()
    reset: ResetSettings = ResetSettings()
    run: RunSettings = RunSettings()
    serve: ServeSettings = ServeSettings()
    alerts: AlertSettings = AlertSettings()

    components: Mapping[str, ComponentSettings] = Field(default_factory=dict)
    """What differs for single components, by their names as the context says them: ``components.database.retry``."""

    _origins: dict[str, str] = PrivateAttr(default_factory=dict)
    _sources: dict[str, str] = PrivateAttr(default_factory=dict)
    _levels: Levels | None = PrivateAttr(default=None)
    _known: dict[tuple[str | None, str | None], Settings] = PrivateAttr(default_factory=dict)
    _presets: dict[str, str] = PrivateAttr(default_factory=dict)
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

    @property
    def recovery_cap(self) -> Mode | None:
        """How far a recovery may go at most, says a working tree that nobody trusts."""
        return self._tree.recovery_cap

    def for_call(self, *, component: str | None = None, environment: str | None = None) -> Settings:
        """Return the settings that hold for what a call says of itself: with that preset and that component's values.

        What it does not say is as it is set. Raises ConfigError for values that make no sense together.
        """
        asked = (component or self.component, environment or self.environment)
        if asked == (self.component, self.environment) and self._levels is not None:
            return self
        kind = (self._find_component(asked[0]), self._find_preset(asked[1]))
        if kind not in self._known:
            self._known[kind] = self._find_levels().resolve(*asked)
        found = self._known[kind]
        return found if asked == (found.component, found.environment) else found.rename(*asked)

    def note_origins(
        self, origins: Mapping[str, str], sources: Mapping[str, str], refused: tuple[Refusal, ...], tree: TreeSettings
    ) -> None:
        """Keep where each value comes from; ``sources`` are the keys of a component that stand behind others."""
        self._origins, self._sources = dict(origins), dict(sources)
        self._refused, self._tree = refused, tree

    def note_levels(self, levels: Levels) -> None:
        """Keep the levels, so that they can be laid over each other again for a call."""
        self._levels = levels

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy; what is updated holds for all calls, as if a program had set it."""
        copy = super().model_copy(update=update, deep=deep)
        copy._known = {}  # noqa: SLF001 - a copy of our own
        if update:
            copy._levels = None  # noqa: SLF001
        return copy

    @field_serializer("store", "url", when_used="json")
    def _hide_secrets(self, value: str | None) -> str | None:
        return None if value is None else _mask(value)

    def rename(self, component: str | None, environment: str | None) -> Settings:
        """Return the same for other names; a service sees any number of those that nothing is set for."""
        copy = super().model_copy(update={"component": component, "environment": environment})
        copy._known = {}  # noqa: SLF001 - a copy of our own
        return copy

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        for name, value in super().__repr_args__():
            yield name, _mask(value) if name == "store" else value

    def __repr__(self) -> str:
        return mask_secrets(super().__repr__())  # addresses may hold some, in whatever group

    def __str__(self) -> str:
        return mask_secrets(super().__str__())

    def describe(self) -> list[dict[str, Any]]:
        """Return each setting with its value, secrets masked, and where it came from.

        What is left to the rules is as they say it for the environment.
        """
        components = {name: one.model_dump(mode="json", exclude_unset=True) for name, one in self.components.items()}
        values = flatten({**self.model_dump(mode="json"), "components": components})
        return [
            self._describe_ruled(key)
            if value is None and key in TABLES
            else {"key": key, "value": _show(key, value), "origin": self._describe_origin(key)}
            for key, value in values.items()
        ]

    def _find_component(self, name: str | None) -> str | None:
        """Return what tells apart components that differ: those without settings are all alike."""
        if name is None:
            return None
        wanted = name.strip().casefold()
        return wanted if any(wanted == known.strip().casefold() for known in self.components) else ""

    def _find_preset(self, environment: str | None) -> str | None:
        """Return what tells apart environments that differ, likewise."""
        if environment is None:
            return None
        preset = self._presets.get(environment)
        if preset is None:
            preset = name_preset(environment, self.decision.rules) or ""
            if len(self._presets) >= _MOST_KNOWN:
                self._presets.clear()
            self._presets[environment] = preset
        return preset

    def _describe_ruled(self, key: str) -> dict[str, Any]:
        value, preset = find_ruled(key, self.environment, self.rule_layers)
        return {"key": key, "value": value, "origin": f"rules (preset {preset})"}

    def _describe_origin(self, key: str) -> str:
        origin, source = self._origins.get(key, "default"), self._sources.get(key)
        return f"{origin}: {source}" if source else origin

    def _find_levels(self) -> Levels:
        if self._levels is not None:
            return self._levels
        from .levels import Levels  # it makes settings

        return Levels.of_settings(self)

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
        return HIDDEN
    return _mask(value) if isinstance(value, str) else value


def _mask(value: str) -> str:
    # Whatever stands for a password in the store's address is one, however short.
    return mask_secrets(hide_password(value))
