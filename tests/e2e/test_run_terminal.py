"""``errclass run`` at a terminal: prompts, pagers, full screens, job control, and how the terminal is left."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from pathlib import Path

import pytest
from support.programs import require_program
from support.terminal_program import SECONDS, at_shell, at_terminal

pytestmark = pytest.mark.usefixtures("use_full_model")
RUN = f"{sys.executable} -m errclass run --"
CURSES = """
import curses
def main(screen):
    screen.addstr(0, 0, f"size {curses.LINES}x{curses.COLS}")
    while (key := screen.getkey()) != "q":
        screen.addstr(1, 0, f"key {key}")
        screen.refresh()
curses.wrapper(main)
print("left the screen")
"""


@pytest.fixture
def text(tree: Path) -> Path:
    """A file of more than a screen."""
    path = tree / "text"
    path.write_text("".join(f"line {number}\n" for number in range(200)))
    return path


def test_a_prompt_is_answered(tree: Path) -> None:
    """What is typed is shown once, and the terminal is left as it was."""
    require_program("bash")
    command = f'{RUN} bash -c \'read -p "name? " name; echo "hello $name"\'; echo code=$?'
    with at_terminal(["bash", "-c", command], tree) as program:
        before = program.modes
        program.read_until("name? ")
        program.press("bob\r")
        program.read_until("hello bob\r\n")
        program.read_until("code=0")
        assert 0 == program.wait()
        assert before == program.modes
    assert 2 == program.shown.count("bob")


def test_a_secret_is_not_shown(tree: Path) -> None:
    """The program itself says when keys are not to be shown."""
    script = "import getpass; print(len(getpass.getpass()))"
    with at_terminal(["bash", "-c", f"{RUN} {sys.executable} -c '{script}'"], tree) as program:
        program.read_until("Password: ")
        program.press("hunter2\r")
        program.read_until("7")
        assert 0 == program.wait()
    assert "hunter2" not in program.shown


def test_a_full_screen_program_works(tree: Path) -> None:
    """Single keys, the window's size, and the screen given back."""
    (tree / "screen.py").write_text(CURSES)
    with at_terminal(["bash", "-c", f"{RUN} {sys.executable} screen.py; echo code=$?"], tree) as program:
        before = program.modes
        program.read_until("size 24x80")
        program.press("x")
        program.read_until("key x")
        program.press("q")
        program.read_until("left the screen")
        program.read_until("code=0")
        program.wait()
        assert before == program.modes


@pytest.mark.parametrize(
    ("command", "shown", "keys"),
    [("vim -u NONE -N text", "line 5", ":q\r"), ("top", "PID", "q")],
    ids=["vim", "top"],
)
def test_full_screens_of_every_day_work(command: str, shown: str, keys: str, tree: Path, text: Path) -> None:
    """An editor and a monitor: shown, left by their keys, and the terminal as it was."""
    require_program(command.split(maxsplit=1)[0])
    with at_terminal(["bash", "-c", f"{RUN} {command}; echo code=$?"], tree) as program:
        before = program.modes
        program.read_until(shown)
        program.press(keys)
        program.read_until("code=0")
        program.wait()
        assert before == program.modes


@pytest.mark.parametrize(
    "command",
    [f"{RUN} less text", f"cat text | {RUN} less", f"{RUN} cat text | less"],
    ids=["a pager", "a pager at a pipe's end", "a pager behind it"],
)
def test_a_pager_works(command: str, tree: Path, text: Path) -> None:
    """Wherever it stands in a pipeline, it gets its keys."""
    require_program("less")
    with at_terminal(["bash", "-c", f"{command}; echo code=$?"], tree) as program:
        before = program.modes
        program.read_until("line 22")
        program.press(" ")
        program.read_until("line 40")
        program.press("q")
        program.read_until("code=0")
        program.wait()
        assert before == program.modes


def test_a_new_size_is_passed_on(tree: Path) -> None:
    """While it runs."""
    script = 'trap "stty size" WINCH; stty size; echo ready; for _ in $(seq 600); do sleep 0.05; done'
    with at_terminal(["bash", "-c", f"{RUN} bash -c '{script}'"], tree) as program:
        program.read_until("24 80")
        program.read_until("ready")
        program.resize(30, 100)
        program.read_until("30 100")


def test_ctrl_c_ends_the_command_and_the_script_around_it(tree: Path) -> None:
    """We die by it too, which is how a shell knows not to go on; nothing is repeated."""
    script = f"{RUN} sh -c 'echo started; exec sleep 600'; echo code=$?"
    with at_terminal(["bash", "-c", script], tree) as program:
        before = program.modes
        program.read_until("started")
        program.press("\x03")
        assert -signal.SIGINT == program.wait()
        assert before == program.modes
    assert "code=" not in program.shown
    assert "errclass:" not in program.shown


def test_ctrl_c_at_a_shell_gives_130(tree: Path) -> None:
    """As any interrupted command does."""
    with at_shell(tree) as program:
        program.press(f"{RUN} sh -c 'echo star''ted; exec sleep 600'\r")
        program.read_until("\rstarted")
        program.press("\x03")
        program.read_until("$ ")
        program.press("echo code=$?\r")
        program.read_until("code=130")


def test_a_command_that_takes_ctrl_c_for_a_key_goes_on(tree: Path) -> None:
    """Such as an interpreter."""
    script = "trap 'echo caught' INT; echo started; read line; echo line=$line"
    with at_terminal(
        ["bash", "-c", f'trap : INT; {RUN} bash -c "{script.replace("$", chr(92) + "$")}"'], tree
    ) as program:
        program.read_until("started")
        program.press("\x03")
        program.read_until("caught")
        program.press("on\r")
        program.wait()


def test_ctrl_z_stops_and_the_foreground_goes_on(tree: Path) -> None:
    """The shell has its terminal meanwhile."""
    with at_shell(tree) as program:
        program.press(f"{RUN} bash -c 'echo rea''dy; read line; echo got $line'\r")
        program.read_until("\rready")
        program.press("\x1a")
        program.read_until("Stopped")
        program.read_until("$ ")
        program.press("echo sh''ell\r")
        program.read_until("\rshell")
        program.press("fg\r")
        program.read_until("run --")
        _wait_for_raw(program.fd)
        program.press("word\r")
        program.read_until("\ngot word")
        program.read_until("$ ")
        program.press("echo code=$?\r")
        program.read_until("code=0")


def test_a_pager_can_be_stopped(tree: Path, text: Path) -> None:
    """It tidies up the screen before it stops, and draws it anew."""
    require_program("less")
    with at_shell(tree) as program:
        program.press(f"{RUN} less text\r")
        program.read_until("line 22")
        program.read_until("\x1b[27m")  # its prompt: between that and its wait for keys, less forgets a stop
        program.press_until("\x1a", "Stopped")
        program.read_until("$ ")
        program.press("fg\r")
        program.read_until("line 22")
        program.press("q")
        program.read_until("$ ")


def test_a_job_in_the_background_leaves_the_keys_alone(tree: Path) -> None:
    """And gets them in the foreground."""
    with at_shell(tree) as program:
        program.press(f"{RUN} bash -c 'echo rea''dy; read line; echo got $line' &\r")
        program.read_until("ready\r")
        program.press("echo sh''ell\r")
        program.read_until("\rshell")
        program.press("fg\r")
        program.read_until("run --")
        _wait_for_raw(program.fd)
        program.press("word\r")
        program.read_until("got word")


def test_the_terminal_is_given_back_also_when_we_are_killed(tree: Path) -> None:
    """Whatever happens to us, keys are shown again; the command hears that its terminal is gone."""
    with at_shell(tree) as program:
        program.press("set +o emacs\r")
        program.read_until("$ ")
        before = program.modes
        program.press(f"{RUN} sh -c 'echo $$ rea''dy; sleep 600'\r")
        found = re.search(r"(\d+) ready", program.read_until(" ready"))
        assert found
        command = int(found[1])
        leader = _parent(command)
        os.kill(_parent(leader), signal.SIGKILL)
        program.read_until("Killed")
        program.read_until("$ ")
        _wait_until_gone(command)
        assert before == program.modes


def test_a_countdown_is_shown(tree: Path) -> None:
    """On a terminal, in place."""
    script = 'if [ "$ERRCLASS_RUN_ATTEMPT" = 1 ]; then echo "npm error code E503"; echo "npm error 503 Service Unavailable"; exit 1; fi'
    (tree / "flaky.sh").write_text(script)
    with at_terminal([sys.executable, "-m", "errclass", "run", "--", "sh", "flaky.sh"], tree) as program:
        assert 0 == program.wait()
    assert "next: again in" in program.shown
    assert "\r\x1b[Kerrclass: again in" in program.shown


@pytest.mark.parametrize(
    ("redirection", "expected"),
    [("", "True True True"), (" 2>err", "True True False"), (" </dev/null", "False True True")],
)
def test_streams_are_terminals_where_ours_are(redirection: str, expected: str, tree: Path) -> None:
    """And only there."""
    script = "import os; print(os.isatty(0), os.isatty(1), os.isatty(2))"
    with at_terminal(["bash", "-c", f"{RUN} {sys.executable} -c '{script}'{redirection}"], tree) as program:
        program.read_until(expected)
        assert 0 == program.wait()


def test_output_into_a_file_is_none_to_a_terminal(tree: Path) -> None:
    """What goes to the terminal still does."""
    script = "import os, sys; print(os.isatty(1)); print(os.isatty(2), file=sys.stderr)"
    with at_terminal(["bash", "-c", f"{RUN} {sys.executable} -c '{script}' >out"], tree) as program:
        program.read_until("True")
        assert 0 == program.wait()
    assert "False\n" == (tree / "out").read_text()


def test_a_pipeline_keeps_its_other_programs_when_time_is_up(tree: Path) -> None:
    """The command shares our process group with them: it is ended with its children, and they are not."""
    script = f"sleep 600 & echo $! > {tree}/pid; wait"
    command = (
        f"{sys.executable} -m errclass run --attempts 1 --attempt-timeout 0.5 -- sh -c '{script}' | (cat; echo alive)"
    )
    with at_terminal(["bash", "-c", command], tree) as program:
        program.read_until("alive")
        program.wait()
    status = Path(f"/proc/{(tree / 'pid').read_text().strip()}/stat")
    assert not status.exists() or "Z" in status.read_text().rpartition(")")[2].split()


def test_ctrl_c_ends_a_whole_pipeline(tree: Path) -> None:
    """Wherever we stand in it."""
    for command in (
        f"{RUN} sh -c 'echo started >&2; exec sleep 600' | cat",
        f"sleep 600 | {RUN} sh -c 'echo started; exec cat'",
    ):
        with at_terminal(["bash", "-c", f"{command}; echo code=$?"], tree) as program:
            program.read_until("started")
            program.press("\x03")
            assert -signal.SIGINT == program.wait()


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + SECONDS
    while (status := Path(f"/proc/{pid}/stat")).exists() and "Z" not in status.read_text().rpartition(")")[2].split():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _wait_for_raw(fd: int) -> None:
    import termios

    deadline = time.monotonic() + SECONDS
    while termios.tcgetattr(fd)[3] & termios.ICANON:
        assert time.monotonic() < deadline
        time.sleep(0.02)
