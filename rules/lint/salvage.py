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
    try:
        return load_policy(list_layers(folders), tables), ()
    except PolicyError as error:
        fault = str(error)
    rule = _find_rule(fault, (folder.folder if isinstance(folder, Layer) else folder for folder in folders))
    if rule is None:
        return None, (_describe(fault, (), "nothing else could be checked"),)
    rule_id, path = rule
    try:
        rest = load_policy(list_layers(folders), tables, without=[path])
    except PolicyError:
        return None, (_describe(fault, (rule_id,), "nothing else could be checked"),)
    return rest, (_describe(fault, (rule_id,), "all other rules were checked without it"),)


def _describe(fault: str, rules: tuple[str, ...], left: str) -> Finding:
    return Finding("loading", rules, fault, f"Correct this first; {left}.")


def _find_rule(fault: str, folders: Iterable[Path]) -> tuple[str, Path] | None:
    """Return id and file of the rule that an error is about."""
    try:
        rules = [rule for folder in folders for rule in list_rule_files(folder)]
    except PolicyError:
        return None
    return next(((rule_id, path) for rule_id, path in rules if fault.startswith(f"{path}:")), None)
