"""The tree of all settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import PrivateAttr
from pydantic_settings import BaseSettings, SettingsConfigDict

from ...core.masking import mask_secrets
from ...core.types import Autonomy
from ...outcomes import hide_password
from ...rules import Layer
from ..tree_file import RECIPES, RULES, flatten
from ..trust import TrustStore
from ..working_tree import Refusal, TreeSettings, is_still_trusted
from .breaker import BreakerSettings
from .codegen import CodegenSettings
from .decision import DecisionSettings
from .enable import EnableSettings
from .escalation import EscalationSettings
from .logs import LogSettings
from .notifications import HIDDEN, NotificationSettings
from .outcomes import OutcomeSettings
from .promotion import PromotionSettings
from .recovery import RecoverySettings
from .reset import ResetSettings
from .retry import RetrySettings
from .thresholds import ThresholdSettings

_CHANNELS = "notifications.channels."


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
        return HIDDEN
    # Whatever stands for a password in the store's address is one, however short.
    return mask_secrets(hide_password(value)) if isinstance(value, str) else value
