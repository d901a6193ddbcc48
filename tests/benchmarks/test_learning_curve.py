"""The learning curve's program, on few texts: what it says is true of them."""

from __future__ import annotations

import runpy
from dataclasses import replace
from typing import Any

import pytest
from support.source import find_source

from errclass.classify.training import Prepared, prepare_examples
from errclass.core.types import Example


@pytest.fixture(scope="module")
def program() -> dict[str, Any]:
    """Return what the program defines."""
    return runpy.run_path(str(find_source() / "benchmarks" / "learning_curve.py"))


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    """Two easily told types, each shown by each of eight tools."""
    texts = {"network": "connection refused by the gizmo", "test": "the widget was asserted in vain"}
    examples = [Example(text, kind, tool=f"tool-{n}") for n in range(8) for kind, text in texts.items()]
    return prepare_examples(examples)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_tool_is_on_both_sides(program: dict[str, Any], seed: int) -> None:
    """A quarter is held out, and every tool is on one side."""
    tools = [f"tool-{number % 12}" for number in range(40)]
    learned, held_out = program["split_tools"](tools, seed)
    assert (3, set(tools)) == (len(held_out), {*learned, *held_out})
    assert set() == set(learned) & set(held_out)


def test_a_draw_is_the_same_in_any_order(program: dict[str, Any]) -> None:
    """And another seed gives another one."""
    tools = [f"tool-{number}" for number in range(12)]
    draws = [program["split_tools"](order, seed) for order, seed in ((tools, 1), (tools[::-1], 1), (tools, 2))]
    assert draws[0] == draws[1]
    assert draws[0] != draws[2]


def test_only_texts_of_other_tools_are_judged(program: dict[str, Any], prepared: Prepared) -> None:
    """What was learned and what is judged are counted apart."""
    point = program["measure_point"](prepared, ["tool-1", "tool-2", "tool-3"], ["tool-7"])
    assert (6, 2, 1.0) == (point.texts, point.evaluation.examples, point.evaluation.macro_f1)


def test_the_page_has_means_and_the_last_step(program: dict[str, Any], prepared: Prepared) -> None:
    """Made up of points whose figures are known."""
    point = program["measure_point"](prepared, ["tool-1", "tool-2"], ["tool-7"])
    half = program["Point"](8, replace(point.evaluation, accuracy=0.5))
    page = program["describe_curve"](prepared, [[half, half], [half, half], [half, point], [point, point]])
    assert "16 texts of 8 tools" in page
    assert "| texts | 8 | 8 | 6 | 4 | |" in page
    assert "| accuracy | 0.50 | 0.50 | 0.75 | 1.00 | +0.250 |" in page
    assert "| network | 1.00 | 1.00 | 1.00 | 1.00 | +0.000 |" in page
    assert "| build | 0.00 | 0.00 | 0.00 | 0.00 | +0.000 |" in page


def test_the_curve_grows_with_the_tools(
    program: dict[str, Any], prepared: Prepared, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every share is drawn as often; the last has all the tools that are not held out."""
    curve = program["measure_curve"](prepared)
    assert [[2] * 3, [4] * 3, [6] * 3, [12] * 3] == [[point.texts for point in points] for points in curve]
    printed = capsys.readouterr()
    assert ("", 12) == (printed.out, printed.err.count("macro-F1"))
