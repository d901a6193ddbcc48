"""From outcomes to a better model: what people correct, the next model knows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from support.command_line import Finished, call_errclass
from support.corpus import pick_examples, write_jsonl

from errclass.core.types import Example
from errclass.outcomes import Store

TYPES = ("database", "network", "syntax")
HOUSE_ERROR = "ZFP-4711: Frobnication of shard {} refused by the coordinator, quorum token mismatch"
"""Of a tool that no model has seen: whatever one says of it is a guess."""


def call(*arguments: object, stdin: bytes = b"") -> Finished:
    done = call_errclass(*arguments, stdin=stdin)
    assert 0 == done.code, done.err
    return done


def predict(texts: Sequence[str]) -> list[str]:
    lines = "\n".join(json.dumps({"id": n, "text": text}) for n, text in enumerate(texts))
    return [answer["type"] for answer in call("classify", "--jsonl", stdin=lines.encode()).lines]


def measure(examples: Sequence[Example]) -> float:
    found = predict([example.text for example in examples])
    return sum(kind == example.type for kind, example in zip(found, examples, strict=True)) / len(examples)


def test_a_correction_teaches_the_next_model(home: Path, tree: Path) -> None:
    """Import history, train from the store, correct what is wrong, train again, promote: right, and nothing else worse."""
    history = write_jsonl(tree / "history.jsonl", pick_examples(TYPES, 12))
    held_out = pick_examples(TYPES, 40, start=1)
    assert not {e.text for e in held_out} & {e.text for e in pick_examples(TYPES, 12)}
    assert 36 == call("outcomes", "import", history, "--format", "json").json[0]["labelled"]
    first = call("train", "--no-corpus", "--format", "json").json
    assert (["store"], "in use") == (list(first["training"]["by_source"]), first["model"]["state"])
    wrong = HOUSE_ERROR.format(17)
    (guess,) = predict([wrong])
    meant = next(name for name in TYPES if name != guess)
    accuracy = measure(held_out)

    with Store(home / "store") as store:
        for number in range(3):
            log = HOUSE_ERROR.format(number) + f"\n  at coordinator-{number}\n"
            recorded = call("explain", "--record", "--format", "json", stdin=log.encode()).json["outcome_id"]
            store.label(recorded, meant, "human")
    second = call("train", "--no-corpus", "--format", "json").json
    assert [guess] == predict([wrong]), "a candidate must not be in use before its promotion"
    call("models", "promote", second["model"]["reference"])

    assert [meant] == predict([wrong])
    assert measure(held_out) >= accuracy - 0.01


def test_importing_twice_adds_nothing(tree: Path) -> None:
    """The same file again is the same history."""
    history = write_jsonl(tree / "history.jsonl", pick_examples(TYPES, 5))
    call("outcomes", "import", history)
    before = call("outcomes", "stats", "--format", "json").json
    call("outcomes", "import", history)
    after = call("outcomes", "stats", "--format", "json").json
    assert (15, 15) == (before["outcomes"], after["outcomes"])
    assert before["labelled"] == after["labelled"]


def test_what_an_import_leaves_out_is_told(tree: Path) -> None:
    """Broken rows and foreign labels, to people and to programs."""
    history = write_jsonl(tree / "history.jsonl", pick_examples(TYPES, 3))
    with history.open("a") as file:
        file.write('{broken\n{"text": "odd thing", "label": "\\u001b[31mnetworks"}\n')
    report = call("outcomes", "import", history, "--format", "json").json[0]
    assert (10, 9, 1) == (report["rows"], report["labelled"], len(report["skipped"]))
    assert [(1, "network")] == [(label["rows"], label["nearest"]) for label in report["foreign_labels"]]
    shown = call("outcomes", "import", history).out
    assert "networks" in shown
    assert "\x1b" not in shown


def test_a_map_translates_on_import(tree: Path) -> None:
    """As it does for training."""
    (tree / "history.csv").write_text("text,label\nlink down,Link trouble\nlink up again,Link trouble\n")
    (tree / "map.json").write_text('{"link trouble": "network"}')
    report = call("outcomes", "import", "history.csv", "--map", "map.json", "--format", "json").json[0]
    assert (2, []) == (report["labelled"], report["foreign_labels"])


def test_an_empty_store_has_figures_too(home: Path) -> None:
    """Counting creates nothing."""
    assert 0 == call("outcomes", "stats", "--format", "json").json["outcomes"]
    assert 0 == call("outcomes", "stats").code
    assert not home.exists()


def test_secrets_of_history_are_not_stored(home: Path, tree: Path) -> None:
    """Imported texts are masked like all others."""
    token = "ghp_" + "Qw3rTy7uIo" * 4
    (tree / "history.jsonl").write_text(
        json.dumps({"text": f"push with {token} refused", "operation": f"push {token}", "tool": f"git {token}"})
    )
    call("outcomes", "import", "history.jsonl")
    kept = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert b"refused" in kept
    assert token.encode() not in kept
