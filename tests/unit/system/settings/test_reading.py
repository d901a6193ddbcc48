"""Where settings come from, which level wins, and what is said when one is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from errclass.core.errors import ConfigError
from errclass.system.settings import Settings, load_settings
from errclass.system.trust import TrustStore


def _write_user_file(home: Path, text: str) -> Path:
    home.mkdir(parents=True, exist_ok=True)
    file = home / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file


def _origin(settings: Settings, key: str) -> object:
    return next(row["origin"] for row in settings.describe() if row["key"] == key)


def test_defaults_hang_on_the_home(home: Path, tree: Path) -> None:
    """Without any file or variable, the store lies in the home, and nothing is created."""
    settings = load_settings(cwd=tree)
    assert settings.home == home
    assert settings.store == str(home / "store")
    assert settings.model is None
    assert settings.refused == ()
    assert not home.exists()


def test_the_home_is_the_users_data_folder(home: Path, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the platform puts such things, when nothing else is said."""
    monkeypatch.delenv("ERRCLASS_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    assert load_settings(cwd=tree).home.name == "errclass"


def test_each_level_outranks_the_one_before(home: Path, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Default, user file, environment, flag."""
    assert load_settings(cwd=tree).decision.max_attempts == 10
    file = _write_user_file(home, "[decision]\nmax_attempts = 7\nmax_delay = 60\n")
    assert load_settings(cwd=tree).decision.max_attempts == 7
    monkeypatch.setenv("ERRCLASS_DECISION__MAX_ATTEMPTS", "5")
    assert load_settings(cwd=tree).decision.max_attempts == 5
    settings = load_settings(cwd=tree, overrides={"decision.max_attempts": 3})
    assert settings.decision.max_attempts == 3
    assert settings.decision.max_delay == 60
    assert _origin(settings, "decision.max_attempts") == "flag"
    assert _origin(settings, "decision.max_delay") == str(file)
    assert _origin(settings, "component") == "default"


def test_environment_variables_reach_nested_keys(home: Path, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two underscores stand for a dot; lists are JSON; an empty variable says nothing."""
    monkeypatch.setenv("ERRCLASS_DECISION__RULES", '["/rules/a", "/rules/b"]')
    monkeypatch.setenv("ERRCLASS_ENVIRONMENT", "staging")
    monkeypatch.setenv("ERRCLASS_MODEL", "")
    settings = load_settings(cwd=tree)
    assert settings.decision.rules == (Path("/rules/a"), Path("/rules/b"))
    assert settings.environment == "staging"
    assert settings.model is None
    assert _origin(settings, "environment") == "environment"


def test_a_home_given_as_a_flag_is_the_one_that_is_read(home: Path, tree: Path, tmp_path: Path) -> None:
    """Its file and its store, not those of the environment's."""
    _write_user_file(home, 'environment = "wrong"')
    _write_user_file(tmp_path / "other", 'environment = "right"')
    settings = load_settings(cwd=tree, overrides={"home": str(tmp_path / "other")})
    assert (settings.home, settings.environment) == (tmp_path / "other", "right")
    assert settings.store == str(tmp_path / "other" / "store")


def test_a_tilde_is_the_users_folder(home: Path, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where no shell expands it."""
    monkeypatch.setenv("HOME", "/people/joe")
    monkeypatch.setenv("ERRCLASS_HOME", "~/e")
    monkeypatch.setenv("ERRCLASS_MODEL", "~/m")
    monkeypatch.setenv("ERRCLASS_STORE", "~no-such-user/s")
    settings = load_settings(cwd=tree, overrides={"decision.rules": ["~/r"]})
    assert (settings.home, settings.model) == (Path("/people/joe/e"), Path("/people/joe/m"))
    assert settings.decision.rules == (Path("/people/joe/r"),)
    assert settings.store == "~no-such-user/s"


def test_paths_in_the_user_file_start_from_its_folder(home: Path, tree: Path) -> None:
    """The same file means the same folders wherever a command runs."""
    _write_user_file(home, 'store = "outcomes"\n[decision]\nrules = ["rules", "/abs"]\n')
    settings = load_settings(cwd=tree)
    assert settings.store == str(home / "outcomes")
    assert settings.decision.rules == (home / "rules", Path("/abs"))


@pytest.mark.parametrize("password", ["hunter2", "x", "password"])
def test_a_store_on_a_server_stays_a_url_and_is_shown_masked(
    home: Path, tree: Path, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    """Its password is for the driver only, also where it looks like none."""
    monkeypatch.setenv("ERRCLASS_STORE", f"postgres://app:{password}@db/errclass")
    settings = load_settings(cwd=tree)
    assert settings.store == f"postgres://app:{password}@db/errclass"
    row = next(row for row in settings.describe() if row["key"] == "store")
    assert row == {"key": "store", "value": "postgres://app:[masked:password]@db/errclass", "origin": "environment"}


def test_a_store_on_a_server_may_stand_in_the_users_file(home: Path, tree: Path) -> None:
    """An address is no path, and is not anchored like one."""
    _write_user_file(home, 'store = "postgres://db/errclass?schema=ci"\n')
    assert load_settings(cwd=tree).store == "postgres://db/errclass?schema=ci"


@pytest.mark.parametrize(
    ("variable", "option"),
    [
        ("ERRCLASS_NOTIFICATIONS__CHANNELS__SLACK__WEBHOOK_URL", "slack.webhook_url"),
        ("NOTIFICATION_SLACK_WEBHOOK", "slack.webhook_url"),
        ("NOTIFICATION_EMAIL_SMTP_PASS", "email.password"),
        ("NOTIFICATION_EMAIL_FROM", "email.sender"),
        ("NOTIFICATION_EMAIL_TO", "email.recipients"),
        ("LINEAR_API_KEY", "linear.api_key"),
        ("LINEAR_TEAM_ID", "linear.team_id"),
    ],
)
def test_options_of_channels_are_never_shown(
    home: Path, tree: Path, monkeypatch: pytest.MonkeyPatch, variable: str, option: str
) -> None:
    """Whatever they are: an address may be a secret; a number stays the text that it was."""
    monkeypatch.setenv(variable, "123456")
    settings = load_settings(cwd=tree)
    channel, name = option.split(".")
    assert "123456" == settings.notifications.channels[channel][name]
    row = {"key": f"notifications.channels.{option}", "value": "***", "origin": "environment"}
    assert row in settings.describe()


def test_errclass_own_variables_outrank_others(home: Path, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the other options of the channel are taken together."""
    monkeypatch.setenv("NOTIFICATION_EMAIL_SMTP_HOST", "old.example.com")
    monkeypatch.setenv("ERRCLASS_NOTIFICATIONS__CHANNELS__EMAIL__HOST", "new.example.com")
    _write_user_file(home, '[notifications.channels.email]\nhost = "file.example.com"\nsender = "a@example.com"\n')
    email = load_settings(cwd=tree).notifications.channels["email"]
    assert {"host": "new.example.com", "sender": "a@example.com"} == email


def test_settings_cannot_be_changed(home: Path, tree: Path) -> None:
    """They are read once and handed around."""
    settings = load_settings(cwd=tree)
    with pytest.raises(ValueError, match="frozen"):
        settings.store = "elsewhere"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[decision]\nmax_attempt = 3\n", "decision.max_attempt: unknown key; did you mean decision.max_attempts?"),
        (
            "[promotion]\nminimum_gains = 3\n",
            "promotion.minimum_gains: unknown key; did you mean promotion.minimum_gain",
        ),
        ("[promotion]\nslice_share = 0.6\n", "promotion.slice_share: "),
        ("[notifications]\nlimt = 3\n", "notifications.limt: unknown key; did you mean notifications.limit?"),
        (
            '[notifications.channels]\nslack = "s3cr3t"\n',
            "notifications.channels.slack: input should be a valid dictionary",
        ),
        (
            "[[notifications.maintenance]]\nstart = 2026-01-01T00:00:00\nend = 2026-01-02T00:00:00Z\n",
            "notifications.maintenance.0.start: input should have timezone info",
        ),
        (
            "[[notifications.maintenance]]\nstart = 2026-01-02T00:00:00Z\nend = 2026-01-01T00:00:00Z\n",
            "notifications.maintenance.0: value error, a maintenance must end after it starts",
        ),
        ('stoer = "x"\n', "stoer: unknown key; did you mean store?"),
        ("zzz = 1\n", "zzz: unknown key; known keys: home, store, model"),
        ("[decision]\nmax_attempts = 0\n", "decision.max_attempts: input should be greater than or equal to 1"),
        ('[decision]\nmax_attempts = "x"\n', "decision.max_attempts: input should be a valid integer"),
        ("[decision]\nmax_delay = nan\n", "decision.max_delay: "),
        ('[decision]\nrules = "x"\n', "decision.rules: input should be a valid tuple"),
        ("[decision]\nrules = [3]\n", "decision.rules.0: input is not a valid path"),
        ("decision = 3\n", "decision: input should be a valid dictionary"),
        ("store = 3\n", "store: input should be a valid string"),
        ("store = \n", "cannot be read as TOML (Invalid value (at line 1, column 9)"),
        ('home = "/elsewhere"\n', "home: the file that lies in it cannot move it; set ERRCLASS_HOME instead"),
    ],
)
def test_a_mistake_in_the_user_file_is_named(home: Path, tree: Path, text: str, message: str) -> None:
    """File, key, what is wrong, and the nearest key."""
    file = _write_user_file(home, text)
    with pytest.raises(ConfigError) as caught:
        load_settings(cwd=tree)
    assert str(caught.value).startswith(f"{file}: {message}")


@pytest.mark.parametrize("content", ["store = 'x'".encode("utf-16"), b"a = " + b"[" * 9000], ids=["utf16", "deep"])
def test_a_user_file_of_other_bytes_is_named(home: Path, tree: Path, content: bytes) -> None:
    """Windows editors write UTF-16."""
    home.mkdir()
    (home / "config.toml").write_bytes(content)
    with pytest.raises(ConfigError, match=r"config\.toml: cannot be read as TOML"):
        load_settings(cwd=tree)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("ERRCLASS_DECISION__MAX_ATTEMPTS", "many", "ERRCLASS_DECISION__MAX_ATTEMPTS: input should be a valid integer"),
        ("ERRCLASS_DECISION__MAX_ATTEMPT", "3", "ERRCLASS_DECISION__MAX_ATTEMPT: unknown key; did you mean"),
        ("ERRCLASS_DECISION__RULES", "/a:/b", "lists are written as JSON: ERRCLASS_DECISION__RULES="),
        ("ERRCLASS_DECISION", "3", "ERRCLASS_DECISION: input should be a valid dictionary"),
    ],
)
def test_a_mistake_in_the_environment_is_named(
    home: Path, tree: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    """By the variable's name."""
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as caught:
        load_settings(cwd=tree)
    assert message in str(caught.value)


def test_a_group_that_is_a_value_in_one_level_and_a_table_in_another_is_named(
    home: Path, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two levels that contradict each other are a mistake, not a crash."""
    _write_user_file(home, "decision = 3")
    monkeypatch.setenv("ERRCLASS_DECISION__MAX_ATTEMPTS", "3")
    with pytest.raises(ConfigError, match=r"decision: is a group of keys, such as decision\.max_attempts"):
        load_settings(cwd=tree)


def test_a_removed_working_directory_has_no_settings(home: Path) -> None:
    """A job may clean up the folder it runs in."""
    script = (
        "import os, tempfile\n"
        "from errclass.system.settings import load_settings\n"  # first: Python 3.13.0 imports no extension from nowhere
        "folder = tempfile.mkdtemp(); os.chdir(folder); os.rmdir(folder)\n"
        "print(load_settings().refused)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd="/")
    assert (done.stdout, done.stderr) == ("()\n", "")


HOSTILE = """
home = "/evil/home"
store = "postgres://evil.example/steal"
model = "evil-model"
environment = "development"
plugins = ["evil"]
autonomy = "auto"
api_key = "mine"
"decision.rules" = ["evil"]

[decision]
max_attempts = 999
max_delay = 86000

[channels.slack]
url = "https://evil.example/hook"
"""


@pytest.mark.parametrize("name", ["errclass.toml", "pyproject.toml"])
def test_a_hostile_file_of_the_working_tree_changes_nothing(home: Path, tree: Path, name: str) -> None:
    """No URL, key, store or model; and every attempt is reported with its way out."""
    before = load_settings(cwd=tree)
    hostile = HOSTILE
    if name == "pyproject.toml":
        top, decision, channels = HOSTILE.split("\n\n[")
        hostile = "\n\n[tool.errclass.".join([f"[tool.errclass]\n{top}", decision, channels])
    (tree / name).write_text(hostile, encoding="utf-8")
    settings = load_settings(cwd=tree)
    assert settings.model_dump() == before.model_dump()
    assert {refusal.key for refusal in settings.refused} == {
        *("home", "store", "model", "environment", "plugins", "autonomy", "api_key", "channels.slack.url"),
        *("decision.max_attempts", "decision.max_delay"),
    }
    assert all(f"errclass config trust {tree}" in str(refusal) for refusal in settings.refused)
    assert not home.exists()


def test_tightening_is_applied_and_loosening_is_not(home: Path, tree: Path) -> None:
    """Each limit by itself."""
    (tree / "errclass.toml").write_text("[decision]\nmax_attempts = 2\nmax_delay = 600.0\n", encoding="utf-8")
    settings = load_settings(cwd=tree)
    assert (settings.decision.max_attempts, settings.decision.max_delay) == (2, 300.0)
    assert _origin(settings, "decision.max_attempts") == str(tree / "errclass.toml")
    (refusal,) = settings.refused
    assert (refusal.key, refusal.reason) == ("decision.max_delay", "it would raise the limit from 300.0 to 600.0")


@pytest.mark.parametrize(
    ("line", "applied"),
    [
        ("max_type_drop = 1.0", True),
        ("max_type_drop = 50.0", False),
        ("minimum_gain = 2.0", True),
        ("minimum_gain = -2.0", False),
        ("minimum_examples = 5", True),
        ("minimum_examples = 5000", False),
        ("slice_share = 0.5", False),
    ],
)
def test_a_working_tree_may_only_narrow_the_gate_of_promotion(home: Path, tree: Path, line: str, applied: bool) -> None:
    """Whoever opens a pull request puts no worse model into use; more texts to judge by would leave it unjudged."""
    before = load_settings(cwd=tree).promotion
    (tree / "errclass.toml").write_text(f"[promotion]\n{line}\n", encoding="utf-8")
    settings = load_settings(cwd=tree)
    assert applied == (settings.promotion != before)
    assert applied == (not settings.refused)


@pytest.mark.parametrize(
    ("word", "acting"), [("off", False), ("OFF ", False), ("false", False), ("0", False), ("on", True), ("1", True)]
)
def test_one_variable_switches_everything_off(
    home: Path, tree: Path, monkeypatch: pytest.MonkeyPatch, word: str, acting: bool
) -> None:
    """It is the kill switch by a shorter name; without it everything is on."""
    assert load_settings(cwd=tree).acting
    monkeypatch.setenv("ERRCLASS_ACT", word)
    settings = load_settings(cwd=tree)
    assert (acting, not acting, "environment") == (
        settings.acting,
        settings.decision.kill_switch,
        _origin(settings, "decision.kill_switch"),
    )


@pytest.mark.parametrize("word", ["of", "no", "2", "yes please"])
def test_a_slip_of_the_pen_does_not_leave_it_on(
    home: Path, tree: Path, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    """Whoever meant to stop everything is told what to write."""
    monkeypatch.setenv("ERRCLASS_ACT", word)
    with pytest.raises(ConfigError, match="ERRCLASS_ACT: write off to switch everything automatic off, or on, not"):
        load_settings(cwd=tree)


@pytest.mark.parametrize(("act", "switch"), [("off", "false"), ("on", "true")])
def test_of_two_variables_the_one_that_stops_counts(
    home: Path, tree: Path, monkeypatch: pytest.MonkeyPatch, act: str, switch: str
) -> None:
    """A contradiction is no reason to act."""
    monkeypatch.setenv("ERRCLASS_ACT", act)
    monkeypatch.setenv("ERRCLASS_DECISION__KILL_SWITCH", switch)
    assert not load_settings(cwd=tree).acting


def test_a_variable_undoes_what_the_users_file_says(home: Path, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are the user's own, and the environment outranks the file."""
    _write_user_file(home, "[decision]\nkill_switch = true\n")
    assert not load_settings(cwd=tree).acting
    monkeypatch.setenv("ERRCLASS_ACT", "on")
    assert load_settings(cwd=tree).acting


@pytest.mark.parametrize("trusted", [False, True])
def test_a_working_tree_pulls_the_switch_and_never_releases_it(
    home: Path, tree: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool
) -> None:
    """Also one that is trusted: what the user stopped stays stopped."""
    file = tree / "errclass.toml"

    def load(text: str) -> Settings:
        file.write_text(text, encoding="utf-8")
        if trusted:
            TrustStore(home).trust_directory(tree)
        return load_settings(cwd=tree)

    assert (False, str(file)) == (
        (stopped := load("[decision]\nkill_switch = true\n")).acting,
        _origin(stopped, "decision.kill_switch"),
    )
    _write_user_file(home, "[decision]\nkill_switch = true\n")
    settings = load("[decision]\nkill_switch = false\n")
    assert (False, ["it may only be switched on"]) == (settings.acting, [one.reason for one in settings.refused])
    assert trusted != ("errclass config trust" in str(settings.refused[0]))


def test_limits_of_the_user_are_tightened_further_but_not_undone(
    home: Path, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lower limit wins, whoever set it."""
    monkeypatch.setenv("ERRCLASS_DECISION__MAX_ATTEMPTS", "4")
    (tree / "errclass.toml").write_text("[decision]\nmax_attempts = 6\n", encoding="utf-8")
    assert load_settings(cwd=tree).decision.max_attempts == 4
    (tree / "errclass.toml").write_text("[decision]\nmax_attempts = 3\n", encoding="utf-8")
    assert load_settings(cwd=tree).decision.max_attempts == 3


def test_a_working_tree_may_say_what_it_is(home: Path, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless the user has said so: a pull request renames nothing."""
    (tree / "errclass.toml").write_text('component = "web"\noperation = "build"\n', encoding="utf-8")
    settings = load_settings(cwd=tree)
    assert (settings.component, settings.operation, settings.refused) == ("web", "build", ())
    monkeypatch.setenv("ERRCLASS_OPERATION", "release")
    assert load_settings(cwd=tree).operation == "release"


@pytest.mark.parametrize("value", ["0", "-5", "1.5", "-inf", "true", '"3"', "[]"])
def test_a_senseless_limit_of_the_working_tree_is_refused(home: Path, tree: Path, value: str) -> None:
    """It is lower than the limit, but no limit; and never an error of the user's."""
    (tree / "errclass.toml").write_text(f"[decision]\nmax_attempts = {value}\n", encoding="utf-8")
    settings = load_settings(cwd=tree)
    assert settings.decision.max_attempts == 10
    assert [refusal.key for refusal in settings.refused] == ["decision.max_attempts"]


def test_a_trusted_file_may_set_what_the_user_may(home: Path, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths start from its folder; environment and flags still outrank it, and the home stays the user's."""
    (tree / "errclass.toml").write_text(
        'home = "/x"\nmodel = "/m"\nenvironment = "ci"\n[decision]\nrules = ["rules"]\nmax_attempts = 50\n',
        encoding="utf-8",
    )
    TrustStore(home).trust_directory(tree)
    monkeypatch.setenv("ERRCLASS_ENVIRONMENT", "staging")
    settings = load_settings(cwd=tree)
    assert (settings.model, settings.environment, settings.home) == (Path("/m"), "staging", home)
    assert (settings.decision.rules, settings.decision.max_attempts) == ((tree / "rules",), 50)
    assert [refusal.key for refusal in settings.refused] == ["home"]


def test_a_wrong_key_of_a_trusted_file_is_refused(home: Path, tree: Path) -> None:
    """Trust makes nobody infallible; the rest applies."""
    (tree / "errclass.toml").write_text('modle = "x"\nenvironment = "ci"\ndecision = 3\n', encoding="utf-8")
    TrustStore(home).trust_directory(tree)
    settings = load_settings(cwd=tree)
    assert settings.environment == "ci"
    assert [refusal.key for refusal in settings.refused] == ["modle", "decision"]


def test_a_changed_file_loses_its_trust(home: Path, tree: Path) -> None:
    """What was trusted was what stood there."""
    file = tree / "errclass.toml"
    file.write_text("[decision]\nmax_attempts = 50\n", encoding="utf-8")
    TrustStore(home).trust_directory(tree)
    assert load_settings(cwd=tree).decision.max_attempts == 50
    file.write_text("[decision]\nmax_attempts = 51\n", encoding="utf-8")
    settings = load_settings(cwd=tree)
    assert settings.decision.max_attempts == 10
    assert [refusal.key for refusal in settings.refused] == ["decision.max_attempts"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_user_file_that_may_not_be_read_is_named(home: Path, tree: Path) -> None:
    """Its permissions are the user's to mend."""
    _write_user_file(home, "").chmod(0)
    with pytest.raises(ConfigError, match=r"config\.toml: cannot be read"):
        load_settings(cwd=tree)


def test_options_of_channels_are_in_no_text_of_the_settings(
    home: Path, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither where they are printed nor where they are written as JSON; the channel gets them as they are."""
    monkeypatch.setenv("NOTIFICATION_SLACK_WEBHOOK", "https://hooks.example.com/s3cr3t")
    settings = load_settings(cwd=tree)
    assert "s3cr3t" not in f"{settings!r} {settings} {settings.model_dump_json()} {settings.model_dump(mode='json')}"
    assert "https://hooks.example.com/s3cr3t" == settings.notifications.channels["slack"]["webhook_url"]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ERRCLASS_NOTIFICATIONS__CHANNELS__SLACK", "https://hooks.example.com/s3cr3t"),
        ("ERRCLASS_NOTIFICATIONS__CHANNELS", '{"slack": "s3cr3t"}'),
        ("ERRCLASS_NOTIFICATIONS__CHANNELS", '{"slack": "s3cr3t"'),
    ],
)
def test_a_fault_of_the_settings_shows_no_secret(
    home: Path, tree: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    """Nor does what it came of."""
    import traceback

    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigError) as caught:
        load_settings(cwd=tree)
    assert "s3cr3t" not in "".join(traceback.format_exception(caught.value))
