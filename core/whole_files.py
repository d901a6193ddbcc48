"""Files that are written as a whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_whole(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write a file so that whoever reads it sees the old one or the new one, also when this process is killed.

    ``private``: only the owner may read it; otherwise as the process's umask says. What a link leads to is replaced,
    not the link; a pipe or a device is written as it is. Raises OSError.
    """
    if path.exists() and not path.is_file():  # before links are followed: that of a pipe leads to no name
        path.write_bytes(content)
        return
    target = path.resolve()
    draft = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o666)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
