"""``errclass config``, and what a file of the working tree can never do."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

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


def show(*options: str) -> dict[str, tuple[object, str]]:
    rows = call_errclass("config", "show", *options, "--format", "json").json["settings"]
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


def test_what_holds_for_an_environment_and_a_component_is_shown(home: Path) -> None:
    """With the preset, the rules' own values, and the component's over them."""
    home.mkdir()
    (home / "config.toml").write_text("[components.database.retry]\nattempts = 2\n")
    found = show("--environment", "production", "--component", "database")
    assert (2, f"{home / 'config.toml'}: components.database.retry.attempts") == found["retry.attempts"]
    assert (2, "rules (preset production)") == found["retry.base_delay"]
    assert (5, "preset production") == found["notifications.limit"]
    assert ("production", "call") == found["environment"]
    assert (10, "default") == show()["notifications.limit"]


def test_a_component_without_settings_is_named_with_the_nearest(home: Path) -> None:
    """A slip of the pen would show what holds for all."""
    home.mkdir()
    (home / "config.toml").write_text("[components.database.retry]\nattempts = 2\n")
    done = call_errclass("config", "show", "--component", "databse")
    assert (2, True) == (done.code, "did you mean 'database'?" in done.err)


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine's own."""
    for name in check()["variables"]:
        monkeypatch.delenv(name, raising=False)


def check(*arguments: object, code: int = 0) -> dict[str, Any]:
    done = call_errclass("config", "check", *arguments, "--format", "json")
    assert code == done.code
    report: dict[str, Any] = done.json
    assert (code == 0) == report["valid"]
    return report


def told(report: dict[str, Any], level: str) -> str:
    return "\n".join(one["message"] for one in report["findings"] if one["level"] == level)


@pytest.mark.usefixtures("plain")
def test_a_check_without_faults_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """No agent and no channel are no mistakes; what is set is told."""
    report = check()
    assert "codegen.api_key" in told(report, "warning")
    assert "notifications.channels" in told(report, "warning")
    assert not any(report["variables"].values())
    monkeypatch.setenv("CODEGEN_API_KEY", "key")
    monkeypatch.setenv("CODEGEN_ORG_ID", "1")
    monkeypatch.setenv("NOTIFICATION_SLACK_WEBHOOK", "https://hooks.slack.com/services/T0/B0/x")
    report = check()
    assert ([], True) == (report["findings"], report["variables"]["CODEGEN_API_KEY"])
    done = call_errclass("config", "check")
    assert (0, True) == (done.code, done.out.endswith("the settings are valid\n"))
    assert "variables set: CODEGEN_API_KEY, CODEGEN_ORG_ID, NOTIFICATION_SLACK_WEBHOOK\n" in done.out


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[retry]\nmax_delay = 1.0\nbase_delay = 2.0\n", "retry.max_delay: 1 s is shorter than the first wait, 2 s"),
        ('environment = "production"\n[retry]\nmax_delay = 1.0\n', "shorter than the first wait, 2 s"),
        ("[thresholds]\ncodegen = 5\n", "a person is asked after 5 failures, so no repair is after 5"),
        ("[components.db.thresholds]\nmanual = 1\n", "components.db: thresholds: a person is asked after 1"),
        ("[retry]\nattempts = 20\n", "retry.attempts: 20 are no more than decision.max_attempts, 10"),
        (
            '[reporting.schedules.daily]\ncron = "0 7 * * *"\nnotify = true\n',
            "reporting.schedules.daily.notify: there is no channel",
        ),
        ('environment = "prodution"\n', "'prodution' has no preset (did you mean 'production'?)"),
        ('[recovery]\nallow = ["npm_reinstal"]\n', "no recipe 'npm_reinstal' (did you mean 'npm_reinstall'"),
    ],
)
def test_what_is_probably_not_meant_is_a_warning(home: Path, text: str, words: str) -> None:
    """It holds all the same."""
    home.mkdir()
    (home / "config.toml").write_text(text)
    assert words in told(check(), "warning")


@pytest.mark.usefixtures("plain")
def test_what_makes_sense_is_no_warning(home: Path) -> None:
    """Thresholds in order, a wait within its bound, a name of one's own."""
    home.mkdir()
    (home / "config.toml").write_text(
        'environment = "qa"\n[thresholds]\ncodegen = 2\nmanual = 3\n[retry]\nbase_delay = 2.0\nmax_delay = 2.0\n'
    )
    warnings = told(check(), "warning")
    assert not [word for word in ("thresholds", "retry", "did you mean") if word in warnings]


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[retry]\nattempts = 0\n[breaker]\nfailures = 0\n", ("retry.attempts", "breaker.failures")),
        ("[retry]\nmax_retries = 3\n", ("retry.max_retries: unknown key",)),
        ("x =", ("TOML",)),
        ('[notifications.channels.slack]\nwebhook_url = "ftp://x"\n', ("notifications.channels.slack",)),
        ('[notifications.channels.slak]\nwebhook_url = "https://x"\n', ("notifications.channels.slak",)),
        ('[codegen]\napi_key = "key"\n', ("codegen: ",)),
        ('[recovery]\nrecipes = ["missing"]\n', ("recovery.recipes",)),
    ],
)
def test_mistakes_are_all_told(home: Path, tmp_path: Path, text: str, words: tuple[str, ...]) -> None:
    """Of the user's file, and of another in its place; exit 1."""
    home.mkdir()
    file = tmp_path / "other.toml"
    file.write_text(text)
    errors = told(check(file, code=1), "error")
    assert [] == [word for word in words if word not in errors]
    assert check()["valid"]
    file.rename(home / "config.toml")
    assert errors.count("\n") == told(check(code=1), "error").count("\n")


@pytest.mark.usefixtures("plain")
def test_a_file_with_secrets_that_others_may_read_is_a_warning(home: Path) -> None:
    """Only then."""
    home.mkdir()
    file = home / "config.toml"
    file.write_text('[notifications.channels.slack]\nwebhook_url = "https://hooks.slack.com/services/T0/B0/x"\n')
    file.chmod(0o644)
    assert "chmod 600" in told(check(), "warning")
    file.chmod(0o600)
    assert "chmod 600" not in told(check(), "warning")


def test_a_file_is_begun_with_every_key_explained(home: Path) -> None:
    """It changes nothing but the environment, is the owner's alone, and replaces nothing unasked."""
    before = show()
    done = call_errclass("config", "init")
    file = home / "config.toml"
    assert (0, f"written: {file}\n", 0o600) == (done.code, done.out, file.stat().st_mode & 0o777)
    assert before == show()
    assert (2, True) == ((done := call_errclass("config", "init")).code, "--force" in done.err)
    assert 0 == call_errclass("config", "init", "--preset", "prod", "--force").code
    assert (("prod", str(file)), (5, "preset production")) == (show()["environment"], show()["notifications.limit"])
    assert [file] == list(home.iterdir())


def test_every_line_of_the_begun_file_may_be_taken_in(home: Path) -> None:
    """A key without its mark is one."""
    call_errclass("config", "init")
    file = home / "config.toml"
    lines = [re.sub(r"^# (\w+ = .+|\[.+\])$", r"\1", line) for line in file.read_text().splitlines()]
    file.write_text("\n".join(line for line in lines if not line.startswith("# ")))
    assert "[retry]" in lines
    assert check()["valid"]
    origins = {origin for key, (_, origin) in show().items() if key.startswith(("breaker.", "notifications."))}
    assert str(file) in origins


def test_a_preset_that_is_none_is_named_with_the_nearest(home: Path) -> None:
    """And nothing is written."""
    done = call_errclass("config", "init", "--preset", "prodution")
    assert (2, True, False) == (done.code, "did you mean 'production'" in done.err, home.exists())


def test_a_misspelt_variable_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what was probably meant; variables of other programs are their own affair."""
    monkeypatch.setenv("ERRCLASS_ENVIROMENT", "production")
    monkeypatch.setenv("ERRCLASS_DESICION__MAX_ATTEMPTS", "2")
    monkeypatch.setenv("ERRCLASS_GREETING", "hello")
    found = told(check(), "warning")
    assert (
        "ERRCLASS_ENVIROMENT: no setting has this name, so it does nothing; did you mean ERRCLASS_ENVIRONMENT?" in found
    )
    assert "did you mean ERRCLASS_DECISION__MAX_ATTEMPTS?" in found
    assert "GREETING" not in found


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ('type = "sumary"', "no report type is called 'sumary' (did you mean 'summary'?)"),
        ('window = "1y"', "'1y' is no window"),
        ('filters = { env = "x" }', "no filter is called 'env'"),
        ('format = "pdf"\n[reporting]\nbrowser = "/no/such"', "/no/such: is no program"),
    ],
)
def test_a_schedule_that_can_make_no_report_is_a_mistake(home: Path, fields: str, words: str) -> None:
    """Told before it is due."""
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_text(f'[reporting.schedules.daily]\ncron = "0 7 * * *"\n{fields}\n')
    assert f"reporting.schedules.daily: {words}" in told(check(code=1), "error")
