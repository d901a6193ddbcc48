"""What is mounted in a work folder is not the folder's: it is neither set aside nor removed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.recovering import make_classification, make_context, make_recipe, make_strategies
from support.tree_hash import hash_tree

from errclass.actions.recover.errors import CannotKeepError
from errclass.actions.recover.mounts import refuse_mounts
from errclass.actions.recover.safekeeping import remove_safely

PROGRAM = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from support.recovering import make_classification, make_context, make_recipe, make_strategies
recipe = make_recipe(touches={"packages": "aside"})
result = make_strategies(Path(sys.argv[2]), recipe).execute_recovery(make_classification(), make_context(Path(sys.argv[1])))
print(result.outcome, result.reason)
"""
AS_MOUNTER = ("unshare", "--mount", "--map-root-user")


def can_mount() -> bool:
    """Tell whether a mount of our own can be made here."""
    if shutil.which("unshare") is None:
        return False
    probe = [*AS_MOUNTER, "mount", "--bind", "/tmp", "/tmp"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


@pytest.fixture
def mounts(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What the system says is mounted."""
    found: list[bytes] = [b"/", b"/proc"]
    monkeypatch.setattr("errclass.actions.recover.mounts._list_mounts", lambda: found)
    return found


@pytest.mark.parametrize("below", ["", "/left-pad", "/left-pad/deeper still"])
@pytest.mark.parametrize("how", ["aside", "copy"])
def test_a_path_with_a_mount_is_not_touched(work: Path, root: Path, mounts: list[bytes], below: str, how: str) -> None:
    """The recovery fails, says where it is, and nothing has changed."""
    before = hash_tree(work)
    mounts.append(os.fsencode(f"{work}/packages{below}"))
    recipe = make_recipe(touches={"packages": how})
    result = make_strategies(root, recipe).execute_recovery(make_classification(), make_context(work))
    assert ("failed", "backup_failed", before) == (result.outcome, result.reason, hash_tree(work))
    assert f"{work}/packages{below} is a mount" in result.details["fault"]


@pytest.mark.parametrize("mount", ["", "/packages-more", "/other/packages"])
def test_a_mount_elsewhere_is_none_of_its_business(work: Path, root: Path, mounts: list[bytes], mount: str) -> None:
    """The work folder itself may be one, as in a container."""
    mounts.append(os.fsencode(f"{work}{mount}"))
    recipe = make_recipe(touches={"packages": "aside"})
    result = make_strategies(root, recipe).execute_recovery(make_classification(), make_context(work))
    assert "success" == result.outcome


def test_a_folder_with_a_mount_is_not_removed(work: Path, mounts: list[bytes]) -> None:
    """Not even in part."""
    before = hash_tree(work)
    mounts.append(os.fsencode(f"{work}/packages/left-pad"))
    with pytest.raises(CannotKeepError):
        remove_safely(work / "packages")
    assert before == hash_tree(work)


def test_another_file_system_is_seen_without_a_list_of_mounts(
    work: Path, monkeypatch: pytest.MonkeyPatch, mounts: list[bytes]
) -> None:
    """Where the system gives none, the device tells it."""
    real = os.lstat

    def lstat(path: object) -> object:
        found = real(path)  # type: ignore[arg-type]
        values = list(found)
        values[2] = found.st_dev + (1 if str(path).endswith("left-pad") else 0)
        return os.stat_result(values)

    monkeypatch.setattr("errclass.actions.recover.mounts.os.lstat", lstat)
    with pytest.raises(CannotKeepError):
        refuse_mounts(work / "packages")


@pytest.mark.skipif(sys.platform != "linux" or not can_mount(), reason="no mount can be made here")
def test_what_a_real_mount_shows_stays(work: Path, root: Path) -> None:
    """A folder of the same file system that shows in a second place, whose name has a blank."""
    precious = work.parent / "precious"
    precious.mkdir()
    (precious / "file").write_text("data")
    place = work / "packages" / "with blank"
    place.mkdir()
    tests = Path(__file__).parents[3]
    (work.parent / "program.py").write_text(PROGRAM)
    bind = 'mount --bind "$1" "$2" && exec "$3" "$4" "$5" "$6" "$7"'
    call = [
        *AS_MOUNTER,
        "sh",
        "-c",
        bind,
        "sh",
        precious,
        place,
        sys.executable,
        work.parent / "program.py",
        work,
        root,
        tests,
    ]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert "failed backup_failed\n" == done.stdout, done.stderr
    assert "data" == (precious / "file").read_text()
