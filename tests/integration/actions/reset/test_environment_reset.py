"""A reset is done as a whole or not at all, and takes nothing of the user's without permission."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from support.flaky_registry import pack_wheel
from support.recovering import make_classification, make_recipe
from support.tree_hash import hash_tree

from errclass.actions.recover.component_locks import hold_components
from errclass.actions.recover.journal import Journal
from errclass.actions.reset import EnvironmentReset, choose_reset
from errclass.core.errors import UsageError

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(work: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.com")
    done = subprocess.run(["git", *identity, *arguments], cwd=work, capture_output=True, text=True, check=True)
    return done.stdout


def write(work: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(text)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A repository with sources, build outputs, caches, changes, new files and the user's own settings."""
    folder = tmp_path / "work"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    write(
        folder,
        {
            "app.py": "1\n",
            "gone.py": "1\n",
            "build/recipe.txt": "tracked\n",
            ".gitignore": "dist/\n.cache/\n.env\nlogs/\n*.log\n",
        },
    )
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "First")
    write(folder, {
        "dist/app.js": "built", ".cache/x": "c", ".pytest_cache/y": "c", ".env": "KEY=1", "app.py": "2\n", "new.py": "new\n",
        "more/new.py": "new\n", "more/.env.local": "mine", "package-lock.json": "{}", "logs/a.log": "log", "tmp/work.py": "new",
    })  # fmt: skip
    (folder / "gone.py").unlink()
    write(folder, {"staged.py": "new\n"})
    git(folder, "add", "staged.py")
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder of journals and backups."""
    return tmp_path / "home" / "resets"


def make_reset(root: Path, **options: object) -> EnvironmentReset:
    return EnvironmentReset(root, recipes=(), **options)  # type: ignore[arg-type]


def test_a_soft_reset_takes_what_builds_make_again(work: Path, root: Path) -> None:
    """Not a tracked folder of that name, nor one that holds somebody's new files, nor anything else."""
    result = make_reset(root).reset_environment("soft", work)
    assert ("success", True, None) == (result.outcome, result.success, result.backup)
    assert ("removed .cache", "removed dist") == result.actions
    assert [False, False] == [(work / name).exists() for name in ("dist", ".cache")]
    kept = ("build/recipe.txt", "tmp/work.py", ".env", "new.py", "package-lock.json", ".pytest_cache", "logs")
    assert [] == [name for name in kept if not (work / name).exists()]
    assert "it was clean already" == make_reset(root).reset_environment("soft", work).message


def test_nothing_is_reset_while_acting_is_switched_off(work: Path, root: Path) -> None:
    """Nor is anything written; asked for a kind that is none, that is told all the same."""
    before = hash_tree(work)
    reset = make_reset(root, acting=False)
    assert ("skipped", "switched_off") == ((result := reset.reset_environment("soft", work)).outcome, result.reason)
    assert (before, False) == (hash_tree(work), root.exists())
    with pytest.raises(UsageError, match="use one of soft"):
        reset.reset_environment("softly", work)  # type: ignore[arg-type]


def test_a_hard_reset_leaves_uncommitted_work_without_permission(work: Path, root: Path) -> None:
    """And says that it is not the whole reset."""
    result = make_reset(root).reset_environment("hard", work)
    assert ("partial", False, "left_out") == (result.outcome, result.success, result.reason)
    assert "was not allowed" in result.message
    assert ("2\n", True, False) == (
        (work / "app.py").read_text(),
        (work / "new.py").exists(),
        (work / ".pytest_cache").exists(),
    )


def test_a_hard_reset_with_permission_keeps_user_data_and_a_backup(work: Path, root: Path) -> None:
    """The files are those of the last commit; user data and lockfiles stay; what went lies in a backup."""
    head = git(work, "rev-parse", "HEAD")
    reset = make_reset(root, allow_destructive=True)
    result = reset.reset_environment("hard", work)
    assert ("success", head) == (result.outcome, git(work, "rev-parse", "HEAD"))
    assert "" == git(work, "diff", "HEAD")
    assert ("1\n", True, False, False) == (
        (work / "app.py").read_text(),
        (work / "gone.py").exists(),
        (work / "new.py").exists(),
        (work / "staged.py").exists(),
    )
    stays = ("more/.env.local", ".env", "package-lock.json", "logs/a.log")
    assert [] == [name for name in stays if not (work / name).exists()]
    (backup,) = reset.list_backups()
    assert {"app.py", "staged.py", "new.py", "more/new.py", "tmp"} == set(backup.paths)


def test_a_backup_can_be_put_back(work: Path, root: Path) -> None:
    """What is there by then becomes a backup itself, so that this can be taken back, too."""
    reset = make_reset(root, allow_destructive=True)
    result = reset.reset_environment("hard", work)
    write(work, {"new.py": "newer\n"})
    restored = reset.restore_from_backup(result.reset_id)
    assert ("2\n", "new\n", "new") == tuple((work / name).read_text() for name in ("app.py", "new.py", "tmp/work.py"))
    assert "new.py" in restored
    newest = reset.list_backups()[-1]
    reset.restore_from_backup(newest.id)
    assert "newer\n" == (work / "new.py").read_text()


@pytest.mark.parametrize("name", ["missing", "../../etc", "/etc", ""])
def test_an_unknown_backup_is_told(root: Path, name: str) -> None:
    """With those that there are; no path leads elsewhere."""
    with pytest.raises(UsageError, match="there is no backup"):
        make_reset(root).restore_from_backup(name)


def test_a_full_reset_takes_ignored_files_as_well(work: Path, root: Path) -> None:
    """All but user data, unless that is asked for."""
    make_reset(root, allow_destructive=True).reset_environment("full", work)
    assert (False, True) == ((work / "logs").exists(), (work / ".env").exists())
    make_reset(root, allow_destructive=True, preserve_user_data=False).reset_environment("full", work)
    assert (False, True) == ((work / ".env").exists(), (work / "package-lock.json").exists())


def test_without_a_backup_nothing_is_kept(work: Path, root: Path) -> None:
    """Where that was asked for."""
    result = make_reset(root, allow_destructive=True, keep_backup=False).reset_environment("hard", work)
    assert ("success", None) == (result.outcome, result.backup)


@pytest.mark.parametrize("kind", ["medium", "hard", "full"])
def test_a_reset_that_fails_leaves_everything_as_it_was(work: Path, root: Path, kind: str) -> None:
    """The index of git included."""
    before = hash_tree(work)
    recipe = make_recipe(touches={"dist": "aside"}, check=[{"run": ["false"]}])
    reset = EnvironmentReset(root, recipes=[recipe], allow_destructive=True)
    result = reset.reset_environment(kind, work)  # type: ignore[arg-type]
    assert ("failed", "check_failed") == (result.outcome, result.reason)
    assert before == hash_tree(work)
    assert () == reset.list_backups()


def test_dependencies_are_installed_anew(tmp_path: Path, root: Path) -> None:
    """By the shipped recipes, here by that of pip; a tool that is not there makes it partial."""
    folder = tmp_path / "project"
    write(
        folder, {"requirements.txt": "--no-index\n--find-links wheels\nleft-pad==1.0.0\n", ".venv/pyvenv.cfg": "broken"}
    )
    (folder / "wheels").mkdir()
    (folder / "wheels" / "left_pad-1.0.0-py3-none-any.whl").write_bytes(pack_wheel())
    environ = {**os.environ, "PATH": f"{os.environ['PATH']}{os.pathsep}{Path(sys.executable).parent}"}
    result = EnvironmentReset(root, environ=environ).reset_environment("medium", folder)
    assert "success" == result.outcome, result
    assert (folder / ".venv" / "bin" / "python").exists()
    empty = {"PATH": str(tmp_path)}
    partial = EnvironmentReset(root, environ=empty).reset_environment("medium", folder)
    assert ("partial", True) == (partial.outcome, "python3 is not on the PATH" in partial.message)


def test_a_reset_is_cancelled_by_its_id(work: Path, root: Path) -> None:
    """Then everything is as it was."""
    os.mkfifo(work / "begun")
    before = hash_tree(work)
    tell = {"run": ["python3", "-c", "open('begun', 'w').write('x')"]}
    reset = EnvironmentReset(root, recipes=[make_recipe(steps=[tell, {"run": ["sleep", "60"]}])])
    results: list[object] = []
    thread = threading.Thread(target=lambda: results.append(reset.reset_environment("medium", work).reason))
    thread.start()
    (work / "begun").read_text()
    (active,) = reset.get_active_resets()
    assert (True, False) == (reset.cancel_reset(active.id), reset.cancel_reset("other"))
    thread.join()
    assert (["cancelled"], before, ()) == (results, hash_tree(work), reset.get_active_resets())


def test_a_reset_and_a_recovery_are_never_at_once(work: Path, root: Path) -> None:
    """The folder is one component."""
    with hold_components(root / "locks", (str(work),)):
        result = make_reset(root).reset_environment("soft", work)
    assert ("skipped", "recovery_already_active") == (result.outcome, result.reason)


@pytest.mark.parametrize(
    ("kind", "chosen"),
    [
        ("configuration", "medium"), ("dependency", "medium"), ("build", "soft"), ("resource", "soft"), ("corruption", "hard"),
        ("security", None), ("database", None), ("network", None), ("test", None), ("unknown", None),
    ],
)  # fmt: skip
def test_the_least_reset_that_may_help_is_chosen(kind: str, chosen: str | None) -> None:
    """None against what no reset mends."""
    assert chosen == choose_reset(make_classification(kind))


def test_a_failure_that_no_reset_mends_is_skipped(work: Path, root: Path) -> None:
    """Nothing changes."""
    before = hash_tree(work)
    result = make_reset(root).reset_for(make_classification("security"), work)
    assert ("skipped", "no_reset_helps", before) == (result.outcome, result.reason, hash_tree(work))


def test_an_unknown_kind_is_an_error(work: Path, root: Path) -> None:
    """It is never taken for another."""
    with pytest.raises(UsageError, match="use one of soft, medium, hard, full"):
        make_reset(root).reset_environment("total", work)  # type: ignore[arg-type]


def test_a_link_out_of_the_folder_is_left(work: Path, root: Path) -> None:
    """And told; what it leads to stays."""
    outside = work.parent / "outside"
    write(outside, {"x": "precious"})
    shutil.rmtree(work / "dist")
    (work / "dist").symlink_to(outside)
    result = make_reset(root).reset_environment("soft", work)
    assert ("partial", True, "precious") == (
        result.outcome,
        "dist leads out" in result.message,
        (outside / "x").read_text(),
    )


def test_no_hook_of_the_repository_runs(work: Path, root: Path) -> None:
    """Neither a hook nor a monitor that its settings name."""
    hook = work / ".git" / "hooks" / "post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\ntouch pwned\n")
    hook.chmod(0o755)
    git(work, "config", "core.fsmonitor", "touch pwned; false")
    make_reset(root, allow_destructive=True).reset_environment("hard", work)
    assert not (work / "pwned").exists()


def test_statistics_and_history_are_true(work: Path, root: Path) -> None:
    """Of what ran."""
    reset = make_reset(root)
    reset.reset_environment("soft", work)
    reset.reset_environment("hard", work)
    reset.reset_environment("soft", work / "missing")
    found = reset.get_statistics()
    assert (3, {"soft": 2, "hard": 1}) == (found.total_resets, found.by_kind)
    assert ({"success": 1, "partial": 1, "skipped": 1}, 0.5) == (found.by_result, found.success_rate)
    assert ["success", "partial", "skipped"] == [result.outcome for result in reset.get_history()]
    reset.reset()
    assert (0, ()) == (reset.get_statistics().total_resets, reset.get_history())


def test_a_large_reset_keeps_all_that_it_took(work: Path, root: Path) -> None:
    """However long its journal got; nothing that was the user's is gone for good."""
    padding = "x" * (9 << 20)
    real = Journal.open_new

    def open_long(*arguments: Any, **rest: Any) -> Journal:
        journal = real(*arguments, **rest)
        journal.note_step((padding,))
        return journal

    with patch.object(Journal, "open_new", open_long):
        reset = make_reset(root, allow_destructive=True)
        result = reset.reset_environment("hard", work)
    assert "success" == result.outcome
    assert "new.py" in reset.list_backups()[0].paths
    reset.restore_from_backup(result.reset_id)
    assert "new\n" == (work / "new.py").read_text()


def test_more_than_a_journal_can_name_is_not_touched(work: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It fails and says so, with the folder as it was."""
    before = hash_tree(work)
    monkeypatch.setattr("errclass.actions.recover.journal.MAX_BYTES", 600)
    result = make_reset(root, allow_destructive=True).reset_environment("hard", work)
    assert ("failed", "backup_failed") == (result.outcome, result.reason)
    assert "more paths than" in result.message
    assert before == hash_tree(work)


def test_a_reset_that_is_cut_off_after_its_end_stays_done(
    work: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of its backups may be gone by then: nothing of it is taken back, and what it kept stays."""

    def interrupt(folder: Path, kept: object) -> None:
        raise KeyboardInterrupt

    reset = make_reset(root, allow_destructive=True)
    with monkeypatch.context() as context:
        context.setattr("errclass.actions.recover.transaction.clean_up", interrupt)
        with pytest.raises(KeyboardInterrupt):
            reset.reset_environment("hard", work)
    assert ("1\n", False) == ((work / "app.py").read_text(), (work / "new.py").exists())
    assert () == reset.roll_back_interrupted()
    assert "new.py" in reset.list_backups()[0].paths


@pytest.mark.parametrize("kind", ["soft", "medium", "hard", "full"])
@pytest.mark.parametrize("place", [".cache/tool", "dist", "out/deep/tool"])
def test_a_repository_within_is_left_whole(work: Path, root: Path, kind: Any, place: str) -> None:
    """Its uncommitted work is nowhere else, whatever folder it lies in."""
    shutil.rmtree(work / "dist")
    inner = work / place
    write(inner, {"tracked.py": "1\n"})
    git(inner, "init", "-q")
    git(inner, "add", "-A")
    git(inner, "commit", "-q", "-m", "Inner")
    write(inner, {"tracked.py": "changed\n", "new.py": "new\n"})
    before = hash_tree(inner)
    make_reset(root, allow_destructive=True).reset_environment(kind, work)
    assert before == hash_tree(inner)


def test_a_linked_worktree_within_is_left_whole(work: Path, root: Path) -> None:
    """There .git is a file."""
    git(work, "worktree", "add", "-q", "dist/tree", "-b", "side")
    write(work, {"dist/tree/new.py": "new\n"})
    make_reset(root, allow_destructive=True).reset_environment("full", work)
    assert "new\n" == (work / "dist" / "tree" / "new.py").read_text()


@pytest.mark.parametrize("kind", ["soft", "hard"])
@pytest.mark.parametrize("linked", [True, False], ids=["worktree", "subfolder"])
def test_what_git_tracks_stays_in_any_folder_of_a_repository(work: Path, root: Path, kind: Any, linked: bool) -> None:
    """Also in a subfolder and in a linked worktree, where only what git ignores goes."""
    write(work, {"app/.cache/data.json": "1\n", "app/.gitignore": "dist/\n"})
    git(work, "add", "-f", "app")
    git(work, "commit", "-q", "-m", "App")
    if linked:
        git(work, "worktree", "add", "-q", "../linked", "-b", "side")
    folder = work.parent / "linked" / "app" if linked else work / "app"
    write(folder, {".cache/data.json": "changed\n", "dist/x.js": "built"})
    result = make_reset(root, allow_destructive=True).reset_environment(kind, folder)
    assert ("changed\n", False) == ((folder / ".cache" / "data.json").read_text(), (folder / "dist").exists())
    assert ("success" if kind == "soft" else "partial") == result.outcome


def test_a_repository_that_git_cannot_read_is_left(work: Path, root: Path) -> None:
    """What of it is tracked is not known."""
    (work / ".git" / "HEAD").unlink()
    before = hash_tree(work)
    result = make_reset(root).reset_environment("soft", work)
    assert ("partial", True, before) == (result.outcome, "git cannot say" in result.message, hash_tree(work))


def test_certificates_in_a_cache_of_a_tool_are_not_the_users(work: Path, root: Path) -> None:
    """Else half of it would stay, and it would be broken; in build outputs they may be."""
    pem = "lib/certifi/cacert.pem"
    write(
        work, {f".tox/py/{pem}": "x", f".cache/{pem}": "x", f"node_modules/.cache/{pem}": "x", "dist/key.pem": "mine"}
    )
    git(work, "config", "core.excludesFile", "/dev/null")
    make_reset(root).reset_environment("hard", work)
    assert [False, False, True] == [(work / name).exists() for name in (".tox", "node_modules/.cache", "dist/key.pem")]


def test_a_submodule_with_changes_is_left_and_told(work: Path, root: Path, tmp_path: Path) -> None:
    """Its work is its own, and its commit may be meant; all else is reset."""
    write(tmp_path / "other", {"x.py": "1\n"})
    git(tmp_path / "other", "init", "-q")
    git(tmp_path / "other", "add", "-A")
    git(tmp_path / "other", "commit", "-q", "-m", "Other")
    git(work, "stash", "-q")
    git(work, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(tmp_path / "other"), "sub")
    git(work, "commit", "-q", "-m", "Submodule")
    write(work, {"sub/x.py": "changed\n", "sub/new.py": "new\n", "app.py": "3\n"})
    before = hash_tree(work / "sub")
    result = make_reset(root, allow_destructive=True).reset_environment("hard", work)
    assert ("partial", True) == (result.outcome, "the submodule sub has changes" in result.message), result
    assert (before, "1\n") == (hash_tree(work / "sub"), (work / "app.py").read_text())
