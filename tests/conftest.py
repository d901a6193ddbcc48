"""What several rooms of tests share: small trained models, a demo store, and a PostgreSQL server."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

import errclass
from errclass.classify.corpus import load_corpus
from errclass.classify.linear import LinearClassifier
from errclass.classify.training import Prepared, prepare_examples, train_classifier
from errclass.core.taxonomy import Taxonomy
from errclass.core.types import Example

if TYPE_CHECKING:
    from support.demo import DemoStore
    from support.postgres import PostgresServer

FOUR_TYPES = ("dependency", "network", "security", "test")
TEXTS_PER_TYPE = 10


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    """Return the shipped taxonomy."""
    path = Path(errclass.__file__).parent / "data" / "taxonomy.yaml"
    return Taxonomy.from_dict(yaml.safe_load(path.read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def corpus(taxonomy: Taxonomy) -> list[Example]:
    """Return the bundled corpus."""
    return load_corpus(taxonomy)


@pytest.fixture(scope="session")
def prepared_small(corpus: list[Example]) -> Prepared:
    """Return ten texts of each of four types, from as many tools as there are."""
    by_type: dict[str, dict[str | None, Example]] = defaultdict(dict)
    for example in corpus:
        by_type[example.type].setdefault(example.tool, example)
    chosen = [one for kind in FOUR_TYPES for one in list(by_type[kind].values())[:TEXTS_PER_TYPE]]
    return prepare_examples(chosen)


@pytest.fixture(scope="session")
def linear_small(prepared_small: Prepared) -> LinearClassifier:
    """Return the default classifier, trained on the small set."""
    classifier = train_classifier(prepared_small, name="linear")
    assert isinstance(classifier, LinearClassifier)
    return classifier


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> DemoStore:
    """Return two weeks of `errclass demo`; only to be read."""
    from support.demo import write_demo

    return write_demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """Return a running PostgreSQL server of the tests' own."""
    from support.postgres import PostgresServer

    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.remove()
