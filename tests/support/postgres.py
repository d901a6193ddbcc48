"""A real PostgreSQL server, made for the tests and thrown away after them."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from support.programs import require_program

FOLDERS = [str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
"""Where Debian keeps the programs, newest first."""
USER, PASSWORD = "keeper", "p@ss:w/rd?#%41"
_SETTINGS = {"fsync": "off", "listen_addresses": "127.0.0.1", "max_connections": "60", "timezone": "Asia/Tokyo"}
_SECONDS = 60
_GUARD = '"$@" & cat; kill -INT $!; wait $!'
"""The server ends with whoever holds the other end of its input, also when that was killed."""


class PostgresServer:
    """Start and stop one server with an empty data folder; it listens on the loopback and on a socket in its folder."""

    def __init__(self) -> None:
        self._initdb, self._postgres = (require_program(name, FOLDERS) for name in ("initdb", "postgres"))
        # Not below pytest's folder: a socket's path may have 107 characters, and the server's user must get there.
        self.folder = Path(tempfile.mkdtemp(prefix="errclass-pg-"))
        self._as: dict[str, Any] = {"cwd": self.folder}
        if os.geteuid() == 0:  # the programs refuse to run as root
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            self._as |= {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        self.port = _find_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = itertools.count(1)
        self._initialise()

    def start(self) -> None:
        """Start the server and wait until it takes connections."""
        settings = {**_SETTINGS, "unix_socket_directories": str(self.folder), "port": str(self.port)}
        options = [f"--{name}={value}" for name, value in settings.items()]
        with (self.folder / "log").open("ab") as log:
            command = ["sh", "-c", _GUARD, "sh", self._postgres, "-D", "data", *options]
            streams: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": log, "stderr": log}
            self._process = subprocess.Popen(command, start_new_session=True, **streams, **self._as)
        deadline = time.monotonic() + _SECONDS
        while not self._answers():
            if time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL does not start:\n{(self.folder / 'log').read_text()}")
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server, by default as an administrator would: sessions are ended, and everything is written."""
        if self._process is not None:
            os.kill(int((self.folder / "data" / "postmaster.pid").read_text().split()[0]), how)
            self._process.communicate(timeout=_SECONDS)
            self._process = None

    def remove(self) -> None:
        """Stop the server and remove all that it wrote."""
        self.stop()
        shutil.rmtree(self.folder)

    def address(
        self, *, database: str = "postgres", user: str = USER, password: str = PASSWORD, query: str = ""
    ) -> str:
        """Return an address for ERRCLASS_STORE."""
        return f"postgres://{user}:{quote(password, safe='')}@127.0.0.1:{self.port}/{database}{query and '?'}{query}"

    def ask(self, statement: str, *, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement as the administrator and return its rows."""
        with psycopg.connect(self.address(database=database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def lend_place(self) -> Iterator[str]:
        """Lend the address of a schema that does not exist yet, and drop what was made there."""
        schema = f"test_{next(self._numbers)}"
        try:
            yield self.address(query=f"schema={schema}")
        finally:
            self.ask(f"DROP SCHEMA IF EXISTS {schema} CASCADE")

    def _initialise(self) -> None:
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        command = [self._initdb, "-D", "data", "--no-sync", "-E", "UTF8", "--locale=C", "-A", "scram-sha-256"]
        subprocess.run([*command, "-U", USER, "--pwfile", secret], check=True, capture_output=True, **self._as)

    def _answers(self) -> bool:
        try:
            self.ask("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True


def _find_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
