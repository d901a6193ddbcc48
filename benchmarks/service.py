"""Measure the service on this machine, beside a plain FastAPI application that returns a constant.

Both run under uvicorn with h11, each in a process of its own, one after the other. The load comes from this process:
raw HTTP/1.1 over asyncio on connections that are kept alive, each of which sends its next request once it has the
answer; that costs less than any client library, and shares the two cores with the server. Known errors are 50 texts
over and over, new ones differ in a word that makes another fingerprint. Takes about a minute.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from errclass.serve.key_ring import KeyRing

PLAIN = """
import socket, uvicorn
from fastapi import FastAPI
app = FastAPI()
@app.post("/")
async def constant(): return {"status": "ok"}
listener = socket.create_server(("127.0.0.1", 0))
listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
print("serving on http://127.0.0.1:%d" % listener.getsockname()[1], flush=True)
uvicorn.Server(uvicorn.Config(app, http="h11", ws="none", access_log=False, log_level="error")).run(sockets=[listener])
"""
LIMITS = {"RATE": "1000000", "BURST": "1000000", "CONCURRENT": "1000"}
KNOWN = 50
WARM_UP = 200


@dataclass(frozen=True, slots=True)
class Load:
    """Describe what is sent: the path, and the body of the request with a number."""

    name: str
    path: str
    body: Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Timing:
    """Hold what one load took."""

    per_second: float
    median: float
    """Milliseconds."""
    worst: float
    """The 99th percentile, in milliseconds."""


LOADS = (
    Load("classify, known", "/v1/classify", lambda number: {"text": make_text(number % KNOWN)}),
    Load("classify, new", "/v1/classify", lambda number: {"text": make_text(number + KNOWN)}),
    Load("decide, known", "/v1/decide", lambda number: {"text": make_text(number % KNOWN)}),
    Load("record one", "/v1/outcomes", lambda number: {"outcomes": [{"text": make_text(number % KNOWN)}]}),
    Load(
        "record 100",
        "/v1/outcomes",
        lambda number: {"outcomes": [{"text": make_text(one % KNOWN)} for one in range(100)]},
    ),
)


def make_text(number: int) -> str:
    """Return one of as many errors as there are numbers, some 200 bytes long."""
    word = "".join(chr(ord("a") + int(digit)) for digit in str(number))
    return (
        f"npm error code ETIMEDOUT\nnpm error network request to https://registry.npmjs.org/{word} failed\n"
        f"npm error the package {word} could not be fetched, and the installation of {word} was given up"
    )


@contextlib.contextmanager
def start(command: list[str], **environ: str) -> Iterator[str]:
    """Start a server, yield its address, and end it."""
    with subprocess.Popen(  # noqa: S603 - our own servers
        command, env={**os.environ, **environ}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            lines = iter(process.stdout or ())
            yield next(found[1] for line in lines if (found := re.search(r"serving on (http://\S+)", line)))
        finally:
            process.terminate()


async def measure(url: str, load: Load, key: str, connections: int, requests: int) -> Timing:
    """Send requests over several connections and time each."""
    parts, taken = urlsplit(url), []
    numbers = iter(range(requests))
    head = (
        f"POST {load.path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n"
        "Content-Type: application/json\r\nContent-Length: "
    ).encode()

    async def send() -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        for number in numbers:
            body = json.dumps(load.body(number)).encode()
            begun = time.perf_counter()
            writer.write(head + b"%d\r\n\r\n" % len(body) + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", answer)
            if length is None or not answer.startswith(b"HTTP/1.1 200"):
                raise SystemExit(f"{load.name}: {answer!r}")
            await reader.readexactly(int(length[1]))
            taken.append(time.perf_counter() - begun)
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(send() for _ in range(connections)))
    seconds = time.perf_counter() - begun
    taken.sort()
    return Timing(requests / seconds, 1000 * taken[len(taken) // 2], 1000 * taken[int(len(taken) * 0.99)])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--requests", type=int, default=4000)
    chosen = parser.parse_args()
    plain = Load("plain FastAPI, a constant", "/", lambda _: {"text": make_text(0)})

    def run(url: str, load: Load, key: str) -> Timing:
        count = chosen.requests // (20 if load.name == "record 100" else 1)
        asyncio.run(measure(url, load, key, chosen.connections, min(WARM_UP, count)))
        return asyncio.run(measure(url, load, key, chosen.connections, count))

    with start([sys.executable, "-c", PLAIN]) as url:
        reference = run(url, plain, "none")
    print(f"{chosen.connections} connections, {chosen.requests} requests each\n")
    print("| request | requests/s | p50 ms | p99 ms | of plain FastAPI |\n|---|---|---|---|---|")
    show(plain.name, reference, reference)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        _, key = KeyRing(home).create_key("benchmark", ["classify", "record"])
        environ = {f"ERRCLASS_SERVE__{name}": value for name, value in LIMITS.items()}
        command = [sys.executable, "-m", "errclass", "serve", "--port", "0", "--quiet"]
        with start(command, ERRCLASS_HOME=str(home), **environ) as url:
            for load in LOADS:
                show(load.name, run(url, load, key), reference)


def show(name: str, timing: Timing, reference: Timing) -> None:
    """Print one row."""
    share = timing.per_second / reference.per_second
    print(f"| {name} | {timing.per_second:,.0f} | {timing.median:.1f} | {timing.worst:.1f} | {share:.2f} |", flush=True)


if __name__ == "__main__":
    main()
