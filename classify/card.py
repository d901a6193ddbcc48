"""Write the model card: what a trained model is, what it learned from, how well it did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def describe_card(name: str, version: str, training: Mapping[str, Any], metrics: Mapping[str, Any]) -> str:
    """Return a model card in Markdown; every figure in it is in the manifest or the metrics."""
    lines = [
        f"# {version}",
        "",
        f"An errclass model of the kind `{name}`. It ranks the types of its taxonomy for the text of a failure.",
        "",
        "## Training data",
        "",
        f"{training['examples']} labelled texts (fingerprint `{training['fingerprint'][:16]}`): "
        + ", ".join(f"{count} from {source}" for source, count in training["by_source"].items())
        + ".",
        "",
        *_table(("type", "texts"), training["by_type"].items()),
        "",
        "## Measured on held-out tools",
        "",
    ]
    if not metrics:
        return "\n".join([*lines, "Not measured: the texts come from too few sources to hold one out.", ""])
    lines += _table(("figure", "value"), ((name, value) for name, value in metrics.items() if isinstance(value, float)))
    scores = ((s["type"], s["examples"], s["precision"], s["recall"], s["f1"]) for s in metrics["types"])
    lines += ["", *_table(("type", "texts", "precision", "recall", "F1"), scores)]
    limits = (
        "A text is always predicted by a model that saw no text of the same tool. "
        "Temperature and threshold were chosen on these same predictions, so what rests on the confidence is a little "
        "kind. "
        "Real logs are noisier than the texts measured here."
    )
    return "\n".join([*lines, "", limits, ""])


def _table(head: tuple[str, ...], rows: Any) -> list[str]:
    body = ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return ["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *body]
