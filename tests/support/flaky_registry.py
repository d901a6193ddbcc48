"""A registry for npm and pip that fails a few times before it works."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import json
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FlakyRegistry(ThreadingHTTPServer):
    """Serve one package, ``left-pad`` 1.0.0, to npm and to pip; the first ``failures`` requests for it get a 503."""

    daemon_threads = True

    def __init__(self, failures: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.failures = failures
        self.lock = threading.Lock()

    @property
    def address(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: FlakyRegistry

    def do_GET(self) -> None:
        if self.path.endswith((".tgz", ".whl")) and self._fails():
            self._answer(503, "text/plain", b"Service Unavailable")
        elif self.path == "/left-pad":
            self._answer(200, "application/json", json.dumps(describe_package(self.server.address)).encode())
        elif self.path == "/left-pad/-/left-pad-1.0.0.tgz":
            self._answer(200, "application/octet-stream", pack_npm())
        elif self.path == "/simple/left-pad/":
            self._answer(
                200, "text/html", b'<a href="/left_pad-1.0.0-py3-none-any.whl">left_pad-1.0.0-py3-none-any.whl</a>'
            )
        elif self.path.endswith(".whl"):
            self._answer(200, "application/octet-stream", pack_wheel())
        else:
            self._answer(404, "text/plain", b"Not Found")

    def _fails(self) -> bool:
        with self.server.lock:
            self.server.failures -= 1
            return self.server.failures >= 0

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextlib.contextmanager
def flaky_registry(failures: int) -> Iterator[FlakyRegistry]:
    """Serve until the block ends."""
    server = FlakyRegistry(failures)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def pack_npm() -> bytes:
    """Return the package as npm packs it, the same bytes each time."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=0) as archive:
        text = b'{"name": "left-pad", "version": "1.0.0"}'
        member = tarfile.TarInfo("package/package.json")
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text))
    data = bytearray(packed.getvalue())
    data[4:8] = bytes(4)  # the time at which it was packed
    return bytes(data)


def pack_wheel() -> bytes:
    """Return the package as a wheel."""
    files = {
        "left_pad.py": "",
        "left_pad-1.0.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: left-pad\nVersion: 1.0.0\n",
        "left_pad-1.0.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "left_pad-1.0.0.dist-info/RECORD"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in {**files, record: "".join(f"{name},,\n" for name in [*files, record])}.items():
            archive.writestr(name, text)
    return packed.getvalue()


def describe_package(address: str) -> dict[str, object]:
    """Return what npm asks a registry about a package."""
    dist = {"tarball": f"{address}/left-pad/-/left-pad-1.0.0.tgz", "integrity": integrity()}
    version = {"name": "left-pad", "version": "1.0.0", "dist": dist}
    return {"name": "left-pad", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": version}}


def integrity() -> str:
    """Return the hash by which npm checks the package."""
    return "sha512-" + base64.b64encode(hashlib.sha512(pack_npm()).digest()).decode()


def write_npm_project(address: str) -> dict[str, str]:
    """Return the files of a project that needs the package, by name."""
    locked = {
        "version": "1.0.0",
        "resolved": f"{address}/left-pad/-/left-pad-1.0.0.tgz",
        "integrity": integrity(),
    }
    root = {"name": "project", "version": "1.0.0", "dependencies": {"left-pad": "1.0.0"}}
    lock = {
        "name": "project",
        "version": "1.0.0",
        "lockfileVersion": 3,
        "requires": True,
        "packages": {"": root, "node_modules/left-pad": locked},
    }
    npmrc = f"registry={address}/\nfetch-retries=0\naudit=false\nfund=false\nupdate-notifier=false\n"
    return {"package.json": json.dumps(root), "package-lock.json": json.dumps(lock), ".npmrc": npmrc}
