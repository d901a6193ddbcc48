"""A recovery whose process is killed in the middle is rolled back at the next start."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.recovering import make_classification, make_context, make_recipe, make_strategies
from support.tree_hash import hash_tree

from errclass.actions.recover import roll_back_interrupted
from errclass.actions.recover.component_locks import hold_components
from errclass.actions.recover.journal import Journal, read_journal
from errclass.actions.recover.safekeeping import copy_safely
from errclass.actions.recover.transaction import Transaction, roll_back

PROGRAM = """
import sys
from collections.abc import Iterator
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from support.recovering import make_classification, make_context, make_recipe, make_strategies
work, root = map(Path, sys.argv[1:3])
recipe = make_recipe(
    touches={"packages": sys.argv[4], "made": "aside"},
    steps=[{"run": ["mkdir", "-p", "packages/half", "made/half"]}, {"run": ["python3", "hang.py"]}],
)
make_strategies(root, recipe).execute_recovery(make_classification(), make_context(work))
"""


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A project with packages, and a step that says that it runs and then hangs, whatever it is told."""
    folder = tmp_path / "work"
    (folder / "packages" / "one").mkdir(parents=True)
    (folder / "packages" / "one" / "index.js").write_text("1\n")
    (folder / "packages" / "link").symlink_to("one")
    (folder / "hang.py").write_text(
        "import os, signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "if os.fork():\n    os.wait()\nos.setsid()\n"
        "open('begun', 'w').write(f'{os.getpid()}\\n')\ntime.sleep(600)\n"
    )
    os.mkfifo(folder / "begun")
    return folder


def wait_for_step(work: Path) -> int:
    """Return the process id of the hanging step, once it runs."""
    with os.fdopen(os.open(work / "begun", os.O_RDWR), "rb") as pipe:
        assert select.select([pipe], [], [], 60)[0]
        return int(pipe.readline())


@pytest.mark.parametrize("how", ["aside", "copy"])
def test_a_killed_recovery_is_rolled_back_at_the_next_start(work: Path, tmp_path: Path, how: str) -> None:
    """What its steps left running is ended first; nothing of it stays."""
    before, root = hash_tree(work), tmp_path / "recovery"
    tests = Path(__file__).parents[3]
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(work), str(root), str(tests), how])
    step = wait_for_step(work)
    assert before != hash_tree(work)
    process.send_signal(signal.SIGKILL)
    process.wait()
    (found,) = roll_back_interrupted(root)
    assert ("mend", work, ()) == (found.name, found.work, found.faults)
    assert before == hash_tree(work)
    stat = Path(f"/proc/{step}/stat")
    assert not stat.exists() or ") Z " in stat.read_text()
    assert () == roll_back_interrupted(root)


def test_a_recovery_at_work_is_left_alone(work: Path, tmp_path: Path) -> None:
    """Only what nobody works on any more is rolled back."""
    root = tmp_path / "recovery"
    tests = Path(__file__).parents[3]
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(work), str(root), str(tests), "aside"])
    try:
        wait_for_step(work)
        now = hash_tree(work)
        assert () == roll_back_interrupted(root)
        assert now == hash_tree(work)
    finally:
        process.kill()
        process.wait()
        roll_back_interrupted(root)


def test_the_next_recovery_rolls_back_first(work: Path, tmp_path: Path) -> None:
    """Nobody has to remember it."""
    before, root = hash_tree(work), tmp_path / "recovery"
    journal = Journal.open_new(root, "0", name="mend", work=work, locks=(str(work),))
    Transaction(journal, work).keep("packages", "aside")
    strategies = make_strategies(root, make_recipe())
    assert "success" == strategies.execute_recovery(make_classification(), make_context(work)).outcome
    assert before == hash_tree(work)


@pytest.mark.parametrize("point", range(12))
def test_a_way_back_that_is_interrupted_is_gone_again(
    work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: int
) -> None:
    """At whichever change on disk it is cut off."""
    before, root = hash_tree(work), tmp_path / "recovery"
    transaction = Transaction(Journal.open_new(root, "0", name="mend", work=work, locks=(str(work),)), work)
    transaction.keep("packages", "aside")
    transaction.keep("made/deep", "aside")
    transaction.keep("hang.py", "copy")
    (work / "packages").mkdir()
    (work / "made" / "deep").mkdir(parents=True)
    (work / "hang.py").write_text("changed")
    calls = iter(range(1000))

    def cut(real: object) -> object:
        def change(*arguments: object, **rest: object) -> object:
            if next(calls) == point:
                raise KeyboardInterrupt
            return real(*arguments, **rest)  # type: ignore[operator]

        return change

    record = read_journal(root / "0")
    assert record is not None
    with monkeypatch.context() as patch:
        for name in ("rename", "unlink", "mkdir"):
            patch.setattr(Path, name, cut(getattr(Path, name)))
        patch.setattr("shutil.rmtree", cut(shutil.rmtree))
        with contextlib.suppress(KeyboardInterrupt):
            roll_back(record)
    roll_back_interrupted(root)
    assert before == hash_tree(work)


@pytest.mark.parametrize("point", range(4))
def test_setting_safe_can_be_cut_off_anywhere(
    work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: int
) -> None:
    """Also where it has to copy, since the backup is on another file system."""
    before, root = hash_tree(work), tmp_path / "recovery"
    transaction = Transaction(Journal.open_new(root, "0", name="mend", work=work, locks=(str(work),)), work)
    calls = iter(range(1000))
    real = Path.rename

    def rename(source: Path, target: Path) -> Path:
        if next(calls) == point:
            raise KeyboardInterrupt
        if source.parent == work:
            raise OSError(18, "Invalid cross-device link")
        return real(source, target)

    def rmtree(path: Path) -> None:
        (Path(path) / "one" / "index.js").unlink()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", rename)
        if point == 3:
            patch.setattr("shutil.rmtree", rmtree)
        with contextlib.suppress(KeyboardInterrupt):
            transaction.keep("packages", "aside")
    roll_back_interrupted(root)
    assert before == hash_tree(work)


def test_a_work_folder_that_is_gone_is_given_up(work: Path, tmp_path: Path) -> None:
    """Once, with what was set safe kept."""
    root = tmp_path / "recovery"
    Transaction(Journal.open_new(root, "0", name="mend", work=work, locks=(str(work),)), work).keep("packages", "aside")
    work.rename(tmp_path / "moved")
    (found,) = roll_back_interrupted(root)
    assert "is gone" in found.faults[0]
    assert () == roll_back_interrupted(root)
    assert (root / "0" / "saved" / "0" / "one" / "index.js").exists()


@pytest.mark.parametrize("text", ["", "{", "{}\n", "nonsense\n", '{"version": 1}\n'])
def test_a_damaged_journal_harms_nothing(tmp_path: Path, text: str) -> None:
    """It is left where it is, and the others are looked at."""
    root = tmp_path / "recovery"
    (root / "0").mkdir(parents=True)
    (root / "0" / "journal.jsonl").write_text(text)
    assert () == roll_back_interrupted(root)


def test_a_line_cut_off_is_no_line(work: Path, tmp_path: Path) -> None:
    """The process may die while it writes one."""
    before, root = hash_tree(work), tmp_path / "recovery"
    Transaction(Journal.open_new(root, "0", name="mend", work=work, locks=(str(work),)), work).keep("packages", "aside")
    with (root / "0" / "journal.jsonl").open("a") as file:
        file.write('{"ended": "comm')
    roll_back_interrupted(root)
    assert before == hash_tree(work)


def test_a_killed_recovery_never_runs_its_way_back(work: Path, tmp_path: Path) -> None:
    """Much may have happened since: a person is told the calls, once, and decides."""
    root = tmp_path / "recovery"
    undo = ("touch", "went-back")
    journal = Journal.open_new(root, "0", name="mend", work=work, locks=(str(work),), back=[undo])
    journal.note_step(("true",))
    journal.note_passed(("true",))
    (found,) = roll_back_interrupted(root)
    assert ((undo,), False) == (found.not_run, (work / "went-back").exists())
    assert () == roll_back_interrupted(root)


def test_a_way_back_that_no_step_calls_for_is_not_told(work: Path, tmp_path: Path) -> None:
    """It was killed before its first one."""
    root = tmp_path / "recovery"
    Journal.open_new(root, "0", name="mend", work=work, locks=(str(work),), back=[("touch", "went-back")])
    assert [()] == [found.not_run for found in roll_back_interrupted(root)]


@pytest.mark.parametrize("was_there", [True, False])
def test_what_came_after_a_killed_recovery_is_kept(work: Path, tmp_path: Path, was_there: bool) -> None:
    """Somebody may have mended it by hand meanwhile; the result names where that lies now."""
    root, settings = tmp_path / "recovery", work / ".env"
    if was_there:
        settings.write_text("A=1")
    transaction = Transaction(Journal.open_new(root, "0", name="mend", work=work, locks=(str(work),)), work)
    transaction.keep(".env", "copy")
    settings.write_text("typed in by hand")
    strategies = make_strategies(root, make_recipe())
    result = strategies.execute_recovery(make_classification(), make_context(work))
    (told,) = result.details["rolled_back"]
    assert ("success", ["typed in by hand"]) == (result.outcome, [Path(path).read_text() for path in told["kept"]])
    assert was_there == settings.exists()
    assert () == strategies.roll_back_interrupted()
    assert "typed in by hand" == Path(told["kept"][0]).read_text()


def test_a_way_back_that_failed_is_not_tried_again(work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its backup stays, however many follow; whoever put it back by hand is not undone."""
    root = tmp_path / "recovery"
    transaction = Transaction(Journal.open_new(root, "0", name="mend", work=work, locks=(str(work),)), work)
    transaction.keep("packages", "aside")
    with monkeypatch.context() as patch:
        patch.setattr("errclass.actions.recover.transaction.move_safely", fail_to_move)
        (found,) = roll_back_interrupted(root)
    assert "packages: no" in found.faults[0]
    (work / "packages").mkdir()
    monkeypatch.setattr("errclass.actions.recover.interrupted._MOST_KEPT", 0)
    assert () == roll_back_interrupted(root)
    assert [] == list((work / "packages").iterdir())
    assert (root / "0" / "saved" / "0" / "one" / "index.js").exists()


def fail_to_move(source: Path, target: Path, **rest: Path) -> None:
    raise OSError("no")


def test_an_interrupt_ends_the_step_that_runs(work: Path, tmp_path: Path) -> None:
    """It has a session of its own, which no Ctrl-C of a terminal reaches; then everything is put back."""
    before, root = hash_tree(work), tmp_path / "recovery"
    tests = Path(__file__).parents[3]
    call = [sys.executable, "-c", PROGRAM, str(work), str(root), str(tests), "aside"]
    process = subprocess.Popen(call, stderr=subprocess.DEVNULL)
    step = wait_for_step(work)
    process.send_signal(signal.SIGINT)
    process.wait()
    stat = Path(f"/proc/{step}/stat")
    assert not stat.exists() or ") Z " in stat.read_text()
    assert (before, ()) == (hash_tree(work), roll_back_interrupted(root))


FULL = """
import os, resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from support.recovering import make_classification, make_context, make_recipe, make_strategies
resource.setrlimit(resource.RLIMIT_NOFILE, (2048, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
handles = [os.open("/dev/null", os.O_RDONLY) for _ in range(1100)]
recipe = make_recipe(steps=[{"run": ["echo", "said"]}], check=[{"run": ["false"]}])
result = make_strategies(Path(sys.argv[2]), recipe).execute_recovery(make_classification(), make_context(Path(sys.argv[1])))
print(result.reason)
"""


def test_many_open_files_are_no_obstacle(work: Path, tmp_path: Path) -> None:
    """A server may have more than a thousand."""
    tests = Path(__file__).parents[3]
    call = [sys.executable, "-c", FULL, str(work), str(tmp_path / "recovery"), str(tests)]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert "check_failed\n" == done.stdout, done.stderr


class Killed(BaseException):
    """Stands for the end of the process."""


def cut_disk_off(patch: pytest.MonkeyPatch, point: int, *, apart: Path | None = None) -> None:
    """Have the change on disk of this number be the last; ``apart`` is then another file system.

    These are the calls that all of moving, copying and removing come down to, also within a tree.
    """
    calls = iter(range(10_000))

    def wrap(real: Any) -> Any:
        def change(*arguments: Any, **rest: Any) -> Any:
            if next(calls) >= point:
                raise Killed
            return real(*arguments, **rest)

        return change

    def rename(source: Any, target: Any, **rest: Any) -> None:
        if apart and Path(source).is_relative_to(apart) != Path(target).is_relative_to(apart):
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        real_rename(source, target, **rest)

    real_rename = os.rename
    patch.setattr(os, "rename", wrap(rename))
    for name in ("unlink", "rmdir", "mkdir", "symlink"):
        patch.setattr(os, name, wrap(getattr(os, name)))
    patch.setattr(shutil, "copyfile", wrap(shutil.copyfile))


def make_changes(work: Path, root: Path) -> None:
    """Set parts of a project safe and change them, as a recovery does."""
    transaction = Transaction(Journal.open_new(root, "0", name="mend", work=work, locks=(str(work),)), work)
    transaction.keep("packages", "aside")
    transaction.keep("hang.py", "copy")
    (work / "packages" / "half").mkdir(parents=True)
    (work / "hang.py").write_text("changed")


@pytest.mark.parametrize("across", [True, False], ids=["other file system", "same file system"])
@pytest.mark.parametrize("again", [0, 3, 7, 11, 10_000])
def test_a_way_back_may_be_cut_off_within_a_tree_and_again(
    work: Path, tmp_path: Path, across: bool, again: int
) -> None:
    """Wherever the first and the second process are killed, the third has everything as it was."""
    before = hash_tree(work)
    for number in itertools.count():
        root = tmp_path / f"recovery-{number}"
        make_changes(work, root)
        ended = roll_back_cut_off(root, number, apart=root if across else None)
        roll_back_cut_off(root, again, apart=root if across else None)
        roll_back_interrupted(root)
        assert before == hash_tree(work), f"cut off at change {number}"
        if ended:
            break


def roll_back_cut_off(root: Path, point: int, *, apart: Path | None) -> bool:
    """Return whether it came to its end."""
    with pytest.MonkeyPatch.context() as patch:
        cut_disk_off(patch, point, apart=apart)
        try:
            roll_back_interrupted(root)
        except Killed:
            return False
    return True


def test_setting_safe_on_another_file_system_may_be_cut_off_within_a_tree(work: Path, tmp_path: Path) -> None:
    """In the middle of the copy, and in the middle of the removal that follows."""
    before = hash_tree(work)
    for number in itertools.count():
        root = tmp_path / f"recovery-{number}"
        transaction = Transaction(Journal.open_new(root, "0", name="mend", work=work, locks=(str(work),)), work)
        with pytest.MonkeyPatch.context() as patch:
            cut_disk_off(patch, number, apart=root)
            with contextlib.suppress(Killed):
                transaction.keep("packages", "aside")
        done = not (work / "packages").exists()
        roll_back_interrupted(root)
        assert before == hash_tree(work), f"cut off at change {number}"
        if done:
            break


@pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser may give files away")
def test_a_copy_keeps_owners_and_modes_within(work: Path, tmp_path: Path) -> None:
    """Of folders as of files, special bits included."""
    folder = work / "packages" / "one"
    os.chown(folder, 1000, 1000)
    os.chown(folder / "index.js", 1000, 1000)
    (folder / "index.js").chmod(0o4750)
    copy_safely(work / "packages", tmp_path / "copy")
    copied = tmp_path / "copy" / "one"
    assert (1000, 1000) == (copied.stat().st_uid, copied.stat().st_gid)
    assert (1000, 0o4750) == ((copied / "index.js").stat().st_uid, (copied / "index.js").stat().st_mode & 0o7777)


def test_a_recovery_that_ends_meanwhile_is_left(work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the first look at its journal and the lock."""
    root = tmp_path / "recovery"
    transaction = Transaction(Journal.open_new(root, "0", name="mend", work=work, locks=(str(work),)), work)
    transaction.keep("made", "copy")
    (work / "made").mkdir()

    @contextlib.contextmanager
    def hold(*arguments: Any) -> Iterator[None]:
        transaction.commit()
        with hold_components(*arguments):
            yield

    monkeypatch.setattr("errclass.actions.recover.interrupted.hold_components", hold)
    assert () == roll_back_interrupted(root)
    assert (work / "made").exists()
