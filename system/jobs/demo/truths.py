"""What was planted into a demo store, and what should be seen of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .ledger import Ledger
from .seasons import work_share
from .spells import FLAKY_TEST, Spell
from .stories import LABEL_SHARE
from .world import World

_SAYS = {
    "outage": "the package registry cannot be reached: operations of all repositories fail until it recovers",
    "regression": "checkout 2.4.0 fails at vouchers with gift cards: a new cause that no re-run helps",
    "flaky_test": "one browser test fails now and then, and passes unchanged",
    "open_incident": "the certificate of the staging cluster has expired, and nobody has renewed it yet",
    "recovery_that_works": "npm's cache is damaged: cleaning it helps, running again does not",
    "recovery_that_does_not": "Gradle runs out of metaspace: a clean build hardly ever helps",
    "season": "more runs and more failures in hours of work (UTC) and on weekdays",
    "labels": "people said of some failures what they really were",
}


def list_truths(world: World, spells: tuple[Spell, ...], ledger: Ledger) -> list[dict[str, Any]]:
    """Return each truth: what and where it is, what is to be expected of it, and what was written of it."""
    return [
        *(_tell_spell(spell, world, ledger) for spell in spells),
        *_tell_recoveries(world, ledger),
        _truth("season", expected={"work_share": round(work_share(), 4)}),
        _truth("labels", expected={"share": LABEL_SHARE}, found={"labelled": ledger.counts["labelled"]}),
    ]


def _tell_spell(spell: Spell, world: World, ledger: Ledger) -> dict[str, Any]:
    cause = world.causes[spell.cause]
    expected: dict[str, Any] = {"share": spell.share}
    if not spell.lasting:
        expected |= {"rerun_passes": cause.rerun, "test": FLAKY_TEST}
    return _truth(
        spell.name,
        cause=spell.cause,
        type=cause.type,
        since=spell.since,
        until=spell.until,
        where=_tell_place(spell),
        expected=expected,
        found={
            "failures": ledger.spells[spell.name],
            "fingerprints": dict(ledger.fingerprints[spell.cause].most_common()),
            **_tell_reruns(spell.cause, None, ledger),
        },
    )


def _tell_place(spell: Spell) -> dict[str, Any]:
    place: dict[str, Any] = {"operation": list(spell.operations)}
    return place | ({"environment": spell.environment} if spell.environment else {})


def _tell_recoveries(world: World, ledger: Ledger) -> Iterator[dict[str, Any]]:
    for name, cause in (("recovery_that_works", "npm-integrity"), ("recovery_that_does_not", "gradle-metaspace")):
        known = world.causes[cause]
        yield _truth(
            name,
            cause=cause,
            type=known.type,
            recovery=known.recipe,
            expected={"recovery_passes": known.cure, "rerun_passes": known.rerun},
            found={
                "recovery": _tell_reruns(cause, known.recipe, ledger),
                "rerun": _tell_reruns(cause, None, ledger),
            },
        )


def _tell_reruns(cause: str, recovery: str | None, ledger: Ledger) -> dict[str, int]:
    return {"tries": ledger.tries[cause, recovery], "passes": ledger.passes[cause, recovery]}


def _truth(name: str, **fields: Any) -> dict[str, Any]:
    return {"name": name, "says": _SAYS[name], **fields}
