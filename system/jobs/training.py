"""Train a model on the corpus, the store and the user's own history, and put it on the shelf."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from ...classify.artefact import save_model
from ...classify.bundled import load_bundled
from ...classify.card import describe_card
from ...classify.evaluation import Evaluation, evaluate_held_out
from ...classify.foretelling import foretell, list_own
from ...classify.memory import Memory, remember
from ...classify.noise import copy_with_noise
from ...classify.registry import DEFAULT, find_classifier
from ...classify.training import Prepared, describe_training, prepare_examples, signals_of, train_classifier
from ...classify.weak_labels import weak_label
from ...core.errors import UsageError
from ...core.taxonomy import Taxonomy
from ...core.types import Example
from ...outcomes import Row, Skipped, Store, count_disagreements, load_training_set, read_history
from .comparing import Contender, knows_bundled
from .judged_texts import JudgedTexts
from .label_mapping import LabelMapping
from .unlabelled import gather_unlabelled

Progress = Callable[[str, int, int], None]
"""Called with (step, done, total)."""

MAX_TEXT_CHARS = 200_000


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """Say what to train on and how."""

    paths: tuple[Path, ...] = ()
    text_column: str | None = None
    label_column: str | None = None
    use_corpus: bool = True
    mapping: Mapping[str, str] = field(default_factory=dict)
    classifier: str = DEFAULT
    until: datetime | None = None
    """Of the store, only what was recorded up to then; None for all of it."""


@dataclass(slots=True)
class Gathered:
    """Collect examples, and what was left out and why."""

    examples: list[Example] = field(default_factory=list)
    stored: list[Example] = field(default_factory=list)
    """Those of them that came from the store."""
    bundled: list[Example] = field(default_factory=list)
    """Those of them that come with errclass."""
    noisy: list[Example] = field(default_factory=list)
    """Copies of the bundled texts as a CI system's log would show them; a user's own logs have noise enough."""
    skipped: dict[str, Skipped] = field(default_factory=dict)
    """Path -> rows that could not be read."""
    foreign: Counter[str] = field(default_factory=Counter)
    """Label outside the taxonomy -> rows."""
    weak: int = 0
    """Rows that got their label from exact codes in their text."""
    unlabelled: int = 0
    """Rows left out, for nothing labels them."""
    disagreements: int = 0
    """Causes of the store that are labelled in two ways."""


@dataclass(frozen=True, slots=True)
class Trained:
    """Hold a trained classifier with what is known of it, not saved yet."""

    classifier: Any
    name: str
    taxonomy: Taxonomy
    prepared: Prepared
    evaluation: Evaluation | None
    gathered: Gathered
    memory: Memory
    notes: Mapping[str, Any] = field(default_factory=dict)
    """What the manifest says of the training beyond counts: what is needed to repeat it."""
    newest_slice: Mapping[str, Any] = field(default_factory=dict)
    """What it reached on the newest labelled outcomes, beside the model in use."""

    @property
    def contender(self) -> Contender:
        """What is compared with the model in use."""
        by_source = describe_training(self.prepared)["by_source"]
        return Contender(self.classifier.version, self.classifier, self.memory, knows_bundled(by_source))

    def save(self, folder: Path, *, lean: bool = False) -> Path:
        """Write the model into a folder and return it; ``lean`` leaves out what runs code when loaded."""
        metrics = self.evaluation.to_dict() if self.evaluation else {}
        training = {**describe_training(self.prepared), **self.notes}
        card = describe_card(self.name, self.classifier.version, training, metrics)
        return save_model(
            self.classifier,
            folder,
            name=self.name,
            taxonomy=self.taxonomy,
            training=training,
            metrics={**metrics, "newest_slice": dict(self.newest_slice)} if self.newest_slice else metrics,
            card=card,
            memory=self.memory,
            lean=lean,
        )

    def report(self) -> dict[str, Any]:
        """Return what a person wants to know of the training, JSON-ready."""
        gathered = self.gathered
        return {
            "classifier": self.name,
            "training": describe_training(self.prepared),
            "skipped": {path: skipped.describe() for path, skipped in gathered.skipped.items()},
            "foreign_labels": [
                {"label": label, "rows": rows, "nearest": self.taxonomy.nearest(label)}
                for label, rows in gathered.foreign.most_common()
            ],
            "weak_labels": gathered.weak,
            "left_out": gathered.unlabelled,
            "disagreements": gathered.disagreements,
            "metrics": self.evaluation.to_dict() if self.evaluation else {},
            "newest_slice": dict(self.newest_slice),
        }


def train_model(
    options: TrainOptions,
    taxonomy: Taxonomy,
    store: Store | None,
    *,
    judged: JudgedTexts | None = None,
    check: Callable[[Gathered], None] | None = None,
    progress: Progress | None = None,
) -> Trained:
    """Gather the examples, train, and evaluate on held-out tools; nothing is written.

    Where it learned texts of ``judged``, the same is trained once more without them, so that it can be judged on them.
    ``check`` may raise for what was gathered, before minutes are spent on it. Raises UsageError when a path cannot be
    read, holds one label only, or there is nothing to learn.
    """
    find_classifier(options.classifier)  # a wrong name is told now, not after minutes of reading
    gathered = gather_examples(options, taxonomy, store)
    if check:
        check(gathered)
    step = progress or (lambda name, done, total: None)
    examples = [*gathered.examples, *gathered.noisy]
    prepared = prepare_examples(examples, progress=lambda done, total: step("reading", done, total))
    step("training", 0, 0)
    classifier = train_classifier(prepared, name=options.classifier)
    evaluation = evaluate_held_out(prepared, name=options.classifier, trained=classifier)
    memory = _remember(prepared, judged, options.classifier, step)
    return Trained(classifier, options.classifier, taxonomy, prepared, evaluation, gathered, memory)


def _remember(prepared: Prepared, judged: JudgedTexts | None, name: str, step: Progress) -> Memory:
    own = [keys for keys in list_own(prepared) if keys is not None]
    memory = remember(own)
    if judged is None or not any(memory.knows(text.keys) for text in judged.texts):
        return memory
    step("training without the newest texts", 0, 0)
    return remember(own, foretell(prepared, [(text.keys, text.signals) for text in judged.texts], name=name))


def gather_examples(options: TrainOptions, taxonomy: Taxonomy, store: Store | None) -> Gathered:
    """Read corpus, store and paths."""
    gathered = Gathered()
    for path in options.paths:
        _gather_path(path, options, taxonomy, gathered)
    _refuse_one_class(options.paths, gathered)
    if store is not None and store.exists():
        known = load_training_set(store, until=options.until)
        gathered.stored += [example for example in known if example.type in taxonomy.names]
        gathered.stored += gather_unlabelled(store, taxonomy, until=options.until)
        gathered.examples += gathered.stored
        gathered.disagreements = count_disagreements(store)
    if options.use_corpus:
        gathered.bundled += load_bundled(taxonomy)
        gathered.examples += gathered.bundled
        gathered.noisy += copy_with_noise(gathered.bundled)
    return gathered


def _gather_path(path: Path, options: TrainOptions, taxonomy: Taxonomy, gathered: Gathered) -> None:
    history = read_history(path, text_column=options.text_column, label_column=options.label_column)
    mapping = LabelMapping(taxonomy, options.mapping)
    for row in history.rows:
        example = _to_example(row, mapping, taxonomy, gathered)
        if example is not None:
            gathered.examples.append(example)
    if history.skipped.total:
        gathered.skipped[str(path)] = history.skipped


def _to_example(row: Row, mapping: LabelMapping, taxonomy: Taxonomy, gathered: Gathered) -> Example | None:
    text = row.text[-MAX_TEXT_CHARS:]
    kind = mapping.find(row.label) if row.label else None
    if row.label and kind is None:
        gathered.foreign[row.label] += 1
    if kind is not None:
        return Example(text, kind, row.retryable, tool=row.tool)
    guess = weak_label(signals_of(text))
    if guess is None or guess[0] not in taxonomy.names:
        gathered.unlabelled += 1
        return None
    gathered.weak += 1
    return Example(text, guess[0], row.retryable, weight=guess[1], tool=row.tool, source="weak")


def _refuse_one_class(paths: Sequence[Path], gathered: Gathered) -> None:
    """Refuse a history whose labelled rows all say the same: far more often a wrong column than a wish."""
    labels = {example.type for example in gathered.examples if example.source == "user"} | set(gathered.foreign)
    if paths and len(labels) == 1 and not gathered.weak:
        raise UsageError(
            f"{', '.join(map(str, paths))}: every labelled text says {labels.pop()!r}, and one label alone teaches "
            "nothing; add texts of other types, or name the right column with --label-column"
        )
