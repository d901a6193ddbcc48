"""``errclass.decide`` inside a user's program: it answers, whatever happens."""

from __future__ import annotations

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.command_line import call_errclass

import errclass
from errclass.core.failure import failure_from_text

FAILURE = "curl: (7) Failed to connect to registry.example.com port 443: Connection refused"
TEXTS = (
    FAILURE,
    "src/app.ts(12,5): error TS2322: Type 'string' is not assignable to type 'number'.",
    "psycopg2.errors.DeadlockDetected: deadlock detected",
    "Process completed with exit code 1",
    "write /var/lib/docker/tmp/x: no space left on device",
    "denied: requested access to the resource is denied",
)


def without_id(decision: errclass.Decision) -> dict[str, Any]:
    return replace(decision, decision_id="").to_dict()


@pytest.mark.usefixtures("use_small_model")
def test_all_that_can_fail_is_taken() -> None:
    """Text, bytes, exceptions and failures."""
    error = ConnectionRefusedError(111, "Connection refused")
    for given_error in (FAILURE, FAILURE.encode(), error, failure_from_text(FAILURE)):
        assert "network" == errclass.decide(given_error).type
    assert "network" == errclass.decide("Process completed with exit code 1", logs=FAILURE).type


@pytest.mark.usefixtures("use_small_model")
def test_classify_error_is_decide_without_what_to_do() -> None:
    """The same answer in its smaller form."""
    classification, decision = errclass.classify_error(FAILURE), errclass.decide(FAILURE)
    assert type(classification) is errclass.Classification
    assert classification.to_dict() == {key: decision.to_dict()[key] for key in classification.to_dict()}


@pytest.mark.parametrize("error", [None, 7, ["text"], {"text": "x"}, object()])
def test_anything_else_is_a_type_error(error: Any) -> None:
    """That is the caller's slip, not a failure to judge."""
    with pytest.raises(TypeError, match="expected text, bytes"):
        errclass.decide(error)


@pytest.mark.parametrize("logs", [None, 7, ["line"]])
def test_logs_are_text_or_bytes(logs: Any) -> None:
    """Likewise."""
    with pytest.raises(TypeError, match="logs"):
        errclass.decide(FAILURE, logs=logs)


@pytest.mark.usefixtures("use_small_model")
def test_exceptions_that_point_at_themselves_end() -> None:
    """Cycles in ``__cause__`` and ``__context__`` exist in the wild."""
    first, second = ConnectionRefusedError("Connection refused"), RuntimeError("deploy failed")
    first.__cause__, second.__cause__ = second, first
    first.__context__, second.__context__ = second, first
    assert "network" == errclass.decide(first).type


@pytest.mark.usefixtures("use_small_model")
def test_exceptions_that_cannot_be_shown_are_answered() -> None:
    """Their ``__str__`` raises; ours must not."""

    class NastyError(ConnectionError):
        def __str__(self) -> str:
            raise RuntimeError("no")

    assert errclass.decide(NastyError()).decision_id


def check_careful(caplog: pytest.LogCaptureFixture) -> None:
    decision = errclass.decide(FAILURE, operation="deploy", api_key="s3cr3t-value-of-a-key")
    assert ("unknown", "notify", False, 0.0) == (
        decision.type,
        decision.strategy,
        decision.retryable,
        decision.confidence,
    )
    assert ["errclass.inner_fault"] == [r.message for r in caplog.records if r.levelname == "ERROR"]
    assert "s3cr3t" not in json.dumps(decision.to_dict())


def test_a_broken_model_never_reaches_the_caller(
    tree: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Unknown, nothing automatic, and the fault in the log."""
    (tree / "model").mkdir()
    (tree / "model" / "manifest.json").write_text("{")
    monkeypatch.setenv("ERRCLASS_MODEL", str(tree / "model"))
    check_careful(caplog)


def test_a_missing_model_never_reaches_the_caller(
    tree: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Likewise."""
    monkeypatch.setenv("ERRCLASS_MODEL", str(tree / "missing"))
    check_careful(caplog)


def test_broken_settings_never_reach_the_caller(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Likewise."""
    home.mkdir()
    (home / "config.toml").write_text("decision = [")
    check_careful(caplog)


@pytest.mark.usefixtures("use_small_model")
@pytest.mark.parametrize("damage", ["locked", "rubbish", "rubbish inbox", "a file"])
def test_a_store_that_cannot_be_read_costs_only_the_history(damage: str, home: Path) -> None:
    """The decision is the same as without any history."""
    expected = errclass.decide(FAILURE).type
    call_errclass("explain", "--record", stdin=FAILURE.encode())
    store = home / "store"
    if damage == "locked":
        import duckdb

        with duckdb.connect(str(store / "outcomes.duckdb")), sqlite3.connect(store / "inbox.sqlite") as inbox:
            inbox.execute("BEGIN EXCLUSIVE")
            found = errclass.decide(FAILURE)
        inbox.close()
    else:
        if damage == "a file":
            for path in store.iterdir():
                path.unlink()
            store.rmdir()
            store.write_text("no folder")
        else:
            (store / ("inbox.sqlite" if "inbox" in damage else "outcomes.duckdb")).write_bytes(b"rubbish" * 999)
        found = errclass.decide(FAILURE)
    assert (expected, "network") == (found.type, expected)


@pytest.mark.usefixtures("use_small_model")
def test_threads_agree() -> None:
    """Eight threads that decide at once get what one alone gets."""
    alone = [without_id(errclass.decide(text)) for text in TEXTS]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: without_id(errclass.decide(TEXTS[n % len(TEXTS)])), range(96)))
    assert alone * 16 == found


@pytest.mark.usefixtures("use_small_model")
def test_threads_may_be_the_first_to_ask() -> None:
    """Loading at the first call happens once, whoever comes first."""
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: without_id(errclass.decide(FAILURE)), range(8)))
    assert found[:1] * 8 == found


@pytest.mark.usefixtures("use_small_model")
def test_the_context_comes_from_settings_failure_and_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """The call goes over the failure's own, and that over the settings; nothing is lost on the way."""
    monkeypatch.setenv("ERRCLASS_ENVIRONMENT", "staging")
    monkeypatch.setenv("ERRCLASS_COMPONENT", "shop")
    assert ("staging", "shop") == (
        errclass.decide(FAILURE).context.environment,
        errclass.decide(FAILURE).context.component,
    )
    own = errclass.Context(environment="production", effect="irreversible")
    found = errclass.decide(failure_from_text(FAILURE, context=own), attempt=2, team="blue").context
    assert ("production", "irreversible", 2, "blue") == (
        found.environment,
        found.effect,
        found.attempt,
        found.metadata["team"],
    )


@pytest.mark.usefixtures("use_small_model")
@pytest.mark.parametrize(
    ("effect", "strategy"),
    [("idempotent", "retry"), (None, "retry"), ("irreversible", "other"), ("irreversable", "other")],
)
def test_irreversible_operations_are_never_retried(effect: str | None, strategy: str) -> None:
    """Neither when the word is misspelt."""
    assert (strategy == "retry") == (errclass.decide(FAILURE, effect=effect).strategy == "retry")


@pytest.mark.usefixtures("use_small_model")
@pytest.mark.parametrize("slip", [{"effct": "irreversible"}, {"kill_swich": True}, {"breaker_opened": True}])
def test_a_misspelt_name_never_allows_what_the_right_one_forbids(slip: dict[str, object]) -> None:
    """As a mere remark nothing would come of it."""
    assert "retry" == errclass.decide(FAILURE, wish="none").strategy
    assert "retry" != errclass.decide(FAILURE, **slip).strategy


printable = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=120)
ROOM = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.usefixtures("use_small_model")
@ROOM
@given(text=st.one_of(printable, st.sampled_from(TEXTS)), log=printable, attempt=st.integers(1, 50))
def test_deciding_is_deterministic(text: str, log: str, attempt: int) -> None:
    """The same question gets the same answer, id aside."""
    first, second = (errclass.decide(text, logs=log, attempt=attempt) for _ in range(2))
    assert without_id(first) == without_id(second)
    assert first.model_version  # not the answer to a fault, which is always the same


@pytest.mark.usefixtures("use_small_model")
@ROOM
@given(
    before=printable,
    after=printable,
    form=st.sampled_from(["{}", "token={}", "https://u:{}@h.example/", "Bearer {}", '"{}"']),
)
def test_a_secret_anywhere_in_a_text_is_in_no_field(before: str, after: str, form: str) -> None:
    """Masking comes before everything, evidence and context included."""
    secret = "ghp_" + "Zx9Yw8Vu7T" * 4
    text = f"{before}\n{FAILURE} {form.format(secret)}\n{after}"
    decision = errclass.decide(text, logs=text, operation=f"push {form.format(secret)}", note=form.format(secret))
    assert secret not in json.dumps(decision.to_dict())
    assert decision.model_version  # not the answer to a fault, which says nothing


def test_a_context_of_other_types_is_understood() -> None:
    """An attempt in words counts, and a value that only prints as a secret is masked as one."""

    class Address:
        def __str__(self) -> str:
            return "https://bob:correct-horse-9@git.example.com/x"

    decision = errclass.decide(FAILURE, attempt="7", cancelled="false", repository=Address())
    assert (7, False) == (decision.context.attempt, decision.context.cancelled)
    assert "retry" != decision.strategy
    assert "correct-horse-9" not in json.dumps(decision.to_dict())
