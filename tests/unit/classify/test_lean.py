"""The lean form predicts what scikit-learn's pipeline does, and refuses files that are not its own."""

from __future__ import annotations

import io
import json
import pickle
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errclass.classify import lean
from errclass.classify.lean import ARRAYS, VOCABULARY, LeanLinear
from errclass.classify.linear import LinearClassifier
from errclass.classify.training import Prepared, prepare_examples, signals_of, train_classifier
from errclass.core.errors import ModelError
from errclass.core.types import Example

PIECES = st.sampled_from(
    [
        "npm ERR! ",
        "ECONNREFUSED",
        "assert ",
        "expected 3 got 4\n",
        "\n",
        "İ",
        "ﬁ",
        "\0",
        "\ud800",
        "401 Unauthorized ",
        "_",
        "'",
        "x" * 500,
        "<path>",
        "ERESOLVE ",
        "é" * 40,
    ]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=12).map("".join))


@pytest.fixture(scope="session")
def two_types(prepared_small: Prepared) -> LinearClassifier:
    """Return a model of two types, for which scikit-learn keeps one row of weights only."""
    examples = [example for example in prepared_small.examples if example.type in {"network", "test"}]
    classifier = train_classifier(prepare_examples(examples), name="linear")
    assert isinstance(classifier, LinearClassifier)
    return classifier


def assert_equal(classifier: LinearClassifier, text: str) -> None:
    signals = signals_of(text)
    expected = classifier.pipeline.predict_proba([signals])[0]
    assert expected == pytest.approx(
        classifier.lean.probabilities(classifier.lean.score(classifier.lean.read(signals))), abs=1e-6
    )


@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
def test_probabilities_equal_those_of_the_pipeline(linear_small: LinearClassifier, text: str) -> None:
    """On any text, to one in a million."""
    assert_equal(linear_small, text)


@settings(max_examples=50, deadline=None)
@given(text=TEXTS)
def test_two_types_equal_the_pipeline_too(two_types: LinearClassifier, text: str) -> None:
    """The one row of weights is shared out rightly."""
    assert_equal(two_types, text)


def test_every_text_of_the_training_set_equals_the_pipeline(
    linear_small: LinearClassifier, prepared_small: Prepared
) -> None:
    """Also where most features are known."""
    expected = linear_small.pipeline.predict_proba(list(prepared_small.signals))
    found = np.vstack(
        [
            linear_small.lean.probabilities(linear_small.lean.score(linear_small.lean.read(one)))
            for one in prepared_small.signals
        ]
    )
    assert expected == pytest.approx(found, abs=1e-6)


def test_texts_without_codes_train_and_equal_the_pipeline() -> None:
    """A family of features that no text shows takes no part."""
    examples = [
        Example(f"{word} broke here", kind)
        for kind, words in {"a": "alpha beta", "b": "gamma delta"}.items()
        for word in words.split()
    ]
    classifier = train_classifier(prepare_examples(examples), name="linear")
    assert isinstance(classifier, LinearClassifier)
    assert_equal(classifier, "alpha broke ENOSPC")
    assert {"a": "alpha broke", "b": "gamma broke"} == {
        classifier.predict_many([signals_of(text)])[0].type: text for text in ("alpha broke", "gamma broke")
    }


def test_saving_and_loading_keeps_every_probability(
    linear_small: LinearClassifier, prepared_small: Prepared, tmp_path: Path
) -> None:
    """Weights are stored as exactly as they are used."""
    linear_small.lean.save(tmp_path)
    loaded = LeanLinear.load(tmp_path)
    assert linear_small.lean.types == loaded.types
    for signals in prepared_small.signals:
        expected = linear_small.lean.probabilities(linear_small.lean.score(linear_small.lean.read(signals))).tolist()
        assert expected == loaded.probabilities(loaded.score(loaded.read(signals))).tolist()


def test_the_known_share_tells_foreign_text(linear_small: LinearClassifier, prepared_small: Prepared) -> None:
    """Text of the training set is mostly known, nonsense is not, and nothing at all counts as unknown."""
    assert linear_small.lean.read(prepared_small.signals[0]).known_share > 0.1
    assert 0.0 == linear_small.lean.read(signals_of("qwzx vbnmq plokij")).known_share
    assert 0.0 == linear_small.lean.read(signals_of("")).known_share


class Trap:
    """Unpickling this creates a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str, str]]:
        return (open, (str(self.path), "w"))


def truncate(folder: Path) -> None:
    path = folder / ARRAYS
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(folder: Path) -> None:
    path = folder / ARRAYS
    data = bytearray(path.read_bytes())
    for place in range(200, len(data) - 2000, 501):
        data[place] ^= 0xFF
    path.write_bytes(data)


def change_names(folder: Path, **changes: object) -> None:
    path = folder / VOCABULARY
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **changes}), encoding="utf-8")


def change_array(folder: Path, name: str, array: object) -> None:
    with np.load(folder / ARRAYS) as arrays:
        content = dict(arrays)
    np.savez(folder / ARRAYS, **{**content, name: array})


def replace_member(folder: Path, name: str, data: bytes) -> None:
    with zipfile.ZipFile(folder / ARRAYS) as archive:
        content = {member: archive.read(member) for member in archive.namelist()}
    with zipfile.ZipFile(folder / ARRAYS, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, old in content.items():
            archive.writestr(member, data if member == name else old)


def npy_of_shape(shape: str) -> bytes:
    """Return an array file whose head promises more than follows."""
    head = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}"
    head += " " * (118 - len(head) - 1) + "\n"
    return b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head.encode() + b"\0" * 64


DAMAGES: dict[str, Callable[[Path], None]] = {
    "no arrays": lambda folder: (folder / ARRAYS).unlink(),
    "no vocabulary": lambda folder: (folder / VOCABULARY).unlink(),
    "empty arrays": lambda folder: (folder / ARRAYS).write_bytes(b"") and None,
    "arrays cut off": truncate,
    "arrays with flipped bits": flip,
    "arrays that are no archive": lambda folder: (folder / ARRAYS).write_text("hello") and None,
    "an array promising a petabyte": lambda folder: replace_member(
        folder, "intercept.npy", npy_of_shape("(250000000000000,)")
    ),
    "an array promising more than there is": lambda folder: replace_member(
        folder, "intercept.npy", npy_of_shape("(5000,)")
    ),
    "an array that is none": lambda folder: replace_member(folder, "intercept.npy", b"hello"),
    "an array of words": lambda folder: change_array(folder, "intercept", np.array(["a", "b", "c", "d"])),
    "an array of another shape": lambda folder: change_array(folder, "intercept", np.zeros(3)),
    "an array of two dimensions": lambda folder: change_array(folder, "words_idf", np.zeros((2, 2))),
    "a weight that is no number": lambda folder: change_array(folder, "intercept", np.array([np.nan] * 4)),
    "a vocabulary cut off": lambda folder: (folder / VOCABULARY).write_text('{"types": ["a"') and None,
    "a vocabulary of bytes": lambda folder: (folder / VOCABULARY).write_bytes(b"\xff\xfe\x00") and None,
    "a vocabulary that is a list": lambda folder: (folder / VOCABULARY).write_text("[]") and None,
    "a vocabulary nested without end": lambda folder: (folder / VOCABULARY).write_text("[" * 200_000) and None,
    "one type more": lambda folder: change_names(folder, types=["a", "b", "c", "d", "e"]),
    "no types": lambda folder: change_names(folder, types=[]),
    "types that are a number": lambda folder: change_names(folder, types=4),
    "no blocks": lambda folder: change_names(folder, blocks={}),
    "blocks that are words": lambda folder: change_names(folder, blocks={"words": "x", "chars": "y", "tags": "z"}),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_model_is_refused(
    linear_small: LinearClassifier, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    """Whatever is wrong, the error is one kind, and says what to do."""
    linear_small.lean.save(tmp_path)
    damage(tmp_path)
    with pytest.raises(ModelError, match="train it again"):
        LeanLinear.load(tmp_path)


def test_an_oversized_vocabulary_is_refused_unread(
    linear_small: LinearClassifier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its size is looked at first."""
    linear_small.lean.save(tmp_path)
    monkeypatch.setattr(lean, "MAX_FILE_BYTES", 100)
    with pytest.raises(ModelError, match="larger than"):
        LeanLinear.load(tmp_path)


def test_a_zip_bomb_is_refused_unpacked(linear_small: LinearClassifier, tmp_path: Path) -> None:
    """An archive of a few hundred KB that unpacks to more than the limit is not unpacked."""
    linear_small.lean.save(tmp_path)
    with (
        zipfile.ZipFile(tmp_path / ARRAYS, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("intercept.npy", "w", force_zip64=True) as member,
    ):
        for _ in range(4 * (lean.MAX_FILE_BYTES >> 20) + 1):
            member.write(bytes(1 << 20))
    assert (tmp_path / ARRAYS).stat().st_size < 1 << 20
    with pytest.raises(ModelError, match="unpacks to more"):
        LeanLinear.load(tmp_path)


@pytest.mark.parametrize("name", ["intercept", "words_idf", "words_coefficients"])
def test_a_pickle_in_the_arrays_is_not_unpickled(linear_small: LinearClassifier, tmp_path: Path, name: str) -> None:
    """An array of objects is refused before a byte of it runs."""
    linear_small.lean.save(tmp_path)
    trap = tmp_path / "ran"
    array = io.BytesIO()
    np.lib.format.write_array(array, np.array([Trap(trap)], dtype=object), allow_pickle=True)
    replace_member(tmp_path, f"{name}.npy", array.getvalue())
    with pytest.raises(ModelError):
        LeanLinear.load(tmp_path)
    assert not trap.exists()


def test_a_bare_pickle_is_not_unpickled(linear_small: LinearClassifier, tmp_path: Path) -> None:
    """A pickle in the place of the archive is no archive."""
    linear_small.lean.save(tmp_path)
    trap = tmp_path / "ran"
    (tmp_path / ARRAYS).write_bytes(pickle.dumps(Trap(trap)))
    with pytest.raises(ModelError):
        LeanLinear.load(tmp_path)
    assert not trap.exists()


def test_the_trap_would_have_worked(tmp_path: Path) -> None:
    """The pickle of these tests does create a file when it is loaded."""
    trap = tmp_path / "ran"
    pickle.loads(pickle.dumps(Trap(trap))).close()
    assert trap.exists()


def test_a_folder_elsewhere_loads_as_well(linear_small: LinearClassifier, tmp_path: Path) -> None:
    """Nothing in the files names a place."""
    (tmp_path / "a").mkdir()
    linear_small.lean.save(tmp_path / "a")
    shutil.move(tmp_path / "a", tmp_path / "b")
    assert linear_small.lean.types == LeanLinear.load(tmp_path / "b").types
