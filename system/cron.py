"""Times that come again and again, written as for cron."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_FIELDS = 5


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

    # Backwards it begins strictly before the moment that it is given.
    found: datetime = next(CronSim(text, now.astimezone(zone) + timedelta(seconds=1), reverse=True))
    return found.astimezone(UTC)


def find_next(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment in UTC after ``now`` at which an expression is due in a time zone."""
    from cronsim import CronSim

    found: datetime = next(CronSim(text, now.astimezone(zone)))
    return found.astimezone(UTC)
