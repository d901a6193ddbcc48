"""A challenger is put into use when it is better on the newest labelled outcomes, and one can go back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.command_line import Finished, call_errclass
from support.corpus import pick_examples, write_jsonl

from errclass.core.types import Example
from errclass.system.model_shelf import DEFAULT_MODEL

TYPES = ("database", "network", "syntax")
START = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
OLD, NEW = pick_examples(TYPES, 14), pick_examples(TYPES, 12, start=1)


def call(*arguments: object) -> Finished:
    done = call_errclass(*arguments)
    assert 0 == done.code, done.err
    return done


def turn(examples: Sequence[Example]) -> list[Example]:
    """The same texts with the next type for each: whoever learns them is wrong."""
    return [replace(one, type=TYPES[(TYPES.index(one.type) + 1) % len(TYPES)]) for one in examples]


def record(tree: Path, examples: Sequence[Example], *, day: int) -> None:
    """Take texts into the store, an hour apart."""
    rows = (
        {
            "text": one.text,
            "label": one.type,
            "tool": one.tool,
            "time": (START + timedelta(days=day, hours=n)).isoformat(),
        }
        for n, one in enumerate(sorted(examples, key=lambda one: one.text))
    )
    path = tree / f"history-{day}.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    call("outcomes", "import", path)


def train(tree: Path, examples: Sequence[Example], name: str) -> str:
    """Train on texts alone, and return the model's reference."""
    path = write_jsonl(tree / f"{name}.jsonl", examples)
    options = ("--no-corpus", "--no-store", "--classifier", "bayes", "--name", name, "--format", "json")
    reference: str = call("train", path, *options).json["model"]["reference"]
    return reference


def in_use() -> str:
    (reference,) = [row["reference"] for row in call("models", "list", "--format", "json").json if row["promoted"]]
    return str(reference)


@pytest.fixture
def history(tree: Path) -> None:
    """A store whose newest causes no model of these tests has learned."""
    record(tree, OLD, day=0)
    record(tree, NEW, day=30)


@pytest.fixture
def wrong(tree: Path, history: None) -> str:
    """A model that is always wrong, in use since it was the first."""
    return train(tree, turn(OLD), "wrong")


@pytest.fixture
def right(tree: Path, history: None) -> str:
    """A model that is often right, in use since it was the first."""
    return train(tree, OLD, "right")


def test_a_better_model_is_promoted(wrong: str, tree: Path) -> None:
    """The gate says by how much."""
    challenger = train(tree, OLD, "right")
    done = call_errclass("models", "promote", challenger)
    assert (0, True, challenger) == (done.code, done.err.startswith("errclass: passed: "), in_use())


def test_a_worse_model_is_refused(right: str, tree: Path) -> None:
    """One line with the reasons and the way out; the model in use stays in use."""
    challenger = train(tree, turn(OLD), "wrong")
    done = call_errclass("models", "promote", challenger)
    assert (1, "", 1, right) == (done.code, done.out, done.err.count("\n"), in_use())
    for words in ("not better", "falls by", f"errclass models promote {challenger} --force"):
        assert words in done.err


def test_a_model_that_forgot_one_type_is_refused(wrong: str, tree: Path) -> None:
    """However much better the others became: here syntax was learned by the model in use alone."""
    only_syntax = [*turn([one for one in OLD if one.type != "syntax"]), *[one for one in OLD if one.type == "syntax"]]
    champion = train(tree, only_syntax, "syntax")
    call("models", "promote", champion, "--force")
    challenger = train(tree, [one for one in OLD if one.type != "syntax"], "others")
    done = call_errclass("models", "promote", challenger)
    assert (1, champion) == (done.code, in_use())
    assert "syntax falls by" in done.err


def test_force_promotes_and_is_recorded(right: str, home: Path, tree: Path) -> None:
    """With the reasons that were passed over."""
    challenger = train(tree, turn(OLD), "wrong")
    done = call_errclass("models", "promote", challenger, "--force")
    assert (0, challenger, True) == (done.code, in_use(), "refused" in done.err)
    first, second = json.loads((home / "models" / "promoted.json").read_text())["history"]
    assert (right, False, "the first model") == (first["model"], first["forced"], first["why"])
    assert (challenger, True, True) == (second["model"], second["forced"], "not better" in second["why"])


def test_limits_come_from_the_settings(right: str, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever allows everything gets everything."""
    challenger = train(tree, turn(OLD), "wrong")
    monkeypatch.setenv("ERRCLASS_PROMOTION__MAX_TYPE_DROP", "100")
    monkeypatch.setenv("ERRCLASS_PROMOTION__MINIMUM_GAIN", "-100")
    assert 0 == call_errclass("models", "promote", challenger).code


def test_the_working_tree_cannot_open_the_gate(right: str, tree: Path) -> None:
    """It comes from whoever opened the pull request."""
    (tree / "errclass.toml").write_text(
        "[promotion]\nmax_type_drop = 100\nminimum_gain = -100\nminimum_examples = 99999\n"
    )
    done = call_errclass("models", "promote", train(tree, turn(OLD), "wrong"))
    assert (1, right) == (done.code, in_use())
    assert "it would lower the limit from 0.0 to -100" in done.err


def test_without_labelled_outcomes_nothing_is_judged(tree: Path) -> None:
    """That is said, and the promotion goes through."""
    train(tree, OLD, "right")
    challenger = train(tree, turn(OLD), "wrong")
    done = call_errclass("models", "promote", challenger)
    assert (0, challenger, True) == (done.code, in_use(), "not judged: the store holds no labelled" in done.err)


def test_with_few_labelled_outcomes_nothing_is_judged(tree: Path) -> None:
    """A handful says nothing."""
    record(tree, NEW[:10], day=1)
    train(tree, OLD, "right")
    done = call_errclass("models", "promote", train(tree, turn(OLD), "wrong"))
    assert (0, True) == (done.code, "too few to judge by; it takes 20" in done.err)


def test_a_store_that_cannot_be_read_stops_the_judgement_but_not_force(right: str, home: Path, tree: Path) -> None:
    """Nothing is promoted unjudged because a file is damaged."""
    challenger = train(tree, turn(OLD), "wrong")
    (home / "store" / "outcomes.duckdb").write_bytes(b"rubbish" * 999)
    done = call_errclass("models", "promote", challenger)
    assert (1, 1, right) == (done.code, done.err.count("\n"), in_use())
    assert 0 == call_errclass("models", "promote", challenger, "--force").code
    assert challenger == in_use()


@pytest.mark.skipif(not DEFAULT_MODEL.exists(), reason="there is no shipped model")
def test_the_shipped_model_and_the_first_one_need_no_gate(right: str) -> None:
    """The way back to a known state is always open."""
    done = call_errclass("models", "promote", "shipped")
    assert (0, "", "shipped") == (done.code, done.err, in_use())


def test_the_model_in_use_is_promoted_to_nothing_new(right: str, home: Path) -> None:
    """It is not compared with itself, and going back does not lead to it."""
    assert (0, "") == (call("models", "promote", right).code, call("models", "promote", right).err)
    assert 1 == len(json.loads((home / "models" / "promoted.json").read_text())["history"])


def test_one_can_go_back_again_and_again(wrong: str, tree: Path) -> None:
    """Each time to the one before, down to the shipped model; then that there is nothing more."""
    second = train(tree, OLD, "right")
    third = train(tree, OLD[:-3], "fewer")
    call("models", "promote", second)
    call("models", "promote", third, "--force")
    assert third == in_use()
    for expected in (second, wrong, *(["shipped"] if DEFAULT_MODEL.exists() else [])):
        assert call("models", "rollback").out.startswith(f"{expected} is in use now")
        assert expected == in_use()
    done = call_errclass("models", "rollback")
    assert (2, "", 1) == (done.code, done.out, done.err.count("\n"))


def test_going_back_leads_nowhere_at_first(home: Path) -> None:
    """And creates nothing."""
    done = call_errclass("models", "rollback")
    assert (2, True, False) == (done.code, "nothing to go back to" in done.err, home.exists())


def test_a_model_that_is_gone_is_not_gone_back_to(wrong: str, home: Path, tree: Path) -> None:
    """The present one stays in use, and the way out is named."""
    second = train(tree, OLD, "right")
    call("models", "promote", second)
    (home / "models" / wrong / "manifest.json").unlink()
    done = call_errclass("models", "rollback")
    assert (1, True, second) == (done.code, "promote another model" in done.err, in_use())


def test_the_models_are_compared_type_by_type(wrong: str, tree: Path) -> None:
    """The newest candidate with the model in use, on what neither learned."""
    challenger = train(tree, OLD, "right")
    report = call("models", "compare", "--format", "json").json
    assert (wrong.split("/")[1], challenger.split("/")[1]) == (report["champion"], report["challenger"])
    assert (True, "passed", 20, 0) == (report["passed"], report["verdict"], report["texts"], report["left_out"])
    assert report["from"] >= "2026-01-31"
    comparison = report["comparison"]
    assert comparison["gain"] > 0
    assert comparison["p_value"] < 0.05
    assert set(TYPES) == {change["type"] for change in comparison["types"]}
    shown = call("models", "compare").out
    for words in ("recall before", "macro-F1", "McNemar", "passed", "2026-01-31"):
        assert words in shown


def test_texts_that_were_learned_are_left_out(right: str, tree: Path) -> None:
    """A model is never judged on what it knows by heart."""
    train(tree, NEW, "newest")
    report = call("models", "compare", "--format", "json").json
    assert (None, "not judged", 20) == (report["passed"], report["verdict"], report["left_out"])


def test_a_file_may_be_compared_on(wrong: str, tree: Path) -> None:
    """Named models, named texts."""
    challenger = train(tree, OLD, "right")
    file = write_jsonl(tree / "labelled.jsonl", pick_examples(TYPES, 10, start=2))
    report = call("models", "compare", challenger, wrong, "--on", file, "--format", "json").json
    assert (True, str(file), None) == (report["passed"], report["on"], report["from"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "no candidate"),
        (("nothing",), "names no model"),
        (("{right}",), "compared with itself"),
        (("{right}", "nothing"), "names no model"),
        (("shipped", "--on", "missing.jsonl"), "missing.jsonl"),
    ],
)
def test_what_cannot_be_compared_is_a_mistake(arguments: tuple[str, ...], words: str, right: str) -> None:
    """One line."""
    done = call_errclass("models", "compare", *(argument.format(right=right) for argument in arguments))
    assert (2, "", 1, True) == (done.code, done.out, done.err.count("\n"), words in done.err)


def test_training_tells_the_verdict(wrong: str) -> None:
    """The candidate is judged on texts that its recipe did not learn, and learns them all the same."""
    options = ("--no-corpus", "--classifier", "bayes")
    report = call("train", *options, "--format", "json").json
    judged = report["newest_slice"]
    assert (True, 20, 0, wrong.split("/")[1]) == (
        judged["passed"],
        judged["texts"],
        judged["left_out"],
        judged["champion"],
    )
    assert report["training"]["by_source"]["store"] >= 70
    assert wrong == in_use()
    shown: Any = call("models", "show", report["model"]["reference"], "--format", "json").json
    assert judged == shown["metrics"]["newest_slice"]
    again = call("models", "compare", report["model"]["reference"], "--format", "json").json
    assert {key: judged[key] for key in ("texts", "verdict", "comparison")} == {
        key: again[key] for key in ("texts", "verdict", "comparison")
    }
    assert "Gate, against" in call("train", *options).out


def test_training_tells_that_nothing_was_judged(wrong: str, tree: Path) -> None:
    """Without the store nothing of it stands in the model, figures neither."""
    history = write_jsonl(tree / "own.jsonl", OLD)
    options = ("--no-corpus", "--no-store", "--classifier", "bayes")
    assert "Gate: not judged" in call("train", history, *options).out
    assert {} == call("train", history, *options, "--format", "json").json["newest_slice"]


def test_what_the_recipe_answered_is_remembered_for_the_next_challenger(wrong: str, tree: Path) -> None:
    """The model in use learned the newest texts, and is still compared on them, by what was said without them."""
    options = ("--no-corpus", "--classifier", "bayes", "--format", "json")
    champion = call("train", *options).json["model"]["reference"]
    call("models", "promote", champion)
    record(tree, pick_examples(TYPES, 4, start=2), day=60)
    report = call("train", *options).json["newest_slice"]
    assert (20, 0, champion.split("/")[1]) == (report["texts"], report["left_out"], report["champion"])
    assert report["passed"] is not None


def test_the_model_in_use_trained_again_is_not_judged(wrong: str) -> None:
    """Nothing changed."""
    options = ("--no-corpus", "--classifier", "bayes", "--format", "json")
    call("models", "promote", call("train", *options).json["model"]["reference"])
    report = call("train", *options).json
    assert ("in use", None) == (report["model"]["state"], report["newest_slice"]["passed"])
