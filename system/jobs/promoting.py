"""Put a model into use if it is better, and go back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ...classify.artefact import check_files, read_manifest
from ...core.errors import ErrclassError, ModelError, StoreError
from ..model_shelf import DEFAULT_MODEL, ModelShelf
from ..promotion_gate import Verdict
from ..promotions import SHIPPED
from ..registering import register_model
from ..settings import Settings
from ..wiring import find_model, open_store
from .comparing import Contender, judge_contenders, meet_model
from .judged_texts import read_newest

_MOST_WORDS = 1_000


@dataclass(frozen=True, slots=True)
class Attempt:
    """Hold what came of asking for a promotion."""

    reference: str
    folder: Path
    promoted: bool
    verdict: Verdict | None
    """None where no gate is passed: the shipped model, the very first, and the one in use."""


def promote_model(reference: str, settings: Settings, *, force: bool = False) -> Attempt:
    """Put a model of the shelf into use unless the gate refuses it, and return what came of it.

    Where nothing can be judged it is put into use. ``force`` puts it into use whatever the gate says, and that is
    recorded. Raises UsageError for a reference that leads nowhere, and ModelError or UntrustedError for a model that
    could not be used.
    """
    shelf = ModelShelf(settings.home)
    folder = shelf.find_own(reference)
    name, manifest = shelf.name(folder), read_manifest(folder)
    check_files(folder, manifest)
    verdict = _ask_gate(folder, shelf, settings, force=force) if _is_gated(folder, shelf) else None
    refused = verdict is not None and verdict.passed is False
    if refused and not force:
        return Attempt(name, folder, promoted=False, verdict=verdict)
    why = "; ".join(verdict.reasons)[:_MOST_WORDS] if verdict else ""
    shelf.promote(name, why=why, forced=refused)
    document = {"model": name, "why": why, "forced": refused, "verdict": verdict.word if verdict else None}
    with open_store(settings) as store:
        register_model(store, str(manifest.get("version")), "promoted", document)
    return Attempt(name, folder, promoted=True, verdict=verdict)


def roll_back(settings: Settings) -> tuple[str, Path]:
    """Put the model into use that was before, and return its reference and folder.

    Raises UsageError when there was none, and ModelError when it cannot be used any more.
    """
    reference, folder = ModelShelf(settings.home).roll_back()
    with open_store(settings) as store:
        register_model(store, str(read_manifest(folder).get("version")), "rolled_back", {"model": reference})
    return reference, folder


def meet_champion(settings: Settings) -> Contender:
    """Return the model that a promotion would replace: the promoted one, else the shipped one.

    Raises an ErrclassError when it cannot be loaded.
    """
    folder = ModelShelf(settings.home).promoted()
    return meet_model(find_model(settings, SHIPPED if folder is None else str(folder)))


def _is_gated(folder: Path, shelf: ModelShelf) -> bool:
    if folder == DEFAULT_MODEL or not shelf.promotions.exist():
        return False
    try:
        return folder != shelf.promoted()
    except ModelError:  # a damaged pointer: promotion mends it
        return True


def _ask_gate(folder: Path, shelf: ModelShelf, settings: Settings, *, force: bool) -> Verdict:
    model = find_model(settings, shelf.name(folder))
    try:
        champion = meet_champion(settings)
    except ErrclassError as error:
        return Verdict(None, (f"the model in use cannot be loaded to compare with ({error})",))
    try:
        with open_store(settings) as store:
            judged = read_newest(store, settings.promotion, model.taxonomy)
    except StoreError as error:
        if not force:
            raise
        return Verdict(None, (str(error),))
    if not judged.texts:
        return Verdict(None, ("the store holds no labelled outcomes to judge by",))
    return judge_contenders(meet_model(model), champion, judged, settings.promotion).verdict
