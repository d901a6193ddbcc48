"""The agent's account."""

from __future__ import annotations

from collections.abc import Callable

from support.codegen_server import KEY, ORG, serve_codegen

from errclass.system.checks import check_codegen
from errclass.system.settings import Settings


def test_without_a_key_it_is_off(settings: Settings) -> None:
    """It says what to set."""
    check = check_codegen(settings)
    assert "off" == check.status
    assert "CODEGEN_API_KEY" in check.advice


def test_a_whole_account_is_well_and_nobody_is_asked(load: Callable[..., Settings]) -> None:
    """Unless that is wished."""
    with serve_codegen() as service:
        check = check_codegen(load(codegen__api_key="k", codegen__org_id="7", codegen__api_url=service.url))
        assert ("ok", []) == (check.status, service.asked)


def test_a_missing_or_wrong_organisation_is_a_problem(load: Callable[..., Settings]) -> None:
    """It is a number."""
    for account in ({}, {"codegen__org_id": "acme"}):
        check = check_codegen(load(codegen__api_key="k", **account))
        assert "problem" == check.status
        assert "CODEGEN_ORG_ID" in check.message


def test_an_unknown_agent_is_a_problem(load: Callable[..., Settings]) -> None:
    """Those that are installed are named."""
    check = check_codegen(load(codegen__api_key="k", codegen__org_id="7", codegen__agent="nobody"))
    assert "problem" == check.status


def test_a_service_that_is_not_there_is_a_problem_without_the_key(load: Callable[..., Settings]) -> None:
    """With what to check."""
    account = {"codegen__api_key": "k3yk3yk3y", "codegen__org_id": "7", "codegen__api_url": "http://127.0.0.1:1"}
    check = check_codegen(load(**account), connect=True)
    assert ("problem", True) == (check.status, bool(check.advice))
    assert "k3yk3yk3y" not in check.message + check.advice


def test_an_agent_that_is_switched_off_is_not_looked_at(load: Callable[..., Settings]) -> None:
    """Whatever its account is."""
    assert "off" == check_codegen(load(codegen__api_key="k", enable__codegen=False)).status


def test_a_service_that_takes_the_key_is_well(load: Callable[..., Settings]) -> None:
    """It is really asked."""
    with serve_codegen() as service:
        account = {"codegen__api_key": KEY, "codegen__org_id": str(ORG), "codegen__api_url": service.url}
        check = check_codegen(load(**account), connect=True)
        assert ("ok", True) == (check.status, bool(service.asked)), check.message
