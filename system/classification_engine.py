"""The classifier as a component: what a failure is, and how often it was which type."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..core.failure import to_failure
from ..core.types import Classification, Context, Failure
from .contexts import extend_context, make_context
from .deciding import answer_carefully, to_classification
from .handling.given_context import read_context
from .handling.given_settings import read_settings
from .pipeline import answer_failure
from .shared_parts import SharedParts

if TYPE_CHECKING:
    from .settings import Settings

_log = logging.getLogger("errclass")


class ErrorClassificationEngine:
    """Say what failures are, and count them.

    ``config`` is errclass settings, or a mapping of their keys that lies over the user's file and the environment.
    Model and rules are loaded at the first question, and renewed as those of ``errclass.decide`` are. Safe to share
    between threads.
    """

    def __init__(self, config: Settings | Mapping[str, Any] | None = None) -> None:
        self._parts = SharedParts(load=lambda: read_settings(config))
        self._lock = threading.Lock()
        self._types: Counter[str] = Counter()
        self._categories: Counter[str] = Counter()
        self._abstained = 0

    def classify_error(
        self,
        error: str | bytes | BaseException | Failure,
        logs: str | bytes = "",
        context: Context | Mapping[str, Any] | None = None,
    ) -> Classification:
        """Say what a failure is; a fault inside errclass is logged, and the answer is then ``unknown``.

        ``context`` is as for ``ErrorHandlingSystem.handle_error``.
        """
        try:
            answer = self._classify(error, logs, context)
        except Exception:  # noqa: BLE001 - the rim: what goes wrong in here must not replace the user's own error
            _log.exception("errclass.inner_fault")
            answer = to_classification(answer_carefully())
        self._count(answer)
        return answer

    def get_statistics(self) -> dict[str, Any]:
        """Return how many failures there were, by category and type, and for how many the answer was unsure."""
        with self._lock:
            return {
                "total_classifications": sum(self._types.values()),
                "by_category": dict(self._categories),
                "by_type": dict(self._types),
                "abstained": self._abstained,
            }

    def _classify(
        self,
        error: str | bytes | BaseException | Failure,
        logs: str | bytes,
        context: Context | Mapping[str, Any] | None,
    ) -> Classification:
        given = read_context(context)
        failure = to_failure(error, logs=logs or given.logs)
        parts = self._parts.get()
        known = failure.context if isinstance(error, Failure) else make_context(parts.settings)
        failure = replace(failure, context=extend_context(known, given.fields))
        return to_classification(answer_failure(failure, parts).decision)

    def _count(self, answer: Classification) -> None:
        with self._lock:
            self._types[answer.type] += 1
            self._categories[answer.category] += 1
            self._abstained += answer.abstained is not None
