"""Who may import whom, what is imported when, and what is declared for it."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import NamedTuple

import pytest
from support.running import run_program
from support.source import list_package, read_project

HEAVY = {
    "click",
    "duckdb",
    "httpx",
    "jinja2",
    "joblib",
    "numpy",
    "pandas",
    "plotly",
    "psycopg",
    "pydantic",
    "rich",
    "scipy",
    "sklearn",
    "yaml",
}


class Edge(NamedTuple):
    """Say where a library that may be absent is known, and which extra brings it; several with blanks between."""

    module: str
    folder: str
    extra: str


AT_THE_EDGES = {
    "apprise": Edge("apprise", "actions/notify/channels", "notify"),
    "fastapi": Edge("fastapi", "serve/api", "serve"),
    "opentelemetry-api": Edge("opentelemetry", "actions/hooks", "otel"),
    "pandas": Edge("pandas", "reports", "notebooks"),
    "prometheus-client": Edge("prometheus_client", "actions/hooks serve/metrics", "otel serve"),
    "psycopg": Edge("psycopg", "outcomes/postgres", "postgres"),
    "starlette": Edge("starlette", "serve/dashboard", "serve"),
    "tenacity": Edge("tenacity", "actions/retry/adapters", "test"),
    "uvicorn": Edge("uvicorn", "serve", "serve"),
}
LISTING = "import json, sys; {}; print(json.dumps(sorted({{name.split('.')[0] for name in sys.modules}})))"


def list_imported(statement: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter holds after a statement."""
    return set(json.loads(run_program([sys.executable, "-c", LISTING.format(statement)], cwd=Path("/"))))


def list_absolute_imports(path: Path) -> Iterator[str]:
    """Return the top-level names that a module imports absolutely, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield str(node.module).split(".")[0]


def list_foreign(source: Path, *, room: str = "") -> set[str]:
    """Return what the package's modules import beyond the standard library."""
    modules = [source / name for name in list_package(source) if name.endswith(".py") and name.startswith(room)]
    return {name for module in modules for name in list_absolute_imports(module)} - sys.stdlib_module_names


def name_distributions(requirements: list[str]) -> set[str]:
    """Return the normalised names in a list of requirements."""
    return {re.split(r"[<>=!~;\[ ]", line)[0].lower().replace("_", "-") for line in requirements}


def name_provider(distributions: list[str]) -> str:
    """Return the distribution of a top-level name; of those that share one, the API that the others build on."""
    names = sorted({name.lower().replace("_", "-") for name in distributions})
    return next((name for name in names if name.endswith("-api")), names[0])


def test_the_import_contracts_hold(source: Path) -> None:
    """Imports go down only; the contracts are in pyproject.toml."""
    program = (
        "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(sys.argv[1], no_cache=True))"
    )
    assert "0 broken" in run_program([sys.executable, "-c", program, str(source / "pyproject.toml")], cwd=Path("/"))


def test_core_needs_nothing_but_the_standard_library(source: Path) -> None:
    """The contracts name packages one by one; this finds those that they do not name."""
    assert set() == list_foreign(source, room="core/")


def test_no_room_is_imported_by_its_bare_name(source: Path) -> None:
    """``import classify`` works in the repository's root and nowhere else; ``import errclass`` is for users."""
    assert set() == list_foreign(source) & {"classify", "cli", "core", "errclass", "outcomes", "rules", "system"}


def test_import_errclass_loads_nothing_heavy() -> None:
    """Programs that import errclass pay for what they use."""
    assert set() == HEAVY & list_imported("import errclass")


def test_adapters_load_no_library_before_they_are_made() -> None:
    """They can be imported where tenacity, stamina, backoff and httpx are not installed."""
    loaded = list_imported("import errclass.actions.retry.adapters, errclass.actions.hooks, errclass.testing")
    assert set() == loaded & (HEAVY | {"backoff", "opentelemetry", "prometheus_client", "stamina", "tenacity"})


def test_public_values_load_nothing_heavy() -> None:
    """The values and errors can be named in signatures and except clauses for nothing."""
    assert set() == HEAVY & list_imported("from errclass import Context, Decision, Failure, Outcome, UsageError, Store")


def test_acting_loads_what_sends_and_mends_when_it_is_needed() -> None:
    """Neither an HTTP client, a template engine nor recipes are loaded to begin with."""
    statement = (
        "from errclass.system.acting import Acting; from errclass.system.settings import load_settings; "
        "from errclass.outcomes import Store; Acting(load_settings(), Store('/nowhere')).begin()"
    )
    assert set() == (HEAVY - {"pydantic"}) & list_imported(statement)


def test_the_client_needs_no_server() -> None:
    """Only an HTTP client: neither FastAPI, a model nor a database."""
    statement = "import errclass; errclass.Client('http://127.0.0.1:1', key='x').close(); errclass.AsyncClient"
    assert {"httpx"} == list_imported(statement) & (HEAVY | {"fastapi", "starlette", "uvicorn"}) - {"click", "rich"}


@pytest.mark.parametrize("heavy", ["joblib", "sklearn"])
def test_deciding_needs_no_training_library(heavy: str) -> None:
    """The shipped model is read from plain arrays."""
    statement = (
        "import errclass; assert errclass.decide('curl: (6) Could not resolve host: deb.debian.org').type == 'network'"
    )
    assert heavy not in list_imported(statement)


def test_the_dependencies_are_those_that_are_imported(source: Path) -> None:
    """Each dependency of the base install is used, and nothing is used that is not declared."""
    project = read_project(source)["project"]
    providers = packages_distributions()
    imported = {name_provider(providers[name]) for name in list_foreign(source)}
    assert name_distributions(project["dependencies"]) == imported - AT_THE_EDGES.keys()


@pytest.mark.parametrize(("package", "edge"), AT_THE_EDGES.items())
def test_few_folders_know_a_library_that_may_be_absent(source: Path, package: str, edge: Edge) -> None:
    """It comes with an extra, or is the user's own; elsewhere it would be missed."""
    modules = [name for name in list_package(source) if name.endswith(".py")]
    knowing = {str(Path(name).parent) for name in modules if edge.module in list_absolute_imports(source / name)}
    assert {*edge.folder.split()} == knowing
    for extra in edge.extra.split():
        assert package in name_distributions(read_project(source)["project"]["optional-dependencies"][extra])


def test_one_file_knows_the_durable_engine(source: Path) -> None:
    """The C module, which an extra brings, is imported in one place, at use and by name."""
    modules = [name for name in list_package(source) if name.endswith(".py")]
    naming = [name for name in modules if '"durable_rules_engine"' in (source / name).read_text(encoding="utf-8")]
    assert ["rules/durable.py"] == naming
