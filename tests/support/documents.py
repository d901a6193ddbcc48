"""The pages of docs/: their code blocks, and the errclass commands in them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
from support.readme import Block, list_blocks

from errclass.cli.root import errclass_command

_NAMED = re.compile(r"(?:#![^\n]*\n)?(?:#|//) (?P<name>\S+\.\w+|\S*Jenkinsfile)(?:: [^\n]*)?\n")
_COMMAND = re.compile(r"""(?<![\w.-])errclass (?P<rest>(?:"[^"\n]*"|'[^'\n]*'|[^"'|>&;#\n])+)""")


def list_named_files(page: Path) -> dict[str, str]:
    """Return the files that a page shows: blocks of which the first comment is their name."""
    named = {block.body: _NAMED.match(block.body) for block in list_all_blocks(page)}
    return {match["name"]: body for body, match in named.items() if match}


def list_all_blocks(page: Path) -> list[Block]:
    """Return the code blocks of a page."""
    return list_blocks(page.read_text(encoding="utf-8"))


def list_errclass_commands(page: Path) -> Iterator[list[str]]:
    """Return the arguments of each call of errclass that the code blocks of a page show."""
    for block in list_all_blocks(page):
        if block.language in {"bash", "console", "groovy", "yaml"}:
            for match in _COMMAND.finditer(block.body):
                words = shlex.split(match["rest"])
                if re.fullmatch(r"[a-z][a-z-]*", words[0]):
                    yield words


def find_fault(words: list[str]) -> str | None:
    """Return what is wrong with a call of errclass, its options and commands, or None."""
    command: click.Command = errclass_command
    context, rest = click.Context(command, **command.context_settings), list(words)
    try:
        _, rest, _ = command.make_parser(context).parse_args(rest)
        while isinstance(command, click.Group) and (rest or not command.invoke_without_command):
            found = command.get_command(context, rest.pop(0)) if rest else None
            if found is None:
                return f"no such command: {words}"
            command, context = found, click.Context(found, parent=context, **found.context_settings)
            _, rest, _ = command.make_parser(context).parse_args(rest)
    except click.UsageError as error:
        return f"{error}: {words}"
    return None
