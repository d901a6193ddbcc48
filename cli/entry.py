"""The way in: ``errclass run`` goes straight to its command, everything else through click."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line."""
    if sys.argv[1:2] == ["run"]:
        from .run_line import read_run_line

        order = read_run_line(sys.argv[2:])
        if order is not None:
            from .run_entry import run_and_exit

            run_and_exit(order)
    from .root import main as run_root

    run_root()
