"""Train a candidate: judge it on the newest labelled outcomes, put it on the shelf, and say whether it may be used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ...classify.artefact import hash_examples, read_manifest, read_versions
from ...core.clock import utc_now
from ...core.errors import ErrclassError, ModelError
from ...core.taxonomy import Taxonomy
from ...outcomes import Store
from ..model_shelf import ModelShelf
from ..promotion_gate import Verdict
from ..registering import register_model
from ..settings import Settings
from ..shelving import check_target, shelve_model
from ..taxonomy_file import DEFAULT, load_taxonomy
from ..wiring import open_store
from .comparing import Judgement, judge_contenders
from .judged_texts import STORE, JudgedTexts, read_newest
from .promoting import meet_champion
from .recipe import KEY, Order, describe_recipe, order_again, refuse_changes
from .training import Gathered, Progress, Trained, train_model


@dataclass(frozen=True, slots=True)
class Place:
    """Say where a trained model goes."""

    name: str = "default"
    """Name on the shelf."""
    out: Path | None = None
    """The only folder to write to, instead of the shelf."""


def train_candidate(
    order: Order, place: Place, settings: Settings, *, progress: Progress | None = None
) -> dict[str, Any]:
    """Train, judge and shelve a model, and return the report, JSON-ready.

    Raises UsageError for input that cannot be learned from, and ModelError when a model that is to be trained again
    cannot be.
    """
    if place.out:
        check_target(place.out)
    taxonomy = load_taxonomy(order.taxonomy_file or DEFAULT)
    if order.use_store and order.until is None:
        order = replace(order, until=utc_now())
    with open_store(settings) as store:
        # Without the store nothing of it may stand in the model, figures neither: it may be meant for others.
        judged = read_newest(store, settings.promotion, taxonomy) if order.use_store else JudgedTexts(STORE)
        trained = _train(order, taxonomy, store, _worth_judging(judged, settings), progress)
        judgement = _judge(trained, judged, settings)
        trained = replace(trained, newest_slice=judgement.to_dict() if judgement else {})
        first = ModelShelf(settings.home).promoted() is None
        placed = shelve_model(trained, settings, name=place.name, out=place.out, lean=order.lean)
        report = {**trained.report(), "model": placed}
        if not place.out:
            document = {
                "model": placed["reference"],
                "metrics": report["metrics"],
                "newest_slice": report["newest_slice"],
            }
            register_model(store, placed["version"], "trained", document)
            if first:
                why = {"model": placed["reference"], "why": "the first model", "forced": False}
                register_model(store, placed["version"], "promoted", why)
    return report


def order_model_again(reference: str, settings: Settings) -> tuple[Order, list[str]]:
    """Return the order that trains a model again, and what was installed otherwise then, a sentence each."""
    folder = ModelShelf(settings.home).find(reference)
    manifest = read_manifest(folder)
    return order_again(manifest, folder), _list_differences(manifest.get("libraries") or {})


def _train(
    order: Order, taxonomy: Taxonomy, store: Store, judged: JudgedTexts | None, progress: Progress | None
) -> Trained:
    def check(gathered: Gathered) -> None:
        recipe.update(describe_recipe(order, gathered, taxonomy))
        if order.expected:
            refuse_changes(order.expected, recipe)

    recipe: dict[str, Any] = {}
    known = store if order.use_store else None
    trained = train_model(order.options(), taxonomy, known, judged=judged, check=check, progress=progress)
    recipe["sha256"] = hash_examples(trained.prepared.examples)
    if order.expected.get("sha256", recipe["sha256"]) != recipe["sha256"]:
        raise ModelError("the same input gave other examples: this errclass reads history otherwise than that of then")
    return replace(trained, notes={KEY: recipe})


def _worth_judging(judged: JudgedTexts, settings: Settings) -> JudgedTexts | None:
    """Return the texts unless they are too few to judge by: training once more for nothing takes as long again."""
    return judged if len(judged.texts) >= settings.promotion.minimum_examples else None


def _judge(trained: Trained, judged: JudgedTexts, settings: Settings) -> Judgement | None:
    """Return how it compares with the model that it would replace; None where nothing is labelled."""
    if not judged.texts:
        return None
    challenger = trained.contender
    try:
        champion = meet_champion(settings)
    except ErrclassError:  # none yet, damaged, not trusted: then it is judged alone
        champion = None
    if champion is not None and champion.version == challenger.version:
        verdict = Verdict(None, ("it is the model in use, trained again",))
        return Judgement(challenger.version, champion.version, judged, 0, None, verdict)
    return judge_contenders(challenger, champion, judged, settings.promotion)


def _list_differences(libraries: Mapping[str, str]) -> list[str]:
    now = read_versions()
    return [
        f"it was trained with {name} {version}, this is {now.get(name, 'without it')}: its weights may differ"
        for name, version in libraries.items()
        if now.get(name) != version
    ]
