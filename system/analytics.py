"""Analytics for Python programs, over the store of the settings or one that is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from ..core.clock import utc_now
from ..core.errors import UsageError
from ..core.frozen import FrozenDict
from ..outcomes import Store
from ..reports import ErrorPatterns, ErrorTrends, analyze_patterns, analyze_trends
from .settings import Settings, load_settings
from .wiring import use_store


def check_analytics(settings: Settings) -> None:
    """Raise UsageError where analytics are switched off."""
    if not settings.enable.analytics:
        raise UsageError("analytics are switched off; set enable.analytics to true")


class ErrorAnalytics:
    """Look for patterns, anomalies and trends in what was recorded.

    Without a store that of the settings, opened for one analysis at a time; there ``enable.analytics`` has to be on.
    """

    def __init__(self, store: Store | None = None, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._clock = clock

    def analyze_patterns(
        self, window: str = "24h", filters: Mapping[str, str | Sequence[str]] = FrozenDict()
    ) -> ErrorPatterns:
        """Return what fails where and when, what comes together, what is out of the usual, and what is worth knowing.

        ``window``: N and m, h, d or w, counted back from now. ``filters``: name -> value or values, such as
        ``{"environment": "production"}``. Raises UsageError for what there is not, StoreError where the store cannot be
        read.
        """
        with use_store(self._store, _load_allowed) as store:
            return analyze_patterns(store, window, filters=filters, now=self._clock())

    def analyze_trends(
        self, window: str = "7d", filters: Mapping[str, str | Sequence[str]] = FrozenDict()
    ) -> ErrorTrends:
        """Return this window against as long a time before, where the level changed, and what the next one will bring.

        Arguments and errors are those of ``analyze_patterns``.
        """
        with use_store(self._store, _load_allowed) as store:
            return analyze_trends(store, window, filters=filters, now=self._clock())


def _load_allowed() -> Settings:
    settings = load_settings()
    check_analytics(settings)
    return settings
