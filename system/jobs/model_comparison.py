"""Compare two models that lie on the shelf or elsewhere."""

from __future__ import annotations

from pathlib import Path

from ...core.errors import UsageError
from ..model_shelf import ModelShelf
from ..settings import Settings
from ..wiring import find_model, find_model_folder, open_store
from .comparing import Judgement, judge_contenders, meet_model
from .judged_texts import read_judged_file, read_newest
from .labelled_rows import LabelledFile


def compare_models(
    settings: Settings, challenger: str | None = None, champion: str | None = None, *, file: LabelledFile | None = None
) -> Judgement:
    """Compare two models on a file of labelled texts, or on the newest labelled outcomes of the store.

    The challenger is by default the newest candidate on the shelf, the champion the model in use. Raises UsageError
    when there is none, or both are the same.
    """
    old = find_model_folder(settings, champion)
    new = find_model_folder(settings, challenger or _find_candidate(settings, old))
    if new == old:
        raise UsageError(f"{new}: a model cannot be compared with itself; name another, or train one: errclass train")
    model = find_model(settings, str(new))
    if file is not None:
        judged = read_judged_file(file, model.taxonomy)
    else:
        with open_store(settings) as store:
            judged = read_newest(store, settings.promotion, model.taxonomy)
    return judge_contenders(meet_model(model), meet_model(find_model(settings, str(old))), judged, settings.promotion)


def _find_candidate(settings: Settings, champion: Path) -> str:
    """Return the model on the shelf that was trained last and is not in use."""
    shelf = ModelShelf(settings.home)
    candidates = [one.folder for one in shelf.entries() if not one.promoted and shelf.folder in one.folder.parents]
    others = [folder for folder in candidates if folder != champion]
    if not others:
        raise UsageError("there is no candidate on the shelf to compare; train one with: errclass train")
    return str(others[-1])
