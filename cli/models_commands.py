"""``errclass models``: which models there are, how good they are, which one is in use."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from ..core.escaping import escape_terminal
from .options import format_option, model_option, read_settings
from .output import print_json, print_table, show_progress


@click.group(name="models")
def models_group() -> None:
    """List, show, evaluate, compare, promote and trust models.

    \b
    Examples:
      errclass models list
      errclass models compare
      errclass models promote default/linear-1f2e3d4c5b6a
      errclass models drift --since 30d
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


@models_group.command(name="compare")
@click.argument("challenger", required=False)
@click.argument("champion", required=False)
@click.option(
    "--on", "labelled", type=click.Path(path_type=Path), help="Labelled failures to compare on, instead of the store's."
)
@click.option("--text-column", metavar="NAME", help="Column that holds the text, where its name is unusual.")
@click.option("--label-column", metavar="NAME", help="Column that holds the label, where its name is unusual.")
@click.option(
    "--map", "map_file", type=click.Path(path_type=Path), help="Table from your labels to types (CSV, JSON, YAML)."
)
@format_option
def compare_command(
    challenger: str | None,
    champion: str | None,
    labelled: Path | None,
    text_column: str | None,
    label_column: str | None,
    map_file: Path | None,
    form: str,
) -> None:
    """Compare CHALLENGER with CHAMPION, type by type, and say whether it may be promoted.

    Without arguments the newest candidate is compared with the model in use, on the newest labelled outcomes of the
    store: those causes that were seen first most recently. What is compared is the type that each model names. A text
    that a model learned is answered by what the same training without it had answered, and left out where that is not
    known.

    \b
    Examples:
      errclass models compare
      errclass models compare default/linear-1f2e3d4c5b6a shipped --on labelled.jsonl
    """
    from ..system.jobs.label_mapping import read_label_map
    from ..system.jobs.labelled_rows import LabelledFile
    from ..system.jobs.model_comparison import compare_models
    from .comparison_report import render

    mapping = read_label_map(map_file) if map_file else {}
    file = LabelledFile(labelled, text_column, label_column, mapping) if labelled else None
    report = compare_models(read_settings(), challenger, champion, file=file).to_dict()
    print_json(report) if form == "json" else render(report)


@models_group.command(name="promote")
@click.argument("reference")
@click.option("--force", is_flag=True, help="Put it into use whatever the comparison says; that is recorded.")
def promote_command(reference: str, force: bool) -> None:
    """Put the model REFERENCE (name/version, or ``shipped``) into use, if it is better than the one in use.

    It has to be right more often on the newest labelled outcomes, and no type may fall by more than 5 points of F1;
    `[promotion]` in the settings moves these limits, and `errclass models compare` shows the figures. The shipped model
    and the very first pass without. Running programs take it up within a second.

    \b
    Example:
      errclass models promote default/linear-1f2e3d4c5b6a
    """
    from ..system.jobs.promoting import promote_model

    attempt = promote_model(reference, read_settings(), force=force)
    verdict = attempt.verdict
    reasons = escape_terminal("; ".join(verdict.reasons)) if verdict else ""
    if not attempt.promoted:
        way = f"errclass models promote {attempt.reference} --force"
        click.echo(f"errclass: {attempt.reference} is not put into use: {reasons}. All the same: {way}", err=True)
        sys.exit(1)
    if verdict:
        click.echo(f"errclass: {verdict.word}: {reasons}", err=True)
    click.echo(f"{attempt.reference} is in use now ({attempt.folder})")


@models_group.command(name="rollback")
def rollback_command() -> None:
    """Put the model into use again that was in use before; again and again, back to the shipped one.

    \b
    Example:
      errclass models rollback
    """
    from ..system.jobs.promoting import roll_back

    reference, folder = roll_back(read_settings())
    click.echo(f"{reference} is in use now ({folder})")


@models_group.command(name="drift")
@click.option("--since", default="30d", show_default=True, metavar="SPAN", help="What counts as recent: 24h, 7d, 4w.")
@format_option
def drift_command(since: str, form: str) -> None:
    """Say whether failures have changed so much since the time before that the model should be trained again.

    Compared are: the share of outcomes whose fingerprint was never seen before, the mix of types, how sure the answers
    are, and how right on what people labelled; and which tools, operations, components and jobs fail more or less
    often. Where the store knows no time before, the training set stands in for it. The limits are printed with JSON.

    \b
    Examples:
      errclass models drift
      errclass models drift --since 7d --format json
    """
    from ..system.jobs.drift import measure_drift
    from .drift_report import render

    report = measure_drift(read_settings(), since)
    print_json(report) if form == "json" else render(report)


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
