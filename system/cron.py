"""Times that come again and again, written as for cron."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_FIELDS = 5
_LONGEST_SHIFT = timedelta(hours=2)
"""No zone puts its clocks back by more. Within a repeated hour cronsim takes a time of day for its first one, and so
has to begin outside of it."""


def check_cron(text: str) -> str:
    """Return an expression of cron as it is; raise ValueError for one that is none, or for a time that never comes."""
    from cronsim import CronSim, CronSimError

    why = "it has not five fields"
    if len(text.split()) == _FIELDS:
        try:
            next(CronSim(text, datetime(2000, 1, 1, tzinfo=UTC)))
        except CronSimError as error:
            why = str(error).lower()
        except StopIteration:
            why = "it never comes"
        else:
            return text
    raise ValueError(
        f"{text!r} is no time of cron ({why}); write minute, hour, day, month and day of the week, such as '0 7 * * 1'"
    )


def find_last(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the latest moment in UTC, ``now`` included, at which an expression was due in a time zone."""
    from cronsim import CronSim

    found = _in_utc(CronSim(text, (now + _LONGEST_SHIFT).astimezone(zone), reverse=True))
    return next(moment for moment in found if moment <= now)


def find_next(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment in UTC after ``now`` at which an expression is due in a time zone."""
    from cronsim import CronSim

    found = _in_utc(CronSim(text, (now - _LONGEST_SHIFT).astimezone(zone)))
    return next(moment for moment in found if moment > now)


def _in_utc(moments: Iterable[datetime]) -> Iterator[datetime]:
    return (moment.astimezone(UTC) for moment in moments)
