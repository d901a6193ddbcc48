"""``errclass rules``: what decides, whether it holds, and what it would change."""

from __future__ import annotations

import click

from .rules_check_command import check_command
from .rules_graph_command import graph_command
from .rules_list_command import list_command
from .rules_new_command import new_command
from .rules_replay_command import replay_command
from .rules_schema_command import schema_command
from .rules_suggest_command import suggest_command
from .rules_test_command import test_command
from .rules_why_command import why_command


@click.group(name="rules")
def rules_group() -> None:
    """List, check, test, explain, try out and write rules.

    \b
    Examples:
      errclass rules new guard/shop_gateway --rules our-rules/
      errclass rules check --rules our-rules/
      errclass rules why build.log
      errclass rules replay --rules our-rules/ --since 30d
    """


for _command in (
    check_command, graph_command, list_command, new_command, replay_command, schema_command, suggest_command,
    test_command, why_command,
):  # fmt: skip
    rules_group.add_command(_command)
