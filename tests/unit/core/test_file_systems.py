from __future__ import annotations

from pathlib import Path

import pytest

from errclass.core.file_systems import find_network_file_system

MOUNTS = r"""/dev/sda1 / ext4 rw 0 0
server:/home /home nfs4 rw,vers=4.2 0 0
tmpfs /home/me/scratch tmpfs rw 0 0
//share/x /mnt/with\040blank cifs rw 0 0
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    """A table of mounts."""
    path = tmp_path / "mounts"
    path.write_text(MOUNTS)
    return path


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/me/store", "nfs4"),
        ("/home", "nfs4"),
        ("/mnt/with blank/store", "cifs"),
        ("/home/me/scratch/store", None),
        ("/homework", None),
        ("/var/store", None),
    ],
)
def test_deepest_mount_decides(path: str, kind: str | None, mounts: Path) -> None:
    """A local folder inside of a network's is local."""
    assert kind == find_network_file_system(Path(path), mounts)


def test_system_without_a_table_tells_nothing(tmp_path: Path) -> None:
    """Unknown is not taken for a network."""
    assert find_network_file_system(tmp_path, tmp_path / "none") is None
