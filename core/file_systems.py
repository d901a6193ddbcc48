"""What kind of file system a path is on."""

from __future__ import annotations

from pathlib import Path

_MOUNTS = Path("/proc/self/mounts")
_NETWORK = frozenset(
    {"9p", "afs", "ceph", "cifs", "fuse.glusterfs", "fuse.s3fs", "fuse.sshfs", "glusterfs", "gpfs", "lustre", "nfs",
     "nfs4", "smb3", "smbfs"}
)  # fmt: skip


def find_network_file_system(path: Path, mounts: Path = _MOUNTS) -> str | None:
    """Return the kind of network file system that ``path`` is on, such as ``nfs4``; None where it is none or unknown.

    Only Linux tells, by its table of mounts.
    """
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    target, best = path.absolute(), ("", "")
    for line in lines:
        _, place, kind, *_ = line.split(" ")
        place = place.replace("\\040", " ")
        if target.is_relative_to(place) and len(place) >= len(best[0]):
            best = place, kind
    return best[1] if best[1] in _NETWORK else None
