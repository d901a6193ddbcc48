"""The one table of hostile strings goes through every renderer, prompt and recipe: nothing runs, nothing breaks out."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from support.command_line import call_errclass
from support.escalations import make_request
from support.hostile import HOSTILE, Hostile, Kind, name_case
from support.recovering import make_classification, make_recipe, make_strategies
from support.tree_hash import hash_tree

from errclass.actions.escalate import HandlerResult
from errclass.actions.notify import Notice, NotificationSystem
from errclass.actions.recover import RecoveryContext, RecoveryResult, find_broken_file, find_template
from errclass.actions.recover.confinement import locate
from errclass.actions.recover.placeholders import PATTERNS
from errclass.actions.run.values import Ended
from errclass.cli.output import print_table
from errclass.cli.recovery_display import render_plan, render_result
from errclass.cli.run_display import GitHubScreen, GitLabScreen, PlainScreen
from errclass.core.csv_cells import escape_cell
from errclass.core.errors import ConfigError
from errclass.core.escaping import escape_json, escape_terminal
from errclass.core.types import Context, Outcome
from errclass.outcomes import Store, export_folder
from errclass.system.deciding import forget_parts
from errclass.system.escalating import make_escalations
from errclass.system.jobs.run_decisions import Verdict
from errclass.system.jobs.run_order import FinishedCall, RunOrder, Step
from errclass.system.settings import load_settings
from errclass.testing import RecordingChannel

ELSEWHERE = {
    "Slack": ("unit/actions/notify/test_rendering.py", "test_nothing_breaks_out_of_slack"),
    "Slack's server": ("integration/actions/notify/test_slack.py", "test_hostile_text_is_taken_and_does_nothing"),
    "Markdown": ("unit/actions/notify/test_rendering.py", "test_nothing_breaks_out_of_markdown"),
    "Linear's server": ("integration/actions/notify/test_linear.py", "test_hostile_text_is_text"),
    "HTML": ("unit/actions/notify/test_rendering.py", "test_nothing_breaks_out_of_html"),
    "plain text": ("unit/actions/notify/test_rendering.py", "test_nothing_breaks_out_of_plain_text"),
    "mail": ("integration/actions/notify/test_email.py", "test_hostile_text_adds_no_header_and_no_recipient"),
    "webhook": ("integration/actions/notify/test_webhook.py", "test_hostile_text_stays_a_value"),
    "prompt": ("unit/actions/codegen/test_prompts.py", "test_nothing_breaks_out_of_its_fence"),
    "agent's API": ("unit/actions/codegen/test_integration.py", "test_what_strangers_wrote_travels_as_data"),
}
"""Doors whose tests lie with their parts, by the table too."""
TESTS = Path(__file__).parents[1]
CASES = pytest.mark.parametrize("case", HOSTILE, ids=name_case)
ACTIVE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
COMMAND = re.compile(r"^\s*::[a-z]|##(?:vso)?\[", re.IGNORECASE | re.MULTILINE)
FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
RECORD = """#!/bin/sh
printf '%s\\0' "$@" > "$HOME/called"
"""
EVIL_NAMES = ("owned", "injected")


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> io.TextIOWrapper:
    """Return a standard output that takes any text, as ``main`` makes it."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace", newline="")
    monkeypatch.setattr(sys, "stdout", stream)
    return stream


def read_screen(screen: io.TextIOWrapper) -> str:
    screen.seek(0)
    return screen.read()


def is_inert(text: str) -> bool:
    """Tell whether neither a terminal nor a CI system acts on a text."""
    return ACTIVE.search(text) is None and COMMAND.search(text) is None


@pytest.mark.parametrize("place", ELSEWHERE.values(), ids=ELSEWHERE)
def test_the_tests_of_other_doors_use_the_table(place: tuple[str, str]) -> None:
    """Under the names by which they are known here."""
    text = (TESTS / place[0]).read_text(encoding="utf-8")
    head, found, _ = text.partition(f"\ndef {place[1]}(")
    assert (True, True) == (bool(found), "import HOSTILE" in text)
    assert re.search(r"(?:@CASES|HOSTILE, ids=name_case\))$", head)


def test_the_table_has_every_kind() -> None:
    """Each under its own name."""
    assert set(get_args(Kind)) == {case.kind for case in HOSTILE}
    assert len(HOSTILE) == len({name_case(case) for case in HOSTILE})


@CASES
def test_a_terminal_and_a_ci_log_find_nothing(case: Hostile, screen: io.TextIOWrapper) -> None:
    """In lines, tables and JSON."""
    assert is_inert(escape_terminal(case.text))
    document = escape_json(json.dumps({case.text: [case.text]}))
    assert {case.text: [case.text]} == json.loads(document)
    assert is_inert(document)
    print_table("Table", (case.text[:300], "x"), [(case.text[:300], 1)])
    assert is_inert(read_screen(screen))


@CASES
def test_a_cell_is_no_formula(case: Hostile) -> None:
    """Whatever it begins with."""
    assert not escape_cell(case.text).startswith(FORMULA)


def make_step(text: str) -> Step:
    explanation = {
        "type": text, "confidence": 0.9, "meaning": text, "lines": [{"number": 1, "text": text}], "advice": text,
        "decision": {},
    }  # fmt: skip
    verdict = Verdict(None, text, explanation, attempts=4, why=(text,))
    return Step(FinishedCall(1, Ended(1, 10.0, 12.5), b""), verdict)


@CASES
def test_annotations_and_sections_are_ours_alone(case: Hostile, capfd: pytest.CaptureFixture[str]) -> None:
    """What a log or a command's name says ends no group, no section and no annotation, and begins none."""
    text = case.text[:2000]
    order, step = RunOrder((text.replace("\0", "") or "make",), operation=text), make_step(text)
    GitHubScreen(order).show(step)
    github = capfd.readouterr().err
    ours = re.compile(r"^::(group|endgroup|error)(?: title=errclass%3A [^:\n]*)?::.*$", re.MULTILINE)
    assert None is ACTIVE.search(github)
    assert (["group", "endgroup", "error"], True) == (ours.findall(github), is_inert(ours.sub("", github)))
    GitLabScreen(order).show(step)
    gitlab = capfd.readouterr().err
    marks = re.compile(r"\x1b\[0Ksection_(start|end):\d+:errclass_1\r\x1b\[0K")
    assert (["start", "end"], True) == (marks.findall(gitlab), is_inert(marks.sub("", gitlab)))
    plain = PlainScreen(order)
    plain.show(step)
    plain.give_up(text)
    plain.complain(text)
    assert is_inert(capfd.readouterr().err)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """Return a work folder beside a home that holds something precious, and a link that leads there."""
    folder = tmp_path / "work"
    folder.mkdir()
    home = tmp_path / "home"
    (home / ".ssh").mkdir(parents=True)
    (home / ".ssh" / "id_rsa").write_text("precious")
    (folder / "settings.json").write_text("{")
    (folder / "out").symlink_to(home)
    return folder


@pytest.fixture
def environ(work: Path) -> dict[str, str]:
    """Return an environment with a program that notes its arguments, and a home outside of the work folder."""
    place = work.parent / "bin"
    place.mkdir()
    (place / "record").write_text(RECORD)
    (place / "record").chmod(0o755)
    return {"PATH": f"{place}{os.pathsep}{os.environ['PATH']}", "HOME": str(work.parent / "home")}


def read_call(work: Path) -> list[str] | None:
    """Return the arguments that the noting program was called with, and forget them."""
    place = work.parent / "home" / "called"
    if not place.exists():
        return None
    content = place.read_bytes().decode("utf-8", "surrogateescape")
    place.unlink()
    return content.split("\0")[:-1]


def find_harm(work: Path) -> list[str]:
    """Return what a string that was obeyed would have made."""
    return [str(path) for path in work.parent.rglob("*") if path.name in EVIL_NAMES or path.name.startswith("owned")]


@CASES
@pytest.mark.parametrize("name", [name for name in PATTERNS if name != "work"])
def test_a_placeholder_is_one_argument_or_none(work: Path, environ: dict[str, str], case: Hostile, name: str) -> None:
    """A file, template, service, deployment or namespace of any name reaches its program as it is, or nothing runs."""
    recipe = make_recipe(steps=[{"run": ["record", f"{{{name}}}"]}])
    strategies = make_strategies(work.parent / "root", recipe, environ=environ)
    context = RecoveryContext(work, **{name: case.text})
    result = strategies.execute_recovery(make_classification(), context)
    assert ([case.text] if result.outcome == "success" else None) == read_call(work)
    assert [] == find_harm(work)


@CASES
def test_a_recipe_of_hostile_words_does_no_harm(work: Path, environ: dict[str, str], case: Hostile) -> None:
    """As a program, an argument, a path that it touches, copies, needs or checks: refused, or kept within the folder."""
    outside, text = hash_tree(work.parent / "home"), case.text[:5000]
    for changes in (
        {"steps": [{"run": [text]}]},
        {"steps": [{"run": ["record", text]}]},
        {"touches": {text: "aside"}, "steps": []},
        {"touches": {text: "copy"}, "steps": [{"copy": "settings.json", "to": text}]},
        {"steps": [{"copy": text, "to": "x"}], "touches": {"x": "copy"}},
        {"fits": {"types": ["dependency"], "files": [text]}},
        {"fits": {"types": ["dependency"], "commands": [text]}},
        {"check": [{"exists": text}]},
        {"title": text, "purpose": text, "outside": [text]},
        {"fits": {"types": [text]}},
        {"fits": {"types": ["dependency"], "tools": [text]}},
        {"environ": [text]},
    ):
        try:
            recipe = make_recipe(**changes)
        except ConfigError:
            continue
        strategies = make_strategies(work.parent / "root", recipe, environ=environ)
        result = strategies.execute_recovery(make_classification(), RecoveryContext(work))
        called = read_call(work)
        assert called in (None, [text])
        # What no file system can name ends as our own fault, and still does nothing.
        assert "inner_fault" != result.reason or case.name == "lone surrogate"
        assert ([], outside) == (find_harm(work), hash_tree(work.parent / "home"))


@CASES
def test_the_name_of_a_tool_runs_nothing(work: Path, environ: dict[str, str], case: Hostile) -> None:
    """It is compared, and that is all."""
    recipes = [
        make_recipe("any", steps=[{"run": ["record"]}]),
        make_recipe("other", fits={"types": ["dependency"], "tools": ["npm"]}, steps=[{"run": ["false"]}]),
    ]
    strategies = make_strategies(work.parent / "root", *recipes, environ=environ)
    result = strategies.execute_recovery(make_classification(), RecoveryContext(work, tool=case.text))
    assert ("success", "any", []) == (result.outcome, result.strategy, find_harm(work))


@CASES
def test_a_settings_file_of_the_evidence_lies_in_the_folder(work: Path, case: Hostile) -> None:
    """Whatever a log names."""
    (work.parent / "home" / "settings.json").write_text("{")
    (work.parent / "home" / "settings.json.bak").write_text("{}")
    lines = (case.text, f"cannot parse {case.text}", f"{case.text}/settings.json", f"out/{case.text}.json",
             "cannot parse ../home/settings.json", "cannot parse out/settings.json")  # fmt: skip
    found = find_broken_file(work, lines)
    assert found is None or work in locate(work, found).parents
    assert found is None or re.fullmatch(r"\w[\w.-]*(?:/[\w.-]+)*", found)
    assert None is find_template(work, "out/settings.json")


@CASES
def test_a_plan_and_a_result_are_shown_inert(
    work: Path, environ: dict[str, str], case: Hostile, screen: io.TextIOWrapper
) -> None:
    """With a file, a service or a step's output of any text."""
    recipe = make_recipe(steps=[{"run": ["record", "{file}", "{service}"]}])
    strategies = make_strategies(work.parent / "root", recipe, environ=environ)
    for context in (RecoveryContext(work, file=case.text, service="web"), RecoveryContext(work, service=case.text)):
        render_plan(strategies.plan(make_classification(), context))
    details = {"fault": case.text, "output": case.text, "failed_steps": case.text, "not_covered": [case.text]}
    render_result(RecoveryResult("failed", "step_failed", "mend", (case.text,), (case.text,), details))
    assert is_inert(read_screen(screen))


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Return a store in which every string of the table is a failure, an escalation and a notice."""
    monkeypatch.setenv("ERRCLASS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    forget_parts()
    settings = load_settings()
    with Store(settings.store) as opened:
        manager = make_escalations(settings, store=opened)
        manager.register_handler(
            "manual", lambda one: HandlerResult(True, one.case.type, details={"url": one.case.type})
        )
        system = NotificationSystem(opened, [RecordingChannel("slack")])
        for number, case in enumerate(HOSTILE):
            text = case.text[:5000]
            context = Context(operation=text, environment=text, repository=text, branch=text, component=text)
            opened.record(Outcome(f"f{number}", text, context=context))
            manager.escalate_error(
                make_request(target="manual", type=text, evidence=(text,), because=(text,), context=context, text=text,
                             fingerprint=f"{number:016x}")
            )  # fmt: skip
            system.send_notification(Notice(text, operation=text, fingerprint=f"{number}"))
        yield opened
    forget_parts()


def list_cells(folder: Path) -> Iterator[str]:
    for path in folder.glob("*.csv"):
        with path.open(newline="", encoding="utf-8") as file:
            for row in csv.reader(file):
                yield from row


def test_what_is_kept_is_shown_and_exported_inert(store: Store, tmp_path: Path) -> None:
    """On the command line, and in files for spreadsheets."""
    ids = [one["id"] for one in call_errclass("escalations", "list", "--format", "json").json]
    commands: list[tuple[Any, ...]] = [
        ("escalations", "list", "--all", "--limit", 500), ("notifications", "list", "--limit", 500),
        ("notifications", "list", "--format", "json"), *(("escalations", "show", one) for one in ids[:100]),
    ]  # fmt: skip
    shown = [call_errclass(*words) for words in commands]
    assert ({0}, []) == ({done.code for done in shown}, [done.out for done in shown if not is_inert(done.out)])
    assert len(HOSTILE) <= export_folder(store, tmp_path / "csv", "csv")
    assert [] == [cell[:80] for cell in list_cells(tmp_path / "csv") if cell.startswith(FORMULA)]
