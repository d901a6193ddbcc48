"""Write numbers and times for people, the same in every format."""

from __future__ import annotations

from datetime import UTC, datetime

from .sections import Cell, Figure, Unit

_SPANS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))
_BARS = "▁▂▃▄▅▆▇█"


def write_time(time: datetime) -> str:
    """Return a time in UTC to the minute; one without a zone is taken as UTC."""
    return f"{(time.astimezone(UTC) if time.tzinfo else time):%Y-%m-%d %H:%M} UTC"


def write_span(seconds: float) -> str:
    """Return a duration by its two largest units, such as ``2 h 5 min``; below a second with two digits."""
    if seconds < 1:
        return f"{seconds:.2f} s" if seconds else "0 s"
    left = round(seconds)
    parts: list[str] = []
    for size, name in _SPANS:
        if left >= size and len(parts) < 2:
            parts.append(f"{left // size} {name}")
        left %= size
    return " ".join(parts)


def write_cell(value: Cell, unit: Unit = "") -> str:
    """Return a value for people; what is not known is ``-``."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return write_time(value).removesuffix(" UTC")  # as the head of the report says of all
    if isinstance(value, str):
        return value
    return _write_number(value, unit)


def _write_number(value: float, unit: Unit) -> str:
    if unit == "seconds":
        return write_span(value)
    if unit == "share":
        return f"{100 * value:.0f} %"
    if unit == "change":
        return f"{100 * value:+.0f} %"
    if unit == "points":
        return f"{100 * value:+.0f} points"
    if unit == "probability":
        return "< 0.0001" if value < 0.0001 else f"{value:.2g}"
    return str(value) if isinstance(value, int) else f"{value:.2f}"


def write_figure(figure: Figure) -> str:
    """Return a figure's value with what it rests on, such as ``75 % (n = 14, 95 %: 52 % to 92 %)``."""
    value, basis = write_cell(figure.value, figure.unit), write_basis(figure)
    return f"{value} ({basis})" if basis else value


def write_basis(figure: Figure) -> str:
    """Return what a figure rests on, such as ``n = 14, 95 %: 52 % to 92 %``; empty where that is not said."""
    more = [] if figure.count is None else [f"n = {figure.count}"]
    if figure.value is not None and (figure.low is not None or figure.high is not None):
        ends = (write_cell(end, figure.unit) if end is not None else "no end" for end in (figure.low, figure.high))
        more.append(f"95 %: {' to '.join(ends)}")
    return ", ".join(more)


def draw_line(values: tuple[int, ...]) -> str:
    """Return counts as a line of bars, one character each; the highest is as high as can be, 0 the lowest."""
    top = max(values, default=0) or 1
    return "".join(_BARS[-(-value * (len(_BARS) - 1) // top)] for value in values)
