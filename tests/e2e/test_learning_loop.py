"""The loop that errclass is for: history, model, decisions, outcomes, answers of a person, a better model, and back."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from support.command_line import call_errclass
from support.corpus import pick_examples

from errclass.core.clock import utc_now

TYPES = ("database", "network", "syntax")
THINGS = (
    "anvil", "barrel", "candle", "drawer", "easel", "funnel", "goblet", "hammer", "inkwell", "jacket", "kettle", "ladder",
    "mantle", "needle", "oboe", "pillow", "quilt", "ribbon", "saddle", "teapot", "urn", "violin", "wagon", "xylophone",
    "yarn", "zither", "apron", "basket", "chisel", "doormat", "eyelet", "fiddle", "garland", "hinge", "icebox", "jigsaw",
    "knapsack", "lantern", "mirror", "napkin",
)  # fmt: skip
OTHERS = ("ashtray", "buckle", "cradle")


def call(*arguments: object, stdin: bytes = b"") -> Any:
    """Run a command that must succeed."""
    done = call_errclass(*arguments, stdin=stdin)
    assert 0 == done.code, done.err
    return done


def complain(thing: str) -> str:
    """An error of a tool that no model has seen; what it says of things with an even number of letters is another."""
    if len(thing) % 2:
        return f"zfp: frobnication of the {thing} refused by the coordinator: quorum token mismatch"
    return f"zfp: gyration of the {thing} stalled: flux underrun in the third manifold"


def decide(things: Sequence[str]) -> list[str]:
    lines = "\n".join(json.dumps({"id": thing, "text": complain(thing)}) for thing in things)
    return [answer["type"] for answer in call("classify", "--jsonl", stdin=lines.encode()).lines]


def record(things: Sequence[str], hours: int) -> None:
    """Let outcomes arrive, one an hour, the last so many hours ago."""
    events = [
        {
            "text": complain(thing),
            "operation": "frobnicate",
            "time": (utc_now() - timedelta(hours=hours + len(things) - number)).isoformat(),
        }
        for number, thing in enumerate(things)
    ]
    call("outcomes", "record", "--decide", stdin="\n".join(map(json.dumps, events)).encode())


def write_history(path: Path) -> Path:
    """Write labelled failures of a month ago."""
    examples = pick_examples(TYPES, 14)
    time = (utc_now() - timedelta(days=30)).isoformat()
    rows = ({"text": one.text, "label": one.type, "tool": one.tool, "time": time} for one in examples)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def review(tree: Path, name: str, answers: dict[str, str]) -> int:
    """Answer the twenty most urgent causes in a spreadsheet, as a person would; return how many there were."""
    sheet = tree / f"{name}.csv"
    call("outcomes", "review", "--limit", "20", "--out", sheet)
    with sheet.open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["label"] = next(answer for word, answer in answers.items() if word in row["excerpt"])
    with sheet.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    call("outcomes", "review", "--in", sheet, "--author", "ada")
    return len(rows)


def test_the_learning_loop(tree: Path) -> None:
    """Decisions change as the answers say, and return with the model before."""
    call("outcomes", "import", write_history(tree / "history.jsonl"))
    first = call("train", "--no-corpus", "--format", "json").json["model"]
    assert "in use" == first["state"]
    before = decide(OTHERS)
    answers = {"frobnication": "database", "gyration": "syntax"}
    meant = ["database" if len(thing) % 2 else "syntax" for thing in OTHERS]
    assert meant != before

    for number, hours in enumerate((48, 2)):
        record(THINGS[20 * number : 20 * number + 20], hours)
        assert 20 == review(tree, f"sitting-{number}", answers)
    assert before == decide(OTHERS), "answers alone change no model"

    second = call("train", "--no-corpus", "--format", "json").json
    assert {"store": 82} == second["training"]["by_source"]
    compared = call("models", "compare", "--format", "json").json
    assert "passed" == compared["verdict"], compared
    call("models", "promote", second["model"]["reference"])
    assert meant == decide(OTHERS)

    call("models", "rollback")
    assert before == decide(OTHERS)
    events = [row["event"] for row in call("outcomes", "export").lines if row["table"] == "registry"]
    assert ["trained", "promoted", "trained", "promoted", "rolled_back"] == events
