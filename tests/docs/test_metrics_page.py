"""docs/metrics.md and the dashboard for Grafana cannot lie: each expression asks for metrics and labels that there are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from support.command_line import call_errclass
from support.metrics_known import PROCESS, list_series
from support.metrics_page import PAGE, fill_in_table
from support.promql import Series, find_faults, list_labels
from support.readme import list_blocks

from errclass.serve.grafana_file import read_dashboard
from errclass.serve.metrics import METRICS
from errclass.serve.metrics.aged_look import LONGEST_PAUSE, OLDEST
from errclass.serve.metrics.figure_look import COUNTED, JUDGED
from errclass.serve.metrics.service_meter import MOST_TYPES
from errclass.serve.metrics.service_metrics import FIGURES_EVERY, QUEUES_EVERY

TEXT = PAGE.read_text(encoding="utf-8")
BOARD = json.loads(read_dashboard())
KNOWN = list_series()
_LEGEND = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_RANGES = {"$__rate_interval": "5m", "$__range": "1d", "$__interval": "1m"}


def list_panels() -> list[dict[str, Any]]:
    """Return the panels of the dashboard, without its rows."""
    return [panel for panel in BOARD["panels"] if panel["type"] != "row"]


def list_targets() -> Iterator[tuple[str, str, str]]:
    """Return each expression of a panel with the panel's title and the legend."""
    for panel in list_panels():
        for target in panel["targets"]:
            yield panel["title"], fill_in(target["expr"]), target["legendFormat"]


def list_alerts() -> list[dict[str, Any]]:
    """Return the rules of the page."""
    (body,) = [block.body for block in list_blocks(TEXT) if block.language == "yaml" and "alert:" in block.body]
    return [rule for group in yaml.safe_load(body)["groups"] for rule in group["rules"]]


def fill_in(expression: str) -> str:
    """Return an expression with Grafana's variables replaced by what they stand for."""
    for name, value in _RANGES.items():
        expression = expression.replace(name, value)
    return re.sub(r"\$\w+", "x", expression)


def test_the_table_is_that_of_the_catalogue() -> None:
    """After a change, ``just docs`` writes it anew."""
    assert fill_in_table(TEXT) == TEXT
    assert set(PROCESS) <= set(re.findall(r"`(process_\w+)`", TEXT))


def test_no_metric_is_told_of_that_there_is_not() -> None:
    """Neither in the text nor in the examples."""
    known = {*KNOWN, *(metric.name for metric in METRICS), "errclass_recent_"}
    assert set() == set(re.findall(r"\berrclass_\w+", TEXT)) - known


def test_names_follow_the_conventions() -> None:
    """Counters end in total, infos in info, units are base units, and every help text is a sentence."""
    for metric in METRICS:
        assert re.fullmatch(r"errclass(_[a-z0-9]+)+", metric.name), metric.name
        assert (metric.kind == "counter") == metric.name.endswith("_total"), metric.name
        assert (metric.kind == "info") == metric.name.endswith("_info"), metric.name
        assert not re.search(r"_(ms|milliseconds|minutes|hours|kb|mb|percent)(_|$)", metric.name), metric.name
        assert re.match(r"[A-Z0-9].*\.$", metric.text), metric.name
        assert not set(metric.labels) & {"le", "job", "instance", "quantile"}, metric.name
    families = [re.sub(r"_(total|info)$", "", metric.name) for metric in METRICS]
    assert len(set(families)) == len(METRICS)  # OpenMetrics goes by them


@pytest.mark.parametrize("title", [panel["title"] for panel in list_panels()])
def test_every_panel_asks_for_what_there_is(title: str) -> None:
    """Metrics, labels, also those of the legend."""
    found = [(expression, legend) for name, expression, legend in list_targets() if name == title]
    assert found
    for expression, legend in found:
        assert [] == find_faults(expression, KNOWN)
        assert set(_LEGEND.findall(legend)) <= list_labels(expression, KNOWN), legend


def test_every_metric_of_the_dashboard_is_of_one_job() -> None:
    """Two stores are never thrown together: whoever chose a job sees that job."""
    selectors = [
        found for _, expression, _ in list_targets() for found in re.findall(r"errclass_\w+(\{[^}]*\})?", expression)
    ]
    assert [] == [one for one in selectors if "job=~" not in one]


def test_variables_and_annotations_ask_for_what_there_is() -> None:
    """The variables are values of a metric's labels."""
    for variable in BOARD["templating"]["list"]:
        if variable["type"] == "query":
            found = re.fullmatch(r"label_values\((.+), (\w+)\)", variable["query"]["query"])
            assert found
            assert [] == find_faults(fill_in(found[1]), KNOWN)
            assert found[2] in list_labels(fill_in(found[1]), KNOWN)
    for one in BOARD["annotations"]["list"]:
        assert [] == find_faults(fill_in(one.get("expr", "errclass_info")), KNOWN)


def test_the_dashboard_can_be_imported() -> None:
    """Ids and places are its panels' own, everything is asked of the data source that one chooses."""
    panels, source = BOARD["panels"], {"type": "prometheus", "uid": "${datasource}"}
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert (None, "errclass", True) == (BOARD["id"], BOARD["uid"], BOARD["schemaVersion"] >= 39)
    places: set[tuple[int, int]] = set()
    for panel in panels:
        grid = panel["gridPos"]
        cells = {
            (x, y) for x in range(grid["x"], grid["x"] + grid["w"]) for y in range(grid["y"], grid["y"] + grid["h"])
        }
        assert not cells & places, panel["title"]
        assert max(x for x, _ in cells) < 24
        places |= cells
    assert all(source == one["datasource"] for panel in list_panels() for one in (panel, *panel["targets"]))
    rows = [panel["title"] for panel in panels if panel["type"] == "row"]
    assert rows == [
        "Overview", "Failures", "Retries", "Recoveries", "Escalations and notifications", "Service", "Model and rules",
    ]  # fmt: skip
    assert all(panel["description"].endswith(".") for panel in list_panels())


def test_the_command_prints_the_dashboard() -> None:
    """As it is, for a file."""
    done = call_errclass("serve", "grafana")
    assert (0, read_dashboard()) == (done.code, done.out)


@pytest.mark.parametrize("alert", list_alerts(), ids=lambda alert: str(alert["alert"]))
def test_every_alert_asks_for_what_there_is(alert: dict[str, Any]) -> None:
    """And its summary names only labels that its result has."""
    expression = alert["expr"]
    assert [] == find_faults(expression, KNOWN)
    assert alert["labels"]["severity"] in {"warning", "critical"}
    named = set(re.findall(r"\$labels\.(\w+)", alert["annotations"]["summary"]))
    assert named <= list_labels(expression, KNOWN)


@pytest.mark.parametrize(
    ("expression", "faults"),
    [
        ("errclass_nothing", ["no metric 'errclass_nothing'"]),
        ('errclass_look_ok{lok="x"}', ["errclass_look_ok: no label 'lok'"]),
        ("sum by (routes) (rate(errclass_requests_total[5m]))", ["sum by: no label 'routes'"]),
        ("sum by (route) (errclass_requests_total)", ["errclass_requests_total is a counter, and is not rated"]),
        ("rate(errclass_recent_failures[5m])", ["errclass_recent_failures is a gauge, and is rated"]),
        ("histogram_quantile(0.9, sum by (route) (rate(errclass_request_duration_seconds_bucket[5m])))", ["histogram_quantile without le"]),
        ("errclass_look_ok / on (route) errclass_look_ok", ["/ on: no label 'route'"] * 2),
        ("sum by (type) (errclass_recent_failures) > 1 and on (type) errclass_recent_retries", []),
        ("-(time() - max(errclass_look_age_seconds))", []),
    ],
)  # fmt: skip
def test_faults_of_expressions_are_found(expression: str, faults: list[str]) -> None:
    """What is held against the files would find these."""
    assert faults == find_faults(expression, KNOWN)


def test_an_expression_that_is_none_is_an_error() -> None:
    """The parser says so."""
    with pytest.raises(ValueError, match=r"."):
        find_faults("sum by (", {"x": Series(frozenset(), False)})


def test_the_defaults_are_those_of_the_code() -> None:
    """Seconds, hours and numbers."""
    rows = dict(re.findall(r"^\| ([a-z' ]+) \| (.+) \|$", TEXT, re.MULTILINE))
    assert rows["looks at what waits"] == f"every {QUEUES_EVERY:g} s"
    assert rows["looks at the history"] == (
        f"every {FIGURES_EVERY:g} s, and at most a tenth of the time; every {LONGEST_PAUSE / 60:g} min at least"
    )
    assert rows["figures that are told no more"] == f"older than {OLDEST / 60:g} min"
    assert rows["counts of the store"] == f"of {COUNTED.total_seconds() / 3600:g} hours"
    assert rows["reliability"] == f"of {JUDGED.days} days"
    assert rows["types of this service's decisions that have a name"] == str(MOST_TYPES)
