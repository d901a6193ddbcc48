"""docs/guides/ cannot lie: their files are parsed, their scripts run against stand-ins for what they call."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.documents import find_fault, list_errclass_commands, list_named_files
from support.programs import require_program
from support.source import find_source

DOCS = find_source() / "docs"
GUIDES = DOCS / "guides"
PAGES = sorted(DOCS.rglob("*.md"))
SCRIPTS = (("gitlab-ci.md", "ci/deploy.sh"), ("buildkite.md", ".buildkite/deploy.sh"))
NETWORK = "Error: connect ETIMEDOUT 203.0.113.7:443"
ASSERTION = "AssertionError: expected 3 to equal 2"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with its own home of errclass, and with ours first on the path."""
    monkeypatch.setenv("ERRCLASS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_what_pages_call_can_be_called(page: Path) -> None:
    """Every command of errclass in a code block has this name and these options."""
    assert [] == [fault for words in list_errclass_commands(page) if (fault := find_fault(words))]


def test_commands_are_found_and_judged() -> None:
    """Else the test above would be silent whatever the pages say."""
    assert ["run", "--deadline", "15m", "--report", "install.json", "--", "npm", "ci"] in list(
        list_errclass_commands(GUIDES / "github-actions.md")
    )
    assert find_fault(["classify", "--exit-codes", "log"])
    assert find_fault(["explode"])
    assert find_fault(["outcomes"])
    assert find_fault(["outcomes", "explode"])
    assert find_fault(["serve"]) is None
    assert find_fault(["run", "--effect", "idempotent", "--", "npm", "--made-up"]) is None


def test_files_of_yaml_parse() -> None:
    """Each is one document, a mapping."""
    files = {
        name: yaml.safe_load(body)
        for page in GUIDES.glob("*.md")
        for name, body in list_named_files(page).items()
        if name.endswith(".yml")
    }
    assert {
        ".buildkite/pipeline.yml",
        ".github/workflows/build.yml",
        ".github/workflows/deploy.yml",
        ".gitlab-ci.yml",
    } == {*files}
    assert {dict} == {type(content) for content in files.values()}


def test_files_of_python_compile() -> None:
    """Also those for libraries that are not installed here."""
    files = [(n, b) for page in GUIDES.glob("*.md") for n, b in list_named_files(page).items() if n.endswith(".py")]
    assert len(files) >= 6
    for name, body in files:
        compile(body, name, "exec")


def test_workflows_save_what_they_restore_and_keep_strangers_out() -> None:
    """Restored by a prefix of the key that is saved; saved after failures too, and never for a pull request."""
    workflow = yaml.safe_load(list_named_files(GUIDES / "github-actions.md")[".github/workflows/build.yml"])
    steps = {step["uses"]: step for step in workflow["jobs"]["build"]["steps"] if "uses" in step}
    restored, saved = steps["actions/cache/restore@v4"]["with"], steps["actions/cache/save@v4"]["with"]
    assert (restored["path"], restored["key"]) == (saved["path"], saved["key"])
    assert saved["key"].startswith(restored["restore-keys"])
    assert "always() && github.event_name == 'push'" == steps["actions/cache/save@v4"]["if"]
    assert {"contents": "read"} == workflow["permissions"]
    assert "secrets." not in str(workflow)


def test_only_protected_jobs_repeat_by_75() -> None:
    """In GitLab and Buildkite alike, with a limit."""
    gitlab = yaml.safe_load(list_named_files(GUIDES / "gitlab-ci.md")[".gitlab-ci.yml"])
    assert {"max": 2, "exit_codes": [75]} == gitlab["deploy"]["retry"]
    buildkite = yaml.safe_load(list_named_files(GUIDES / "buildkite.md")[".buildkite/pipeline.yml"])
    repeated = [step for step in buildkite["steps"] if isinstance(step, dict) and "retry" in step]
    assert [[{"exit_status": 75, "limit": 3}]] == [step["retry"]["automatic"] for step in repeated]


@pytest.mark.parametrize(("page", "name"), SCRIPTS)
@pytest.mark.parametrize(
    ("said", "code", "expected"),
    [("deployed", 0, 0), (NETWORK, 3, 75), (ASSERTION, 3, 3), (ASSERTION, 75, 1)],
    ids=["done", "worth another job", "not worth it", "75 of its own"],
)
def test_a_script_says_by_75_that_the_same_again_is_worth_it(
    page: str, name: str, said: str, code: int, expected: int, machine: Path
) -> None:
    """And otherwise ends with the code of what it ran."""
    require_program("bash")
    _write_program(machine / "deploy.sh", f"echo '{said}'; exit {code}")
    _write_program(machine / name, list_named_files(GUIDES / page)[name])
    assert expected == subprocess.run([machine / name, "staging"], capture_output=True, check=False).returncode


def test_the_last_attempt_is_not_worth_another_job(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The decision knows by Buildkite's own variable how often the job was run."""
    require_program("bash")
    name = ".buildkite/deploy.sh"
    _write_program(machine / "deploy.sh", f"echo '{NETWORK}'; exit 3")
    _write_program(machine / name, list_named_files(GUIDES / "buildkite.md")[name])
    monkeypatch.setenv("BUILDKITE_RETRY_COUNT", "3")
    assert 3 == subprocess.run([machine / name, "staging"], capture_output=True, check=False).returncode


@pytest.mark.parametrize(
    ("page", "name", "find"),
    [
        ("github-actions.md", ".github/workflows/build.yml", lambda made: made["jobs"]["build"]["steps"][4]["run"]),
        ("gitlab-ci.md", ".gitlab-ci.yml", lambda made: made["install"]["script"][0]),
        ("buildkite.md", ".buildkite/pipeline.yml", lambda made: made["steps"][0]["command"]),
    ],
)
def test_the_install_line_runs_again_what_helps(page: str, name: str, find: Any, machine: Path) -> None:
    """With a stand-in for npm that the network fails once."""
    require_program("sh")
    _write_program(machine / "npm", f"[ -e reached ] && echo added && exit; touch reached; echo '{NETWORK}'; exit 1")
    line = find(yaml.safe_load(list_named_files(GUIDES / page)[name]))
    ran = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
    assert (0, True) == (ran.returncode, "call 2 of" in ran.stderr)
    assert "added" in ran.stdout


def _write_program(path: Path, body: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(body if body.startswith("#!") else f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
