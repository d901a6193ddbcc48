"""HTTP servers on the loopback address that take posts, and may misbehave in every way that servers do."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Post:
    """Hold one request."""

    path: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """Describe one response."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cuts: bool = False
    """Whether the connection is cut in the middle of the answer."""
    raw: bytes | None = None
    """Bytes to send instead of an HTTP response."""
    hangs: bool = False
    """Whether nothing is answered until the server is stopped."""
    endless: bool = False
    """Whether the body goes on until the other side has had enough."""


@dataclass(slots=True)
class PostsServer:
    """Hold what was asked, and answers that come before those of the server's own judgement."""

    url: str
    judge: Callable[[Post], Answer]
    faults: list[Answer] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    """All requests, also those that were answered with a fault."""
    stopped: threading.Event = field(default_factory=threading.Event)
    came: threading.Event = field(default_factory=threading.Event)
    """Set with the first request."""


@contextmanager
def serve_posts(judge: Callable[[Post], Answer], path: str = "/") -> Iterator[PostsServer]:
    """Run a server until the block ends; ``judge`` answers where no fault is told."""
    server = PostsServer("", judge)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            post = Post(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            server.posts.append(post)
            server.came.set()
            answer = server.faults.pop(0) if server.faults else server.judge(post)
            with contextlib.suppress(ConnectionError):
                _answer(self, answer, server.stopped)

        def do_GET(self) -> None:
            self.send_error(405)

        def log_message(self, *_: Any) -> None:
            return

    class Listener(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            return  # the other side hung up, which it may

    httpd = Listener(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{httpd.server_port}{path}"
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.stopped.set()
        httpd.shutdown()
        httpd.server_close()
        thread.join(10)


def _answer(handler: BaseHTTPRequestHandler, answer: Answer, stopped: threading.Event) -> None:
    handler.close_connection = True
    if answer.hangs:
        stopped.wait(30)
        return
    if answer.raw is not None:
        handler.wfile.write(answer.raw)
        return
    handler.send_response(answer.status)
    for name, value in answer.headers.items():
        handler.send_header(name, value)
    size = len(answer.body) + (1000 if answer.cuts else 0)
    handler.send_header("Content-Length", str(10**12 if answer.endless else size))
    handler.end_headers()
    handler.wfile.write(answer.body)
    while answer.endless and not stopped.is_set():
        handler.wfile.write(b"x" * 65_536)
    handler.wfile.flush()
    with contextlib.suppress(OSError):
        handler.connection.shutdown(socket.SHUT_WR)
