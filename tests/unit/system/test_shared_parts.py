"""Parts are renewed by one thread at a time, and are in the end those of the files as they are."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any, cast

import pytest

from errclass.system import shared_parts
from errclass.system.shared_parts import SharedParts


class Files:
    """Files that may change while they are read."""

    def __init__(self) -> None:
        self.content = "A"
        self.changes: list[str] = []
        self.reading = threading.Event()
        self.finish = threading.Event()
        self.finish.set()

    def build(self, settings: Any, *, last_good: Any = None) -> Any:
        """Read them, as ``build_parts`` does; one of the changes comes in the middle."""
        content = self.content
        self.reading.set()
        self.finish.wait(10)
        if self.changes:
            self.content = self.changes.pop(0)
        engine = SimpleNamespace(policy=SimpleNamespace(revision=content))
        model = SimpleNamespace(version="m")
        return SimpleNamespace(settings=settings, engine=engine, model=model, faults=(), held_back=False)


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> Files:
    """Stand in for settings, rules and model."""
    files = Files()
    monkeypatch.setattr(shared_parts, "load_settings", lambda: SimpleNamespace(refused=()))
    monkeypatch.setattr(shared_parts, "build_parts", files.build)
    monkeypatch.setattr(shared_parts, "_stamp", lambda settings: files.content)
    return files


def make_shared() -> SharedParts:
    seconds = iter(range(1_000_000))
    return SharedParts(clock=lambda: float(next(seconds)))


def revision_of(parts: Any) -> str:
    return cast(str, parts.engine.policy.revision)


def test_a_change_while_files_are_read_is_not_missed(files: Files) -> None:
    """They are read again, so that what is in force is what lies there."""
    shared = make_shared()
    assert "A" == revision_of(shared.get())
    files.content, files.changes = "B", ["C", "D"]
    assert "D" == revision_of(shared.get())
    assert "D" == revision_of(shared.get())


def test_others_go_on_with_the_old_parts_meanwhile(files: Files) -> None:
    """One thread renews them; nobody waits for it, and nobody reads the same files at the same time."""
    shared = make_shared()
    shared.get()
    files.content = "B"
    files.reading.clear()
    files.finish.clear()
    renewed: list[str] = []
    thread = threading.Thread(target=lambda: renewed.append(revision_of(shared.get())))
    thread.start()
    assert files.reading.wait(10)
    files.content = "C"
    assert "A" == revision_of(shared.get())
    files.finish.set()
    thread.join(10)
    assert (["C"], "C") == (renewed, revision_of(shared.get()))
