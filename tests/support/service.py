"""A service that is really started, and what talks to it."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from errclass.serve.api_key import SCOPES
from errclass.serve.key_ring import KeyRing

SECONDS = 60
"""In which anything that these tests wait for has to happen."""


@dataclass(slots=True)
class RunningService:
    """Hold a started service."""

    process: subprocess.Popen[str]
    url: str
    home: Path
    key: str
    """One with all scopes; empty where there is none."""

    @property
    def address(self) -> tuple[str, int]:
        """Host and port."""
        parts = urlsplit(self.url)
        assert parts.hostname is not None
        assert parts.port is not None
        return parts.hostname, parts.port

    def ask(self, method: str, path: str, *, key: str | None = None, **request: Any) -> httpx.Response:
        """Send one request."""
        headers = {**_bearer(self.key if key is None else key), **request.pop("headers", {})}
        return httpx.request(method, f"{self.url}{path}", headers=headers, timeout=SECONDS, trust_env=False, **request)

    def connect(self) -> socket.socket:
        """Return a connection of one's own."""
        return socket.create_connection(self.address, timeout=SECONDS)

    def stop(self) -> int:
        """Tell it to end, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(SECONDS)

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()
        self.process.wait(SECONDS)


@contextlib.contextmanager
def run_service(
    home: Path, *arguments: str, keys: bool = True, environ: Mapping[str, str] | None = None
) -> Iterator[RunningService]:
    """Start ``errclass serve`` on any free port and end it afterwards, if it still runs."""
    key = KeyRing(home).create_key(f"test {os.urandom(4).hex()}", SCOPES)[1] if keys else ""
    command = [sys.executable, "-m", "errclass", "serve", "--port", "0", "--quiet", *arguments]
    environment = {**os.environ, "ERRCLASS_HOME": str(home), **(environ or {})}
    with subprocess.Popen(command, cwd=home.parent, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield RunningService(process, _read_address(process), home, key)
        finally:
            process.kill()


def read_all(connection: socket.socket) -> bytes:
    """Return what comes until the other side ends the connection."""
    parts = []
    with contextlib.suppress(ConnectionError):
        while part := connection.recv(65_536):
            parts.append(part)
    return b"".join(parts)


def _read_address(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        found = re.search(r"serving on (http://\S+)", line)
        if found:
            return found[1]
    raise AssertionError("the service did not start")


def _bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"} if key else {}
