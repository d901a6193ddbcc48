"""Load the rules in use so that faults in a user's rules never stop a decision."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..core.errors import PolicyError
from ..core.taxonomy import Taxonomy
from ..rules import Engine, Layer, Policy, RecallingEngine, list_layers, load_policy, select_engine

_log = logging.getLogger("errclass")


@dataclass(frozen=True, slots=True)
class RulesInUse:
    """Hold the engine that decides, and what is wrong with the rules that should."""

    engine: Engine
    faults: tuple[str, ...] = ()
    """What is wrong, where, and what decides instead; a sentence each."""
    held_back: bool = False
    """Whether nothing automatic may be done: the user's own rules are missing, and with them what they forbid."""


def load_rules(taxonomy: Taxonomy, layers: Sequence[Layer] = (), folders: Sequence[Path] = ()) -> Policy:
    """Return the policy of the default set with the layers over it, and over them the folders: see ``lay_over``.

    Raises PolicyError for what is wrong with them.
    """
    return load_policy(list_layers(lay_over(layers, folders)), taxonomy.tables())


def lay_over(layers: Sequence[Layer], folders: Sequence[Path]) -> tuple[Layer, ...]:
    """Return the layers of the settings with folders over them that the user names here and now, and so trusts.

    One that a working tree named too counts once, as the user's; those that may only say no have the last word.
    """
    named = {folder.resolve() for folder in folders}
    others = [layer for layer in layers if layer.folder.resolve() not in named]
    own, restricted = ([layer for layer in others if layer.restricted is kind] for kind in (False, True))
    return (*own, *map(Layer, folders), *restricted)


def build_engine(policy: Policy) -> Engine:
    """Return the engine that decides by a policy."""
    return RecallingEngine(select_engine(policy))


def find_rules(taxonomy: Taxonomy, layers: Sequence[Layer], last_good: Engine | None = None) -> RulesInUse:
    """Return the rules of the layers; where these are broken, the last good ones, else the default set.

    A broken layer that may only say no is left out. Where the default set stands in for a user's rules, nothing
    automatic may be done: what they forbid is not known.
    """
    try:
        return RulesInUse(build_engine(load_rules(taxonomy, layers)))
    except PolicyError as error:
        fault = str(error)
    except Exception as error:  # noqa: BLE001 - the rim: whatever is wrong with rules, a decision is made
        _log.exception("errclass.inner_fault")
        fault = f"the rules cannot be loaded ({type(error).__name__})"
    own = [layer for layer in layers if not layer.restricted]
    if len(own) < len(layers):
        rest = find_rules(taxonomy, own, last_good)
        if not rest.faults:  # then it was one of the others
            fault = f"decision.rules is not applied: {fault}"
        return RulesInUse(rest.engine, rest.faults or (fault,), rest.held_back)
    if last_good is not None:
        return RulesInUse(last_good, (f"{fault} (the rules before the change decide on)",))
    instead = "(the default rules decide, and nothing is done automatically until it is mended)"
    return RulesInUse(build_engine(load_rules(taxonomy)), (f"{fault} {instead}",), held_back=True)
