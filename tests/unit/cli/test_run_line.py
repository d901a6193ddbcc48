"""The line of ``errclass run``: read without click, and by click, to the same end."""

from __future__ import annotations

from typing import Any, get_args
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errclass.cli import run_entry
from errclass.cli.root import errclass_command
from errclass.cli.run_line import EFFECTS, read_run_line
from errclass.core.types import Effect
from errclass.system.jobs.run_order import RunOrder

OPTIONS = [
    ["--attempts", "3"],
    ["--attempts=1"],
    ["--deadline", "15m"],
    ["--deadline", "2.5"],
    ["--attempt-timeout=30s"],
    ["--effect", "irreversible"],
    ["--operation", "deploy web"],
    ["--recover", "auto"],
    ["--recover=off"],
    ["--stdin", "replay"],
    ["--stdin=pass"],
    ["--report", "run.json"],
    ["--quiet"],
    ["--json"],
    ["--context", "environment=production"],
    ["--context=team=blue"],
]


def read_by_click(arguments: list[str]) -> Any:
    """Return what click hands over."""
    with patch.object(run_entry, "run_and_exit") as called:
        errclass_command(["run", *arguments], standalone_mode=False)
    return called.call_args[0][0]


@given(st.lists(st.sampled_from(OPTIONS), max_size=5), st.sampled_from([["--", "npm", "ci"], ["npm", "--quiet"]]))
def test_both_ways_of_reading_agree(options: list[list[str]], command: list[str]) -> None:
    """On whatever is right."""
    line = [word for option in options for word in option] + command
    assert read_by_click(line) == read_run_line(line)


@pytest.mark.parametrize(
    "line",
    [
        [],
        ["--"],
        ["--help"],
        ["--attempts", "0", "true"],
        ["--attempts", "many", "true"],
        ["--attempts"],
        ["--deadline", "soon", "true"],
        ["--deadline", "0", "true"],
        ["--deadline", "nan", "true"],
        ["--effect", "harmless", "true"],
        ["--recover", "suggest", "true"],
        ["--stdin", "none", "true"],
        ["--context", "environment", "true"],
        ["--context", "enviroment=x", "true"],
        ["--no-such-option", "true"],
        ["--quiet=yes", "true"],
        ["-q", "true"],
    ],
    ids=" ".join,
)
def test_what_is_unusual_is_left_to_click(line: list[str]) -> None:
    """It knows how to say what is wrong."""
    assert read_run_line(line) is None


def test_options_of_the_command_are_its_own() -> None:
    """Reading stops at the first word that is no option."""
    assert RunOrder(("npm", "--quiet", "--attempts", "3")) == read_run_line(["npm", "--quiet", "--attempts", "3"])


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (("npm", "ci"), "npm ci"),
        (("/usr/bin/terraform", "apply", "-auto-approve"), "terraform apply"),
        (("pip", "--quiet", "install"), "pip"),
        (("./deploy.sh", "STAGING"), "deploy.sh"),
        (("sh", "-c", "exit 1"), "sh"),
        (("curl", "https://user:secret@example.com"), "curl"),
    ],
)
def test_an_operation_is_named_after_its_program(command: tuple[str, ...], name: str) -> None:
    """And after the word that follows, where that is one: neither a path nor a secret."""
    assert name == RunOrder(command).name


def test_a_name_of_ones_own_counts() -> None:
    """As it is."""
    assert "Deploy Web" == RunOrder(("npm", "ci"), operation="Deploy Web").name


def test_the_effects_are_those_of_the_types() -> None:
    """They are written down twice, for the types are no light import."""
    assert get_args(Effect) == EFFECTS
