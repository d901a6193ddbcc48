from __future__ import annotations

import importlib.util
from urllib.parse import quote

import pytest
from support.postgres import PASSWORD, PostgresServer

from errclass.core.errors import MissingExtraError, StoreError
from errclass.core.types import Outcome
from errclass.outcomes import Store
from errclass.outcomes.postgres.address import read_address
from errclass.outcomes.postgres.faults import fault


def fail(address: str) -> str:
    """Record one outcome and return what the fault says."""
    with Store(address) as store, pytest.raises(StoreError) as caught:
        store.record(Outcome("a", "boom"))
    return str(caught.value)


def test_a_wrong_password_is_told_and_not_shown(postgres: PostgresServer) -> None:
    """Neither the wrong one nor the right one."""
    message = fail(postgres.address(password="wr@ng"))
    assert "check user and password" in message
    assert not any(secret in message for secret in ("wr@ng", quote("wr@ng", safe=""), PASSWORD))


def test_a_missing_database_is_told(postgres: PostgresServer) -> None:
    """With the command that makes one."""
    assert "createdb" in fail(postgres.address(database="nowhere"))


def test_an_absent_server_is_told() -> None:
    """Nothing listens on port 1, and nothing was written."""
    message = fail("postgres://app:hunter2@127.0.0.1:1/errclass")
    assert message.startswith("cannot use the outcome store postgres://app@127.0.0.1:1/errclass: ")
    assert "start the server or correct host and port" in message
    assert "nothing was written" in message


def test_an_unknown_host_is_told() -> None:
    """A name that never resolves."""
    assert "correct host and port" in fail("postgres://app@nowhere.invalid/errclass")


def test_an_unknown_option_is_told() -> None:
    """By its name."""
    assert '"colour"; correct the address' in fail("postgres://app@127.0.0.1:1/errclass?colour=red")


def test_a_role_without_rights_is_told(postgres: PostgresServer, address: str) -> None:
    """It may connect, and not make a schema."""
    postgres.ask("CREATE ROLE guest LOGIN PASSWORD 'guest'")
    query = address.rpartition("?")[2]
    assert "docs/postgres.md lists what to grant" in fail(postgres.address(user="guest", password="guest", query=query))


def test_without_psycopg_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is also a fault of the store: who decides without one goes on."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr("errclass.outcomes.postgres.driver.find_spec", lambda _: None)
    with (
        Store("postgres://db/errclass") as store,
        pytest.raises(MissingExtraError, match=r"errclass\[postgres\]") as got,
    ):
        store.exists()
    assert isinstance(got.value, StoreError)


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("42501", "may not do this"),
        ("25006", "name the primary"),
        ("53100", "disk is full"),
        ("53300", "no connection left"),
        ("57014", "took too long"),
        ("57P01", "is stopping or starting"),
        ("42P01", "removed or changed"),
        ("XX000", "the server's log"),
    ],
)
def test_codes_have_advice(code: str, advice: str) -> None:
    """Messages may be in any language; codes are not."""
    assert advice in str(fault(read_address("postgres://db/e"), "etwas ging schief", code))


def test_secrets_in_a_message_are_hidden() -> None:
    """Written as in the address, or as it is meant."""
    message = str(
        fault(read_address("postgres://u:p%40ss@db/e?sslpassword=deep"), "got p%40ss and p@ss and deep\nmore")
    )
    assert "got *** and *** and ***;" in message
