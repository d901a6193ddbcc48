"""Local servers that answer as sick registries, proxies and web sites do; started inside a sandbox's network."""

from __future__ import annotations

import http.server
import json
import socket
import ssl
import struct
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Spec = Mapping[str, Any]

_FOREVER = 3600.0


def serve(spec: Spec, certificates: Path, www: Path) -> None:
    """Listen as one entry of ``servers`` says, in threads of this process."""
    behaviour = spec.get("raw")
    listener = socket.create_server(("127.0.0.1", int(spec["port"])), backlog=64)
    context = _tls_context(spec["tls"], certificates) if spec.get("tls") else None
    handle = _RAW[behaviour] if behaviour else _http_handler(spec, www)
    threading.Thread(target=_accept_forever, args=(listener, context, handle), daemon=True).start()


def answer_dns(reply: str) -> None:
    """Answer every DNS question with "no such name" (nxdomain) or "server failure" (servfail)."""
    code = {"nxdomain": 3, "servfail": 2}[reply]
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind(("127.0.0.1", 53))

    def loop() -> None:
        while True:
            question, address = listener.recvfrom(512)
            listener.sendto(
                question[:2] + struct.pack("!H", 0x8180 | code) + question[4:6] + bytes(6) + question[12:], address
            )

    threading.Thread(target=loop, daemon=True).start()


def _tls_context(kind: str, certificates: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / f"{kind}.crt", certificates / f"{kind}.key")
    return context


def _accept_forever(
    listener: socket.socket, context: ssl.SSLContext | None, handle: Callable[[socket.socket], None]
) -> None:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_serve_one, args=(connection, context, handle), daemon=True).start()


def _serve_one(
    connection: socket.socket, context: ssl.SSLContext | None, handle: Callable[[socket.socket], None]
) -> None:
    try:
        handle(context.wrap_socket(connection, server_side=True) if context else connection)
    except OSError:
        connection.close()  # the client went away, or refused the certificate: that is the failure to capture


def _hang(_: socket.socket) -> None:
    time.sleep(_FOREVER)


def _reset(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _close(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def _noise(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.sendall(b"\x00\x01\x02 this is no protocol you know\r\n\r\n")
    connection.close()


_RAW: dict[str, Callable[[socket.socket], None]] = {"hang": _hang, "reset": _reset, "close": _close, "noise": _noise}


def _http_handler(spec: Spec, www: Path) -> Callable[[socket.socket], None]:
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            self.rfile.read(length)
            self._answer(_route(spec, self.path))

        do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_PROPFIND = do_CONNECT = do_GET  # noqa: N815 - asked for so

        def _answer(self, reply: Spec) -> None:
            body, status = _body(reply, www, self.path)
            self.close_connection = True
            self.send_response(status)
            headers = {"Content-Type": "text/plain", "Content-Length": len(body), "Connection": "close"}
            for name, value in {**headers, **reply.get("headers", {})}.items():
                self.send_header(name, str(value))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body[: int(reply.get("stop_after", len(body)))])
                self.wfile.flush()
            time.sleep(float(reply.get("stall", 0)))

        def version_string(self) -> str:
            return str(spec.get("server", "nginx"))

        def log_message(self, *_: object) -> None:
            """Say nothing: what the client prints is what counts."""

    return lambda connection: _handle_http(Handler, connection)


def _handle_http(handler: Callable[..., object], connection: socket.socket) -> None:
    handler(connection, ("127.0.0.1", 0), None)
    connection.close()


def _route(spec: Spec, path: str) -> Spec:
    """Return the reply of the longest route that the path starts with, or the server's own."""
    matching = [prefix for prefix in spec.get("routes", {}) if path.startswith(prefix)]
    return spec["routes"][max(matching, key=len)] if matching else spec


def _body(reply: Spec, www: Path, path: str) -> tuple[bytes, int]:
    if "status" in reply:
        return str(reply.get("body", "")).encode(), int(reply["status"])
    target = www / path.partition("?")[0].strip("/")
    target = target / "index.html" if target.is_dir() else target
    return (target.read_bytes(), 200) if target.is_file() else (b"404 page not found\n", 404)


def main() -> None:
    """Serve what the specification in the first argument says until killed; print "ready" once listening."""
    spec = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    if spec["dns"] != "unreachable":
        answer_dns(spec["dns"])
    for each in spec["servers"]:
        serve(each, Path(spec["certificates"]), Path(spec["www"]))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    time.sleep(_FOREVER)


if __name__ == "__main__":
    main()
