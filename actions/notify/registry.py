"""Find channels, built in and third party, by the same entry-point group."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import entry_points
from typing import Any

from ...core.errors import ConfigError, ErrclassError
from ...core.plug_ins import list_plug_ins
from .channel import Channel
from .options import PREFIX

GROUP = "errclass.channels"


def list_channels() -> tuple[str, ...]:
    """Return the names of all installed channels."""
    return list_plug_ins(GROUP)


def make_channel(name: str, values: Mapping[str, Any]) -> Channel:
    """Return a channel made by its class's ``from_settings``; it is imported only now.

    Raises ConfigError for an unknown name, wrong options, and a plug-in that cannot be used.
    """
    points = list(entry_points(group=GROUP, name=name))
    if not points:
        raise ConfigError(f"{PREFIX}.{name}: no channel has this name; installed: {', '.join(list_channels())}")
    if len({point.value for point in points}) > 1:
        givers = " and ".join(sorted(point.value for point in points))
        raise ConfigError(f"{PREFIX}.{name}: several packages bring this channel: {givers}; uninstall all but one")
    try:
        made = points[0].load().from_settings(values)
    except ErrclassError:
        raise
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
        raise ConfigError(f"{PREFIX}.{name}: {points[0].value} cannot be used: {problem}") from error
    if not isinstance(made, Channel):
        raise ConfigError(
            f"{PREFIX}.{name}: {points[0].value} made no channel: it lacks name, pace, batches or deliver"
        )
    return made
