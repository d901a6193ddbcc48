"""One hash over all that is in a folder: names, kinds, modes, contents and where links lead."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path


def hash_tree(root: Path) -> str:
    """Return the hash; times do not count."""
    digest = hashlib.sha256()
    for folder, names, files in os.walk(root):
        names.sort()
        for name in sorted([*names, *files]):
            path = Path(folder, name)
            found = path.lstat()
            content = b""
            if stat.S_ISLNK(found.st_mode):
                content = os.fsencode(path.readlink())
            elif stat.S_ISREG(found.st_mode):
                content = path.read_bytes()
            digest.update(
                f"{path.relative_to(root)}\0{found.st_mode:o}\0{hashlib.sha256(content).hexdigest()}\n".encode()
            )
    return digest.hexdigest()
