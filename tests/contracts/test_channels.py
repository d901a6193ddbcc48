"""What holds for every channel, found by its entry point."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from errclass.actions.notify import Channel, Delivered, Dispatch, Notice, list_channels, make_channel
from errclass.core.errors import ConfigError

UNREACHABLE: dict[str, dict[str, Any]] = {
    "apprise": {"urls": "json://127.0.0.1:1"},
    "email": {"host": "127.0.0.1", "port": "1", "sender": "a@example.com", "recipients": "b@example.com"},
    "linear": {"api_key": "s3cr3t", "team_id": "t", "url": "http://127.0.0.1:1/s3cr3t"},
    "slack": {"webhook_url": "http://127.0.0.1:1/s3cr3t"},
    "webhook": {"url": "http://127.0.0.1:1/s3cr3t", "secret": "s3cr3t"},
}
PLUGIN = """
class Channel:
    name, pace, batches = "pigeon", 0.0, False
    def __init__(self, loft): self.loft = loft
    @classmethod
    def from_settings(cls, values): return cls(values["loft"])
    def deliver(self, dispatch, timeout):
        from errclass.actions.notify import Delivered
        return Delivered("sent", f"to the {self.loft}")
"""
EVERY = pytest.mark.parametrize("name", list_channels())


def test_every_channel_is_tried() -> None:
    """A new one wants a line above."""
    assert set(UNREACHABLE) == set(list_channels())


@EVERY
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of modules that Apprise looks for
def test_a_channel_says_what_it_is(name: str) -> None:
    """By the name of its entry point."""
    channel = make_channel(name, UNREACHABLE[name])
    assert isinstance(channel, Channel)
    assert (name, True, True) == (channel.name, channel.pace >= 0, channel.batches in (True, False))


@EVERY
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_server_that_is_not_there_is_a_result(name: str) -> None:
    """Another attempt may succeed; no secret is told, nor shown."""
    channel = make_channel(name, UNREACHABLE[name])
    delivered = channel.deliver(Dispatch("k", Notice("x", fingerprint="f")), 2.0)
    assert ("again", True) == (delivered.status, bool(delivered.detail))
    assert "s3cr3t" not in repr((delivered, channel))


@EVERY
def test_wrong_options_are_named(name: str) -> None:
    """Unknown ones, and those that are missing."""
    with pytest.raises(ConfigError, match=rf"notifications\.channels\.{name}\.nonsense: unknown"):
        make_channel(name, {**UNREACHABLE[name], "nonsense": "s3cr3t"})
    with pytest.raises(ConfigError, match=rf"notifications\.channels\.{name}\.[a-z_]+: missing"):
        make_channel(name, {})


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a folder with a plug-in installed."""
    info = tmp_path / "errclass_pigeon-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: errclass_pigeon\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[errclass.channels]\npigeon = errclass_pigeon:Channel\n")
    (tmp_path / "errclass_pigeon.py").write_text(PLUGIN)
    return tmp_path


def call(site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {
        **os.environ,
        "PYTHONPATH": str(site),
        "ERRCLASS_HOME": str(site / "home"),
        "ERRCLASS_NOTIFICATIONS__CHANNELS__PIGEON__LOFT": "north",
    }
    command = [sys.executable, "-m", "errclass", "notifications", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=site, env=environ)


def test_a_channel_of_a_third_party_is_used(site: Path) -> None:
    """With its options from the settings."""
    done = call(site, "test", "pigeon", "--format", "json")
    assert (0, "") == (done.returncode, done.stderr)
    assert {"status": "sent", "detail": "to the north"}.items() <= json.loads(done.stdout).items()


@pytest.mark.parametrize(
    ("module", "problem"),
    [
        ("import no_such_module_at_all\n", "cannot be used: ModuleNotFoundError"),
        ("raise KeyError('x')\n", "cannot be used: KeyError"),
        ("Channel = 1\n", "cannot be used: AttributeError"),
        (PLUGIN.replace("deliver", "send"), "lacks name, pace, batches or deliver"),
        (PLUGIN.replace('"loft"', '"nest"'), "cannot be used: KeyError"),
    ],
)
def test_a_broken_plug_in_is_named(site: Path, module: str, problem: str) -> None:
    """And left out."""
    (site / "errclass_pigeon.py").write_text(module)
    done = call(site, "list")
    assert 0 == done.returncode
    assert "errclass: notifications.channels.pigeon: errclass_pigeon:Channel" in done.stderr
    assert problem in done.stderr
    assert "Traceback" not in done.stderr


def test_two_plug_ins_of_one_name_are_both_named(site: Path) -> None:
    """None is chosen."""
    info = site / "errclass_other-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: errclass_other\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[errclass.channels]\npigeon = errclass_other:Channel\n")
    assert "several packages bring this channel" in call(site, "list").stderr


def test_a_result_that_is_none_is_refused() -> None:
    """It is told what came instead."""
    from errclass.actions.notify.sending import send_dispatch
    from errclass.testing import RecordingChannel

    class Odd(RecordingChannel):
        def deliver(self, dispatch: Dispatch, timeout: float) -> Delivered:
            return None  # type: ignore[return-value]

    delivered = send_dispatch(Odd(), Dispatch("k", Notice("x")))
    assert ("refused", "the channel returned NoneType instead of Delivered") == (delivered.status, delivered.detail)
