"""Run the command line as ``python -m errclass``."""

from __future__ import annotations

from .cli import main

main()
