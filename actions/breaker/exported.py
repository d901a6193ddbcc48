"""A circuit as a document that leaves its process, with the time at which it did."""

from __future__ import annotations

from typing import Any

from ..state_document import read_mapping, read_number
from .circuit import Circuit
from .options import BreakerOptions


def export_circuit(circuit: Circuit, now: float) -> dict[str, Any]:
    """Return the circuit at ``now``, JSON-ready."""
    return {"now": now, "circuit": circuit.export()}


def read_exported(options: BreakerOptions, document: Any) -> tuple[Circuit, float]:
    """Return a new circuit as it was described, and the time of that; raises UsageError for anything else."""
    return Circuit.restored(options, read_mapping(document, "circuit")), read_number(document, "now")
