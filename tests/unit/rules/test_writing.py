"""Rules as the values that a file holds: what is written reads as the same rule again."""

from __future__ import annotations

from pathlib import Path

from errclass.rules import DEFAULT_FOLDER, Policy
from errclass.rules.conditions import Condition, FactRef
from errclass.rules.effects import Lookup
from errclass.rules.layers import Layer
from errclass.rules.parsing import parse_rule
from errclass.rules.place import Place
from errclass.rules.reading import Document
from errclass.rules.sources import list_sources
from errclass.rules.writing import write_conditions, write_effects


def test_every_shipped_rule_reads_as_it_was_written(default_policy: Policy) -> None:
    """Conditions, vetoes and effects of all kinds."""
    for rule in default_policy.rules:
        content = {
            "title": rule.title,
            "priority": rule.priority,
            "when": write_conditions(rule.when),
            "unless": [write_conditions(veto) for veto in rule.unless],
            "then": write_effects(rule.then),
            "because": rule.because,
        }
        again = parse_rule(rule.id, Place(Document(Path("x.yaml"), "", content)), default_policy.tables)
        assert (rule.when, rule.unless, rule.then) == (again.when, again.unless, again.then)


def test_a_value_alone_stands_without_an_operator() -> None:
    """But not beside others on the same fact."""
    written = write_conditions(
        [Condition("a", "is", 1), Condition("b", "not", "x"), Condition("b", "in", ("y", FactRef("z")))]
    )
    assert {"a": 1, "b": {"not": "x", "in": ["y", FactRef("z")]}} == written


def test_otherwise_is_written_where_there_is_one() -> None:
    """Also when it is false."""
    assert {"a": {"lookup": "t", "by": "b", "otherwise": False}} == write_effects([Lookup("a", "t", "b", {}, False)])
    assert {"a": {"lookup": "t", "by": "b"}} == write_effects([Lookup("a", "t", "b", {})])


def test_a_rules_source_is_that_of_the_last_layer(tmp_path: Path, default_policy: Policy) -> None:
    """Which replaces those before."""
    (tmp_path / "retry").mkdir()
    (tmp_path / "retry" / "usual.yaml").write_text("{}")
    sources = list_sources([Layer(DEFAULT_FOLDER), Layer(tmp_path)])
    assert {rule.id for rule in default_policy.rules} == set(sources)
    assert [tmp_path / "retry" / "usual.yaml"] == [path for path in sources.values() if tmp_path in path.parents]
