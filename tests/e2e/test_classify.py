"""``errclass classify``: answers for programs, line by line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.command_line import call_errclass, start_errclass

from errclass.cli import json_lines
from errclass.core.types import Context, Failure
from errclass.system import pipeline
from errclass.system.wiring import Parts

pytestmark = pytest.mark.usefixtures("use_small_model")

KEYS = {
    "category",
    "type",
    "severity",
    "retryable",
    "suggested_action",
    "confidence",
    "abstained",
    "alternatives",
    "fingerprint",
    "evidence",
    "model_version",
    "strategy",
}
TEXTS = (
    "curl: (7) Failed to connect to registry.example.com port 443: Connection refused",
    "src/app.ts(12,5): error TS2322: Type 'string' is not assignable to type 'number'.",
    "psycopg2.errors.DeadlockDetected: deadlock detected",
    "Process completed with exit code 1",
    "",
    "write /var/lib/docker/tmp/x: no space left on device",
)


def ask_lines(*lines: str | bytes, options: tuple[str, ...] = ()) -> tuple[int, list[Any]]:
    data = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
    done = call_errclass("classify", "--jsonl", *options, stdin=data)
    assert done.err == ""
    return done.code, done.lines


def ask_texts(*texts: str, options: tuple[str, ...] = ()) -> list[Any]:
    code, answers = ask_lines(*(json.dumps({"id": n, "text": text}) for n, text in enumerate(texts)), options=options)
    assert code == 0
    return answers


def test_answers_keep_the_order_of_the_lines() -> None:
    """One answer per line, under the line's own id, with the keys of the contract."""
    answers = ask_texts(*TEXTS)
    assert list(range(len(TEXTS))) == [answer["id"] for answer in answers]
    assert all({"id", *KEYS} == set(answer) for answer in answers)
    assert ["network", "syntax", "database"] == [answer["type"] for answer in answers[:3]]
    assert ["no_log", "empty"] == [answers[3]["abstained"], answers[4]["abstained"]]


def test_lines_get_the_answer_that_they_get_one_by_one() -> None:
    """Neither neighbours nor the form of the question change an answer."""
    answers = ask_texts(*TEXTS)
    for text, answer in zip(TEXTS, answers, strict=True):
        alone = call_errclass("classify", "-", "--format", "json", stdin=text.encode()).json
        assert alone == {key: value for key, value in answer.items() if key != "id"}


def test_other_keys_are_ignored() -> None:
    """A line may carry what errclass does not know."""
    line = json.dumps({"id": "a", "text": TEXTS[0], "label": "syntax", "extra": {"deep": [1]}})
    assert ask_texts(TEXTS[0])[0] | {"id": "a"} == ask_lines(line)[1][0]


@pytest.mark.parametrize("name", ["a", 7, -1, "", "é\n\u2028", "\ud800"])
def test_ids_come_back_as_they_were(name: str | int) -> None:
    """Texts and whole numbers, odd ones included."""
    assert name == ask_lines(json.dumps({"id": name, "text": "x"}))[1][0]["id"]


BAD_LINES = {
    "no JSON": ("{broken", {"line": 2}),
    "no object": ('["text"]', {"line": 2}),
    "a number": ("NaN", {"line": 2}),
    "no text": ('{"id": "b"}', {"id": "b"}),
    "text is no string": ('{"id": 5, "text": ["x"]}', {"id": 5}),
    "text is null": ('{"id": "b", "text": null}', {"id": "b"}),
    "no id either": ("{}", {"line": 2}),
    "context is no object": ('{"id": "b", "text": "x", "context": "production"}', {"id": "b"}),
    "attempt is no number": ('{"id": "b", "text": "x", "context": {"attempt": "often"}}', {"id": "b"}),
    "unknown effect": ('{"id": "b", "text": "x", "context": {"effect": "\\ud800"}}', {"id": "b"}),
    "nested without end": ("[" * 100_000, {"line": 2}),
    "a huge number": ('{"id": "b", "text": ' + "9" * 10_000 + "}", {"line": 2}),
    "not UTF-8": (b'{"id": "b", "text": "\xff\xfe"}', {"line": 2}),
}


@pytest.mark.parametrize("name", BAD_LINES)
def test_a_bad_line_is_answered_in_its_place(name: str) -> None:
    """It says what is wrong, the others are answered, and the exit code is 1."""
    line, place = BAD_LINES[name]
    good = json.dumps({"id": "good", "text": TEXTS[0]})
    code, answers = ask_lines(good, line, good)
    assert 1 == code
    assert ["network", None, "network"] == [answer.get("type") for answer in answers]
    assert {**place, "error": answers[1]["error"]} == answers[1]
    assert answers[1]["error"]


def test_empty_lines_ask_nothing_but_count() -> None:
    """The number of a bad line is its number in the file."""
    code, answers = ask_lines("", "  ", json.dumps({"id": 1, "text": "x"}), "", "{", "")
    assert (1, [1, None], 5) == (code, [answer.get("id") for answer in answers], answers[1]["line"])


def test_no_lines_give_no_answers() -> None:
    """An empty file is no failure."""
    assert (0, []) == ask_lines("")


def test_a_line_beyond_the_limit_is_one_bad_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left of it is not taken for lines of its own."""
    monkeypatch.setattr(json_lines, "MAX_LINE_BYTES", 200)
    good = json.dumps({"id": 1, "text": "x"})
    code, answers = ask_lines(json.dumps({"id": 2, "text": "y" * 5_000}), good, json.dumps({"text": "z" * 900}))
    assert 1 == code
    assert [1, None, 3] == [answers[0].get("line"), answers[1].get("line"), answers[2].get("line")]
    assert 3 == len(answers)


def test_a_huge_text_is_answered() -> None:
    """A line of some megabytes is a log, and its failure is found at its end."""
    text = "".join(f"Downloading module {n} of 60000 from the mirror\n" for n in range(60_000)) + TEXTS[0]
    assert "network" == ask_texts(text)[0]["type"]


def test_lone_surrogates_and_controls_pass_through() -> None:
    """Whatever JSON can say is answered with JSON that can be printed."""
    answers = ask_texts("\ud800\x00\x1b[31m\u202e " + TEXTS[0])
    assert "network" == answers[0]["type"]


def test_every_line_may_have_its_own_context(monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes over ``--context``; null says nothing."""
    monkeypatch.setenv("ERRCLASS_ENVIRONMENT", "staging")
    text = "psycopg2.errors.UniqueViolation: duplicate key value violates unique constraint"
    seen: list[Context] = []
    original = pipeline.answer_failure

    def watch(failure: Failure, parts: Parts) -> pipeline.Answer:
        """Note the context, which is no part of the answer."""
        seen.append(failure.context)
        return original(failure, parts)

    monkeypatch.setattr(pipeline, "answer_failure", watch)
    contexts = (
        {},
        {"environment": "production", "attempt": 3},
        {"environment": None, "team": "blue"},
        {"cancelled": True},
    )
    lines = (json.dumps({"id": 1, "text": text, "context": context}) for context in contexts)
    ask_lines(*lines, options=("--context", "team=red", "--context", "zone=a"))
    assert ["staging", "production", "staging", "staging"] == [context.environment for context in seen]
    assert [1, 3, 1, 1] == [context.attempt for context in seen]
    assert [False, False, False, True] == [context.cancelled for context in seen]
    assert ["red", "red", "blue", "red"] == [context.metadata["team"] for context in seen]
    assert {"a"} == {context.metadata["zone"] for context in seen}


def test_a_table_shows_the_same_to_a_person() -> None:
    """The usual form is a table of fields."""
    done = call_errclass("classify", stdin=TEXTS[0].encode())
    assert (0, "") == (done.code, done.err)
    for words in ("network", "transient", "retry_with_backoff"):
        assert words in done.out


@pytest.mark.parametrize(
    ("text", "context", "code"),
    [
        (TEXTS[0], (), 75),
        (TEXTS[0], ("effect=idempotent",), 75),
        (TEXTS[0], ("effect=irreversible",), 0),
        (TEXTS[0], ("cancelled=true",), 0),
        (TEXTS[1], (), 0),
        (TEXTS[3], (), 0),
        ("", (), 0),
    ],
)
def test_exit_code_75_says_that_a_retry_is_worth_it(text: str, context: tuple[str, ...], code: int) -> None:
    """Only when errclass itself would retry; without the flag a finished answer is exit code 0."""
    options = [part for pair in context for part in ("--context", pair)]
    assert code == call_errclass("classify", "--exit-code", *options, stdin=text.encode()).code
    assert 0 == call_errclass("classify", *options, stdin=text.encode()).code


@pytest.mark.parametrize("command", ["classify", "explain"])
@pytest.mark.parametrize(
    "pair",
    ["attempt=0", "attempt=-1", "attempt=two", "attempt=", "attempt=²", "attempt=1e3", "attempt=99999999999",
     "cancelled=maybe", "cancelled=", "effect=harmless", "effect=", "environment", "=production", ""],
)  # fmt: skip
def test_a_context_that_makes_no_sense_is_refused(command: str, pair: str) -> None:
    """A slip must not silently become the careless choice."""
    done = call_errclass(command, "--context", pair, stdin=TEXTS[0].encode())
    assert (2, "") == (done.code, done.out)
    assert 1 == done.err.count("\n")
    assert "--context" in done.err


@pytest.mark.parametrize("command", ["classify", "explain"])
def test_what_cannot_be_read_is_refused(command: str, tree: Path) -> None:
    """A missing file and a folder are the user's mistakes."""
    for name in ("missing.log", str(tree)):
        done = call_errclass(command, name)
        assert (2, "", 1) == (done.code, done.out, done.err.count("\n"))
        assert name in done.err


def test_a_reader_that_leaves_ends_it_quietly(tree: Path) -> None:
    """``errclass classify --jsonl | head -1`` prints no complaint."""
    program = (
        "import subprocess, sys;"
        "p = subprocess.Popen([sys.executable, '-m', 'errclass', 'classify', '--jsonl'], stdin=subprocess.PIPE,"
        " stdout=subprocess.PIPE, stderr=subprocess.PIPE);"
        'line = b\'{"text": "x"}\\n\';'
        "p.stdin.write(line); p.stdin.flush(); sys.stdout.write(p.stdout.readline().decode()); p.stdout.close();"
        "p.stdin.write(line * 50); p.stdin.close(); sys.stderr.write(p.stderr.read().decode()); p.wait()"
    )
    done = start_errclass(cwd=tree, program=("-c", program))
    assert (0, "") == (done.code, done.err)
    assert 1 == len(done.lines)


def test_one_process_answers_a_stream_of_lines(tree: Path) -> None:
    """The real process: order kept, stdout pure data."""
    lines = [json.dumps({"id": n, "text": TEXTS[n % len(TEXTS)]}) for n in range(60)]
    done = start_errclass("classify", "--jsonl", cwd=tree, stdin="\n".join(lines).encode())
    assert (0, "") == (done.code, done.err)
    assert list(range(60)) == [answer["id"] for answer in done.lines]
    assert [answer | {"id": 0} for answer in done.lines[:6]] == [answer | {"id": 0} for answer in done.lines[54:]]
