"""Drawings are read by programs: every node is defined, every name quoted."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from support.rule_pages import load_shipped
from support.rule_sets import rule_of

from errclass.cli.graph_drawing import DRAWINGS, draw_dot, draw_mermaid
from errclass.rules.graph import RuleGraph, build_graph

GRAPH = build_graph(load_shipped())
HOSTILE = '"]; end\n%% <script>&#34;\\"\x1b[0m`'
NASTY = replace(rule_of("guard/x", {"attempt": 1}, {HOSTILE: 1}), id=f"guard/{HOSTILE}", title=HOSTILE)
_STRING = r'"(?:[^"\\\n]|\\.)*"'
_DOT_LINE = re.compile(
    rf"""  \s*(?:
        rankdir=LR; | node\ \[fontname={_STRING}\]; | subgraph\ cluster_\d+\ \{{ | label={_STRING}; | \}} |
        [rf]\d+\ \[shape=\w+,\ label={_STRING}(?:,\ tooltip={_STRING})?\]; | [rf]\d+\ ->\ [rf]\d+;
    )""",
    re.VERBOSE,
)
_TEXT = r'"[^"\[\]{}()<>\n]*"'
_MERMAID_LINE = re.compile(
    rf"""  \s*(?:
        subgraph\ s\d+\[{_TEXT}\] | end | r\d+\[{_TEXT}\] | f\d+(?:\(\[{_TEXT}\]\) | \({_TEXT}\) | \[\[{_TEXT}\]\]) |
        [rf]\d+\ -->\ [rf]\d+
    )""",
    re.VERBOSE,
)


@pytest.mark.parametrize("graph", [GRAPH, RuleGraph((), ()), RuleGraph((NASTY,), ("guard",))])
def test_mermaid_is_well_formed(graph: RuleGraph) -> None:
    """Line by line, with frames closed."""
    head, *lines = draw_mermaid(graph).split("\n")
    assert "flowchart LR" == head
    assert [] == [line for line in lines if not _MERMAID_LINE.fullmatch(line)]
    assert len(graph.stages) == sum(line.strip() == "end" for line in lines)


@pytest.mark.parametrize("graph", [GRAPH, RuleGraph((), ()), RuleGraph((NASTY,), ("guard",))])
def test_dot_is_well_formed(graph: RuleGraph) -> None:
    """Line by line, with clusters closed."""
    head, *lines, last = draw_dot(graph).split("\n")
    assert ("digraph rules {", "}") == (head, last)
    assert [] == [line for line in lines if not _DOT_LINE.fullmatch(line)]
    assert sum(line.endswith("{") for line in lines) == sum(line.strip() == "}" for line in lines)


@pytest.mark.parametrize("form", DRAWINGS)
def test_every_edge_is_between_nodes_that_are_there(form: str) -> None:
    """As many as rules read and set facts."""
    text = DRAWINGS[form](GRAPH)
    edges = re.findall(r"^  ([rf]\d+) --?> ([rf]\d+)", text, re.MULTILINE)
    nodes = set(re.findall(r"^\s+([rf]\d+)\W*[\[(]", text, re.MULTILINE))
    assert sum(len(rule.reads) + len(rule.sets) for rule in GRAPH.rules) == len(edges)
    assert {node for edge in edges for node in edge} <= nodes
    assert len(GRAPH.rules) + len(GRAPH.facts) == len(nodes)
