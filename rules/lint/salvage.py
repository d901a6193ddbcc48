"""Load rules of which one is broken: it is a finding, and the others are there to be checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from ...core.errors import PolicyError
from ..layers import Layer, list_layers
from ..loading import load_policy
from ..policy import Policy, Tables
from ..reading import list_rule_files
from .finding import Finding


def load_sound(folders: Sequence[Path | Layer], tables: Tables) -> tuple[Policy | None, tuple[Finding, ...]]:
    """Return the policy of the folders, and the first thing that is wrong with them, if anything is.

    What is wrong with one rule leaves that rule out. The policy is None where the rest cannot be loaded without it.
    """
    layers: list[Layer] = []
    try:
        layers += list_layers(folders)
        return load_policy(layers, tables), ()
    except PolicyError as error:
        fault = str(error)
    rule_id, path = _find_rule(fault, layers)
    rest = _load_without(path, layers, tables) if path else None
    left = "all other rules were checked without it" if rest else "nothing else could be checked"
    rules = (rule_id,) if rule_id else ()
    return rest, (Finding("loading", rules, fault, f"Correct this first; {left}."),)


def _load_without(path: Path, layers: Sequence[Layer], tables: Tables) -> Policy | None:
    try:
        return load_policy(layers, tables, without=[path])
    except PolicyError:
        return None


def _find_rule(fault: str, layers: Iterable[Layer]) -> tuple[str, Path | None]:
    """Return id and file of the rule that an error is about."""
    try:
        rules = [rule for layer in layers for rule in list_rule_files(layer.folder)]
    except PolicyError:
        rules = []
    return next(((rule_id, path) for rule_id, path in rules if fault.startswith(f"{path}:")), ("", None))
