"""Lines on standard error for a command that may have been started without one."""

from __future__ import annotations

import contextlib
import os


def print_error_line(line: str) -> None:
    """Print on standard error, which Python has no name for where it was closed; that nobody reads it is no fault."""
    with contextlib.suppress(OSError):
        os.write(2, f"{line}\n".encode("utf-8", "backslashreplace"))
