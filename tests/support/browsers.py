"""A browser of this machine that opens a page and tells what it made of it; tests that need one are skipped without."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from errclass.core.errors import UsageError
from errclass.reports.formats.browser import find_browser


def has_browser() -> bool:
    """Whether this machine has one."""
    try:
        find_browser()
    except UsageError:
        return False
    return True


needs_browser = pytest.mark.skipif(not has_browser(), reason="no Chromium on this machine")


@dataclass
class Opened:
    """What became of a page."""

    dom: str
    """Its elements, scripts without what is in them."""
    console: list[str]

    def count(self, pattern: str) -> int:
        return len(re.findall(pattern, self.dom))


def open_page(page: Path, profile: Path, *flags: str) -> Opened:
    """Open a file with an empty profile and no network, and return its elements once it is done, and its console."""
    command = [
        str(find_browser()),
        *("--headless", "--disable-gpu", "--no-first-run", "--proxy-server=127.0.0.1:9"),
        *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
        *(("--no-sandbox",) if os.geteuid() == 0 else ()),
        *(f"--user-data-dir={profile}", "--virtual-time-budget=10000", "--enable-logging=stderr", "--v=0"),
        *flags,
        "--dump-dom",
        page.as_uri(),
    ]
    environment = {**os.environ, "HOME": str(profile)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True, env=environment)
    dom = re.sub(r"(<script[^>]*>).*?(</script>)", r"\1\2", done.stdout, flags=re.DOTALL)
    return Opened(dom, [line for line in done.stderr.splitlines() if "CONSOLE" in line])
