"""A model card says what is in the manifest and the metrics, and nothing else."""

from __future__ import annotations

from errclass.classify.card import describe_card
from errclass.classify.evaluation import score_predictions
from errclass.classify.training import Prepared, describe_training
from errclass.core.types import Prediction, TypeProbability


def test_a_card_shows_data_and_figures(prepared_small: Prepared) -> None:
    """Every count and figure is there."""
    metrics = score_predictions(["network", "test"], [Prediction((TypeProbability("network", 0.5),))] * 2).to_dict()
    card = describe_card("linear", "linear-123", describe_training(prepared_small), metrics)
    assert card.startswith("# linear-123\n")
    assert "| network | 10 |" in card
    assert f"{len(prepared_small.examples)} from corpus" in card
    assert "| accuracy | 0.5 |" in card
    figures = {name for name in metrics if name not in ("examples", "types")}
    assert figures == {name for name in figures if f"| {name} | {metrics[name]} |" in card}
    assert "brier_skill" in figures
    assert "| network | 1 | 0.5 | 1.0 | 0.6667 |" in card


def test_a_card_without_figures_says_so(prepared_small: Prepared) -> None:
    """What was not measured is not made up."""
    card = describe_card("linear", "linear-123", describe_training(prepared_small), {})
    assert "Not measured" in card
    assert "accuracy" not in card
