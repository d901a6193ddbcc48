"""Shipped recipes against the tools that they are for: a broken project is healed, a failure leaves it as it was."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from support.flaky_registry import flaky_registry, pack_wheel, write_npm_project
from support.recovering import AUTO, make_classification, make_strategies
from support.tree_hash import hash_tree

from errclass.actions.recover import RecoveryContext, RecoveryResult

BESIDE_PYTHON = str(Path(sys.executable).parent)


def need(name: str) -> str:
    """Return where a tool is; the test is skipped without it."""
    found = shutil.which(name) or shutil.which(name, path=BESIDE_PYTHON)
    if not found:
        pytest.skip(f"{name} is not installed")
    return found


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """An empty project."""
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """The environment of a job, with caches of its own."""
    caches = {
        "npm_config_cache": "npm", "YARN_CACHE_FOLDER": "yarn", "UV_CACHE_DIR": "uv", "PIP_CACHE_DIR": "pip",
        "npm_config_store_dir": "pnpm", "XDG_CACHE_HOME": "xdg", "XDG_DATA_HOME": "data", "CARGO_TARGET_DIR": "",
    }  # fmt: skip
    set_here = {name: str(tmp_path / folder) for name, folder in caches.items() if folder}
    path = f"{os.environ['PATH']}{os.pathsep}{BESIDE_PYTHON}"
    return {**os.environ, **set_here, "PATH": path, "UV_PYTHON": os.path.realpath(sys.executable), "UV_OFFLINE": "1"}


def call(work: Path, environ: Mapping[str, str], *argv: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a tool as the job would."""
    return subprocess.run(argv, cwd=work, env=dict(environ), capture_output=True, text=True, check=check)


def recover(work: Path, environ: Mapping[str, str], kind: str, **rest: Any) -> RecoveryResult:
    """Recover by the shipped recipes."""
    strategies = make_strategies(work.parent / "home", options=AUTO, environ=environ, ask=lambda plan: True)
    return strategies.execute_recovery(make_classification(kind), RecoveryContext(work, **rest))


def write(work: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(text)


def test_npm_packages_are_installed_anew(work: Path, environ: dict[str, str]) -> None:
    """By the lockfile, which stays as it is; a registry that is down leaves the broken folder as it was."""
    need("npm")
    with flaky_registry(0) as registry:
        write(work, write_npm_project(registry.address))
        write(work, {"node_modules/left-pad/index.js": "half", "node_modules/.bin/x": ""})
        before, lock = hash_tree(work), (work / "package-lock.json").read_bytes()
        registry.failures = 99
        failed = recover(work, environ, "dependency", tool="npm")
        assert ("failed", "step_failed", "npm_reinstall") == (failed.outcome, failed.reason, failed.strategy)
        assert "503" in failed.details["output"]
        assert before == hash_tree(work)
        registry.failures = 0
        healed = recover(work, environ, "dependency", tool="npm")
    assert ("success", "npm_reinstall") == (healed.outcome, healed.strategy)
    assert json.loads((work / "node_modules/left-pad/package.json").read_text())["version"] == "1.0.0"
    assert 0 == call(work, environ, "npm", "ls").returncode
    assert lock == (work / "package-lock.json").read_bytes()


@pytest.mark.parametrize(("tool", "lockfile"), [("pnpm", "pnpm-lock.yaml"), ("yarn", "yarn.lock")])
def test_pnpm_and_yarn_packages_are_installed_anew(
    work: Path, environ: dict[str, str], tool: str, lockfile: str
) -> None:
    """Likewise."""
    need(tool)
    with flaky_registry(0) as registry:
        files = write_npm_project(registry.address)
        write(work, {name: text for name, text in files.items() if name != "package-lock.json"})
        call(work, environ, tool, "install", *(["--lockfile-only"] if tool == "pnpm" else []))
        shutil.rmtree(work / "node_modules", ignore_errors=True)
        for folder in ("yarn", "pnpm", "xdg", "data"):
            shutil.rmtree(work.parent / folder, ignore_errors=True)
        write(work, {"node_modules/left-pad/index.js": "half"})
        before, lock = hash_tree(work), (work / lockfile).read_bytes()
        registry.failures = 99
        failed = recover(work, environ, "dependency", tool=tool)
        assert ("failed", f"{tool}_reinstall") == (failed.outcome, failed.strategy)
        assert before == hash_tree(work)
        registry.failures = 0
        healed = recover(work, environ, "dependency", tool=tool)
    assert ("success", f"{tool}_reinstall") == (healed.outcome, healed.strategy), healed
    assert (work / "node_modules" / "left-pad" / "package.json").exists()
    assert lock == (work / lockfile).read_bytes()


def test_a_virtual_environment_is_made_anew(work: Path, environ: dict[str, str]) -> None:
    """From requirements.txt; where these cannot be had, the old one is back."""
    need("python3")
    write(
        work, {"requirements.txt": "--no-index\n--find-links wheels\nleft-pad==1.0.0\n", ".venv/pyvenv.cfg": "broken"}
    )
    (work / ".venv" / "lib64").symlink_to("lib")
    before = hash_tree(work)
    failed = recover(work, environ, "dependency", tool="pip")
    assert ("failed", "step_failed", "pip_venv_rebuild") == (failed.outcome, failed.reason, failed.strategy)
    assert before == hash_tree(work)
    (work / "wheels").mkdir()
    (work / "wheels" / "left_pad-1.0.0-py3-none-any.whl").write_bytes(pack_wheel())
    healed = recover(work, environ, "dependency", tool="pip")
    assert ("success", "pip_venv_rebuild") == (healed.outcome, healed.strategy)
    assert 0 == call(work, environ, "./.venv/bin/python", "-c", "import left_pad").returncode


def test_an_environment_of_uv_is_made_anew(work: Path, environ: dict[str, str]) -> None:
    """From its lockfile."""
    need("uv")
    write(work, {"pyproject.toml": '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.9"\n'})
    call(work, environ, "uv", "lock")
    lock = (work / "uv.lock").read_bytes()
    write(work, {".venv/pyvenv.cfg": "broken", ".venv/bin/python": "no program"})
    healed = recover(work, environ, "dependency", tool="uv")
    assert ("success", "uv_sync") == (healed.outcome, healed.strategy), healed
    assert 0 == call(work, environ, ".venv/bin/python", "-c", "").returncode
    write(work, {"uv.lock": "nonsense"})
    before = hash_tree(work)
    assert "failed" == recover(work, environ, "dependency", tool="uv").outcome
    assert before == hash_tree(work)
    assert lock != (work / "uv.lock").read_bytes()


def make_repository(work: Path, environ: Mapping[str, str], commits: int = 1) -> None:
    call(work, environ, "git", "init", "-q", "-b", "main")
    for number in range(commits):
        write(work, {"app.json": json.dumps({"number": number})})
        call(work, environ, "git", "add", "-A")
        identity = ("-c", "user.name=x", "-c", "user.email=x@example.com")
        call(work, environ, "git", *identity, "commit", "-q", "-m", f"Number {number}")


def test_a_lock_that_git_left_behind_is_taken_away(work: Path, environ: dict[str, str]) -> None:
    """An old one that nobody has open; a new one may belong to somebody, and so may an open one."""
    need("git")
    make_repository(work, environ)
    lock = work / ".git" / "index.lock"
    lock.touch()
    assert 0 != call(work, environ, "git", "add", "-A", check=False).returncode
    fresh = recover(work, environ, "temporary", tool="git")
    assert ("skipped", True) == (fresh.outcome, lock.exists())
    os.utime(lock, (1_000_000, 1_000_000))
    with lock.open():
        used = recover(work, environ, "temporary", tool="git")
        assert ("skipped", True) == (used.outcome, "in use" in str(used.details))
    healed = recover(work, environ, "temporary", tool="git")
    assert ("success", "git_stale_lock", False) == (healed.outcome, healed.strategy, lock.exists())
    assert 0 == call(work, environ, "git", "add", "-A").returncode


def test_a_shallow_clone_is_completed(work: Path, tmp_path: Path, environ: dict[str, str]) -> None:
    """Where the origin is gone it stays as it was."""
    need("git")
    origin = tmp_path / "origin"
    origin.mkdir()
    make_repository(origin, environ, commits=3)
    call(tmp_path, environ, "git", "clone", "-q", "--depth", "1", origin.as_uri(), str(work))
    before = hash_tree(work)
    origin.rename(tmp_path / "moved")
    failed = recover(work, environ, "configuration", tool="git")
    assert ("failed", "git_unshallow") == (failed.outcome, failed.strategy)
    assert before == hash_tree(work)
    (tmp_path / "moved").rename(origin)
    healed = recover(work, environ, "configuration", tool="git")
    assert ("success", "git_unshallow") == (healed.outcome, healed.strategy)
    assert "3" == call(work, environ, "git", "rev-list", "--count", "HEAD").stdout.strip()


def test_a_broken_settings_file_comes_back_from_git(work: Path, environ: dict[str, str]) -> None:
    """Only where it does not parse; what was there is kept; a file that git does not know stays as it is."""
    need("git")
    make_repository(work, environ)
    assert "skipped" == recover(work, environ, "configuration", file="app.json").outcome
    write(work, {"app.json": "{broken", "other.json": "{broken"})
    healed = recover(work, environ, "configuration", file="app.json")
    assert ("success", "config_from_git", '{"number": 0}') == (
        healed.outcome,
        healed.strategy,
        (work / "app.json").read_text(),
    )
    assert ["{broken"] == [path.read_text() for path in Path(healed.details["backup"], "saved").iterdir()]
    before = hash_tree(work)
    assert "failed" == recover(work, environ, "configuration", file="other.json").outcome
    assert before == hash_tree(work)


def test_a_missing_env_file_is_made_from_its_example(work: Path, environ: dict[str, str]) -> None:
    """One that is there is the user's, and stays."""
    write(work, {".env.example": "A=1\n"})
    assert ("success", "A=1\n") == (
        recover(work, environ, "configuration").outcome,
        (work / ".env").read_text(),
    )
    write(work, {".env": "A=2\n"})
    assert ("skipped", "A=2\n") == (
        recover(work, environ, "configuration").outcome,
        (work / ".env").read_text(),
    )


def test_a_crate_is_built_without_what_earlier_builds_left(work: Path, environ: dict[str, str]) -> None:
    """A build folder that is broken is made anew; code that does not compile gets the old one back."""
    need("cargo")
    write(
        work,
        {"Cargo.toml": '[package]\nname = "x"\nversion = "0.1.0"\nedition = "2021"\n', "src/main.rs": "fn main() {}\n"},
    )
    if call(work, environ, "cargo", "generate-lockfile", "--offline", check=False).returncode:
        pytest.skip("cargo does not work here")
    write(work, {"target/debug": "no folder"})
    assert 0 != call(work, environ, "cargo", "build", "--locked", check=False).returncode
    healed = recover(work, environ, "build", tool="cargo")
    assert ("success", "cargo_clean_build") == (healed.outcome, healed.strategy)
    assert 0 == call(work, environ, "target/debug/x").returncode
    write(work, {"src/main.rs": "fn main() { nonsense }\n"})
    before = hash_tree(work)
    failed = recover(work, environ, "build", tool="cargo")
    assert ("failed", "check_failed", ("target",)) == (failed.outcome, failed.reason, failed.restored)
    assert before == hash_tree(work)


@contextlib.contextmanager
def serve_folder(folder: Path) -> Iterator[str]:
    """Serve files until the block ends."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_maven_looks_up_again_what_it_remembers_as_missing(work: Path, tmp_path: Path, environ: dict[str, str]) -> None:
    """A parent that was published after the first try; partial, for no plugin is to be had from a loopback."""
    need("mvn")
    parent = "<modelVersion>4.0.0</modelVersion><groupId>org.example</groupId><artifactId>parent</artifactId><version>1</version>"
    repository = tmp_path / "repository"
    place = repository / "org" / "example" / "parent" / "1" / "parent-1.pom"
    repository.mkdir()
    with serve_folder(repository) as address:
        mirror = f"<settings><mirrors><mirror><id>m</id><mirrorOf>*</mirrorOf><url>{address}</url></mirror></mirrors></settings>"
        child = "<parent><groupId>org.example</groupId><artifactId>parent</artifactId><version>1</version><relativePath/></parent>"
        write(work, {
            "pom.xml": f"<project><modelVersion>4.0.0</modelVersion>{child}<artifactId>child</artifactId></project>",
            "settings.xml": mirror,
            ".mvn/maven.config": f"-s\nsettings.xml\n-Dmaven.repo.local={tmp_path / 'm2'}\n",
        })  # fmt: skip
        validate = ("mvn", "--batch-mode", "validate")
        assert 0 != call(work, environ, *validate, check=False).returncode
        place.parent.mkdir(parents=True)
        place.write_text(f"<project>{parent}<packaging>pom</packaging></project>")
        assert "previous attempt" in call(work, environ, *validate, check=False).stdout
        healed = recover(work, environ, "dependency", tool="maven")
    assert ("partial", "maven_update") == (healed.outcome, healed.strategy), healed
    assert 0 == call(work, environ, *validate).returncode


@pytest.mark.parametrize("name", [":(glob)**", ":!x", "*.json", ":/"])
def test_a_name_that_git_takes_for_a_pattern_restores_nothing_else(
    work: Path, environ: dict[str, str], name: str
) -> None:
    """Uncommitted work in other files stays."""
    need("git")
    make_repository(work, environ)
    write(work, {"app.json": "{work of an hour", name.replace("/", "") or "x": "{"})
    before = hash_tree(work)
    assert "skipped" == recover(work, environ, "configuration", file=name).outcome
    assert before == hash_tree(work)


def test_npm_workspaces_are_put_back(work: Path, environ: dict[str, str]) -> None:
    """It empties the folders of packages of each of them."""
    need("npm")
    write(work, {
        "package.json": '{"name": "w", "version": "1.0.0", "workspaces": ["packages/*"], "scripts": {"postinstall": "exit 3"}}',
        "packages/a/package.json": '{"name": "a", "version": "1.0.0"}',
    })  # fmt: skip
    call(work, environ, "npm", "install", "--package-lock-only", "--offline", "--ignore-scripts")
    write(work, {"packages/a/node_modules/mine/index.js": "kept\n"})
    before = hash_tree(work)
    failed = recover(work, environ, "dependency", tool="npm")
    assert ("failed", "npm_reinstall") == (failed.outcome, failed.strategy), failed
    assert before == hash_tree(work)


def test_a_build_that_fails_leaves_what_earlier_ones_built(work: Path, environ: dict[str, str]) -> None:
    """A half-written one would be deployed; what it writes elsewhere is told as not covered."""
    need("npm")
    script = "echo half > dist/app.js && mkdir packages/a/dist && exit 1"
    write(work, {
        "package.json": json.dumps({"name": "w", "version": "1.0.0", "scripts": {"build": script}}),
        "packages/a/package.json": "{}", "dist/app.js": "whole\n", "node_modules/x/index.js": "", ".next/cache": "old",
    })  # fmt: skip
    before = hash_tree(work)
    failed = recover(work, environ, "build", tool="npm")
    assert ("failed", "js_clean_build", True) == (failed.outcome, failed.strategy, "not_covered" in failed.details)
    assert before == hash_tree(work)


def test_a_lock_of_a_git_that_waits_for_an_editor_stays(work: Path, environ: dict[str, str]) -> None:
    """It has closed the file by then, and needs it nevertheless."""
    need("git")
    make_repository(work, environ)
    write(work, {"app.json": "{}"})
    os.mkfifo(work.parent / "begun")
    (work.parent / "edit.py").write_text(
        f"open({str(work.parent / 'begun')!r}, 'w').write('x')\nimport time\ntime.sleep(600)\n"
    )
    editor = {**environ, "GIT_EDITOR": f"{sys.executable} {work.parent / 'edit.py'}"}
    commit = ("git", "-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-a")
    process = subprocess.Popen(commit, cwd=work, env=editor, start_new_session=True, stderr=subprocess.DEVNULL)
    try:
        (work.parent / "begun").read_text()
        lock = work / ".git" / "index.lock"
        os.utime(lock, (1_000_000, 1_000_000))
        found = recover(work, environ, "temporary", tool="git")
        assert ("skipped", True, True) == (found.outcome, lock.exists(), "git is at work" in str(found.details))
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.parametrize("activated", [True, False])
def test_an_environment_is_made_anew_by_the_same_python(
    work: Path, tmp_path: Path, environ: dict[str, str], activated: bool
) -> None:
    """Not by the next best on the PATH, which an activated one hides until it is taken away."""
    write(work, {"requirements.txt": ""})
    call(work, environ, sys.executable, "-m", "venv", "--without-pip", ".venv")
    base = tmp_path / "other"
    base.mkdir()
    (base / "python3").write_text("#!/bin/sh\nexit 7\n")
    (base / "python3").chmod(0o755)
    ahead = [str(work / ".venv" / "bin")] if activated else []
    path = os.pathsep.join([*ahead, str(base), environ["PATH"]])
    healed = recover(work, {**environ, "PATH": path}, "dependency", tool="pip")
    assert ("success", "pip_venv_rebuild") == (healed.outcome, healed.strategy), healed
