"""Facts to decision: rule sets in YAML and two engines that apply them."""

from __future__ import annotations

from .chaining import ForwardChainer
from .checking import CaseResult, check_policy
from .deciding import GATE_FACTS, decide, fold_facts, is_automatic, limit_autonomy
from .durable import DurableEngine
from .engine import Derivation, Engine
from .facts import RENEWED, build_facts, renew_facts
from .lacking import Lacking
from .layers import DEFAULT_FOLDER, Layer, list_layers
from .loading import load_policy
from .policy import Policy
from .presets import find_preset, list_environments, read_table
from .recalling import RecallingEngine
from .rule import Case, Rule
from .selection import find_obstacle, select_engine
from .vocabulary import INPUTS, OUTPUTS, Word

__all__ = [
    "DEFAULT_FOLDER",
    "GATE_FACTS",
    "INPUTS",
    "OUTPUTS",
    "RENEWED",
    "Case",
    "CaseResult",
    "Derivation",
    "DurableEngine",
    "Engine",
    "ForwardChainer",
    "Lacking",
    "Layer",
    "Policy",
    "RecallingEngine",
    "Rule",
    "Word",
    "build_facts",
    "check_policy",
    "decide",
    "find_obstacle",
    "find_preset",
    "fold_facts",
    "is_automatic",
    "limit_autonomy",
    "list_environments",
    "list_layers",
    "load_policy",
    "read_table",
    "renew_facts",
    "select_engine",
]
