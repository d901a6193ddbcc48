"""``errclass config``, and what a file of the working tree can never do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.command_line import Finished, call_errclass

import errclass

FAILURE = b"curl: (7) Failed to connect to registry.example.com port 443: Connection refused\n"
HOSTILE = """
home = "evil/home"
store = "evil/store"
model = "evil/model"
environment = "development"
url = "https://evil.example"
api_key = "stolen"
classifiers = ["evil.module:run"]
component = "shop"

[decision]
rules = ["evil/rules"]
max_attempts = 1000
max_delay = 86400

[codegen]
url = "https://evil.example"
"""
REFUSED = (
    "home",
    "store",
    "model",
    "environment",
    "url",
    "api_key",
    "classifiers",
    "decision.rules",
    "decision.max_attempts",
    "decision.max_delay",
    "codegen.url",
)


def show() -> dict[str, tuple[object, str]]:
    rows = call_errclass("config", "show", "--format", "json").json["settings"]
    return {row["key"]: (row["value"], row["origin"]) for row in rows}


def explain(*options: str) -> Finished:
    done = call_errclass("explain", "--format", "json", *options, stdin=FAILURE)
    assert 0 == done.code, done.err
    return done


@pytest.fixture
def evil(tree: Path, small_model: Path) -> Path:
    """A pull request's settings file, with everything that it names."""
    (tree / "errclass.toml").write_text(HOSTILE)
    (tree / "evil" / "home").mkdir(parents=True)
    (tree / "evil" / "rules").mkdir()
    (tree / "evil" / "rules" / "policy.yaml").write_text("- broken")
    return tree / "evil"


def test_every_setting_says_where_it_comes_from(home: Path, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Defaults < the user's file < environment; the working tree only tightens."""
    home.mkdir()
    (home / "config.toml").write_text('environment = "staging"\n[decision]\nmax_attempts = 7\nmax_delay = 60\n')
    monkeypatch.setenv("ERRCLASS_DECISION__MAX_DELAY", "30")
    (tree / "errclass.toml").write_text('operation = "deploy"\n[decision]\nmax_attempts = 2\n')
    found = show()
    assert ("staging", str(home / "config.toml")) == found["environment"]
    assert (30.0, "environment") == found["decision.max_delay"]
    assert (2, str(tree / "errclass.toml")) == found["decision.max_attempts"]
    assert ("deploy", str(tree / "errclass.toml")) == found["operation"]
    assert (str(home / "store"), "default") == found["store"]


def test_the_table_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """For people."""
    monkeypatch.setenv("ERRCLASS_ENVIRONMENT", "staging")
    done = call_errclass("config", "show")
    assert (0, "") == (done.code, done.err)
    assert [line.split()[-2:] for line in done.out.splitlines() if line.startswith(" environment")] == [
        ["staging", "environment"]
    ]


def test_secrets_in_settings_are_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address may hold a password."""
    monkeypatch.setenv("ERRCLASS_STORE", "postgres://bot:hunter2butlonger@db.example.com/errclass")
    done = call_errclass("config", "show")
    assert (0, False, True) == (done.code, "hunter2" in done.out, "db.example.com" in done.out)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("decision = 3", "decision"),
        ("max_attempt = 3", "max_attempt"),
        ("[decision]\nmax_attempts = 0", "max_attempts"),
        ("x =", "TOML"),
    ],
)
def test_a_wrong_user_file_is_one_clear_line(text: str, words: str, home: Path) -> None:
    """The file and the key are named."""
    home.mkdir()
    (home / "config.toml").write_text(text)
    for arguments in (("config", "show"), ("classify",), ("models", "list")):
        done = call_errclass(*arguments, stdin=FAILURE)
        assert (2, "", 1) == (done.code, done.out, done.err.count("\n"))
        assert words in done.err


@pytest.mark.parametrize("value", ["many", "0", "-3", "1e99"])
def test_a_wrong_variable_is_one_clear_line(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable is named."""
    monkeypatch.setenv("ERRCLASS_DECISION__MAX_ATTEMPTS", value)
    done = call_errclass("config", "show")
    assert (2, "", 1) == (done.code, done.out, done.err.count("\n"))
    assert "ERRCLASS_DECISION__MAX_ATTEMPTS" in done.err


@pytest.mark.usefixtures("use_small_model")
def test_a_hostile_file_changes_no_answer_and_writes_nothing(evil: Path, home: Path) -> None:
    """Store, model, rules and limits stay as they were; every refusal is told on standard error."""
    done = explain("--record")
    settings = show()
    (evil.parent / "errclass.toml").unlink()
    plain = explain()
    answers = [json.loads(one.out) for one in (done, plain)]
    for key in ("type", "severity", "suggested_action"):
        assert answers[1][key] == answers[0][key]
    for key in ("plan", "strategy", "rules_revision", "model_version", "rules_fired"):
        assert answers[1]["decision"][key] == answers[0]["decision"][key]
    assert str(home / "store") == settings["store"][0]
    assert [] == settings["decision.rules"][0]
    assert ["home", "rules"] == sorted(path.name for path in evil.iterdir())
    assert [] == list((evil / "home").iterdir())
    for key in REFUSED:
        assert f": {key} is not applied" in done.err
    assert ": component is not applied" not in done.err
    assert "config trust" in done.err


@pytest.mark.usefixtures("evil", "use_small_model")
def test_a_hostile_file_changes_nothing_for_programs(caplog: pytest.LogCaptureFixture) -> None:
    """``errclass.decide`` refuses the same, and logs it once."""
    first, second = (errclass.decide(FAILURE.decode()) for _ in range(2))
    assert ("network", 10) == (first.type, max(10, first.plan.max_attempts))
    assert first.rules_revision == second.rules_revision
    events = [record.message.partition(":")[0] for record in caplog.records]
    assert (len(REFUSED) - 1, 1) == (events.count("errclass.setting_refused"), events.count("errclass.rules_refused"))


@pytest.mark.usefixtures("use_small_model")
@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("errclass.toml", "[decision]\nmax_attempts = 2\nmax_delay = 0.25\n"),
        ("pyproject.toml", "[tool.errclass.decision]\nmax_attempts = 2\nmax_delay = 0.25\n"),
    ],
)
def test_a_file_of_the_tree_may_tighten(file: str, text: str, tree: Path) -> None:
    """Fewer attempts and shorter waits apply at once, in both kinds of file."""
    before = explain().json["decision"]["plan"]
    (tree / file).write_text(text)
    done = explain()
    after = done.json["decision"]["plan"]
    assert before["max_attempts"] > 2 == after["max_attempts"]
    assert (0.25, 0.25, "") == (after["max_delay"], after["base_delay"], done.err)


@pytest.mark.usefixtures("use_small_model")
@pytest.mark.parametrize(
    "text",
    ["[decision]\nmax_attempts = 0", "[decision]\nmax_attempts = -5", "[decision]\nmax_attempts = 1.5", "[decision]\nmax_delay = -inf",
     "[decision]\nmax_attempts = nan", "[decision]\nmax_delay = nan", "[decision]\nmax_attempts = true", "decision = 3", "[[decision]]\nx = 1",
     "component = 3", "operation = ['a']", "\x00", "a = ", "x" * 2_000_000, "[" * 5000, '"\\u001b[31m\\n::error::" = 1',
     "[decision.max_attempts]\nx = 1"],
)  # fmt: skip
def test_nonsense_in_the_tree_is_refused_and_never_fatal(text: str, tree: Path) -> None:
    """Whoever opened the pull request cannot take errclass out of service, nor speak through its messages."""
    (tree / "errclass.toml").write_text(text)
    done = explain()
    assert "network" == done.json["type"]
    assert "is not applied" in done.err
    assert "\x1b" not in done.err
    assert all(line.startswith("errclass: ") for line in done.err.splitlines())


@pytest.mark.usefixtures("use_small_model")
def test_trust_lifts_the_limits_until_the_file_changes(tree: Path, home: Path) -> None:
    """``config trust`` is for the content, not for the place."""
    (tree / "errclass.toml").write_text('environment = "production"\n')
    assert "is not applied" in explain().err
    assert "errclass.toml" in call_errclass("config", "trust", ".").out
    assert ("production", "") == (show()["environment"][0], explain().err)
    (tree / "errclass.toml").write_text('environment = "production" \n')
    assert (None, True) == (show()["environment"][0], "is not applied" in explain().err)


def test_trust_needs_something_to_trust(tree: Path, home: Path) -> None:
    """A folder without settings, and a folder that is not there."""
    for place in (".", "missing"):
        done = call_errclass("config", "trust", place)
        assert (2, "") == (done.code, done.out)
        assert done.err
    assert not home.exists()


def test_a_damaged_trust_file_is_one_clear_line(home: Path, tree: Path) -> None:
    """It is never taken for empty, nor for full."""
    home.mkdir()
    (home / "trust.json").write_text("{")
    (tree / "errclass.toml").write_text('component = "a"')
    done = call_errclass("classify", stdin=FAILURE)
    assert (2, "", 1, True) == (done.code, done.out, done.err.count("\n"), "trust.json" in done.err)


def test_a_store_on_an_unknown_server_is_refused_not_taken_for_a_folder(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No folder named after its address appears."""
    monkeypatch.setenv("ERRCLASS_STORE", "mysql://db.example.com/errclass")
    done = call_errclass("outcomes", "stats")
    assert (2, "", 1, True) == (done.code, done.out, done.err.count("\n"), "ERRCLASS_STORE" in done.err)
    assert [".git"] == [path.name for path in tree.iterdir()]
