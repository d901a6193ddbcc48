"""The local servers answer as they are told."""

from __future__ import annotations

from pathlib import Path

from servers import _body, _route

SPEC = {"status": 503, "routes": {"/simple/": {"status": 200}, "/simple/big": {"status": 429}}}


def test_longest_route_wins() -> None:
    """A longer prefix is the more particular one."""
    assert _route(SPEC, "/simple/bigdata/")["status"] == 429
    assert _route(SPEC, "/simple/small/")["status"] == 200


def test_other_paths_get_the_servers_own_answer() -> None:
    """What no route covers is answered by the server itself."""
    assert _route(SPEC, "/pypi/x/json") is SPEC


def test_status_answers_without_files(tmp_path: Path) -> None:
    """A status with a body needs no file."""
    assert _body({"status": 401, "body": "who"}, tmp_path, "/a") == (b"who", 401)


def test_files_are_served(tmp_path: Path) -> None:
    """Without a status, files and folders with an index are served, and the rest is missing."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "index.html").write_text("index", encoding="ascii")
    assert _body({}, tmp_path, "/a/?x=1") == (b"index", 200)
    assert _body({}, tmp_path, "/b")[1] == 404
