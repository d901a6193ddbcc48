"""Facts to decision: rule sets in YAML and two engines that apply them."""

from __future__ import annotations

from .chaining import ForwardChainer
from .checking import CaseResult, check_policy
from .deciding import decide
from .durable import DurableEngine
from .engine import Derivation, Engine
from .facts import build_facts
from .layers import DEFAULT_FOLDER, Layer, list_layers
from .loading import load_policy
from .policy import Policy
from .recalling import RecallingEngine
from .rule import Case, Rule
from .selection import find_obstacle, select_engine
from .vocabulary import INPUTS, OUTPUTS, Word

__all__ = [
    "DEFAULT_FOLDER",
    "INPUTS",
    "OUTPUTS",
    "Case",
    "CaseResult",
    "Derivation",
    "DurableEngine",
    "Engine",
    "ForwardChainer",
    "Layer",
    "Policy",
    "RecallingEngine",
    "Rule",
    "Word",
    "build_facts",
    "check_policy",
    "decide",
    "find_obstacle",
    "list_layers",
    "load_policy",
    "select_engine",
]
