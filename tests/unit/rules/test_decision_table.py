"""Every cell of type, effect, environment, call, breaker and certainty gets exactly one strategy."""

from __future__ import annotations

import pytest
from support.decision_table import Cell, list_cells, make_engine, setters_of

from errclass.rules import OUTPUTS, Derivation

AUTOMATIC = ("retry", "recover")


@pytest.fixture(scope="module")
def table() -> dict[Cell, Derivation]:
    """Return what is decided in each cell."""
    engine = make_engine()
    return {cell: engine.decide(cell.facts) for cell in list_cells()}


def test_every_cell_has_exactly_one_strategy(table: dict[Cell, Derivation]) -> None:
    """One rule sets it, and it is one of those that can be carried out."""
    assert 14 * 5 * 4 * 2 * 2 * 2 == len(table)
    wrong = {
        cell: setters_of(made.trace, "strategy")
        for cell, made in table.items()
        if len(setters_of(made.trace, "strategy")) != 1 or made.facts["strategy"] not in OUTPUTS["strategy"].choices
    }
    assert {} == wrong


@pytest.mark.parametrize(
    "fact", ["type", "category", "severity", "retryable", "suggested_action", "fault_domain", "priority", "channels"]
)
def test_every_cell_says_all_that_a_decision_needs(table: dict[Cell, Derivation], fact: str) -> None:
    """Nothing is left to the careful defaults of the code."""
    assert [] == [cell for cell, made in table.items() if len(setters_of(made.trace, fact)) != 1]


@pytest.mark.parametrize(
    ("strategy", "facts"),
    [
        ("retry", ("plan_attempts", "plan_base", "plan_multiplier", "plan_max_delay", "plan_curve")),
        ("recover", ("plan_recipe", "plan_attempts")),
        ("escalate", ("plan_target",)),
    ],
)
def test_every_strategy_comes_with_its_plan(
    table: dict[Cell, Derivation], strategy: str, facts: tuple[str, ...]
) -> None:
    """Whoever carries it out need not guess."""
    made = [derivation.facts for derivation in table.values() if derivation.facts["strategy"] == strategy]
    assert made
    assert [] == [found for found in made if any(fact not in found for fact in facts)]


@pytest.mark.parametrize(
    ("name", "value"),
    [("effect", "irreversible"), ("breaker", "open"), ("answer", "unsure")],
)
def test_what_forbids_a_re_run_forbids_it_in_every_cell(table: dict[Cell, Derivation], name: str, value: str) -> None:
    """Neither retried nor recovered, whatever else holds."""
    cells = [made.facts["strategy"] for cell, made in table.items() if getattr(cell, name) == value]
    assert len(cells) in (14 * 4 * 8, 14 * 5 * 4 * 2 * 2)
    assert set() == set(cells) & set(AUTOMATIC)


def test_the_last_call_is_never_retried(table: dict[Cell, Derivation]) -> None:
    """In no environment."""
    last = {made.facts["strategy"] for cell, made in table.items() if cell.call == "last"}
    assert "retry" not in last


def test_production_changes_nothing_without_consent(table: dict[Cell, Derivation]) -> None:
    """A recovery there waits for a person, elsewhere not."""
    asked = {
        (cell.environment == "production", bool(made.facts.get("plan_approval")))
        for cell, made in table.items()
        if made.facts["strategy"] == "recover"
    }
    assert {(True, True), (False, False)} == asked
