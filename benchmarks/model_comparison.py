"""Write docs/model-comparison.md: what was tried for the classifier, and what each choice is worth on tools never seen.

Every variant is trained on three quarters of the tools and judged on the fourth, in turn; texts that equal one of the
other side once masked are left out of the training side. Takes about half an hour on one core; name variants to
measure only those and print them.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.calibration import CalibratedClassifierCV
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.naive_bayes import ComplementNB
from sklearn.neural_network import MLPClassifier
from sklearn.svm import LinearSVC

from errclass.classify.bundled import load_bundled
from errclass.classify.calibration import expected_calibration_error, fit_temperature
from errclass.classify.coverage import measure_coverage
from errclass.classify.features import chars_of, tags_of, words_of
from errclass.classify.folds import split_by_group
from errclass.classify.masks import mask_variables
from errclass.classify.noise import add_noise
from errclass.classify.tags import forget_codes
from errclass.classify.training import Prepared, prepare_examples, signals_of
from errclass.core.types import Signals
from errclass.system.taxonomy_file import load_taxonomy

PAGE = Path(__file__).resolve().parents[1] / "docs" / "model-comparison.md"
Analyser = Callable[[Signals], list[str]]
Matrix = Any
Scorer = Callable[[Matrix, np.ndarray, np.ndarray, Matrix], np.ndarray]
"""(features, labels, weights to learn from, features to judge) -> scores of shape (texts, types)."""


@dataclass(frozen=True, slots=True)
class Block:
    """Name one family of features with its weight and how many of them are kept."""

    analyser: Analyser
    weight: float = 1.0
    limit: int = 20_000


@dataclass(frozen=True, slots=True)
class Variant:
    """Describe one way to build the classifier."""

    group: str
    name: str
    blocks: tuple[Block, ...]
    scorer: Scorer
    noise: float = 0.5
    """Weight of the noisy copies among the training texts; 0 for none."""
    keep_codes: bool = False
    """Leave the noisy copies the tags of their codes."""
    judge_noisy: bool = False
    """Judge on texts wrapped in noise instead of the bare ones."""
    text: str = "focus"
    """What is read: the ``focus``, the ``region`` that a person is shown, or the ``whole`` text."""
    calibrated: bool = True
    """Scale the scores by a temperature fitted on other tools."""


def skip_pairs_of(signals: Signals) -> list[str]:
    """Return pairs of words of a line that stand up to three words apart."""
    lines = ([word.lower() for word in line.split()] for line in signals.masked_text.split("\n"))
    return [f"{first} ~ {second}" for line in lines for i, first in enumerate(line) for second in line[i + 1 : i + 4]]


def triples_of(signals: Signals) -> list[str]:
    """Return three neighbouring words each."""
    words = [word.lower() for word in signals.masked_text.split()]
    return [" ".join(words[i : i + 3]) for i in range(len(words) - 2)]


def headline_of(signals: Signals) -> list[str]:
    """Return the words of the two lines that rank first: where a word stands."""
    lines = signals.region.text.split("\n")
    places = [number - signals.region.start for number in signals.region.cause_lines[:2]]
    return [
        f"head {word.lower()}"
        for place in places
        if 0 <= place < len(lines)
        for word in mask_variables(lines[place]).split()
    ]


def other_tags_of(signals: Signals) -> list[str]:
    """Return the tags without the tool's name."""
    return [tag for tag in signals.tags if not tag.startswith("tool:")]


def logistic(strength: float = 20.0, weights: str | None = None) -> Scorer:
    """Return a multinomial logistic regression; ``strength`` is the inverse of its regularisation."""

    def score(known: Matrix, labels: np.ndarray, sample: np.ndarray, asked: Matrix) -> np.ndarray:
        model = LogisticRegression(C=strength, max_iter=300, tol=2e-3, class_weight=weights)
        found: np.ndarray = model.fit(known, labels, sample_weight=sample).decision_function(asked)
        return found

    return score


def fitted(make: Callable[[], Any], method: str = "decision_function", *, weighted: bool = True) -> Scorer:
    """Return a scorer for a scikit-learn classifier."""

    def score(known: Matrix, labels: np.ndarray, sample: np.ndarray, asked: Matrix) -> np.ndarray:
        model = make()
        model.fit(known, labels, sample_weight=sample) if weighted else model.fit(known, labels)
        found: np.ndarray = getattr(model, method)(asked)
        return found

    return score


def hierarchical(known: Matrix, labels: np.ndarray, sample: np.ndarray, asked: Matrix) -> np.ndarray:
    """Score the category first, then the type within it."""
    taxonomy = load_taxonomy()
    categories = np.array([taxonomy.category_of(kind) for kind in labels])
    top = LogisticRegression(C=20, max_iter=300, tol=2e-3)
    first = top.fit(known, categories, sample_weight=sample).predict_log_proba(asked)
    types = np.unique(labels)
    scores = np.zeros((asked.shape[0], len(types)))
    for position, category in enumerate(top.classes_):
        rows = categories == category
        inside = np.unique(labels[rows])
        columns = np.searchsorted(types, inside)
        scores[:, columns] = first[:, [position]]
        if len(inside) > 1:
            part = LogisticRegression(C=20, max_iter=300, tol=2e-3)
            part.fit(known[rows], labels[rows], sample_weight=sample[rows])
            scores[:, columns] += part.predict_log_proba(asked)
    return scores


def isotonic(known: Matrix, labels: np.ndarray, sample: np.ndarray, asked: Matrix) -> np.ndarray:
    """Score by logistic regressions whose probabilities were corrected type by type, on random rows."""
    model = CalibratedClassifierCV(LogisticRegression(C=20, max_iter=300, tol=2e-3), method="isotonic", cv=3)
    found: np.ndarray = np.log(model.fit(known, labels, sample_weight=sample).predict_proba(asked) + 1e-9)
    return found


WORDS, CHARS, TAGS = Block(words_of), Block(chars_of, 0.8), Block(tags_of, 0.4, 10_000)
OURS = (WORDS, CHARS, TAGS)
CHOSEN = Variant("chosen", "words, characters, tags; logistic regression", OURS, logistic())


def list_variants() -> list[Variant]:
    """Return all variants, the chosen one first."""
    features = {
        "words": (Block(words_of),),
        "characters": (Block(chars_of),),
        "words and characters": (WORDS, CHARS),
        "words and tags": (WORDS, TAGS),
        "tags": (Block(tags_of),),
        "without the tool's name": (WORDS, CHARS, Block(other_tags_of, 0.4, 10_000)),
        "with skip pairs": (*OURS, Block(skip_pairs_of, 0.5, 30_000)),
        "with triples": (*OURS, Block(triples_of, 0.5, 30_000)),
        "with position (words of the first lines)": (*OURS, Block(headline_of, 0.5)),
        "twice as many features": tuple(replace(block, limit=2 * block.limit) for block in OURS),
        "half as many features": tuple(replace(block, limit=block.limit // 2) for block in OURS),
        "tags weigh 0.7": (WORDS, CHARS, replace(TAGS, weight=0.7)),
        "tags weigh 0.25": (WORDS, CHARS, replace(TAGS, weight=0.25)),
    }
    models = {
        "weaker regularisation (C = 60)": logistic(60.0),
        "stronger regularisation (C = 6)": logistic(6.0),
        "linear support vector machine": fitted(lambda: LinearSVC(C=0.5, class_weight="balanced")),
        "ridge": fitted(lambda: RidgeClassifier(alpha=1.0, class_weight="balanced")),
        "complement naive Bayes": fitted(lambda: ComplementNB(alpha=0.3), "predict_joint_log_proba"),
        "hierarchical: category, then type": hierarchical,
        "neural network, one layer of 96": fitted(
            lambda: MLPClassifier((96,), max_iter=12, learning_rate_init=2e-3, random_state=0),
            "predict_log_proba",
            weighted=False,
        ),
        "all types equally frequent (class weights)": logistic(weights="balanced"),
    }
    return [
        CHOSEN,
        *(Variant("features", name, blocks, logistic()) for name, blocks in features.items()),
        *(Variant("model", name, OURS, scorer) for name, scorer in models.items()),
        replace(CHOSEN, group="text", name="the region that is shown", text="region"),
        replace(CHOSEN, group="text", name="the whole text", text="whole"),
        replace(
            CHOSEN, group="text", name="the region that is shown, judged in noise", text="region", judge_noisy=True
        ),
        replace(CHOSEN, group="text", name="the whole text, judged in noise", text="whole", judge_noisy=True),
        replace(CHOSEN, group="calibration", name="none", calibrated=False),
        Variant("calibration", "isotonic, on random rows", OURS, isotonic, calibrated=False),
        replace(CHOSEN, group="noise", name="noisy copies with their codes, judged bare", keep_codes=True),
        replace(CHOSEN, group="noise", name="without noisy copies, judged bare", noise=0.0),
        replace(CHOSEN, group="noise", name="without noisy copies, judged in noise", noise=0.0, judge_noisy=True),
        replace(CHOSEN, group="noise", name="with noisy copies, judged in noise", judge_noisy=True),
    ]


@dataclass(frozen=True, slots=True)
class Texts:
    """Hold the texts, bare and in noise, with their types and which rows are split how."""

    prepared: Prepared
    noisy: tuple[Signals, ...]
    types: np.ndarray
    folds: tuple[tuple[np.ndarray, np.ndarray], ...]


@cache
def load_texts() -> Texts:
    """Read all bundled texts once."""
    prepared = prepare_examples(load_bundled(load_taxonomy()))
    noisy = tuple(signals_of(add_noise(example.text)) for example in prepared.examples)
    types = np.array([example.type for example in prepared.examples])
    return Texts(prepared, noisy, types, tuple(_split(prepared)))


def _split(prepared: Prepared) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield (learned, held out) rows by tool; no template stands on both sides."""
    templates = np.array([" ".join(signals.masked_text.lower().split()) for signals in prepared.signals])
    for learned, held in split_by_group(prepared.groups):
        yield learned[~np.isin(templates[learned], templates[held])], held


@cache
def load_signals(text: str) -> tuple[tuple[Signals, ...], tuple[Signals, ...]]:
    """Return the signals of all texts, bare and in noise, with that much of the text to read; codes stay."""
    texts = load_texts()
    examples = texts.prepared.examples
    if text == "focus":
        return texts.prepared.signals, texts.noisy
    if text == "region":
        both = [[mask_variables(one.region.text) for one in side] for side in (texts.prepared.signals, texts.noisy)]
    else:
        both = [
            [mask_variables(one.text) for one in examples],
            [mask_variables(add_noise(one.text)) for one in examples],
        ]
    bare, noisy = (
        tuple(replace(one, masked_text=read) for one, read in zip(side, reads, strict=True))
        for side, reads in zip((texts.prepared.signals, texts.noisy), both, strict=True)
    )
    return bare, noisy


def measure_variant(variant: Variant) -> dict[str, float]:
    """Return the figures of a variant on all held-out texts."""
    texts = load_texts()
    started = time.perf_counter()
    types = np.unique(texts.types)
    scores = np.zeros((len(texts.types), len(types)))
    for learned, held in texts.folds:
        scores[held] = _score_fold(variant, texts, learned, held)
    seconds = (time.perf_counter() - started) / len(texts.folds)
    temperature = 1.0
    truth = np.searchsorted(types, texts.types)
    if variant.calibrated:
        temperature = fit_temperature(scores, truth)
    return {**_judge(scores / temperature, truth), "seconds": seconds}


def _score_fold(variant: Variant, texts: Texts, learned: np.ndarray, held: np.ndarray) -> np.ndarray:
    bare, noisy = load_signals(variant.text)
    known = [bare[row] for row in learned]
    labels, weights = texts.types[learned], np.ones(len(learned))
    if variant.noise:
        copies = [noisy[row] for row in learned]
        known += copies if variant.keep_codes else [forget_codes(copy) for copy in copies]
        labels = np.concatenate([labels, labels])
        weights = np.concatenate([weights, np.full(len(learned), variant.noise)])
    asked = [(noisy if variant.judge_noisy else bare)[row] for row in held]
    parts = [_featurise(block, known, asked) for block in variant.blocks]
    features = [sparse.hstack(side).tocsr() for side in zip(*parts, strict=True)]
    return variant.scorer(features[0], labels, weights, features[1])


def _featurise(block: Block, known: Sequence[Signals], asked: Sequence[Signals]) -> tuple[Matrix, Matrix]:
    vectorizer = TfidfVectorizer(analyzer=block.analyser, min_df=2, max_features=block.limit, sublinear_tf=True)
    return vectorizer.fit_transform(known) * block.weight, vectorizer.transform(asked) * block.weight


def _judge(scores: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
    probabilities = exponents / exponents.sum(axis=1, keepdims=True)
    answers, confidences = probabilities.argmax(axis=1), probabilities.max(axis=1)
    correct = answers == truth
    hits = np.bincount(truth[correct], minlength=scores.shape[1])
    both = np.bincount(truth, minlength=scores.shape[1]) + np.bincount(answers, minlength=scores.shape[1])
    wanted = np.eye(scores.shape[1])[truth]
    spread = ((wanted.mean(axis=0) - wanted) ** 2).sum()
    return {
        "accuracy": float(correct.mean()),
        "macro-F1": float((2 * hits / both).mean()),
        "ECE": expected_calibration_error(confidences, correct),
        "answered at 5 % error": measure_coverage(confidences.tolist(), correct.tolist(), error=0.05),
        "Brier skill": float(1 - ((probabilities - wanted) ** 2).sum() / spread),
    }


_ABOUT = """\
# What was tried for the classifier

{texts} texts of {tools} tools. Written by `python benchmarks/model_comparison.py`.

Each row changes one thing of the chosen classifier (the first row). It is trained on three quarters of the tools and
judged on the fourth, in turn: no tool, and no text equal once masked, is on both sides. ECE is the calibration error
after the temperature was fitted on the same held-out scores, which flatters every row alike; `answered` is the share
that can be answered, the surest first, with at most 5 % of the answers wrong; seconds are for one training.
"""


def describe_comparison(rows: Sequence[tuple[Variant, dict[str, float]]]) -> str:
    """Return the page, in Markdown."""
    prepared = load_texts().prepared
    about = _ABOUT.format(texts=len(prepared.examples), tools=len(set(prepared.groups)))
    figures = list(rows[0][1])
    lines = [f"| | variant | {' | '.join(figures)} |", "|---|---" + "|---:" * len(figures) + "|"]
    for variant, found in rows:
        cells = [f"{value:.0f}" if name == "seconds" else f"{value:.3f}" for name, value in found.items()]
        lines.append(f"| {variant.group} | {variant.name} | {' | '.join(cells)} |")
    return about + "\n" + "\n".join(lines) + "\n"


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("variant", nargs="*", help="part of a variant's group or name; default: all, into the page")
    wanted = parser.parse_args().variant
    rows = []
    for variant in list_variants():
        if not wanted or any(part in f"{variant.group} {variant.name}" for part in wanted):
            rows.append((variant, measure_variant(variant)))
            print(variant.group, variant.name, rows[-1][1], file=sys.stderr)
    page = describe_comparison(rows)
    if wanted:
        print(page)
    else:
        PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    _main()
