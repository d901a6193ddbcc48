"""What holds for every command: help with an example, data on standard output, no traceback for a user's mistake."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from support.command_line import call_errclass, start_errclass

from errclass.cli.root import errclass_command


def list_commands(command: click.Command = errclass_command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Return the words of every command and group, the root's included."""
    yield path
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from list_commands(found, (*path, name))


COMMANDS = list(list_commands())
CALLS = {
    ("train",): ("missing.csv",),
    ("classify",): ("missing.log",),
    ("explain",): ("missing.log",),
    ("run",): ("--attempts", "0"),
    ("recover", "list"): ("--format", "xml"),
    ("recover", "plan"): ("missing.log",),
    ("recover", "run"): ("missing.log",),
    ("rules", "list"): ("--rules", "missing"),
    ("rules", "check"): ("--rules", "missing"),
    ("rules", "test"): ("--rules", "missing"),
    ("rules", "replay"): ("--since", "yesterday"),
    ("rules", "suggest"): ("--since", "yesterday"),
    ("rules", "new"): ("--rules", "our-rules", "nowhere/x"),
    ("rules", "why"): ("missing",),
    ("rules", "graph"): ("--stage", "missing"),
    ("rules", "schema"): ("missing",),
    ("models", "list"): ("--format", "xml"),
    ("models", "show"): ("missing",),
    ("models", "evaluate"): ("missing.jsonl",),
    ("models", "compare"): ("missing",),
    ("models", "promote"): ("missing",),
    ("models", "rollback"): ("surplus",),
    ("models", "drift"): ("--since", "yesterday"),
    ("models", "trust"): ("missing",),
    ("notifications", "list"): ("--format", "xml"),
    ("notifications", "send-due"): ("--wait", "long"),
    ("notifications", "resend"): ("missing",),
    ("notifications", "test"): ("missing",),
    ("demo",): ("--until", "soon"),
    ("outcomes", "import"): ("missing.csv",),
    ("outcomes", "record"): ("missing.jsonl",),
    ("outcomes", "export"): ("--since", "yesterday"),
    ("outcomes", "flaky"): ("--limit", "0"),
    ("outcomes", "merge"): ("--wait", "long"),
    ("outcomes", "prune"): ("--older-than", "old"),
    ("outcomes", "vacuum"): ("surplus",),
    ("outcomes", "stats"): ("--format", "xml"),
    ("outcomes", "label"): ("missing",),
    ("outcomes", "review"): ("--in", "missing.csv"),
    ("escalations", "list"): ("--limit", "0"),
    ("escalations", "show"): ("missing",),
    ("escalations", "ack"): ("missing",),
    ("escalations", "resolve"): ("missing",),
    ("escalations", "approve"): ("missing",),
    ("escalations", "cancel"): ("missing",),
    ("escalations", "check"): ("--wait", "long"),
    ("alerts", "list"): ("--limit", "0"),
    ("alerts", "check"): ("--wait", "long"),
    ("alerts", "test"): ("missing",),
    ("alerts", "ack"): ("missing",),
    ("report",): ("--since", "yesterday"),
    ("reports", "list"): ("--format", "xml"),
    ("reports", "show"): ("missing",),
    ("reports", "delete"): ("missing",),
    ("serve", "grafana"): ("surplus",),
    ("serve", "keys", "create"): ("ci", "--scope", "everything"),
    ("serve", "keys", "list"): ("--format", "xml"),
    ("serve", "keys", "revoke"): ("missing",),
    ("doctor",): ("--only", "missing"),
    ("config", "show"): ("--component", "missing"),
    ("config", "check"): ("missing.toml",),
    ("config", "init"): ("--preset", "prodution"),
    ("config", "trust"): ("missing",),
}
"""A mistake of a user for every command."""


def is_group(words: tuple[str, ...]) -> bool:
    return any(len(other) > len(words) and other[: len(words)] == words for other in COMMANDS)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_help_has_an_example(words: tuple[str, ...]) -> None:
    """It shows a whole command line, and every example names the command that it is for."""
    done = call_errclass(*words, "--help")
    assert (0, "") == (done.code, done.err)
    assert "Example" in done.out
    assert " ".join(("errclass", *words)) in done.out.split("Example")[1]
    assert call_errclass(*words, "-h").out == done.out


@pytest.mark.parametrize("words", [words for words in COMMANDS if not is_group(words)], ids=" ".join)
def test_a_mistake_is_told_without_a_traceback(words: tuple[str, ...], home: Path, use_small_model: Path) -> None:
    """Exit code 2, nothing on standard output, nothing written."""
    done = call_errclass(*words, *CALLS[words])
    assert (2, "") == (done.code, done.out)
    assert CALLS[words][-1] in done.err
    assert "Traceback" not in done.err
    assert not home.exists()


@pytest.mark.parametrize("words", [words for words in COMMANDS if not is_group(words)], ids=" ".join)
def test_an_unknown_option_is_told(words: tuple[str, ...]) -> None:
    """Click's own message, and exit code 2."""
    done = call_errclass(*words, "--no-such-option")
    assert (2, "", True) == (done.code, done.out, "--no-such-option" in done.err)


@pytest.mark.parametrize("words", [("nonsense",), ("rules", "nonsense"), ("models", "nonsense")], ids=" ".join)
def test_an_unknown_command_is_told(words: tuple[str, ...]) -> None:
    """Likewise."""
    done = call_errclass(*words)
    assert (2, "", True) == (done.code, done.out, "nonsense" in done.err)


@pytest.mark.usefixtures("use_small_model")
@pytest.mark.parametrize(
    "arguments",
    [
        ("classify",),
        ("explain",),
        ("recover", "list"),
        ("recover", "plan"),
        ("rules", "list"),
        ("rules", "check"),
        ("rules", "replay"),
        ("rules", "test"),
        ("rules", "why", "-"),
        ("rules", "graph"),
        ("models", "list"),
        ("models", "drift"),
        ("outcomes", "stats"),
        ("outcomes", "review"),
        ("escalations", "list"),
        ("escalations", "check"),
        ("report",),
        ("reports", "list"),
        ("serve", "keys", "list"),
        ("config", "show"),
    ],
    ids=" ".join,
)
def test_json_is_all_there_is_on_standard_output(arguments: tuple[str, ...], tree: Path) -> None:
    """Also when there is something to complain about: that goes to standard error."""
    (tree / "errclass.toml").write_text('store = "elsewhere"\n')
    done = call_errclass(*arguments, "--format", "json", stdin=b"Connection refused\n")
    assert (0, True) == (done.code, "store is not applied" in done.err)
    assert done.json is not None


def test_the_version_is_told() -> None:
    """Of the installed package."""
    from importlib.metadata import version

    assert f"errclass, version {version('errclass')}\n" == call_errclass("--version").out


def test_the_module_and_the_script_are_the_same_command(tree: Path) -> None:
    """``python -m errclass`` for whoever has no script on the path."""
    script = Path(sys.executable).with_name("errclass")
    shown = subprocess.run([script, "--help"], capture_output=True, text=True, check=True, cwd=tree).stdout
    assert start_errclass("--help", cwd=tree).out == shown


@pytest.mark.parametrize(
    "arguments", [("rules", "list"), ("config", "show"), ("rules", "test", "--format", "json")], ids=" ".join
)
def test_a_reader_that_leaves_at_once_is_no_fault(arguments: tuple[str, ...], tree: Path) -> None:
    """Whatever prints: no complaint when nobody reads."""
    command = [sys.executable, "-m", "errclass", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tree) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert b"" == process.stderr.read()


@pytest.mark.usefixtures("use_small_model")
def test_an_interrupted_command_says_so_briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C is no fault of ours to show a traceback for."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("errclass.classify.known.extract_signals", interrupt)
    done = call_errclass("classify", stdin=b"x\n")
    assert (130, "") == (done.code, done.out)
    assert "Traceback" not in done.err


@pytest.mark.usefixtures("use_small_model")
def test_a_full_disk_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the operating system says is passed on, with exit code 1."""

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("errclass.cli.explain_command.print_json", fail)
    done = call_errclass("explain", "--format", "json", stdin=b"x\n")
    assert (1, "", 1, True) == (done.code, done.out, done.err.count("\n"), "No space left" in done.err)


@pytest.mark.parametrize("statement", ["import errclass", "import errclass; errclass.Failure; errclass.UsageError"])
def test_importing_is_light(statement: str, tree: Path) -> None:
    """Nothing that takes time is loaded before it is used."""
    program = f"{statement}; import sys; print(sorted({{'sklearn', 'pandas', 'duckdb', 'httpx', 'numpy', 'click'}} & set(sys.modules)))"
    assert "[]\n" == start_errclass(cwd=tree, program=("-c", program)).out


def test_help_is_light(tree: Path) -> None:
    """``--help`` loads no model and no database."""
    program = "import sys; from errclass.cli import main; sys.argv[1:] = ['--help']\ntry: main()\nfinally: print(sorted({'sklearn', 'duckdb', 'numpy', 'pydantic'} & set(sys.modules)))"
    assert start_errclass(cwd=tree, program=("-c", program)).out.endswith("\n[]\n")


@pytest.mark.usefixtures("use_small_model")
def test_a_lean_model_answers_without_scikit_learn(tree: Path) -> None:
    """Neither it nor joblib is loaded to classify."""
    program = (
        "import sys; from errclass.cli import main; sys.argv[1:] = ['explain', '--format', 'json']\n"
        "try: main()\nfinally: print(sorted({'sklearn', 'joblib', 'pandas', 'scipy'} & set(sys.modules)), file=sys.stderr)"
    )
    done = start_errclass(cwd=tree, program=("-c", program), stdin=b"Connection refused\n")
    assert (0, "[]\n") == (done.code, done.err)
