"""docs/coming-from-the-javascript-system.md cannot rot: every name that it gives is one."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

import click
import pytest
import yaml
from support.source import find_source

import errclass
from errclass.actions.recover import load_recipes
from errclass.cli.root import errclass_command
from errclass.system.settings import Settings
from errclass.system.settings.environment import PLAIN_NAMES
from errclass.system.taxonomy_file import load_taxonomy

PAGE = find_source() / "docs" / "coming-from-the-javascript-system.md"
TEXT = PAGE.read_text(encoding="utf-8")
HOMES = (
    "reports.analytics.data", "reports.analytics.trend_data",
    "core.types", "actions.breaker", "actions.codegen", "actions.escalate", "actions.notify", "actions.recover",
    "actions.reset", "actions.retry", "actions.recover.recipe", "actions.escalate.targets", "actions.notify.composing",
    "actions.notify.channels.slack", "actions.notify.channels.email", "actions.notify.channels.linear",
    "actions.notify.channels.webhook", "actions.notify.channels.apprise_urls", "actions.notify.rendering",
    "actions.codegen.results", "actions.codegen.run_book", "system.retry_system", "system.system_statistics", "actions.breaker.circuit",
)  # fmt: skip
REASONS = ("actions/recover/*.py", "actions/reset/*.py", "actions/escalate/*.py")
"""Words that results give as reasons, beside the values of ``Literal`` types."""
UNNAMED = {"None", "attempts", "rm"}
"""Code marks that name nothing of ours."""


def collect_names() -> dict[str, Any]:
    """Return the public names of the package and of the rooms that the page is about."""
    modules = [importlib.import_module(f"errclass.{home}") for home in HOMES]
    known = {name: value for module in modules for name, value in vars(module).items()}
    return {**known, "errclass": errclass, **{name: getattr(errclass, name) for name in errclass.__all__}}


NAMES = collect_names()
WORDS = {word for value in NAMES.values() if get_origin(value) is Literal for word in get_args(value)}
WORDS |= {kind.name for kind in load_taxonomy().types}
RECIPES = {recipe.name for recipe in load_recipes()}
TABLES = yaml.safe_load((find_source() / "rules/sets/default/policy.yaml").read_text(encoding="utf-8"))["tables"]


def list_settings() -> dict[str, Any]:
    """Return each setting with its default."""
    groups = {
        name: field.default for name, field in Settings.model_fields.items() if hasattr(field.default, "__dict__")
    }
    return {
        f"{group}.{name}": getattr(values, name)
        for group, values in groups.items()
        for name in type(values).model_fields
    }


SETTINGS = list_settings()
VARIABLES = set(PLAIN_NAMES.values())


def list_rows() -> Iterator[tuple[str, str]]:
    """Yield both columns of each row."""
    for line in TEXT.splitlines():
        if line.startswith("| ") and not line.startswith("| there"):
            left, right = line.strip("| ").split(" | ")
            yield left, right


def list_spans() -> list[str]:
    """Return what stands in code marks in a right-hand column or in a heading."""
    headings = re.findall(r"^## .*", TEXT, re.MULTILINE)
    found = [
        span for text in (*headings, *(right for _, right in list_rows())) for span in re.findall(r"`(.+?)`", text)
    ]
    return list(dict.fromkeys(found))


def find_fault(span: str) -> str | None:
    """Say why a span names nothing of ours; None where it does."""
    if span in UNNAMED or span in WORDS | RECIPES | VARIABLES or span in TABLES or span in SETTINGS:
        return None
    if span.startswith("errclass "):
        return None if is_command(span.split()[1:]) else "no such command"
    if " = " in span:
        name, _, value = span.partition(" = ")
        return None if name in SETTINGS and repr(SETTINGS[name]) == value.replace('"', "'") else "no such default"
    if span.endswith(")"):
        return find_fault_of_call(span)
    if "/" in span:
        return None if (find_source() / span).exists() else "no such file"
    return None if has_name(span) or is_reason(span) else "no such name"


def is_command(words: list[str]) -> bool:
    """Tell whether these words lead to a command."""
    command: click.Command | None = errclass_command
    for word in words:
        if not isinstance(command, click.Group):
            return False
        command = command.get_command(click.Context(command), word)
    return command is not None


def find_fault_of_call(span: str) -> str | None:
    """Say why a call does not show defaults; its other arguments may be needed."""
    kind = NAMES.get(span.partition("(")[0])
    if kind is None:
        return "no such name"
    given: Mapping[str, Any] = eval(f"dict({span.partition('(')[2]}", {})
    defaults = {name: parameter.default for name, parameter in inspect.signature(kind).parameters.items()}
    return None if given and given.items() <= defaults.items() else f"the defaults are {defaults}"


def has_name(path: str) -> bool:
    """Tell whether a path of attributes, or of a parameter at its end, leads to something."""
    first, *rest = path.split(".")
    if first not in NAMES:
        return False
    value = NAMES[first]
    for name in rest:
        if hasattr(value, name):
            value = getattr(value, name)
        elif name == rest[-1] and callable(value):
            return name in inspect.signature(value).parameters or name in getattr(value, "__annotations__", {})
        else:
            return False
    return True


def is_reason(word: str) -> bool:
    """Tell whether the acting rooms give this word as a reason."""
    return any(
        f'"{word}"' in path.read_text(encoding="utf-8") for pattern in REASONS for path in find_source().glob(pattern)
    )


@pytest.mark.parametrize("span", list_spans())
def test_every_name_of_the_page_is_one(span: str) -> None:
    """Commands, settings with defaults, recipes, files, attributes, parameters, and words of results."""
    assert find_fault(span) is None


@pytest.mark.parametrize(
    "span",
    [
        "errclass heal", "errclass recover undo", "codegen.confidence = 0.9", "codegen.merges", "HalfOpen(permits=3)",
        "HalfOpen(calls=1)", "HalfOpen()", "Nothing(a=1)", "rules/sets/none.yaml", "Notice.colour", "Nothing.at.all",
        "IntelligentRetrySystem.hedging", "EscalationManager.escalate_error.when", "npm_delete_lockfile", "merged_by_us",
    ],
)  # fmt: skip
def test_what_is_no_name_is_found(span: str) -> None:
    """The check can fail."""
    assert find_fault(span) is not None


def test_every_part_is_there() -> None:
    """Each with a table of two columns, and nothing left open in it."""
    parts = {"IntelligentRetrySystem", "CircuitBreaker", "RecoveryStrategies", "EscalationManager", "CodegenIntegration",
             "EnvironmentReset", "NotificationSystem", "ErrorAnalytics", "FailureTracking"}  # fmt: skip
    assert parts == set(re.findall(r"^## .+\(`(\w+)`\)$", TEXT, re.MULTILINE))
    assert [] == [left for left, right in list_rows() if not left or not right]
    assert 130 < len(list(list_rows()))


def test_what_it_refuses_is_refused() -> None:
    """The words in its first table are those of the code."""
    from errclass.actions.recover.forbidden import find_fault_of_command

    for argv in (("npm", "test", "--", "--updateSnapshot"), ("pkill", "-f", "vite"), ("bash", "-c", "x"), ("rm", "x")):
        assert find_fault_of_command(argv)


def test_links_lead_somewhere() -> None:
    """Relative links point at files that exist."""
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", TEXT)
    assert targets
    assert [] == [target for target in targets if not (PAGE.parent / target).exists()]
