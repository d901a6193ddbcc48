"""Write docs/learning-curve.md: what more training tools bring, type by type.

A quarter of the tools is held out; the classifier is trained on a growing share of the others and judged on the texts
of those held out. Every figure is the mean over three draws of the tools. Takes some minutes on one core.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

from errclass.classify.bundled import load_bundled
from errclass.classify.evaluation import Evaluation, score_predictions
from errclass.classify.registry import DEFAULT
from errclass.classify.training import Prepared, prepare_examples, train_classifier
from errclass.system.taxonomy_file import load_taxonomy

PAGE = Path(__file__).resolve().parents[1] / "docs" / "learning-curve.md"
SHARES = (0.125, 0.25, 0.5, 1.0)
SEEDS = (1, 2, 3)
HELD_OUT = 0.25
_ABOUT = """\
# Learning curve

{examples} texts of {tools} tools, classifier `{classifier}`. Written by `python benchmarks/learning_curve.py`.

A quarter of the tools is held out. The classifier learns from 12.5, 25, 50 and 100 % of the other tools and is judged
on the texts of those held out; every figure is the mean over {draws} draws of the tools. Types are F1; the last column
is what the last doubling of the tools brought.
"""


@dataclass(frozen=True, slots=True)
class Point:
    """Hold what was reached with one share of the tools."""

    texts: int
    """How many were learned from."""
    evaluation: Evaluation

    def f1_of(self, kind: str) -> float:
        """Return the F1 of a type; 0 where the held-out tools show none of it."""
        return next((score.f1 for score in self.evaluation.types if score.type == kind), 0.0)


def split_tools(tools: Sequence[str], seed: int) -> tuple[list[str], list[str]]:
    """Return the tools to learn from, in the order in which they are added, and those held out."""
    shuffled = random.Random(seed).sample(sorted(set(tools)), len(set(tools)))
    held_out = round(HELD_OUT * len(shuffled))
    return shuffled[held_out:], shuffled[:held_out]


def measure_point(prepared: Prepared, learned: Sequence[str], held_out: Sequence[str]) -> Point:
    """Train on the texts of some tools and judge those of others."""
    rows, judged = _rows_of(prepared, learned), _rows_of(prepared, held_out)
    # In one group there is nothing to hold out for calibration, which changes no answer and takes most of the time.
    examples = tuple(replace(prepared.examples[row], tool="all") for row in rows)
    classifier = train_classifier(Prepared(examples, tuple(prepared.signals[row] for row in rows)))
    predictions = classifier.predict_many([prepared.signals[row] for row in judged])
    return Point(len(rows), score_predictions([prepared.examples[row].type for row in judged], predictions))


def measure_curve(prepared: Prepared) -> list[list[Point]]:
    """Return for each share its points, one per draw; progress goes to standard error."""
    curve: list[list[Point]] = [[] for _ in SHARES]
    for seed in SEEDS:
        learnable, held_out = split_tools(prepared.groups, seed)
        for share, points in zip(SHARES, curve, strict=True):
            points.append(measure_point(prepared, learnable[: round(share * len(learnable))], held_out))
            print(f"draw {seed}, {share:.1%}: macro-F1 {points[-1].evaluation.macro_f1:.3f}", file=sys.stderr)
    return curve


def describe_curve(prepared: Prepared, curve: Sequence[Sequence[Point]]) -> str:
    """Return the page, in Markdown."""
    about = _ABOUT.format(
        examples=len(prepared.examples), tools=len(set(prepared.groups)), classifier=DEFAULT, draws=len(curve[0])
    )
    texts = " | ".join(str(round(fmean(point.texts for point in points))) for points in curve)
    rows = [
        f"| | {' | '.join(f'{share:.1%}' for share in SHARES)} | last doubling |",
        "|---" + "|---:" * (len(SHARES) + 1) + "|",
        f"| texts | {texts} | |",
        _format_row("accuracy", [[point.evaluation.accuracy for point in points] for points in curve]),
        _format_row("macro-F1", [[point.evaluation.macro_f1 for point in points] for points in curve]),
        *(
            _format_row(kind, [[point.f1_of(kind) for point in points] for points in curve])
            for kind in load_taxonomy().names
        ),
    ]
    return about + "\n" + "\n".join(rows) + "\n"


def _rows_of(prepared: Prepared, tools: Sequence[str]) -> list[int]:
    wanted = set(tools)
    return [row for row, tool in enumerate(prepared.groups) if tool in wanted]


def _format_row(name: str, values: Sequence[Sequence[float]]) -> str:
    means = [fmean(drawn) for drawn in values]
    return f"| {name} | {' | '.join(f'{mean:.2f}' for mean in means)} | {round(means[-1] - means[-2], 3) + 0.0:+.3f} |"


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    everything = prepare_examples(load_bundled(load_taxonomy()))
    PAGE.write_text(describe_curve(everything, measure_curve(everything)), encoding="utf-8")
