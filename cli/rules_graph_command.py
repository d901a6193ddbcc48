"""``errclass rules graph``: which facts go into which rules, and which come out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..core.escaping import escape_terminal
from .options import read_settings
from .output import print_json
from .rule_options import load_policy_of, require_name, rules_option, stage_option

if TYPE_CHECKING:
    from ..rules.graph import RuleGraph


@click.command(name="graph")
@stage_option
@click.option("--fact", metavar="FACT", help="Only rules that read or set this fact.")
@rules_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["mermaid", "dot", "json"]),
    default="mermaid",
    show_default=True,
    help="How to print.",
)
def graph_command(stage: str | None, fact: str | None, folders: tuple[Path, ...], form: str) -> None:
    """Draw the rules between the facts that they read and those that they set, stage by stage.

    Mermaid is what GitHub and GitLab draw in Markdown; dot is for Graphviz.

    \b
    Examples:
      errclass rules graph --fact rerun_forbidden
      errclass rules graph --stage strategy --format dot | dot -Tsvg > strategy.svg
    """
    from ..rules.graph import build_graph
    from .graph_drawing import DRAWINGS

    policy = load_policy_of(folders, read_settings())
    require_name("--stage", "stage", stage, policy.stages)
    require_name("--fact", "fact", fact, build_graph(policy).facts)
    graph = build_graph(policy, stage=stage, fact=fact)
    if form == "json":
        print_json({"revision": policy.revision, **_describe(graph)})
    else:
        click.echo(escape_terminal(DRAWINGS[form](graph)))


def _describe(graph: RuleGraph) -> dict[str, Any]:
    from ..rules.graph import find_role

    rules = [
        {"rule": rule.id, "stage": rule.stage, "title": rule.title, "reads": sorted(rule.reads), "sets": rule.sets}
        for rule in graph.rules
    ]
    return {
        "stages": graph.stages,
        "rules": rules,
        "facts": [{"fact": name, "role": find_role(name)} for name in graph.facts],
    }
