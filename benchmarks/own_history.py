"""Write docs/own-history.md: what twelve labelled failures per type of one's own tools bring.

A quarter of the captured tools plays the user: their texts are unknown to the model. It is trained without them, then
with up to twelve of the user's captures per type added, and judged on these failures as other logs show them, and on
the user's other captures. Takes some minutes.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from errclass.classify.bundled import load_bundled
from errclass.classify.evaluation import score_predictions
from errclass.classify.noise import add_noise
from errclass.classify.training import Prepared, prepare_examples, signals_of, train_classifier
from errclass.core.types import Prediction
from errclass.system.taxonomy_file import load_taxonomy

PAGE = Path(__file__).resolve().parents[1] / "docs" / "own-history.md"
PER_TYPE = 12
USERS = 4
SEEDS = (1, 2, 3)
WITHOUT, WITH = "without", "with"
_ABOUT = f"""\
# What your own history brings

{{captures}} captured failures of {{tools}} tools. Written by `python benchmarks/own_history.py`.

A quarter of the captured tools plays the user, in turn, {len(SEEDS)} draws: the model has seen none of their texts,
written or captured. Then up to {PER_TYPE} of the user's labelled captures per type, at most half of them ({{own}} on
average), are added to the training texts. The model is judged on the same failures when they come back in other logs,
with other times, prefixes and surroundings, and on the user's other failures, none of which came before.
"""


@dataclass(slots=True)
class Tally:
    """Collect truths and answers over all users."""

    truths: list[str] = field(default_factory=list)
    predictions: list[Prediction] = field(default_factory=list)


def split_user(prepared: Prepared, rows: Sequence[int], seed: int) -> tuple[list[int], list[int]]:
    """Return the user's labelled rows, at most twelve and at most half per type, and the others."""
    have = Counter(prepared.examples[row].type for row in rows)
    counts: Counter[str] = Counter()
    labelled, others = [], []
    for row in random.Random(seed).sample(list(rows), len(rows)):
        kind = prepared.examples[row].type
        (labelled if counts[kind] < min(PER_TYPE, have[kind] // 2) else others).append(row)
        counts[kind] += 1
    return labelled, others


def measure(prepared: Prepared) -> tuple[dict[tuple[str, str], Tally], float]:
    """Return the answers by (texts judged, with or without the user's own), and how many own texts there were."""
    found: dict[tuple[str, str], Tally] = defaultdict(Tally)
    own = []
    captured = [row for row, example in enumerate(prepared.examples) if example.source == "captured"]
    tools = sorted({prepared.examples[row].tool or "" for row in captured})
    for seed in SEEDS:
        shuffled = random.Random(seed).sample(tools, len(tools))
        for user in range(USERS):
            theirs = set(shuffled[user::USERS])
            base = [row for row, example in enumerate(prepared.examples) if example.tool not in theirs]
            labelled, others = split_user(prepared, [r for r in captured if prepared.examples[r].tool in theirs], seed)
            own.append(len(labelled))
            judged = {
                "the same, in other logs": [
                    (signals_of(add_noise(prepared.examples[row].text)), prepared.examples[row].type)
                    for row in labelled
                ],
                "other failures": [(prepared.signals[row], prepared.examples[row].type) for row in others],
            }
            for name, learned in ((WITHOUT, base), (WITH, [*base, *labelled])):
                classifier = train_classifier(_take(prepared, learned))
                for part, texts in judged.items():
                    found[part, name].truths += [kind for _, kind in texts]
                    found[part, name].predictions += classifier.predict_many([signals for signals, _ in texts])
            print(f"draw {seed}, user {user + 1}", file=sys.stderr)
    return found, sum(own) / len(own)


def _take(prepared: Prepared, rows: Sequence[int]) -> Prepared:
    """Return some rows as one group: there is nothing to hold out, which changes no answer and saves time."""
    examples = tuple(replace(prepared.examples[row], tool="all") for row in rows)
    return Prepared(examples, tuple(prepared.signals[row] for row in rows))


def describe(prepared: Prepared, found: dict[tuple[str, str], Tally], own: float) -> str:
    """Return the page, in Markdown."""
    captures = [example for example in prepared.examples if example.source == "captured"]
    about = _ABOUT.format(captures=len(captures), tools=len({example.tool for example in captures}), own=round(own))
    lines = ["| judged on | texts | own history | accuracy | macro-F1 |", "|---|---:|---|---:|---:|"]
    for (part, name), tally in sorted(found.items(), key=lambda entry: (entry[0][0], entry[0][1] == WITH)):
        scores = score_predictions(tally.truths, tally.predictions)
        lines.append(f"| {part} | {scores.examples} | {name} | {scores.accuracy:.3f} | {scores.macro_f1:.3f} |")
    return about + "\n" + "\n".join(lines) + "\n"


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    everything = prepare_examples(load_bundled(load_taxonomy()))
    PAGE.write_text(describe(everything, *measure(everything)), encoding="utf-8")
