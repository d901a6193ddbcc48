"""The guides for Celery, Airflow, pytest and plain Python cannot lie: what they show is run."""

from __future__ import annotations

import doctest
import importlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from support.documents import list_all_blocks, list_named_files
from support.source import find_source

from errclass.system.retry_shared import SHARED
from errclass.testing import quick_retries

GUIDES = find_source() / "docs" / "guides"


class Post:
    """Stands in for what a task calls: raises what it is told, then returns."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls = 0

    def __call__(self, *_: Any) -> None:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder that modules are imported from, and forgotten with, and a home of one's own."""
    monkeypatch.setenv("ERRCLASS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in {"shop", "errclass_airflow", "publish"}:
            del sys.modules[name]


@pytest.fixture
def tasks(folder: Path) -> ModuleType:
    """The module of tasks that the guide for Celery shows; each is run at once, further tries too."""
    pytest.importorskip("celery")
    _write_files("celery.md", folder)
    module = importlib.import_module("shop.tasks")
    module.app.conf.task_always_eager = True
    return module


def test_celery_tries_again_what_that_helps(tasks: ModuleType) -> None:
    """Until it succeeds."""
    tasks.post_order = Post(*[ConnectionError("connect ETIMEDOUT 203.0.113.7:443")] * 2)
    result = tasks.send_order.delay(7)
    assert ("SUCCESS", 7, 3) == (result.state, result.result, tasks.post_order.calls)


def test_celery_tries_no_more_often_than_was_decided(tasks: ModuleType) -> None:
    """Four calls, and the task fails with its own error."""
    tasks.post_order = Post(*[ConnectionError("connect ETIMEDOUT 203.0.113.7:443")] * 9)
    result = tasks.send_order.delay(7)
    assert ("FAILURE", ConnectionError, 4) == (result.state, type(result.result), tasks.post_order.calls)


@pytest.mark.parametrize(
    ("task", "error"),
    [
        ("send_order", ModuleNotFoundError("No module named 'yaml'")),
        ("charge", ConnectionError("connect ETIMEDOUT 203.0.113.7:443")),
    ],
)
def test_celery_fails_at_once_what_no_other_try_helps(task: str, error: Exception, tasks: ModuleType) -> None:
    """A mistake, and what may not happen twice."""
    tasks.post_order = Post(error)
    result = getattr(tasks, task).delay(7)
    assert ("FAILURE", error, 1) == (result.state, result.result, tasks.post_order.calls)


def test_celery_waits_at_least_as_long_as_the_other_side_asks(tasks: ModuleType) -> None:
    """The countdown is a Retry-After's, where there is one."""
    task = tasks.send_order
    task.push_request(called_directly=False, retries=0, args=(7,), kwargs={}, is_eager=False)
    waited: list[float] = []
    task.retry = lambda **given: waited.append(given["countdown"]) or given["exc"]
    try:
        task.judge(RuntimeError("HTTP/1.1 429 Too Many Requests\nRetry-After: 90"))
    finally:
        task.pop_request()
        del task.retry
    assert [True] == [wait >= 90 for wait in waited]


class _FailError(Exception):
    """Stands in for AirflowFailException: Airflow is not installed here."""


@pytest.mark.parametrize(
    ("error", "given", "expected"),
    [
        (ConnectionError("connect ETIMEDOUT 203.0.113.7:443"), {"effect": "idempotent", "attempt": 1}, ConnectionError),
        (ConnectionError("connect ETIMEDOUT 203.0.113.7:443"), {"effect": "irreversible", "attempt": 1}, _FailError),
        (ConnectionError("connect ETIMEDOUT 203.0.113.7:443"), {"effect": "idempotent", "attempt": 4}, _FailError),
        (ModuleNotFoundError("No module named 'yaml'"), {"effect": "idempotent", "attempt": 1}, _FailError),
    ],
)
def test_airflow_is_told_which_failures_are_for_good(
    error: Exception, given: dict[str, Any], expected: type[Exception], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are raised as they are, and Airflow tries again."""
    for name in ("airflow", "airflow.sdk", "airflow.sdk.exceptions"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    sys.modules["airflow.sdk.exceptions"].AirflowFailException = _FailError  # type: ignore[attr-defined]
    _write_files("airflow.md", folder)
    monkeypatch.syspath_prepend(str(folder / "dags"))
    helper = importlib.import_module("errclass_airflow")
    with pytest.raises(expected) as raised, helper.failing_early("publish.upload", **given):
        raise error
    assert error in (raised.value, raised.value.__cause__)


def test_airflow_is_told_nothing_of_a_success(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The block simply ends."""
    for name in ("airflow", "airflow.sdk", "airflow.sdk.exceptions"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    sys.modules["airflow.sdk.exceptions"].AirflowFailException = _FailError  # type: ignore[attr-defined]
    _write_files("airflow.md", folder)
    monkeypatch.syspath_prepend(str(folder / "dags"))
    with importlib.import_module("errclass_airflow").failing_early("upload", effect="idempotent", attempt=1):
        done = True
    assert done


def test_the_fixture_and_the_tests_of_the_guide_for_pytest_pass(folder: Path) -> None:
    """In a process of their own."""
    _write_files("pytest.md", folder)
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (0, True) == (ran.returncode, "3 passed" in ran.stdout), ran.stdout


def test_the_examples_of_plain_python_answer_what_is_shown(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are one session."""
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    SHARED.reset()
    page = GUIDES / "python.md"
    body = "".join(block.body for block in list_all_blocks(page) if block.language == "pycon")
    example = doctest.DocTestParser().get_doctest(body, {"__name__": "__main__"}, page.name, str(page), 0)
    printed: list[str] = []
    with quick_retries():
        doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=printed.append)
    assert "" == "".join(printed)


def _write_files(page: str, folder: Path) -> None:
    for name, body in list_named_files(GUIDES / page).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(body, encoding="utf-8")
