"""Whatever breaks inside errclass, the user's pipeline sees only its own error, and the fault is told and logged."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.handling import IDEMPOTENT, RECIPE, Flaky, count_stored, listen, open_system, refuse

from errclass import ErrorHandlingSystem, HandlingResult
from errclass.actions.notify import Delivered
from errclass.core.errors import StoreError
from errclass.system.handling import handling_judge, handling_recoveries
from errclass.system.handling.handling_parts import HandlingParts
from errclass.system.handling.handling_records import HandlingRecords
from errclass.testing import quick_retries

AS_ROOT = os.geteuid() == 0


@pytest.fixture(autouse=True)
def _quickly() -> Any:
    with quick_retries():
        yield


def list_inner(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.getMessage().startswith("errclass.inner_fault")]


def check_unsettled(result: HandlingResult, operation: Flaky, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing automatic was done, and the fault is told once."""
    assert (False, True, 0) == (result.success, result.is_handling_error, operation.calls)
    assert len(result.faults) == len(list_inner(caplog)) >= 1
    assert isinstance(result.error, ConnectionError)


def test_settings_that_cannot_be_read(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Neither a program's start nor its failure breaks on them."""
    home.mkdir()
    (home / "config.toml").write_text("decision = [")
    system, operation = ErrorHandlingSystem(), Flaky(0)
    check_unsettled(system.handle_error(refuse(), IDEMPOTENT, operation), operation, caplog)
    assert "unhealthy" == system.get_health_status().overall
    assert all("error" in one for name, one in system.get_statistics().items() if name != "system")
    system.reset()
    system.stop()


@pytest.mark.parametrize("config", [{"no.such.key": 1}, {"retry": {"attempts": 0}}, ["retry"], {"store": "mysql://x"}])
def test_a_config_that_is_none(home: Path, caplog: pytest.LogCaptureFixture, config: Any) -> None:
    """It is told at the first failure, not raised into the program."""
    operation = Flaky(0)
    system = ErrorHandlingSystem(config)
    check_unsettled(system.handle_error(refuse(), IDEMPOTENT, operation), operation, caplog)
    system.stop()


def test_settings_that_were_mended_count(home: Path) -> None:
    """Without a restart."""
    home.mkdir()
    (home / "config.toml").write_text("decision = [")
    system = ErrorHandlingSystem()
    assert not system.handle_error(refuse(), IDEMPOTENT, Flaky(0)).success
    (home / "config.toml").write_text("")
    assert system.handle_error(refuse(), IDEMPOTENT, Flaky(0)).success
    system.stop()


def test_a_corrupt_model(home: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The failure is kept nevertheless, undecided."""
    model, operation = tmp_path / "model", Flaky(0)
    model.mkdir()
    (model / "manifest.json").write_text("{")
    with open_system(home, model=str(model)) as system:
        result = system.handle_error(refuse(), IDEMPOTENT, operation)
        assert "unhealthy" == system.get_health_status().overall
    check_unsettled(result, operation, caplog)
    assert {"failures": 1, "calls": 1} == count_stored(home)


def test_broken_rules(home: Path, tmp_path: Path) -> None:
    """Nothing automatic happens until they are mended; that is decided, and so no fault of this failure's handling."""
    rules, operation = tmp_path / "rules", Flaky(0)
    (rules / "guard").mkdir(parents=True)
    (rules / "guard" / "mine.yaml").write_text("when: [")
    with open_system(home, decision__rules=[str(rules)]) as system:
        result = system.handle_error(refuse(), IDEMPOTENT, operation)
    assert (False, 0) == (result.success, operation.calls)
    assert result.decision is not None
    assert any("mine.yaml" in reason for reason in result.decision.because)


def test_a_store_that_is_deleted_meanwhile(home: Path) -> None:
    """The operation is called again all the same, and what is said to be kept from then on is kept."""

    def lose() -> ConnectionError:
        shutil.rmtree(home / "store", ignore_errors=True)
        return refuse()

    with open_system(home) as system:
        operation = Flaky(2, make_error=lose)
        result = system.handle_error(refuse(), IDEMPOTENT, operation)
    assert (True, "deployed", 3) == (result.success, result.result, operation.calls)
    assert {"failures": 1, "calls": 2} == count_stored(home)


def test_a_store_that_is_no_folder(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It is decided without history, and not kept, which is told."""
    home.mkdir()
    (home / "store").write_text("a file")
    with open_system(home) as system:
        result = system.handle_error(refuse(), IDEMPOTENT, Flaky(1))
        assert "unhealthy" == system.get_health_status().overall
    assert (True, True, "deployed") == (result.success, result.is_handling_error, result.result)
    assert any("not recorded" in said for said in list_inner(caplog))


@pytest.mark.skipif(AS_ROOT, reason="nothing is read-only to root")
def test_a_read_only_store(home: Path) -> None:
    """Likewise."""
    (home / "store").mkdir(parents=True, mode=0o500)
    with open_system(home) as system:
        result = system.handle_error(refuse(), IDEMPOTENT, Flaky(1))
    assert (True, True) == (result.success, result.is_handling_error)


FULL_DISK = """
import resource, signal, sys
import errclass
from errclass.testing import quick_retries

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
calls = []
def operation():
    calls.append(1)
    if len(calls) < 3:
        raise ConnectionError("connect ETIMEDOUT 203.0.113.7:443")
    return "deployed"
system = errclass.ErrorHandlingSystem()
with quick_retries():
    for number in range(3):
        calls.clear()
        context = {"operation": f"deploy {number}", "effect": "idempotent"}
        result = system.handle_error(ConnectionError("connect ETIMEDOUT 203.0.113.7:443"), context, operation)
        print(result.success, result.result, result.is_handling_error)
system.stop()
"""


@pytest.mark.parametrize("size", [0, 50_000])
def test_a_full_disk(home: Path, size: int) -> None:
    """No file may grow beyond so many bytes, as on a disk without room; the operation is called again nevertheless."""
    command = [sys.executable, "-c", FULL_DISK, str(size)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (["True deployed True"] * 3, 0) == (ended.stdout.splitlines(), ended.returncode)


def raising(*_: Any, **__: Any) -> Any:
    raise RuntimeError("broken inside")


@pytest.mark.parametrize("seam", ["answer_failure", "to_outcome", "to_verdict"])
def test_a_fault_while_deciding(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, seam: str
) -> None:
    """Nothing automatic happens."""
    monkeypatch.setattr(handling_judge, seam, raising)
    operation = Flaky(0)
    with open_system(home) as system:
        check_unsettled(system.handle_error(refuse(), IDEMPOTENT, operation), operation, caplog)


@pytest.mark.parametrize("seam", ["get_parts", "get_retries", "get_store"])
def test_a_part_that_cannot_be_had(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, seam: str
) -> None:
    """Likewise, whichever it is."""
    monkeypatch.setattr(HandlingParts, seam, raising)
    operation = Flaky(0)
    with open_system(home) as system:
        check_unsettled(system.handle_error(refuse(), IDEMPOTENT, operation), operation, caplog)


def test_nobody_can_be_handed_it(home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Where escalations and messages cannot even be made."""
    monkeypatch.setattr(HandlingParts, "get_acting", raising)
    with open_system(home) as system:
        result = system.handle_error(refuse(), IDEMPOTENT, Flaky(99))
    assert (False, True) == (result.success, result.is_handling_error)
    assert list_inner(caplog)


def test_an_escalation_handler_that_raises(home: Path) -> None:
    """It is a failed escalation, and people are told of it."""
    with open_system(home, retry__attempts=1) as system:
        channel = listen(system)
        system.acting.escalations.register_handler("manual", raising)
        result = system.handle_error(refuse(), IDEMPOTENT, Flaky(99))
        system.stop(30)
    assert result.escalation is not None
    assert not result.escalation.success
    assert ["escalate", "notify"] == [step.kind for step in result.steps[1:]]
    assert 1 == len(channel.sent)


def test_a_channel_that_raises(home: Path) -> None:
    """The message waits for another try; the handling knows nothing of it."""
    with open_system(home, retry__attempts=1) as system:
        channel = listen(system)
        channel.results = [RuntimeError("broken inside"), Delivered("refused", "no")]
        result = system.handle_error(refuse(), IDEMPOTENT, Flaky(99))
        system.stop(5)
    assert (False, False) == (result.success, result.is_handling_error)
    assert channel.tried


def test_a_listener_that_raises(home: Path) -> None:
    """The others hear, and the operation is called again."""
    heard: list[object] = []
    with open_system(home) as system:
        system.retries.add_listener(raising)
        system.retries.add_listener(heard.append)
        assert system.handle_error(refuse(), IDEMPOTENT, Flaky(1)).success
    assert heard


def test_a_recovery_that_raises(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The operation is not called, and the fault is told."""
    import json

    monkeypatch.setattr(handling_recoveries, "recover", raising)
    (tmp_path / "recipes").mkdir()
    (tmp_path / "recipes" / "mend.yaml").write_text(json.dumps(RECIPE))
    config = {
        "recovery__recipes": [str(tmp_path / "recipes")],
        "recovery__autonomy": "auto",
        "recovery__allow": ["mend"],
    }
    operation = Flaky(0)
    with open_system(home, **config) as system:
        error = ModuleNotFoundError("No module named 'left_pad'")
        result = system.handle_error(error, IDEMPOTENT, operation, work=tmp_path)
    assert (False, True, 0) == (result.success, result.is_handling_error, operation.calls)
    assert list_inner(caplog)
    assert {"failures": 1, "calls": 1} == count_stored(home)  # it was recorded before, and is not once more


@pytest.mark.parametrize(
    "options",
    [
        {"context": 7},
        {"context": {"metadata": 7}},
        {"context": {"attempts": "many"}},
        {"timeout": "soon"},
        {"timeout": -1},
        {"operation": 7},
        {"operation": Flaky(0).acall},
        {"work": 7},
    ],
)
def test_arguments_that_make_no_sense(home: Path, options: dict[str, Any]) -> None:
    """Within an ``except`` block a complaint that is raised would hide the user's own error."""
    with open_system(home) as system:
        result = system.handle_error(refuse(), **options)
    assert (False, True) == (result.success, result.is_handling_error)


class HostileError(Exception):
    """Raise wherever it is looked at."""

    def __str__(self) -> str:
        raise RuntimeError("no text")

    def __setattr__(self, name: str, value: object) -> None:
        raise RuntimeError("no attributes")


@pytest.mark.parametrize(
    "error", [HostileError(), "\x1b]0;x\x07::error::" + "a" * 50_000, b"\xff\x00", "", ExceptionGroup("e", [refuse()])]
)
def test_hostile_errors(home: Path, error: Any) -> None:
    """They are errors like any other."""
    with open_system(home) as system:
        result = system.handle_error(error, IDEMPOTENT)
        result.to_dict()
    assert result.decision is not None


def test_a_hostile_error_is_raised_by_its_guard(home: Path) -> None:
    """And nothing of ours is."""
    with open_system(home) as system:

        @system.guard(effect="idempotent")
        def fail() -> None:
            raise HostileError

        with pytest.raises(HostileError):
            fail()


def test_a_secret_does_not_reach_the_log(home: Path, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    """Faults may carry whatever was handled."""

    def leak(*_: Any, **__: Any) -> Any:
        raise StoreError("password=hunter2hunter2")

    monkeypatch.setattr(HandlingParts, "get_store", leak)
    with caplog.at_level(logging.DEBUG, logger="errclass"), open_system(home) as system:
        result = system.handle_error(refuse(), IDEMPOTENT)
    assert "hunter2hunter2" not in caplog.text + str(result.to_dict())


def test_a_fault_after_the_success_changes_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was deployed is deployed, whatever cannot be kept or told of it."""
    monkeypatch.setattr(HandlingRecords, "record_success", raising)
    with open_system(home) as system:
        result = system.handle_error(refuse(), IDEMPOTENT, Flaky(0))
    assert (True, "deployed", True) == (result.success, result.result, result.is_handling_error)
