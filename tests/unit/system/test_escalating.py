"""Settings, store, agent and manager work together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.codegen_server import KEY, ORG, Codegen, Trouble, serve_codegen
from support.escalations import make_decision

from errclass.core.errors import ConfigError, UsageError
from errclass.outcomes import Store
from errclass.system.escalating import make_codegen, make_escalations, make_request
from errclass.system.settings import load_settings


@pytest.fixture
def codegen(monkeypatch: pytest.MonkeyPatch) -> Iterator[Codegen]:
    """A Codegen that the environment's variables lead to."""
    with serve_codegen() as service:
        monkeypatch.setenv("CODEGEN_API_URL", service.url)
        monkeypatch.setenv("CODEGEN_API_KEY", KEY)
        monkeypatch.setenv("CODEGEN_ORG_ID", str(ORG))
        yield service


def test_a_failure_goes_to_the_agent_and_into_the_store(codegen: Codegen, tree: Path, tmp_path: Path) -> None:
    """From the decision to the run, and to what became of its pull request."""
    settings = load_settings(cwd=tree)
    with Store(tmp_path / "store") as store:
        agent = make_codegen(settings, store=store)
        assert agent is not None
        manager = make_escalations(settings, store=store, codegen=agent)
        result = manager.escalate_error(make_request(make_decision(), text="FAIL", environ={}))
        assert (True, "codegen_run_started", "41894") == (result.success, result.action, result.details["run"])
        agent.report_pull_request("41894", "https://github.com/acme/shop/pull/7", "merged", by="ada")
        store.merge()
        with store.reading() as session:
            rows = session.execute("SELECT kind, name, result FROM actions ORDER BY ended_at").fetchall()
    assert [("escalate", "codegen", "success")] * 2 == rows


def test_a_pull_request_from_a_fork_gets_no_agent(codegen: Codegen, tree: Path, tmp_path: Path) -> None:
    """Whatever the caller says; what the CI system does not know, the caller may."""
    settings = load_settings(cwd=tree)
    stranger = {"GITLAB_CI": "1", "CI_MERGE_REQUEST_IID": "7"}
    agent = make_codegen(settings)
    context = make_decision().context
    from dataclasses import replace

    ours = replace(context, metadata={"pull_request": "false", "fork": "false"})
    for environ, given, success in (
        (stranger | {"CI_MERGE_REQUEST_PROJECT_ID": "1", "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "2"}, ours, False),
        (stranger, context, False),
        ({"CI": "1"}, context, False),
        ({"CI": "1"}, ours, True),
    ):
        manager = make_escalations(settings, codegen=agent)
        result = manager.escalate_error(make_request(make_decision(context=given), environ=environ))
        assert success == result.success
    assert 1 == len(codegen.asked)


def test_a_refusal_of_the_agent_is_told(codegen: Codegen, tree: Path) -> None:
    """With what to do."""
    codegen.troubles = [Trouble(401, b"{}")]
    settings = load_settings(cwd=tree)
    manager = make_escalations(settings, codegen=make_codegen(settings))
    result = manager.escalate_error(make_request(make_decision(), environ={}))
    assert (False, "codegen_unauthorized", "failed") == (result.success, result.action, result.status)
    assert "CODEGEN_API_KEY" in result.summary


def test_without_a_key_there_is_no_agent(tree: Path) -> None:
    """And nothing is wrong with that."""
    assert None is make_codegen(load_settings(cwd=tree))


def test_the_key_is_shown_nowhere(codegen: Codegen, tree: Path) -> None:
    """The other two are settings like any other."""
    settings = load_settings(cwd=tree)
    shown = {row["key"]: (row["value"], row["origin"]) for row in settings.describe()}
    assert (str(ORG), "environment") == shown["codegen.org_id"]
    assert KEY not in str(shown) + repr(settings) + str(settings.model_dump())


def test_our_own_names_of_the_variables_count_more(
    codegen: Codegen, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are read."""
    monkeypatch.setenv("ERRCLASS_CODEGEN__ORG_ID", "9")
    assert "9" == load_settings(cwd=tree).codegen.org_id


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CODEGEN_ORG_ID", "acme", "CODEGEN_ORG_ID"),
        ("CODEGEN_ORG_ID", "", "CODEGEN_ORG_ID"),
        ("CODEGEN_API_URL", "http://api.codegen.com", "https"),
        ("CODEGEN_API_KEY", "two words", "CODEGEN_API_KEY"),
        ("ERRCLASS_CODEGEN__AGENT", "nobody", "installed: codegen"),
    ],
)
def test_a_wrong_account_is_told(
    codegen: Codegen, tree: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    """By the variable's name, before anything is sent."""
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=said):
        make_codegen(load_settings(cwd=tree))


def test_a_wrong_limit_is_told(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for every setting."""
    monkeypatch.setenv("ERRCLASS_ESCALATION__DEADLINE", "0")
    with pytest.raises(ConfigError, match="ERRCLASS_ESCALATION__DEADLINE"):
        load_settings(cwd=tree)


@pytest.mark.parametrize(
    "line",
    [
        "codegen.api_key = 'k'",
        "codegen.api_url = 'https://evil.example'",
        "codegen.org_id = 1",
        "escalation.deadline = 1",
        "reset.allow_destructive = true",
        "reset.preserve_user_data = false",
    ],
)
def test_a_file_of_the_working_tree_sets_none_of_it(tree: Path, line: str) -> None:
    """It comes from whoever opened the pull request."""
    (tree / "errclass.toml").write_text(line)
    settings = load_settings(cwd=tree)
    assert ([line.split(" ", maxsplit=1)[0]], None) == (
        [refusal.key for refusal in settings.refused],
        settings.codegen.api_key,
    )
