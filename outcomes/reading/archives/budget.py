"""How much an archive may unpack to."""

from __future__ import annotations

from pathlib import Path

from ....core.errors import UsageError

MAX_BYTES = 1024**3
"""Unpacked, in all."""
MAX_RATIO = 200
"""Unpacked to packed; logs come to 10 or 20, and a file made to fill a disk to 1,000."""
EXEMPT_BYTES = 1024**2
"""Up to here the ratio is nobody's concern: a tiny log may be one byte over and over."""
MAX_MEMBERS = 100_000


class Budget:
    """Count what is unpacked of one file, whatever its headers say, and stop where it is too much."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._packed = path.stat().st_size
        self._spent = 0
        self._members = 0

    def spend(self, count: int) -> None:
        """Count unpacked bytes; raise UsageError above 1 GB in all, or above 200 times the packed size."""
        self._spent += count
        if self._spent > MAX_BYTES:
            raise UsageError(f"{self.path} unpacks to more than 1 GB; import its logs in several archives")
        if self._spent > max(EXEMPT_BYTES, MAX_RATIO * self._packed):
            raise UsageError(f"{self.path} unpacks to more than {MAX_RATIO} times its size, as no archive of logs does")

    def admit(self) -> None:
        """Count a member; raise UsageError above 100,000."""
        self._members += 1
        if self._members > MAX_MEMBERS:
            raise UsageError(f"{self.path} holds more than {MAX_MEMBERS:,} files; import them in several archives")
