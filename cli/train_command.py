"""``errclass train``: learn from historical logs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..core.errors import UsageError
from ..core.escaping import escape_terminal
from .comparison_report import describe_verdict
from .options import format_option, read_settings
from .output import print_json, print_table, show_progress


@click.command(name="train")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--text-column", metavar="NAME", help="Column that holds the text, where its name is unusual.")
@click.option("--label-column", metavar="NAME", help="Column that holds the label, where its name is unusual.")
@click.option("--no-corpus", is_flag=True, help="Leave out the texts that come with errclass.")
@click.option("--no-store", is_flag=True, help="Leave out the labelled outcomes of the store.")
@click.option(
    "--map", "map_file", type=click.Path(path_type=Path), help="Table from your labels to types (CSV, JSON, YAML)."
)
@click.option("--classifier", default="linear", show_default=True, metavar="NAME", help="Which classifier to train.")
@click.option(
    "--again", metavar="MODEL", help="Train this model again from what its manifest names, or say what changed."
)
@click.option(
    "--taxonomy", "taxonomy_file", type=click.Path(path_type=Path), help="Use these types instead of the usual ones."
)
@click.option("--name", default="default", show_default=True, help="Name of the model on the shelf.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Write the model only to this folder, and activate nothing."
)
@click.option(
    "--lean", is_flag=True, help="Leave out the pickled pipeline: the model is smaller and needs nobody's trust."
)
@format_option
def train_command(
    paths: tuple[Path, ...],
    text_column: str | None,
    label_column: str | None,
    no_corpus: bool,
    no_store: bool,
    map_file: Path | None,
    classifier: str,
    again: str | None,
    taxonomy_file: Path | None,
    name: str,
    out: Path | None,
    lean: bool,
    form: str,
) -> None:
    """Train a model on historical logs, added to the bundled texts and the labelled outcomes of the store.

    PATHS are CSV, TSV, JSONL, Parquet or JUnit XML files, single logs, folders of logs (a sub-folder's name is the
    label), or whatever else `errclass outcomes import` takes. The result is a candidate until it is promoted; the very
    first is promoted at once. Where the store holds labelled outcomes enough, the newest of them are held out to
    compare the candidate with the model in use.

    \b
    Examples:
      errclass train
      errclass train history.csv --label-column "Root cause" --map labels.csv
      errclass train logs/ --out model/
      errclass train --again default/linear-1f2e3d4c5b6a
    """
    from ..system.jobs.candidates import Place, order_model_again, train_candidate
    from ..system.jobs.recipe import Order

    _check_name(name)
    settings = read_settings()
    order = Order(
        paths, text_column, label_column, not no_corpus, not no_store, map_file, classifier, taxonomy_file, lean
    )
    if again is not None:
        if order != Order():
            raise UsageError("--again takes everything from the model; with it go only --name, --out and --format")
        order, differences = order_model_again(again, settings)
        for difference in differences:
            click.echo(escape_terminal(f"errclass: {difference}"), err=True)
    with show_progress() as progress:
        report = train_candidate(order, Place(name, out), settings, progress=progress)
    print_json(report) if form == "json" else _render(report)


def _check_name(name: str) -> None:
    if not name.replace("-", "").replace("_", "").isalnum():
        raise UsageError(f"--name {name!r}: use letters, digits, - and _ only")


def _render(report: dict[str, Any]) -> None:
    for path, reasons in report["skipped"].items():
        click.echo(escape_terminal(f"{path}: {'; '.join(reasons)}"))
    if report["foreign_labels"]:
        rows = ((label["label"], label["rows"], label["nearest"]) for label in report["foreign_labels"])
        print_table(
            "Labels outside the taxonomy (translate them with --map FILE)", ("label", "rows", "nearest type"), rows
        )
    training = report["training"]
    sources = ", ".join(f"{count} {source}" for source, count in training["by_source"].items())
    click.echo(f"Trained on {training['examples']} texts ({sources}).")
    if report["weak_labels"] or report["left_out"]:
        click.echo(
            f"{report['weak_labels']} texts took a weak label from exact codes in them; "
            f"{report['left_out']} have no label and no such code and were left out."
        )
    if report["disagreements"]:
        causes = "1 cause is" if report["disagreements"] == 1 else f"{report['disagreements']} causes are"
        click.echo(f"{causes} labelled in two ways; see: errclass outcomes review --disagreements")
    metrics = report["metrics"]
    if metrics:
        columns = ("type", "texts", "precision", "recall", "F1")
        scores = ((s["type"], s["examples"], s["precision"], s["recall"], s["f1"]) for s in metrics["types"])
        print_table("Each text predicted by a model that saw no text of its tool", columns, scores)
        click.echo(
            f"accuracy {metrics['accuracy']:.2f}, macro-F1 {metrics['macro_f1']:.2f}; "
            f"it answers {100 * metrics['answered']:.0f} % of them, "
            f"and is right on {100 * metrics['accuracy_when_answered']:.0f} % of these. "
            f"Brier skill {metrics['brier_skill']:.2f}; with at most 2 % wrong it could answer "
            f"{100 * metrics['coverage_at_2']:.0f} %, with at most 5 % wrong {100 * metrics['coverage_at_5']:.0f} %."
        )
    else:
        click.echo("Not measured: the texts come from too few sources to hold one out.")
    model = report["model"]
    click.echo(f"{model['reference']}: {model['state']} ({model['folder']})")
    if report["newest_slice"].get("champion"):
        click.echo(describe_verdict(report["newest_slice"]))
    elif model["state"] != "in use":
        click.echo("Gate: not judged (no labelled outcomes of the store to judge by).")
