"""All levels of settings, laid over each other for one environment and one component."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from ...core.frozen import FrozenDict
from ..tree_file import flatten
from ..working_tree import NAMES, Refusal, TreeSettings, tighten
from .anchoring import anchor_paths
from .building import build_settings, find_fault
from .environment import ENVIRONMENT
from .keys import find_overrides
from .presets import PRESETS, name_preset
from .tree import Settings

DEFAULT, FLAG = "default", "flag"
"""Where values come from that nobody gave, and those that a call gave."""
_GIVEN = "given"
_CALL = "call"


@dataclass(frozen=True, slots=True)
class Level:
    """Hold flat values of one origin."""

    origin: str
    values: Mapping[str, Any] = field(repr=False)  # it may hold secrets


@dataclass(frozen=True, slots=True)
class Levels:
    """Hold what each level says, the lowest first; a component's values go over the rest of their own level."""

    usual: tuple[Level, ...] = ()
    """What lies under the preset."""
    common: tuple[Level, ...] = ()
    """User file, and variables that other programs know too."""
    variables: Mapping[str, Level] = field(default_factory=FrozenDict)
    """Of each preset, what variables say that count in it only."""
    own: tuple[Level, ...] = ()
    """Variables of errclass, and flags."""
    tree: TreeSettings = field(default_factory=TreeSettings)

    @classmethod
    def of_settings(cls, settings: Settings) -> Self:
        """Return the levels of settings that a program made: all that it set, and nothing else."""
        return cls(own=(Level(_GIVEN, flatten(settings.model_dump(exclude_unset=True))),))

    def resolve(self, component: str | None = None, environment: str | None = None) -> Settings:
        """Return the settings that hold for a component in an environment; by default for those that are set.

        Raises ConfigError, naming file or variable, key and the nearest known key, for whatever is wrong at the user's
        own level.
        """
        named = {"component": component, "environment": environment}
        call = Level(_CALL, {key: value for key, value in named.items() if value is not None})
        plain = self._pile_up(None, None, call)
        preset = name_preset(plain.environment, [layer.folder for layer in plain.rule_layers if not layer.restricted])
        settings = self._pile_up(preset, plain.component, call)
        settings.note_levels(self)
        return settings

    def _pile_up(self, preset: str | None, component: str | None, call: Level) -> Settings:
        return _Pile((*self._list_levels(preset), call), component, self.tree).build()

    def _list_levels(self, preset: str | None) -> Iterator[Level]:
        yield from self.usual
        if preset is not None:
            yield Level(f"preset {preset}", PRESETS[preset])
        yield from self.common
        if preset is not None and preset in self.variables:
            yield self.variables[preset]
        yield from self.own


class _Pile:
    """Lay levels over each other, and then what a working tree asks for and may have."""

    def __init__(self, levels: tuple[Level, ...], component: str | None, tree: TreeSettings) -> None:
        self._component, self._tree = component, tree
        self.values: dict[str, Any] = {}
        self.origins: dict[str, str] = {}
        self.sources: dict[str, str] = {}
        self.refused: list[Refusal] = [*tree.refused]
        for level in levels:
            self._lay(level)

    def build(self) -> Settings:
        """Return the settings, with where each comes from."""
        settings = build_settings(self.values, self.origins)
        if self._tree.values:
            applied, refused = tighten(self._tree, flatten(settings.model_dump()))
            self.refused += refused
            self._lay(Level(str(self._tree.file), self._keep_sound(self._without_outranked(applied))))
            settings = build_settings(self.values, self.origins)
        settings.note_origins(self.origins, self.sources, tuple(self.refused), self._tree)
        return settings

    def _lay(self, level: Level) -> None:
        said = level.values
        if level.origin == _CALL:  # which may repeat what was set
            said = {key: value for key, value in said.items() if self.values.get(key) != value}
        self.values |= said
        self.origins |= dict.fromkeys(said, level.origin)
        for key in said:
            self.sources.pop(key, None)
        if self._component is not None:
            for key, source in find_overrides(level.values, self._component).items():
                self.values[key], self.origins[key] = level.values[source], level.origin
                self.sources[key] = source

    def _keep_sound(self, applied: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the working tree may have and can have; the rest is refused."""
        sound: dict[str, Any] = {}
        for key, value in applied.items():
            reason = find_fault({**self.values, **sound, key: value})
            if reason:
                self.refused.append(Refusal(self._tree.file or Path(), key, reason))
            else:
                sound[key] = value
        return sound

    def _without_outranked(self, applied: Mapping[str, Any]) -> dict[str, Any]:
        """Leave out what the user's own level outranks.

        Names always; of a trusted file, what environment, flags or the call set.
        """
        trusted, file = self._tree.trusted, self._tree.file

        def is_outranked(key: str) -> bool:
            origin = self.origins.get(key, DEFAULT)
            return origin in {ENVIRONMENT, FLAG, _CALL} if trusted else key in NAMES and origin != DEFAULT

        kept = {key: value for key, value in applied.items() if not is_outranked(key)}
        return anchor_paths(kept, file.parent if file else None)
