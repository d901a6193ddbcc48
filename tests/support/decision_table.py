"""Every cell of the default policy, decided: ``docs/decision-table.md``. Run as a program it writes the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from support.source import find_source

from errclass.core.types import Firing, Scalar
from errclass.rules import DEFAULT_FOLDER, Engine, ForwardChainer, load_policy
from errclass.system.taxonomy_file import load_taxonomy

PAGE = find_source() / "docs" / "decision-table.md"
EFFECTS = (None, "read_only", "idempotent", "reversible", "irreversible")
ENVIRONMENTS = (None, "development", "staging", "production")
CALLS = ("first", "last")
BREAKERS = ("closed", "open")
ANSWERS = ("sure", "unsure")
LAST = {None: 4, "development": 6, "staging": 4, "production": 3}
"""The last call that each preset allows."""
HEAD = """\
# What is decided, cell by cell

Written anew by `just docs`; a test holds it current. Each cell is what the default rules decide without any history: strategy, then
calls in all for a retry, the recipe for a recovery, who is asked for an escalation; `?` where a person has to agree first.
A row stands for all effects that are decided alike; "none told" is an operation whose effect nobody stated. The last call is the
sixth in development, the third in production, else the fourth. The breaker is the operation's circuit breaker.
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """Name one cell."""

    type: str
    effect: str | None
    environment: str | None
    call: str
    breaker: str
    answer: str

    @property
    def facts(self) -> dict[str, Scalar]:
        """The facts of a failure in this cell."""
        facts: dict[str, Scalar | None] = {
            "predicted_type": self.type,
            "confidence": 0.95 if self.answer == "sure" else 0.55,
            "margin": 0.9 if self.answer == "sure" else 0.1,
            "abstained": None if self.answer == "sure" else "low_margin",
            "effect": self.effect,
            "environment": self.environment,
            "attempt": 1 if self.call == "first" else LAST[self.environment],
            "breaker_open": self.breaker == "open",
            "cancelled": False,
        }
        return {name: value for name, value in facts.items() if value is not None}


def list_cells() -> Iterator[Cell]:
    """Yield all cells."""
    names = load_taxonomy().names
    yield from (Cell(*values) for values in product(names, EFFECTS, ENVIRONMENTS, CALLS, BREAKERS, ANSWERS))


def make_engine() -> Engine:
    """Return the default rules over the shipped taxonomy."""
    return ForwardChainer(load_policy(DEFAULT_FOLDER, load_taxonomy().tables()))


def setters_of(trace: tuple[Firing, ...], fact: str) -> list[str]:
    """Return the rules that set a fact."""
    return [firing.rule for firing in trace if fact in firing.sets]


def describe(facts: Mapping[str, Scalar]) -> str:
    """Return what a cell of the page shows."""
    strategy = str(facts["strategy"])
    details = {"retry": "plan_attempts", "recover": "plan_recipe", "escalate": "plan_target"}
    detail = facts.get(details.get(strategy, ""), "")
    consent = "?" if facts.get("plan_approval") else ""
    return f"{strategy} {detail}{consent}".strip()


def render_page() -> str:
    """Return the page."""
    engine = make_engine()
    decided = {cell: describe(engine.decide(cell.facts).facts) for cell in list_cells()}
    return "\n".join([HEAD, *(_render_type(name, decided) for name in load_taxonomy().names)])


def _render_type(name: str, decided: Mapping[Cell, str]) -> str:
    columns = [(environment, answer) for answer in ANSWERS for environment in ENVIRONMENTS]
    titles = " | ".join(f"{environment or 'elsewhere'}, {answer}" for environment, answer in columns)
    rows: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for call, breaker, effect in product(CALLS, BREAKERS, EFFECTS):
        found = tuple(decided[Cell(name, effect, env, call, breaker, answer)] for env, answer in columns)
        rows.setdefault((call, breaker, found), []).append(effect or "none told")
    lines = (
        f"| {call} | {breaker} | {', '.join(effects)} | {' | '.join(found)} |"
        for (call, breaker, found), effects in rows.items()
    )
    return "\n".join(
        [
            f"## {name}\n",
            f"| call | breaker | effect | {titles} |",
            "|" + "---|" * (3 + len(columns)),
            *lines,
            "",
        ]
    )


if __name__ == "__main__":
    PAGE.write_text(render_page(), encoding="utf-8")
