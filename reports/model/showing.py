"""Say how a report of the model is shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..nothing import show_nothing
from ..sections import Cell, Chart, Column, Figure, Section, Table
from ..summary.data import SuccessRate
from .data import Calibration, ConfidenceBin, ModelData, TypeScore

if TYPE_CHECKING:
    from plotly.graph_objects import Figure as Drawing

_CHARTED = 12
_UNLABELLED = (
    "Nobody labelled a failure of this window, so that nothing can be said of how right the decisions were: "
    "errclass outcomes review asks for what teaches most."
)


def show_model(data: ModelData) -> tuple[Section, ...]:
    """Return the sections of a report of the model."""
    if not data.decisions:
        return show_nothing(data.known_from)
    return (
        _show_overview(data),
        *(_show_types(data), _show_calibration(data.calibration)) * bool(data.right.tries),
        *_show_unsure(data),
        _show_versions(data),
    )


def _show_overview(data: ModelData) -> Section:
    judged = data.retry_judgement
    figures = (
        Figure("Decisions", data.decisions, note=f"{data.abstained} of them unsure"),
        _figure("Right", data.right, "of those that a person or an import labelled"),
        _figure("Right when sure", data.right_when_sure),
        Figure("Macro-F1", data.macro_f1, note="over the types that labels name"),
        _figure("Re-runs held for worth it that succeeded", judged.worth),
        _figure("Re-runs held for not worth it that succeeded", judged.not_worth, "the fewer the better"),
    )
    return Section("Overview", figures, notes=() if data.right.tries else (_UNLABELLED,))


def _figure(label: str, rate: SuccessRate, note: str = "") -> Figure:
    return Figure(label, rate.rate, "share", rate.low, rate.high, rate.tries, note)


def _show_types(data: ModelData) -> Section:
    columns = (
        Column("type"),
        *_rate_columns("decided", "precision"),
        *_rate_columns("labelled", "recall"),
        Column("F1"),
    )
    rows = tuple((one.type, *_rate_cells(one.precision), *_rate_cells(one.recall), one.f1) for one in data.by_type)
    wrong = tuple((one.decided, one.label, one.count) for one in data.confusions)
    return Section(
        "By type",
        tables=(
            Table("Precision and recall", columns, rows),
            Table("Taken for something else", (Column("decided"), Column("was"), Column("failures")), wrong),
        ),
        charts=tuple(_chart_recall(data.by_type)),
    )


def _chart_recall(scores: tuple[TypeScore, ...]) -> Iterator[Chart]:
    for name, rates in (
        ("recall", {one.type: one.recall for one in scores if one.recall.tries}),
        ("precision", {one.type: one.precision for one in scores if one.precision.tries}),
    ):
        if rates:
            yield _chart_shares(name, rates)


def _chart_shares(name: str, rates: dict[str, SuccessRate]) -> Chart:
    def draw() -> Drawing:
        from ..figures import Share, draw_shares

        shares = [
            Share(label, rate.rate or 0.0, rate.low or 0.0, rate.high or 0.0, rate.tries)
            for label, rate in list(rates.items())[:_CHARTED]
        ]
        return draw_shares(shares, what="type", name=name)

    return Chart(f"{name}-by-type", f"{name.capitalize()} by type", draw)


def _show_calibration(data: Calibration) -> Section:
    columns = (
        Column("confidence from", "share"),
        Column("below", "share"),
        Column("mean confidence", "share"),
        *_rate_columns("labelled", "right"),
    )
    figures = (
        Figure("Brier score", data.brier, count=data.labelled, note="0 is best"),
        Figure("Expected calibration error", data.expected_error, "share", note="how far confidence is off; 0 is best"),
    )
    charts = (Chart("calibration", "How sure, how right", lambda: _draw_calibration(data.bins)),) if data.bins else ()
    table = Table("Confidence", columns, tuple(map(_bin_row, data.bins)))
    return Section("How sure, how right", figures, tables=(table,), charts=charts)


def _bin_row(one: ConfidenceBin) -> tuple[Cell, ...]:
    return one.low, one.high, one.mean_confidence, *_rate_cells(one.right)


def _draw_calibration(bins: tuple[ConfidenceBin, ...]) -> Drawing:
    from ..figures import Bin, draw_calibration

    return draw_calibration([Bin(one.right.tries, one.right.successes, one.mean_confidence) for one in bins])


def _show_unsure(data: ModelData) -> Iterator[Section]:
    if data.abstained_by_reason:
        rows = tuple((reason, count, count / data.decisions) for reason, count in data.abstained_by_reason.items())
        columns = (Column("reason"), Column("decisions"), Column("share of all", "share"))
        yield Section("Why decisions were unsure", tables=(Table("Unsure", columns, rows),))


def _show_versions(data: ModelData) -> Section:
    columns = (Column("model"), Column("decisions"), Column("unsure"), *_rate_columns("labelled", "right"))
    rows = tuple((one.version, one.decisions, one.abstained, *_rate_cells(one.right)) for one in data.versions)
    return Section("Models", tables=(Table("Models", columns, rows),))


def _rate_columns(count: str, share: str) -> tuple[Column, ...]:
    return Column(count), Column(share, "share"), Column("low", "share"), Column("high", "share")


def _rate_cells(rate: SuccessRate) -> tuple[Cell, ...]:
    return rate.tries, rate.rate, rate.low, rate.high
