"""A browser of this machine that prints pages: found, and run without a window, a profile or a network."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ...core.errors import UsageError

BROWSERS: Final = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "brave-browser",
)
"""Names of programs that are looked for, the first one first."""
TIMEOUT: Final = 60.0
"""Seconds that one run may take."""
_NO_NETWORK = (
    "--proxy-server=127.0.0.1:9",  # where nobody answers: whatever would be asked for stays on this machine
    "--proxy-bypass-list=<-loopback>",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_QUIET = ("--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--hide-scrollbars")
_BUDGET = 10_000
"""Milliseconds of the page's own time in which it has to be done; they do not pass in real time."""


def find_browser(named: str | None = None) -> Path:
    """Return the browser to use: ``named``, a path or a name, or the first that there is.

    Raises UsageError where there is none.
    """
    if named is not None:
        program = shutil.which(os.path.expanduser(named))  # noqa: PTH111 - it may be a name, which is no path
        if program is None:
            raise UsageError(f"{named}: is no program; set reporting.browser to a Chromium")
        return Path(program)
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise UsageError(
            "a PDF is printed by a browser, and none was found: install chromium (or Google Chrome), or set "
            "reporting.browser (ERRCLASS_REPORTING__BROWSER) to one"
        )
    return Path(found)


def run_browser(browser: Path, page: Path, *arguments: str, timeout: float = TIMEOUT) -> None:
    """Open a file in a browser, which does what the arguments say.

    It starts with an empty profile of its own, and reaches no network. Raises UsageError where it fails or takes longer
    than ``timeout`` seconds.
    """
    with tempfile.TemporaryDirectory(prefix="errclass-browser-", ignore_cleanup_errors=True) as profile:
        command = [
            str(browser),
            *_QUIET,
            *_NO_NETWORK,
            *_choose_sandbox(),
            f"--user-data-dir={profile}",
            f"--virtual-time-budget={_BUDGET}",
            *arguments,
            page.resolve().as_uri(),
        ]
        try:
            code, said = _run(command, profile, timeout)
        except subprocess.TimeoutExpired as error:
            raise UsageError(f"{browser}: was not done after {timeout:g} s") from error
        except OSError as error:
            raise UsageError(f"{browser}: cannot be run ({error.strerror})") from error
    if code:
        last = (said.strip().splitlines() or ["it says nothing"])[-1]
        raise UsageError(f"{browser}: ended with {code}: {last[:200]}")


def _run(command: Sequence[str], home: str, timeout: float) -> tuple[int, str]:
    """Run it in a home of its own, so that it leaves nothing in the user's; return its exit code and what it says.

    It has helpers, which end with it: they are a group of processes of their own.
    """
    environment = {**os.environ, "HOME": home, "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home}
    with tempfile.TemporaryFile() as said:  # a pipe would stay open as long as any helper lives
        process = subprocess.Popen(  # noqa: S603 - a program that the user named, or one by a name of ours
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            env=environment,
            start_new_session=True,
        )
        try:
            code = process.wait(timeout)
        finally:
            _end(process)
        said.seek(0)
        return code, said.read().decode(errors="replace")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End what is left of it and of its helpers."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _choose_sandbox() -> tuple[str, ...]:
    """Return what lets it start for root, as in containers: it refuses to, with a sandbox."""
    return ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
