"""``errclass run --recover``: a recovery between two calls of a command, and all that keeps one from being made."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.command_line import Finished, call_errclass, start_errclass
from support.flaky_registry import FlakyRegistry, flaky_registry, pack_wheel, write_npm_project
from support.programs import require_program
from support.terminal_program import at_terminal
from support.tree_hash import hash_tree

from errclass.outcomes import Store

pytestmark = pytest.mark.usefixtures("use_full_model")
MISSING = "ModuleNotFoundError: No module named 'left_pad'"
SECONDS = 60
CODE = 3
"""What the broken command exits with."""
HOSTILE_OUTPUT = "\x1b]0;owned\x07after\n::error file=app.py::owned\n##vso[task.complete]"
BLOCKING = "import pathlib, time\npathlib.Path('fixed/half').touch()\ntime.sleep(600)\n"


def run(tree: Path, *arguments: object, stdin: bytes = b"", **environ: str) -> Finished:
    return start_errclass("run", *arguments, cwd=tree, stdin=stdin, environ=environ)


def stored(table: str) -> list[Any]:
    call_errclass("outcomes", "merge")
    return [row for row in call_errclass("outcomes", "export").lines if row["table"] == table]


def read_report(tree: Path) -> list[dict[str, Any]]:
    """The attempts of a run's report, which is left outside of the project."""
    steps: list[dict[str, Any]] = json.loads((tree.parent / "run.json").read_text())["attempts"]
    return steps


def write_recipe(tree: Path, name: str, *steps: list[str], cost: float = 1, autonomy: str = "auto") -> None:
    """A recipe against missing dependencies that makes the folder ``fixed`` anew, then does what it is told."""
    content = {
        "title": "Make it anew",
        "purpose": "reinstall_dependencies",
        "fits": {"types": ["dependency"]},
        "touches": {"fixed": "aside"},
        "steps": [{"run": ["mkdir", "fixed"]}, *({"run": step, "timeout": SECONDS} for step in steps)],
        "check": [{"exists": "fixed"}],
        "cost": cost,
        "effect": "reversible",
        "autonomy": autonomy,
    }
    (tree.parent / "recipes" / f"{name}.yaml").write_text(json.dumps(content))


def needs(path: str) -> tuple[str, ...]:
    """A command that misses a dependency until a path is there, and notes its calls."""
    script = f'echo x >> ../calls; test -e {path} || {{ echo "{MISSING}" >&2; exit {CODE}; }}; echo fine'
    return ("--operation", "build", "--", "sh", "-c", script)


def calls(tree: Path) -> int:
    return len((tree.parent / "calls").read_text().splitlines())


def wait_until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.02)


@pytest.fixture
def broken(tree: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that a recipe of the user's mends."""
    (tree.parent / "recipes").mkdir()
    monkeypatch.setenv("ERRCLASS_RECOVERY__RECIPES", json.dumps([str(tree.parent / "recipes")]))
    (tree / "fixed").mkdir()
    (tree / "fixed" / "old").write_text("old")
    write_recipe(tree, "mend", ["touch", "fixed/new"])
    return tree


@pytest.fixture
def registry(tree: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlakyRegistry]:
    """An npm project whose installed package is broken, and the registry that has it."""
    require_program("npm")
    monkeypatch.setenv("npm_config_cache", str(tree.parent / "npm"))
    with flaky_registry(0) as registry:
        for name, text in write_npm_project(registry.address).items():
            (tree / name).write_text(text)
        package = json.loads((tree / "package.json").read_text())
        package["scripts"] = {"test": "node test.js"}
        (tree / "package.json").write_text(json.dumps(package))
        (tree / "test.js").write_text('console.log(require("left-pad/package.json").version)')
        (tree / "node_modules" / "left-pad").mkdir(parents=True)
        yield registry


@pytest.mark.usefixtures("registry")
def test_broken_packages_of_npm_are_installed_anew(tree: Path) -> None:
    """Then the tests pass; nothing that the recovery printed is in the command's output, and all is on record."""
    done = run(tree, "--recover", "auto", "--report", "../run.json", "--", "npm", "test")
    assert 0 == done.code, done.err
    assert done.out.endswith("1.0.0\n")
    assert "added" not in done.out
    assert "next: recovers by npm_reinstall (Install the locked npm packages anew, about 60 s), then call 2" in done.err
    assert "    run: npm ci --no-audit --no-fund\n" in done.err
    assert "errclass: recovered by npm_reinstall in " in done.err
    first, second = read_report(tree)
    assert ("npm_reinstall", "success", None) == tuple(first["recovery"][key] for key in ("recipe", "outcome", "fault"))
    assert (0, None) == (second["exit_code"], second["recovery"])
    (action,), (failure,) = stored("actions"), stored("failures")
    assert ("recover", "npm_reinstall", "success", failure["id"], first["recovery"]["id"]) == tuple(
        action[key] for key in ("kind", "name", "result", "failure_id", "id")
    )
    assert [(1, False, True, None), (2, True, False, "npm_reinstall")] == sorted(
        (row["number"], row["success"], row["unchanged"], row["recovery"]) for row in stored("attempts")
    )


def test_a_recovery_that_fails_leaves_everything_as_it_was(tree: Path, registry: FlakyRegistry) -> None:
    """The exit code is the command's; what was put back is said, and GitHub shows an error."""
    registry.failures = 99
    before = hash_tree(tree)
    command = ("sh", "-c", f"npm test || exit {CODE}")
    done = run(tree, "--recover", "auto", "--report", "../run.json", "--", *command, GITHUB_ACTIONS="true")
    assert (CODE, before) == (done.code, hash_tree(tree))
    assert "errclass: stops here: the recovery by npm_reinstall failed (step failed): npm ci" in done.err
    assert "  | npm error 503 Service Unavailable" in done.err
    assert "  put back: node_modules; not covered: the cache of npm grows; what scripts of packages write\n" in done.err
    assert ["warning", "error"] == [line[2:].split(" ")[0] for line in done.err.splitlines() if " title=" in line]
    (step,) = read_report(tree)
    assert ("failed", ["node_modules"], None) == (
        step["recovery"]["outcome"],
        step["recovery"]["restored"],
        step["wait"],
    )
    assert "put back: node_modules" in step["stopped_because"]
    assert [("npm_reinstall", "failed")] == [(row["name"], row["result"]) for row in stored("actions")]


def test_a_broken_virtual_environment_is_made_anew(tree: Path) -> None:
    """From wheels at hand, without a network."""
    require_program("python3")
    (tree / "wheels").mkdir()
    (tree / "wheels" / "left_pad-1.0.0-py3-none-any.whl").write_bytes(pack_wheel())
    (tree / "requirements.txt").write_text("--no-index\n--find-links wheels\nleft-pad==1.0.0\n")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", ".venv"], cwd=tree, check=True)
    done = run(tree, "--recover", "auto", "--", ".venv/bin/python", "-c", "import left_pad; print('imported')")
    assert (0, "imported\n") == (done.code, done.out), done.err
    assert "recovered by pip_venv_rebuild" in done.err


def test_without_a_terminal_a_recovery_is_only_named(broken: Path) -> None:
    """That is what the settings say unless they are changed, and what ``ask`` says."""
    before = hash_tree(broken)
    for options in ((), ("--recover", "ask")):
        done = run(broken, *options, *needs("fixed/new"))
        assert (CODE, before) == (done.code, hash_tree(broken))
        said = "a recovery (mend) is due, but a person has to agree, and there is no terminal to ask at"
        assert f"  next: stops here: {said}\n" in done.err
    assert 2 == calls(broken)


@pytest.mark.parametrize(
    ("options", "environ", "said"),
    [
        (("--recover", "off"), {}, "which --recover off leaves to you"),
        ((), {"ERRCLASS_RECOVERY__AUTONOMY": "suggest"}, "which the settings only suggest"),
        (("--recover", "auto"), {"ERRCLASS_RECOVERY__AUTONOMY": "off"}, "but recoveries are switched off"),
        (("--recover", "auto"), {"ERRCLASS_DECISION__KILL_SWITCH": "true"}, "switched off"),
        (("--recover", "auto"), {"ERRCLASS_DECISION__AUTONOMY": "suggest"}, "stops here"),
        (("--recover", "auto", "--context", "environment=production"), {}, "but a person has to agree"),
        (("--recover", "auto", "--attempts", "1"), {}, "but 1 of 1 calls were made"),
        (("--recover", "auto", "--effect", "irreversible"), {}, "what is irreversible is never run again"),
        (("--recover", "auto", "--deadline", "100s"), {}, "would cross the deadline"),
        (
            ("--recover", "auto"),
            {"ERRCLASS_RECOVERY__ALLOW": '["npm_reinstall"]'},
            "but no recipe fits here (",
        ),
    ],
    ids=str,
)
def test_what_keeps_a_recovery_from_being_made(
    options: tuple[str, ...], environ: dict[str, str], said: str, broken: Path
) -> None:
    """Nothing is changed, and it is said why; the exit code is the command's."""
    write_recipe(broken, "mend", cost=100)
    before = hash_tree(broken)
    done = run(broken, *options, *needs("fixed/new"), **environ)
    assert (CODE, 1, before) == (done.code, calls(broken), hash_tree(broken))
    assert said in done.err
    assert [] == stored("actions")


def test_the_settings_alone_may_allow_it(broken: Path) -> None:
    """Without an option."""
    done = run(broken, *needs("fixed/new"), ERRCLASS_RECOVERY__AUTONOMY="auto")
    assert (0, "fine\n", 2) == (done.code, done.out, calls(broken))


def test_quiet_recovers_without_a_word(broken: Path) -> None:
    """Of ours."""
    done = run(broken, "--quiet", "--recover", "auto", *needs("fixed/new"))
    assert (0, f"{MISSING}\n") == (done.code, done.err)


def test_what_read_its_input_is_not_recovered_for_nothing(broken: Path) -> None:
    """For the next call would read something else."""
    done = run(broken, "--recover", "auto", "--", "sh", "-c", f'cat; echo "{MISSING}"; exit {CODE}', stdin=b"hello\n")
    assert (CODE, True) == (done.code, (broken / "fixed" / "old").exists())
    assert "--stdin replay" in done.err


def test_a_recovery_that_helped_in_part_stays_and_ends_the_run(broken: Path) -> None:
    """A person has to look at it."""
    path = broken.parent / "recipes" / "mend.yaml"
    recipe = json.loads(path.read_text())
    recipe["steps"].append({"run": ["false"], "may_fail": True})
    path.write_text(json.dumps(recipe))
    done = run(broken, "--recover", "auto", *needs("fixed/new"))
    assert (CODE, 1, True) == (done.code, calls(broken), (broken / "fixed" / "new").exists())
    assert "stops here: the recovery by mend helped in part only, and stays: false exited with 1" in done.err


def test_the_next_recipe_is_tried_but_not_any_number_of_them(broken: Path, home: Path) -> None:
    """Each once, while the rules still say so; two in a run, and each call after one is paid for."""
    for number, name in enumerate(("first", "second", "third")):
        write_recipe(broken, name, ["touch", f"fixed/{name}"], cost=number + 2)
    (broken.parent / "recipes" / "mend.yaml").unlink()
    done = run(broken, "--recover", "auto", "--report", "../run.json", *needs("fixed/third"))
    assert (CODE, 3) == (done.code, calls(broken)), done.err
    recoveries = [step["recovery"] for step in read_report(broken)]
    assert ["first", "second", None] == [one and one["recipe"] for one in recoveries]
    with Store(home / "store") as store:
        budget = store.read_state("budget", "build")
    assert budget is not None
    assert 500 - 2 * 14 == round(budget["tokens"])


def test_what_helped_before_is_tried_first(broken: Path) -> None:
    """The store knows which recipe was followed by a call that passed."""
    write_recipe(broken, "useless")
    write_recipe(broken, "mend", ["touch", "fixed/new"], cost=9)
    taken: list[list[str]] = []
    for _ in range(2):
        assert 0 == run(broken, "--recover", "auto", "--report", "../run.json", *needs("fixed/new")).code
        taken.append([step["recovery"]["recipe"] for step in read_report(broken) if step["recovery"]])
        (broken / "fixed" / "new").unlink()
    assert [["useless", "mend"], ["mend"]] == taken


def test_a_run_within_a_run_leaves_it_to_the_outer_one(broken: Path) -> None:
    """So that it happens once."""
    inner = (sys.executable, "-m", "errclass", "run", "--recover", "auto", *needs("fixed/new"))
    done = run(broken, "--recover", "auto", "--", *inner)
    assert (0, 2, 1) == (done.code, calls(broken), done.err.count("errclass: recovered by mend"))


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_rolls_a_recovery_back_and_ends_the_run(name: str, broken: Path) -> None:
    """By that signal, and it is recorded."""
    (broken / "block.py").write_text(BLOCKING)
    write_recipe(broken, "mend", ["python3", "block.py"])
    before, number = hash_tree(broken), getattr(signal, name)
    command = [sys.executable, "-m", "errclass", "run", "--recover", "auto", *needs("fixed/new")]
    with subprocess.Popen(command, cwd=broken, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        wait_until((broken / "fixed" / "half").exists)
        process.send_signal(number)
        _, err = process.communicate(timeout=SECONDS)
    assert (-number, 1, before) == (process.returncode, calls(broken), hash_tree(broken))
    assert "the recovery by mend failed (cancelled)" in err
    assert "  put back: fixed\n" in err
    assert [("mend", "failed")] == [(row["name"], row["result"]) for row in stored("actions")]


def test_what_a_step_printed_does_nothing_where_it_is_shown(broken: Path) -> None:
    """Neither to a terminal nor to a CI system."""
    (broken / "fail.py").write_text(f"import sys; print({HOSTILE_OUTPUT!r}); sys.exit(1)")
    write_recipe(broken, "mend", ["python3", "fail.py"])
    done = run(broken, "--recover", "auto", *needs("fixed/new"), GITHUB_ACTIONS="true")
    *shown, annotation = done.err.partition("the recovery by mend failed")[2].splitlines()
    assert ["  | after", "  | : :error file=app.py::owned", "  | # #vso[task.complete]"] == shown[1:4]
    assert annotation.startswith("::error title=errclass%3A build::the recovery by mend failed")


@pytest.fixture
def command() -> str:
    """A run that needs what the recipe makes, as typed into a shell."""
    words = [sys.executable, "-m", "errclass", "run", "--recover", "ask", *needs("fixed/new")]
    return f"{subprocess.list2cmdline(words[:-1])} '{words[-1]}'; echo code=$?"


@pytest.mark.parametrize(
    ("keys", "code", "made"), [("y\r", 0, True), ("n\r", CODE, False), ("\r", CODE, False), ("\x04", CODE, False)]
)
def test_a_person_is_asked_at_a_terminal(keys: str, code: int, made: bool, broken: Path, command: str) -> None:
    """They see the plan first; only a yes is one."""
    require_program("bash")
    with at_terminal(["bash", "-c", command], broken) as program:
        before = program.modes
        program.read_until("asks whether to recover by mend (Make it anew, about 1 s), then call 2")
        program.read_until("run: touch fixed/new")
        program.read_until("do it? [y/N]")
        assert before == program.modes
        program.press(keys)
        program.read_until(f"code={code}")
        program.wait()
        assert before == program.modes
    assert (made, not made) == ((broken / "fixed" / "new").exists(), "nobody agreed to the recovery" in program.shown)


def test_ctrl_c_at_the_question_ends_the_run(broken: Path, command: str) -> None:
    """And the script around it; nothing is changed."""
    require_program("bash")
    before = hash_tree(broken)
    with at_terminal(["bash", "-c", command], broken) as program:
        program.read_until("do it? [y/N]")
        program.press("\x03")
        assert -signal.SIGINT == program.wait()
    assert ("code=" in program.shown, before) == (False, hash_tree(broken))


def test_ctrl_c_at_a_recovery_puts_everything_back(broken: Path, command: str) -> None:
    """The terminal has its usual modes meanwhile, and afterwards."""
    require_program("bash")
    (broken / "block.py").write_text(BLOCKING)
    write_recipe(broken, "mend", ["python3", "block.py"])
    before = hash_tree(broken)
    with at_terminal(["bash", "-c", command.replace("ask", "auto")], broken) as program:
        modes = program.modes
        wait_until((broken / "fixed" / "half").exists)
        assert modes == program.modes
        program.press("\x03")
        assert -signal.SIGINT == program.wait()
        assert modes == program.modes
    assert ("code=" in program.shown, before) == (False, hash_tree(broken))


def test_nobody_is_asked_before_a_pipe(broken: Path, command: str) -> None:
    """A pager behind it wants the keys."""
    require_program("bash")
    with at_terminal(["bash", "-c", f"{{ {command}; }} | cat"], broken) as program:
        program.read_until("there is no terminal to ask at")
        program.read_until(f"code={CODE}")
        program.wait()


def test_a_success_loads_nothing_of_it(broken: Path) -> None:
    """A command that succeeds at once does not pay for recoveries."""
    program = (
        "import sys; from errclass.cli import main\n"
        "try: main()\n"
        "finally: print(*sorted(name for name in sys.modules if 'recover' in name or 'stoppable' in name), file=sys.stderr)"
    )
    done = start_errclass("run", "--recover", "auto", "--", "true", cwd=broken, program=("-c", program))
    assert (0, "\n") == (done.code, done.err)
