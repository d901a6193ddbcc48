"""docs/service.md cannot lie: its examples are run against a service, its defaults are those of the settings."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
from collections.abc import Iterator

import pytest
from support.programs import require_program
from support.readme import list_blocks
from support.service import RunningService, run_service
from support.source import find_source

from errclass.serve.api.requests import MOST_OUTCOMES
from errclass.serve.api_key import SCOPES
from errclass.system.settings import ServeSettings

PAGE = (find_source() / "docs" / "service.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """Return a service with a key."""
    with run_service(tmp_path_factory.mktemp("page") / "home") as running:
        yield running


def list_bodies(language: str) -> list[str]:
    """Return the blocks of a language."""
    return [block.body for block in list_blocks(PAGE) if block.language == language]


def test_the_python_examples_answer_what_is_shown(service: RunningService) -> None:
    """The blocks are one session, in order."""
    names = {"URL": service.url, "KEY": service.key}
    example = doctest.DocTestParser().get_doctest("".join(list_bodies("pycon")), names, "page", "page", 0)
    printed: list[str] = []
    found = doctest.DocTestRunner().run(example, out=printed.append)
    assert ("", True) == ("".join(printed), found.attempted > 10)


def test_the_requests_are_answered_as_shown(service: RunningService) -> None:
    """By any HTTP client."""
    require_program("curl")
    (session,) = list_bodies("console")
    pairs = re.findall(r"^\$ (.*)\n(.*)\n", session, re.MULTILINE)
    environment = {**os.environ, "URL": service.url, "KEY": service.key, "NO_PROXY": "*"}
    for command, shown in pairs:
        done = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, text=True, check=True)
        assert shown == done.stdout.strip()
    assert 3 == len(pairs)


def test_the_defaults_are_those_of_the_settings() -> None:
    """Every setting, and nothing else."""
    shown = dict(re.findall(r"^\| `serve\.(\w+)` \| (\S+)", PAGE, re.MULTILINE))
    assert set(ServeSettings.model_fields) == set(shown)
    numbers = {name: float(value) for name, value in shown.items() if value != "none"}
    assert numbers == {name: float(getattr(ServeSettings(), name)) for name in numbers}


def test_every_route_is_described(service: RunningService) -> None:
    """With its scope."""
    paths = service.ask("GET", "/openapi.json").json()["paths"]
    known = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    rows = re.findall(r"^\| `(\w+) ([^`?]+)\S*` \| (\w+) \|", PAGE, re.MULTILINE)
    shown = {f"{method} {path}" for method, path, _ in rows}
    assert {re.sub(r"\{\w+\}", "{}", one) for one in known} == {re.sub(r"\{\w+\}", "{}", one) for one in shown}
    assert {*SCOPES, "none"} == {scope for _, _, scope in rows}
    assert f"up to {MOST_OUTCOMES} calls" in PAGE
