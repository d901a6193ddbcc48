"""``errclass rules schema``: what editors check rule files by."""

from __future__ import annotations

import click

from .output import print_json


@click.command(name="schema")
@click.argument("kind", type=click.Choice(["rule", "policy", "scenario"]), default="rule")
def schema_command(kind: str) -> None:
    """Print the JSON Schema of a rule file, of a policy.yaml, or of a file of scenarios.

    Editors that know YAML complete names and mark mistakes by it while a file is written. What hangs on other
    files (stages, tables, facts of your own) only `errclass rules check` can tell.

    \b
    Examples:
      errclass rules schema rule > our-rules/rule.schema.json
      errclass rules schema policy > our-rules/policy.schema.json
    """
    from ..rules.schema import build_schema

    print_json(build_schema(kind))
