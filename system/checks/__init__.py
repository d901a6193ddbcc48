"""Look at what errclass works with, one thing each: for ``errclass doctor``, the health of a system and the service."""

from __future__ import annotations

from .breakers_check import check_breakers
from .channels_check import check_channels
from .check import Check, Status, find_worst
from .codegen_check import check_codegen
from .model_check import check_model
from .queue_check import check_queue
from .rules_check import check_rules
from .store_check import check_store

__all__ = [
    "Check",
    "Status",
    "check_breakers",
    "check_channels",
    "check_codegen",
    "check_model",
    "check_queue",
    "check_rules",
    "check_store",
    "find_worst",
]
