"""A graph of rules as text that Mermaid and Graphviz draw."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ..rules.graph import find_role

if TYPE_CHECKING:
    from ..rules.graph import RuleGraph

_MERMAID_CHARS = {char: f"#{ord(char)};" for char in '"#;<>&`[]{}()|\\'}
_SHAPES = {"input": ('(["', '"])'), "step": ('("', '")'), "own": ('("', '")'), "output": ('[["', '"]]')}
_DOT_SHAPES = {"input": "ellipse", "step": "plaintext", "own": "plaintext", "output": "doubleoctagon"}


def draw_mermaid(graph: RuleGraph) -> str:
    """Return a flowchart: facts into rules, rules into facts, the rules of a stage in a frame."""
    lines = ["flowchart LR"]
    for number, stage in enumerate(graph.stages):
        lines.append(f'  subgraph s{number}["{_escape_mermaid(stage)}"]')
        lines += [f'    {node}["{_escape_mermaid(name)}"]' for node, name, _ in _list_rules(graph, stage)]
        lines.append("  end")
    for node, name in _list_facts(graph):
        before, after = _SHAPES[find_role(name)]
        lines.append(f"  {node}{before}{_escape_mermaid(name)}{after}")
    lines += [f"  {source} --> {target}" for source, target in _list_edges(graph)]
    return "\n".join(lines)


def draw_dot(graph: RuleGraph) -> str:
    """Return a digraph: facts into rules, rules into facts, the rules of a stage in a cluster."""
    lines = ["digraph rules {", "  rankdir=LR;", '  node [fontname="sans-serif"];']
    for number, stage in enumerate(graph.stages):
        lines += [f"  subgraph cluster_{number} {{", f"    label={_quote_dot(stage)};"]
        lines += [
            f"    {node} [shape=box, label={_quote_dot(name)}, tooltip={_quote_dot(title)}];"
            for node, name, title in _list_rules(graph, stage)
        ]
        lines.append("  }")
    for node, name in _list_facts(graph):
        lines.append(f"  {node} [shape={_DOT_SHAPES[find_role(name)]}, label={_quote_dot(name)}];")
    lines += [f"  {source} -> {target};" for source, target in _list_edges(graph)]
    return "\n".join([*lines, "}"])


DRAWINGS: dict[str, Callable[[RuleGraph], str]] = {"mermaid": draw_mermaid, "dot": draw_dot}


def _list_rules(graph: RuleGraph, stage: str) -> Iterator[tuple[str, str, str]]:
    """Yield node, name without the stage, and title."""
    for number, rule in enumerate(graph.rules):
        if rule.stage == stage:
            yield f"r{number}", rule.id.partition("/")[2], rule.title


def _list_facts(graph: RuleGraph) -> Iterator[tuple[str, str]]:
    return ((f"f{number}", name) for number, name in enumerate(graph.facts))


def _list_edges(graph: RuleGraph) -> Iterator[tuple[str, str]]:
    nodes = {name: node for node, name in _list_facts(graph)}
    for number, rule in enumerate(graph.rules):
        yield from ((nodes[name], f"r{number}") for name in sorted(rule.reads))
        yield from ((f"r{number}", nodes[name]) for name in rule.sets)


def _escape_mermaid(text: str) -> str:
    return "".join(_MERMAID_CHARS.get(char, char) for char in text if char.isprintable())


def _quote_dot(text: str) -> str:
    printable = "".join(char if char.isprintable() else " " for char in text)
    return '"' + printable.replace("\\", "\\\\").replace('"', '\\"') + '"'
