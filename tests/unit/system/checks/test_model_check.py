"""The model in use, whole, damaged, untrusted, old, and of other types."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from errclass.classify.artefact import hash_file, pickled_files, save_model
from errclass.classify.training import Prepared, train_classifier
from errclass.core.clock import utc_now
from errclass.core.taxonomy import Taxonomy
from errclass.system.checks import check_model
from errclass.system.model_shelf import DEFAULT_MODEL
from errclass.system.settings import Settings
from errclass.system.trust import TrustStore
from errclass.system.wiring import build_parts


def copy_model(place: Path, **changes: Any) -> Path:
    """Return a copy of the shipped model whose manifest says otherwise."""
    shutil.copytree(DEFAULT_MODEL, place)
    manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    (place / "manifest.json").write_text(json.dumps(manifest | changes), encoding="utf-8")
    return place


def test_the_shipped_model_is_well(settings: Settings) -> None:
    """However old it is."""
    check = check_model(settings)
    assert ("ok", True) == (check.status, check.details["shipped"])
    assert check.details["version"] in check.message


def test_the_parts_of_a_process_are_looked_at_as_they_are(load: Callable[..., Settings], tmp_path: Path) -> None:
    """Not loaded again."""
    settings = load(model=str(copy_model(tmp_path / "model")))
    parts = build_parts(settings)
    shutil.rmtree(tmp_path / "model")
    assert ("ok", "problem") == (check_model(settings, parts).status, check_model(settings).status)


def test_a_changed_file_is_a_problem(load: Callable[..., Settings], tmp_path: Path) -> None:
    """It says which, and what to do."""
    place = copy_model(tmp_path / "model")
    (place / "weights.npz").write_bytes(b"no weights")
    check = check_model(load(model=str(place)))
    assert "problem" == check.status
    assert "weights.npz" in check.message
    assert check.advice


def test_a_model_that_leads_nowhere_is_a_problem(load: Callable[..., Settings], tmp_path: Path) -> None:
    """As a name that nobody knows."""
    assert "problem" == check_model(load(model=str(tmp_path / "gone"))).status


def test_a_pickled_model_needs_trust(
    load: Callable[..., Settings], tmp_path: Path, prepared_small: Prepared, taxonomy: Taxonomy
) -> None:
    """Without it nothing of it is loaded; with it all is well but what it cannot answer."""
    place = tmp_path / "model"
    classifier = train_classifier(prepared_small, name="bayes")
    save_model(classifier, place, name="bayes", taxonomy=taxonomy, training={}, metrics={}, card="")
    settings = load(model=str(place))
    check = check_model(settings)
    assert ("problem", True) == (check.status, "trust.json" in check.message)
    for path in pickled_files(place):
        TrustStore(settings.home).trust_model(hash_file(path), path)
    check = check_model(settings)
    assert ("ok", True) == (check.status, "needs trust and has it" in check.message)


def test_an_old_model_of_ones_own_is_a_warning(load: Callable[..., Settings], tmp_path: Path) -> None:
    """One of half a year is not."""
    for days, status in ((200, "warning"), (170, "ok")):
        created = (utc_now() - timedelta(days=days)).isoformat()
        place = copy_model(tmp_path / str(days), created=created)
        check = check_model(load(model=str(place)))
        assert (status, days) == (check.status, check.details["age_days"])


def test_a_model_without_a_time_has_no_age(load: Callable[..., Settings], tmp_path: Path) -> None:
    """And that is no fault."""
    check = check_model(load(model=str(copy_model(tmp_path / "model", created="some day"))))
    assert ("ok", None) == (check.status, check.details["age_days"])


def test_a_model_that_lacks_types_of_this_version_is_a_warning(load: Callable[..., Settings], tmp_path: Path) -> None:
    """It can never answer them."""
    manifest = json.loads((DEFAULT_MODEL / "manifest.json").read_text(encoding="utf-8"))
    taxonomy = manifest["taxonomy"]
    fewer = {name: value for name, value in taxonomy["types"].items() if name != "network"}
    place = copy_model(tmp_path / "model", taxonomy=taxonomy | {"types": fewer})
    check = check_model(load(model=str(place)))
    assert "warning" == check.status
    assert "1 types of this version: network" in check.message
