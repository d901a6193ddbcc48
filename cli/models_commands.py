"""``errclass models``: which models there are, which one is in use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..core.escaping import escape_terminal
from .options import format_option, model_option, read_settings
from .output import print_json, print_table, show_progress


@click.group(name="models")
def models_group() -> None:
    """List, show, evaluate, promote and trust models.

    \b
    Examples:
      errclass models list
      errclass models promote default/linear-1f2e3d4c5b6a
    """


@models_group.command(name="list")
@format_option
def list_command(form: str) -> None:
    """List the shipped model and those on the shelf.

    \b
    Example:
      errclass models list --format json
    """
    from ..system.model_shelf import ModelShelf

    rows = [_summary(entry) for entry in ModelShelf(read_settings().home).entries()]
    if form == "json":
        print_json(rows)
    else:
        columns = ("in use", "model", "version", "created", "texts")
        table = (
            ("*" if r["promoted"] else "", r["reference"], r["version"], r["created"], r["examples"]) for r in rows
        )
        print_table("", columns, table)


@models_group.command(name="show")
@click.argument("reference", required=False)
@format_option
def show_command(reference: str | None, form: str) -> None:
    """Show a model's card, or with JSON its manifest and metrics; without REFERENCE that of the model in use.

    \b
    Example:
      errclass models show shipped
    """
    from ..system.model_shelf import describe_model
    from ..system.wiring import find_model_folder

    described = describe_model(find_model_folder(read_settings(), reference))
    card = described.pop("card")
    if form == "json":
        print_json(described)
    else:
        click.echo(escape_terminal(card))


@models_group.command(name="evaluate")
@click.argument("labelled", type=click.Path(path_type=Path))
@click.option("--baselines", is_flag=True, help="Measure three simple ways to name the type beside it.")
@model_option
@click.option("--text-column", metavar="NAME", help="Column that holds the text, where its name is unusual.")
@click.option("--label-column", metavar="NAME", help="Column that holds the label, where its name is unusual.")
@click.option(
    "--map", "map_file", type=click.Path(path_type=Path), help="Table from your labels to types (CSV, JSON, YAML)."
)
@format_option
def evaluate_command(
    labelled: Path,
    baselines: bool,
    model: str | None,
    text_column: str | None,
    label_column: str | None,
    map_file: Path | None,
    form: str,
) -> None:
    """Measure the model in use on the labelled failures in LABELLED, which may be whatever `errclass train` reads.

    What is measured is the decision, as `errclass classify` gives it for the text alone: the model with the rules over
    it. `answers at 2 %` is the share of texts that it can answer, the surest first, with at most 2 % of these answers
    wrong. Brier skill: 1 is perfect, 0 no better than the base rates. ECE: mean gap between confidence and accuracy.

    The baselines: the commonest type of the bundled texts; the thirteen patterns of the system that errclass replaces;
    TF-IDF with logistic regression, trained on the bundled texts.

    \b
    Examples:
      errclass models evaluate labelled.jsonl --baselines
      errclass models evaluate history.csv --map labels.csv --model ./model --format json
    """
    from ..system.jobs.evaluating import evaluate_model
    from ..system.jobs.label_mapping import read_label_map
    from ..system.jobs.labelled_rows import LabelledFile
    from ..system.wiring import build_parts
    from .evaluation_report import complain, render

    file = LabelledFile(labelled, text_column, label_column, read_label_map(map_file) if map_file else {})
    parts = build_parts(read_settings(), model=model)
    with show_progress() as progress:
        report = evaluate_model(file, parts, baselines=baselines, progress=progress)
    complain(report)
    print_json(report) if form == "json" else render(report)


@models_group.command(name="promote")
@click.argument("reference")
def promote_command(reference: str) -> None:
    """Put the model REFERENCE (name/version, or ``shipped``) into use.

    \b
    Example:
      errclass models promote shipped
    """
    from ..system.model_shelf import ModelShelf

    folder = ModelShelf(read_settings().home).promote(reference)
    click.echo(f"{reference} is in use now ({folder})")


@models_group.command(name="trust")
@click.argument("reference")
def trust_command(reference: str) -> None:
    """Trust the files of a model that run code when loaded; only for models from people you trust.

    \b
    Example:
      errclass models trust ./their-model
    """
    from ..system.model_shelf import ModelShelf
    from ..system.shelving import trust_model

    home = read_settings().home
    files = trust_model(home, ModelShelf(home).find(reference))
    for path in files:
        click.echo(f"trusted: {path}")
    if not files:
        click.echo(f"{reference} holds no file that runs code when loaded; there is nothing to trust")


def _summary(entry: Any) -> dict[str, Any]:
    manifest = entry.manifest
    training = manifest.get("training")
    return {
        "reference": entry.reference,
        "version": manifest.get("version"),
        "classifier": manifest.get("classifier"),
        "created": manifest.get("created"),
        "examples": training.get("examples") if isinstance(training, dict) else None,
        "promoted": entry.promoted,
        "folder": str(entry.folder),
    }
