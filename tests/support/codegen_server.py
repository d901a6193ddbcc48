"""A server on the loopback address that speaks Codegen's documented API, strictly, and fails as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

ORG = 323
KEY = "sk-test-of-the-loopback-server"
BASE = f"/v1/organizations/{ORG}/agent"
_CREATE_FIELDS = {"prompt", "images", "metadata", "repo_id", "model", "agent_type"}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Describe how one answer goes wrong."""

    status: int | None = None
    """None: the answer is what it would be, or is never sent."""
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cuts: bool = False
    """Whether the connection ends in the middle of the answer."""
    mute: bool = False
    """Whether no answer comes until the test lets it."""
    after: bool = False
    """Whether what was asked for is done first."""


@dataclass(slots=True)
class Codegen:
    """Hold what the service knows, what it is asked, and what goes wrong next."""

    url: str = ""
    runs: dict[int, dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    """Method, path and body of each request."""
    troubles: list[Trouble | None] = field(default_factory=list)
    """For the requests that come next, in order; None: nothing goes wrong."""
    statuses: list[str | None] = field(default_factory=list)
    """What the runs' status is at the looks that come next; the last one stays."""
    links_after: int = 0
    """Looks before a run names its pull request."""
    tells_metadata: bool = True
    stops: bool = True
    """Whether a ban stops the run."""
    released: threading.Event = field(default_factory=threading.Event)
    _looks: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: Any) -> tuple[int, Any]:
        """Return status and answer of a request."""
        if headers.get("Authorization") != f"Bearer {KEY}":
            return 401, {"message": "Invalid token", "status_code": 401}
        parts = urlsplit(path)
        if not parts.path.startswith(f"{BASE}/"):
            known = parts.path.startswith("/v1/organizations/")
            return (403 if known else 404), {"message": "You do not have access to this organization."}
        with self._lock:
            return self._route(method, parts.path.removeprefix(BASE), parse_qs(parts.query), body)

    def _route(self, method: str, path: str, query: Mapping[str, list[str]], body: Any) -> tuple[int, Any]:
        if (method, path) == ("POST", "/run"):
            return self._create(body)
        if (method, path) == ("GET", "/runs"):
            return self._list(query)
        if method == "POST" and path in ("/run/resume", "/run/ban"):
            return self._act(path, body)
        if method == "GET" and path.removeprefix("/run/").isdigit():
            return self._look(int(path.removeprefix("/run/")))
        return 404, {"message": "Not found", "status_code": 404}

    def _create(self, body: Any) -> tuple[int, Any]:
        if not isinstance(body, dict) or not isinstance(body.get("prompt"), str) or set(body) - _CREATE_FIELDS:
            return 422, {"detail": [{"loc": ["body", "prompt"], "msg": "Field required", "type": "missing"}]}
        number = 41_894 + len(self.runs)
        self.runs[number] = {
            "id": number,
            "organization_id": ORG,
            "status": "ACTIVE",
            "created_at": "2026-11-28 11:20:04.338398",
            "web_url": f"https://codegen.com/agent/trace/{number}",
            "result": None,
            "summary": None,
            "source_type": "API",
            "github_pull_requests": [],
            "metadata": body.get("metadata") if self.tells_metadata else None,
        }
        return 200, self.runs[number]

    def _list(self, query: Mapping[str, list[str]]) -> tuple[int, Any]:
        skip, limit = int(query.get("skip", ["0"])[0]), int(query.get("limit", ["100"])[0])
        if not 1 <= limit <= 100 or skip < 0:
            return 422, {"detail": [{"loc": ["query", "limit"], "msg": "out of range", "type": "range"}]}
        newest = [self.runs[number] for number in sorted(self.runs, reverse=True)]
        page = newest[skip : skip + limit]
        return 200, {"items": page, "total": len(newest), "page": 1, "size": limit, "pages": 1}

    def _look(self, number: int) -> tuple[int, Any]:
        run = self.runs.get(number)
        if run is None:
            return 404, {"message": "Agent run not found.", "status_code": 404}
        self._looks += 1
        if self.statuses:
            run["status"] = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        if run["status"] == "COMPLETE" and self._looks > self.links_after:
            run["github_pull_requests"] = [
                {
                    "id": 7,
                    "title": "Mend the build",
                    "url": "https://github.com/acme/shop/pull/7",
                    "head_branch_name": "codegen/mend",
                    "created_at": "2026-11-28T11:30:00",
                }
            ]
        return 200, run

    def _act(self, path: str, body: Any) -> tuple[int, Any]:
        needed = {"agent_run_id": int} | ({"prompt": str} if path.endswith("resume") else {})
        if not isinstance(body, dict) or any(not isinstance(body.get(name), kind) for name, kind in needed.items()):
            return 422, {"detail": [{"loc": ["body"], "msg": "Field required", "type": "missing"}]}
        run = self.runs.get(body["agent_run_id"])
        if run is None:
            return 404, {"message": "Agent run not found.", "status_code": 404}
        if path.endswith("resume"):
            run["status"] = "ACTIVE"
            return 200, run
        if self.stops:
            run["status"] = "CANCELLED"
        return 200, None


@contextmanager
def serve_codegen() -> Iterator[Codegen]:
    """Run a server until the block ends."""
    service = Codegen()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = _read_json(self)
            service.asked.append((self.command, self.path, body))
            trouble = (service.troubles.pop(0) if service.troubles else None) or Trouble()
            status, value = 200, None
            if trouble.status is None or trouble.after:
                status, value = service.answer(self.command, self.path, dict(self.headers), body)
            if trouble.mute:
                service.released.wait(30)
                self.close_connection = True
                return
            self._say(trouble, status, value)

        do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - named by the library

        def _say(self, trouble: Trouble, status: int, value: Any) -> None:
            content = trouble.body if trouble.body is not None else json.dumps(value).encode()
            self.send_response(trouble.status or status)
            for name, text in trouble.headers.items():
                self.send_header(name, text)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            try:
                self.wfile.write(content[: len(content) // 2] if trouble.cuts else content)
            except ConnectionError:
                self.close_connection = True
            if trouble.cuts:
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            return

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:
            """A client that leaves is no news."""

    httpd = Server(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{httpd.server_port}"
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield service
    finally:
        service.released.set()
        httpd.shutdown()
        httpd.server_close()
        thread.join(10)


def _read_json(handler: BaseHTTPRequestHandler) -> Any:
    content = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
    try:
        return json.loads(content) if content else None
    except ValueError:
        return content
