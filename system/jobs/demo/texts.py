"""The logs of made-up failures: the same words for the same break, other numbers each time."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime
from string import Template

from .world import Cause, Pipeline


def write_log(cause: Cause, pipeline: Pipeline, moment: datetime, *, breakage: str, call: str) -> str:
    """Return the log of one failed call; ``breakage`` and ``call`` are names that decide what is drawn."""
    words = random.Random(breakage)  # noqa: S311 - made up, not secret
    picks = {name: words.choice(choices) for name, choices in sorted(cause.picks.items())}
    values = {"component": pipeline.component, "minor": str(words.randrange(1, 9)), **picks}
    return Template(cause.text).substitute({**_draw_values(random.Random(call), moment), **values})  # noqa: S311


def _draw_values(chance: random.Random, moment: datetime) -> Mapping[str, str]:
    return {
        "number": str(chance.randrange(1_000, 90_000)),
        "small": str(chance.randrange(2, 60)),
        "seconds": f"{chance.uniform(3, 59):.1f}",
        "line": str(chance.randrange(12, 400)),
        "ip": f"203.0.113.{chance.randrange(1, 255)}",
        "hash": f"{chance.getrandbits(160):040x}",
        "other": f"{chance.getrandbits(160):040x}",
        "short": f"{chance.getrandbits(28):07x}",
        "pod": f"{chance.getrandbits(20):05x}",
        "stamp": moment.strftime("%Y-%m-%dT%H_%M_%S_000Z"),
        "clock": moment.strftime("%H:%M:%S"),
    }
