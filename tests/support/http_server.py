"""An HTTP server on the loopback address that answers as it is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(slots=True)
class Answer:
    """Describe one response; the connection is cut instead where ``cuts``."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cuts: bool = False


@dataclass(slots=True)
class Server:
    """Hold what is answered next and what was asked; after the last answer everything is well."""

    url: str
    answers: list[Answer] = field(default_factory=list)
    asked: list[tuple[str, bytes]] = field(default_factory=list)
    """Method and body of each request."""


@contextmanager
def serve() -> Iterator[Server]:
    """Run a server until the block ends."""
    server = Server("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = _read_body(self)
            server.asked.append((self.command, body))
            answer = server.answers.pop(0) if server.answers else Answer()
            if answer.cuts:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        do_POST = do_PUT = do_GET  # noqa: N815 - named by the library

        def log_message(self, *_: Any) -> None:
            return

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{httpd.server_port}/"
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join(10)


def _read_body(handler: BaseHTTPRequestHandler) -> bytes:
    if handler.headers.get("Transfer-Encoding") == "chunked":
        return _read_chunks(handler)
    return handler.rfile.read(int(handler.headers.get("Content-Length", 0)))


def _read_chunks(handler: BaseHTTPRequestHandler) -> bytes:
    body = b""
    while size := int(handler.rfile.readline(), 16):
        body += handler.rfile.read(size)
        handler.rfile.readline()
    handler.rfile.readline()
    return body
