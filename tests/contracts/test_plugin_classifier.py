"""A classifier of a third party trains, predicts, is saved and loaded through the doors that the built-in ones use."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PLUGIN = '''
"""Says what the majority of the training said."""
import json
from collections import Counter
from pathlib import Path

from errclass.core.types import Prediction, TypeProbability


class MajorityClassifier:
    def __init__(self):
        self.version = ""
        self.counts = {}

    def fit(self, signals, types, *, weights, groups, retryable):
        self.counts = dict(Counter(types))
        return self

    def predict_many(self, signals):
        total = sum(self.counts.values())
        order = sorted(self.counts, key=lambda kind: (-self.counts[kind], kind))
        ranked = tuple(TypeProbability(kind, self.counts[kind] / total) for kind in order)
        return [Prediction(ranked, model_version=self.version) for _ in signals]

    def save(self, folder):
        Path(folder, "counts.json").write_text(json.dumps(self.counts))

    @classmethod
    def load(cls, folder, *, trusted):
        model = cls()
        model.counts = json.loads(Path(folder, "counts.json").read_text())
        return model
'''
PROGRAM = """
import sys
from pathlib import Path

import yaml
import errclass
from errclass.classify.artefact import load_model, save_model
from errclass.classify.classifier import Classifier
from errclass.classify.evaluation import evaluate_held_out
from errclass.classify.registry import find_classifier, list_classifiers
from errclass.classify.training import describe_training, prepare_examples, train_classifier
from errclass.core.taxonomy import Taxonomy
from errclass.core.types import Example

assert {"bayes", "linear", "majority"} <= set(list_classifiers()), list_classifiers()
assert "errclass_majority" not in sys.modules, "a plug-in is imported only when it is used"
texts = [("connection refused", "network"), ("assert 1 == 2", "test"), ("timed out", "network")]
prepared = prepare_examples([Example(text, kind, tool=f"tool{n}") for n, (text, kind) in enumerate(texts)])
classifier = train_classifier(prepared, name="majority")
assert isinstance(classifier, Classifier)
path = Path(errclass.__file__).parent / "data" / "taxonomy.yaml"
taxonomy = Taxonomy.from_dict(yaml.safe_load(path.read_text(encoding="utf-8")))
folder = save_model(
    classifier, Path("model"), name="majority", taxonomy=taxonomy, training=describe_training(prepared),
    metrics=evaluate_held_out(prepared, name="majority", trained=classifier).to_dict(), card="", lean=True,
)
model = load_model(folder)
print(model.manifest["classifier"], model.classifier.predict_many(prepared.signals)[0].type, model.version == classifier.version)
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a folder with the plug-in as pip would install it."""
    folder = tmp_path / "site"
    info = folder / "errclass_majority-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / "errclass_majority.py").write_text(PLUGIN)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: errclass-majority\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[errclass.classifiers]\nmajority = errclass_majority:MajorityClassifier\n")
    return folder


def run(program: str, site: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(site)}
    command = [sys.executable, "-W", "error", "-c", program]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=site.parent, env=environment, timeout=120
    )


def test_a_plug_in_does_all_that_a_built_in_does(site: Path) -> None:
    """Found by its entry point, trained, measured, saved, loaded, without a line changed in errclass."""
    finished = run(PROGRAM, site)
    assert ("majority network True\n", "") == (finished.stdout, finished.stderr)


def test_a_broken_plug_in_harms_nobody_else(site: Path) -> None:
    """The built-in classifiers still load; the broken one says what is wrong."""
    (site / "errclass_majority.py").write_text("import no_such_module_at_all\n")
    program = """
from errclass.classify.registry import find_classifier
from errclass.core.errors import UsageError
print(find_classifier("bayes").__name__)
try:
    find_classifier("majority")
except UsageError as error:
    print("no_such_module_at_all" in str(error))
"""
    finished = run(program, site)
    assert ("BayesClassifier\nTrue\n", "") == (finished.stdout, finished.stderr)
