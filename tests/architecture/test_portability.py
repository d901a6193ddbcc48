"""Nothing in the repository depends on the machine that it was written on."""

from __future__ import annotations

import re
from pathlib import Path

from support.source import list_tracked

FOREIGN = re.compile(
    rb"/wor[k]/(main|shared|\.library)\b|/tm[p]/(dev|brief|bash_jobs)\b|/roo[t]/\.pyenv|/op[t]/(wheels|pypi)\b"
)


def test_no_file_names_a_path_of_one_machine(source: Path) -> None:
    """A clone works anywhere."""
    texts = ((name, (source / name).read_bytes()) for name in list_tracked(source))
    assert [] == [(name, match[0].decode()) for name, text in texts if (match := FOREIGN.search(text))]
