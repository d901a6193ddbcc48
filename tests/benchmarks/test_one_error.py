"""The program that times one error, on few texts: what it compares is comparable."""

from __future__ import annotations

import runpy
from typing import Any

import pytest
from support.source import find_source

from errclass.core.types import Example


@pytest.fixture(scope="module")
def program() -> dict[str, Any]:
    """Return what the program defines."""
    return runpy.run_path(str(find_source() / "benchmarks" / "one_error.py"))


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    """Two easily told types, each shown by each of eight tools."""
    texts = {
        "network": "error: connection refused by the gizmo " * 6,
        "test": "assertion failed: expected a widget " * 6,
    }
    return [Example(f"{text} {n}", kind, tool=f"tool-{n}") for n in range(8) for kind, text in texts.items()]


def test_no_text_is_learned_and_timed(program: dict[str, Any], examples: list[Example]) -> None:
    """A quarter of the tools is held out."""
    learned, held_out = program["split_corpus"](examples)
    assert (12, 4) == (len(learned), len(held_out))
    assert set() == {example.text for example in learned} & {example.text for example in held_out}


def test_cases_differ_in_their_time_only(program: dict[str, Any], examples: list[Example]) -> None:
    """And each is met for the first time."""
    cases = program["make_cases"](examples, 5)
    assert (5, 5) == (len(cases), len(set(cases)))
    assert [case.text.replace("2026-03-01", "2026-03-02") for case in cases] == [case.again for case in cases]


def test_texts_of_other_sizes_are_left_out(program: dict[str, Any]) -> None:
    """What is timed has 200 to 400 bytes."""
    examples = [Example("x" * size, "network") for size in (199, 200, 400, 401)]
    assert [200, 400] == [len(case.text.split(" ")[1]) for case in program["make_cases"](examples, 9)]


def test_all_ways_give_equal_answers(program: dict[str, Any], examples: list[Example]) -> None:
    """One model, one reading; the table has a row for each."""
    learned, held_out = program["split_corpus"](examples)
    cases = program["make_cases"](held_out, 4)
    ways = program["list_ways"](program["train_model"](learned))
    timings = {way.name: program["time_way"](way, [], cases) for way in ways}
    assert program["find_difference"](timings, cases) is None
    assert len(ways) + 2 == len(program["describe_timings"](timings).splitlines())


def test_a_difference_is_told(program: dict[str, Any]) -> None:
    """Another type, or another probability; less than a thousandth is none."""
    case, answer = program["Case"]("boom", "boom"), program["Answer"]
    said = {"scikit-learn": answer("network", 0.9), "ours": answer("network", 0.9005)}
    timings = {name: program["Timing"](1.0, [one]) for name, one in said.items()}
    assert program["find_difference"](timings, [case]) is None
    for other in (answer("network", 0.902), answer("test", 0.9)):
        found = program["find_difference"]({**timings, "ours": program["Timing"](1.0, [other])}, [case])
        assert "boom" in found
