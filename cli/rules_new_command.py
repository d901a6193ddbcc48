"""``errclass rules new``: the first draft of a rule."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.errors import UsageError
from .options import read_settings
from .rule_options import load_policy_of, require_name

if TYPE_CHECKING:
    from ..rules import Policy

_PLACE = re.compile(r"[a-z][a-z0-9_]*/[a-z][a-z0-9_]*")


@click.command(name="new")
@click.argument("rule_id", metavar="STAGE/NAME")
@click.option(
    "--rules", "folder", required=True, type=click.Path(path_type=Path), help="The folder of your rules; may be new."
)
@click.option("--title", help="What the rule says, in one sentence.")
def new_command(rule_id: str, folder: Path, title: str | None) -> None:
    """Write the first draft of a rule, with all keys explained and cases that pass; nothing is overwritten.

    The draft is for one component of yours, and changes what is decided about it. A folder that is no rule set yet
    gets a policy.yaml that extends the usual set. Where the folder holds rule.schema.json, editors are pointed to it.

    \b
    Examples:
      errclass rules new guard/shop_gateway --rules our-rules/
      errclass rules new strategy/payments --rules our-rules/ --title "Payments are never run again"
    """
    from ..rules.draft_text import write_policy, write_rule
    from ..rules.scaffolding import draft_rule

    path = folder / f"{rule_id}.yaml"
    policy = load_policy_of((folder,) if folder.exists() else (), read_settings())
    _check_place(rule_id, policy, path)
    wanted = (title or "").strip() or rule_id.partition("/")[2].replace("_", " ").capitalize()
    files = [(path, write_rule(draft_rule(policy, rule_id, wanted), _find_schema(folder, "rule", "../")))]
    if not (folder / "policy.yaml").exists():
        name = folder.resolve().name
        files.insert(0, (folder / "policy.yaml", write_policy(name, _find_schema(folder, "policy", ""))))
    for file, text in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
        click.echo(str(file))


def _check_place(rule_id: str, policy: Policy, path: Path) -> None:
    if not _PLACE.fullmatch(rule_id):
        raise UsageError(f"{rule_id}: is no rule's name; write STAGE/NAME in lower case with underscores")
    require_name(rule_id, "stage", rule_id.partition("/")[0], policy.stages)
    if path.exists():
        raise UsageError(f"{path}: is there already; choose another name")
    if rule_id in {rule.id for rule in policy.rules}:
        raise UsageError(f"{rule_id}: the rules in use have one of this name, which it would replace; choose another")


def _find_schema(folder: Path, kind: str, way: str) -> str | None:
    """Return the path to a schema beside the rules, where somebody put one."""
    name = f"{kind}.schema.json"
    return way + name if (folder / name).is_file() else None
