"""Make the lab's scripts importable: they lie beside each other, outside of the package."""

from __future__ import annotations

import sys

from support.source import find_source

sys.path.insert(0, str(find_source() / "lab"))
