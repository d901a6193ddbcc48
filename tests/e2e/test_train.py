"""``errclass train`` on history as users have it."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml
from support.command_line import Finished, call_errclass
from support.corpus import pick_examples, write_jsonl

from errclass.core.types import Example
from errclass.system.taxonomy_file import DEFAULT

QUICK = ("--no-corpus", "--classifier", "bayes", "--format", "json")


def examples() -> list[Example]:
    return pick_examples(("network", "syntax", "database"), 8)


def write_delimited(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t" if path.suffix == ".tsv" else ",")
        writer.writerow(["Run #", "Error Message", "Failure Type", "Build Tool"])
        writer.writerows([number, e.text, e.type.upper(), e.tool] for number, e in enumerate(examples()))


def write_lines(path: Path) -> None:
    rows = ({"errorMessage": e.text, "rootCause": e.type} for e in examples())
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def write_parquet(path: Path) -> None:
    import duckdb

    with duckdb.connect() as session:
        session.execute("CREATE TABLE history (log_output VARCHAR, category VARCHAR)")
        session.executemany("INSERT INTO history VALUES (?, ?)", [[e.text, e.type] for e in examples()])
        session.execute(f"COPY history TO '{path}' (FORMAT parquet)")


def write_folder(path: Path) -> None:
    for number, example in enumerate(examples()):
        log = path / example.type / f"{number}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(example.text, encoding="utf-8")


FORMATS: dict[str, Callable[[Path], None]] = {
    "history.csv": write_delimited,
    "history.tsv": write_delimited,
    "history.jsonl": write_lines,
    "history.parquet": write_parquet,
    "logs": write_folder,
}


def train(*arguments: object) -> Finished:
    return call_errclass("train", *arguments, *QUICK)


@pytest.mark.parametrize("name", FORMATS)
def test_history_of_any_format_trains(name: str, home: Path, tree: Path) -> None:
    """Odd column names are understood, and the first model on the shelf is in use at once."""
    FORMATS[name](tree / name)
    done = train(name)
    assert (0, "") == (done.code, done.err)
    assert {"database": 8, "network": 8, "syntax": 8} == done.json["training"]["by_type"]
    assert "in use" == done.json["model"]["state"]
    assert done.json["model"]["folder"].startswith(str(home))


def test_a_junit_report_adds_failing_tests(tree: Path) -> None:
    """Reports know no labels of ours; their failures are labelled by the codes in them."""
    suite = ET.Element("testsuite", name="unit")
    for number in range(4):
        case = ET.SubElement(suite, "testcase", name=f"test_{number}", classname="tests.unit")
        failure = ET.SubElement(case, "failure", message="ConnectionRefusedError")
        failure.text = f"ConnectionRefusedError: [Errno 111] Connection refused: 127.0.0.1:80{number}"
    ET.SubElement(suite, "testcase", name="test_that_passes", classname="tests.unit")
    (tree / "report.xml").write_bytes(ET.tostring(suite))
    write_lines(tree / "history.jsonl")
    done = train("report.xml", "history.jsonl")
    assert 0 == done.code, done.err
    assert 4 == done.json["weak_labels"]
    assert {"database": 8, "network": 12, "syntax": 8} == done.json["training"]["by_type"]


def test_what_cannot_be_used_is_skipped_counted_and_named(tree: Path) -> None:
    """Broken rows, missing labels and labels of another taxonomy stop nothing, and are all accounted for."""
    good = [json.dumps({"text": e.text, "label": e.type}) for e in pick_examples(("network", "syntax", "database"), 66)]
    rows = [
        *good,
        "{broken",
        json.dumps(["no", "object"]),
        json.dumps({"text": "ssh: connect to host a port 22: Connection refused"}),
        json.dumps({"text": "it just stopped"}),
        *[json.dumps({"text": f"link {n} is down", "label": "networking"}) for n in range(3)],
        json.dumps({"text": "x", "label": "gremlins"}),
    ]
    (tree / "history.jsonl").write_text("\n".join(rows), encoding="utf-8")
    done = train("history.jsonl")
    assert 0 == done.code, done.err
    report = done.json
    assert 2 == sum(int(reason.split()[0]) for reason in report["skipped"]["history.jsonl"])
    assert str(len(good) + 1) in " ".join(report["skipped"]["history.jsonl"])
    assert {"networking": (3, "network"), "gremlins": (1, None)} == {
        label["label"]: (label["rows"], label["nearest"]) for label in report["foreign_labels"]
    }
    assert len(rows) - 2 == report["training"]["examples"] + report["left_out"]
    assert 1 <= report["weak_labels"] == report["training"]["by_source"]["weak"]


def test_a_table_tells_the_same_to_a_person(tree: Path) -> None:
    """The table of types, what was skipped and the place of the model are on standard output."""
    write_lines(tree / "history.jsonl")
    with (tree / "history.jsonl").open("a", encoding="utf-8") as file:
        file.write("{broken\n" + json.dumps({"errorMessage": "x", "rootCause": "\x1b[31mgremlins"}) + "\n")
    done = call_errclass("train", "history.jsonl", "--no-corpus", "--classifier", "bayes")
    assert (0, "") == (done.code, done.err)
    for words in ("1 skipped", "gremlins", "nearest type", "Trained on 24 texts", "precision", "macro-F1", "in use"):
        assert words in done.out
    assert "\x1b" not in done.out


def test_a_map_translates_foreign_labels(tree: Path) -> None:
    """``--map`` takes a table from the user's labels to types."""
    rows = [{"text": e.text, "label": f"Team: {e.type}"} for e in examples()]
    (tree / "history.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (tree / "map.csv").write_text("".join(f"team: {name},{name}\n" for name in ("network", "syntax", "database")))
    done = train("history.jsonl", "--map", "map.csv")
    assert [] == done.json["foreign_labels"]
    assert {"user": 24} == done.json["training"]["by_source"]


def one_class(path: Path) -> None:
    path.write_text("".join(json.dumps({"text": f"step {n} went wrong", "label": "network"}) + "\n" for n in range(9)))


BAD: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "empty": ("history.csv", lambda path: path.write_bytes(b""), "history.csv"),
    "header only": ("history.csv", lambda path: path.write_text("text,label\n"), "no usable row"),
    "binary": ("history.csv", lambda path: path.write_bytes(bytes(range(256)) * 64), "history.csv"),
    "binary jsonl": ("history.jsonl", lambda path: path.write_bytes(bytes(range(256)) * 64), "history.jsonl"),
    "binary parquet": ("history.parquet", lambda path: path.write_bytes(bytes(range(256)) * 64), "history.parquet"),
    "damaged report": ("report.xml", lambda path: path.write_text("<testsuite><testcase"), "report.xml"),
    "entity bomb": (
        "report.xml",
        lambda path: path.write_text('<!DOCTYPE x [<!ENTITY a "aa">]><testsuite>&a;</testsuite>'),
        "report.xml",
    ),
    "one class": ("history.jsonl", one_class, "'network'"),
    "missing": ("history.csv", lambda path: None, "does not exist"),
    "unknown suffix": ("history.xlsx", lambda path: path.write_bytes(b"PK"), ".xlsx"),
    "folder without logs": ("logs", lambda path: path.mkdir(), "no .log"),
    "no text column": ("history.csv", lambda path: path.write_text("a,b\n1,2\n"), "--text-column"),
}


@pytest.mark.parametrize("corpus", [(), ("--no-corpus",)], ids=["with the corpus", "without"])
@pytest.mark.parametrize("name", BAD)
def test_unusable_history_is_one_clear_line(name: str, corpus: tuple[str, ...], home: Path, tree: Path) -> None:
    """Exit code 2, the file and the fault on one line, and nothing written."""
    file, write, words = BAD[name]
    write(tree / file)
    done = call_errclass("train", file, *corpus)
    assert (2, "") == (done.code, done.out)
    assert words in done.err
    assert 1 == done.err.count("\n")
    assert not home.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--classifier", "oracle"), "oracle"),
        (("--taxonomy", "missing.yaml"), "missing.yaml"),
        (("--map", "missing.csv"), "missing.csv"),
        (("--name", "../evil"), "--name"),
        (("--text-column", "nope"), "nope"),
        (("--label-column", "nope"), "nope"),
        (("--classifier", "bayes", "--lean"), "--lean"),
    ],
)
def test_wrong_options_are_one_clear_line(arguments: tuple[str, ...], words: str, home: Path, tree: Path) -> None:
    """A slip in an option is told before anything is written."""
    write_lines(tree / "history.jsonl")
    done = call_errclass("train", "history.jsonl", "--no-corpus", *arguments)
    assert (2, "") == (done.code, done.out)
    assert words in done.err
    assert 1 == done.err.count("\n")
    assert not (home / "models").exists() or not list((home / "models").rglob("*.json"))


def test_an_unknown_classifier_is_told_before_the_texts_are_read(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading takes minutes on large history; the user's slip should not."""
    monkeypatch.setattr("errclass.system.jobs.training.gather_examples", lambda *_: pytest.fail("texts were read"))
    assert 2 == call_errclass("train", "--classifier", "oracle").code


def test_out_writes_only_there_and_activates_nothing(home: Path, tree: Path) -> None:
    """The shelf stays as it was, and the model can be used by naming its folder."""
    write_lines(tree / "history.jsonl")
    done = train("history.jsonl", "--out", "model")
    assert "not in use" in done.json["model"]["state"]
    assert not (home / "models").exists()
    answer = call_errclass("classify", "--model", "model", "--format", "json", stdin=b"SyntaxError: invalid syntax\n")
    assert done.json["model"]["version"] == answer.json["model_version"]


@pytest.mark.parametrize("victim", ["notes.txt", "logs/a.log"])
def test_out_never_replaces_what_is_no_model(victim: str, tree: Path) -> None:
    """A folder of the user's, or a file, is left alone."""
    write_lines(tree / "history.jsonl")
    (tree / victim).parent.mkdir(exist_ok=True)
    (tree / victim).write_text("precious")
    done = train("history.jsonl", "--out", victim.split("/", maxsplit=1)[0])
    assert (2, 1) == (done.code, done.err.count("\n"))
    assert "precious" == (tree / victim).read_text()


def test_out_replaces_a_model_and_fills_an_empty_folder(tree: Path) -> None:
    """What a model may be written to: nothing yet, an empty folder, an older model."""
    write_lines(tree / "history.jsonl")
    (tree / "model").mkdir()
    assert [0, 0] == [train("history.jsonl", "--out", "model").code for _ in range(2)]


def test_a_second_model_is_a_candidate(home: Path, tree: Path) -> None:
    """Only the very first model is promoted by itself."""
    write_lines(tree / "history.jsonl")
    first = train("history.jsonl").json["model"]
    second = train(write_jsonl(tree / "more.jsonl", pick_examples(("network", "syntax"), 9))).json["model"]
    assert ("in use", True) == (first["state"], second["state"].startswith("a candidate"))
    assert first["reference"] in (home / "models" / "promoted.json").read_text()


def test_a_taxonomy_with_one_more_type_trains_decides_and_reports(tree: Path) -> None:
    """A type that states only its category takes severity and action from there."""
    taxonomy = yaml.safe_load(DEFAULT.read_text(encoding="utf-8"))
    taxonomy["types"]["licence"] = {"category": "persistent", "meaning": "a licence server or seat is missing"}
    (tree / "taxonomy.yaml").write_text(yaml.safe_dump(taxonomy, sort_keys=False), encoding="utf-8")
    texts = [f"FlexNet: no floating licence seat left for feature {name}, users queued" for name in "abcdefgh"]
    rows = [{"text": text, "label": "licence"} for text in texts]
    rows += [{"text": e.text, "label": e.type} for e in examples()]
    (tree / "history.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    done = train("history.jsonl", "--taxonomy", "taxonomy.yaml")
    assert 0 == done.code, done.err
    assert 8 == done.json["training"]["by_type"]["licence"]
    assert "licence" in [score["type"] for score in done.json["metrics"]["types"]]
    answer = call_errclass("classify", "--format", "json", stdin=texts[0].encode()).json
    assert ("licence", "persistent", "manual_investigation", "medium", False) == tuple(
        answer[key] for key in ("type", "category", "suggested_action", "severity", "retryable")
    )


def test_a_home_that_cannot_be_written_is_one_clear_line(home: Path, tree: Path) -> None:
    """No traceback for a folder where a file stands in the way."""
    write_lines(tree / "history.jsonl")
    home.write_text("a file")
    done = train("history.jsonl")
    assert done.code in {1, 2}
    assert 1 == done.err.count("\n")


def test_the_bundled_example_trains_with_its_map(tree: Path) -> None:
    """What the README shows: odd columns, foreign labels, rows without any."""
    folder = DEFAULT.parent / "examples"
    shutil.copytree(folder, tree / "examples")
    done = train("examples/history.csv", "--map", "examples/labels.csv")
    assert (0, []) == (done.code, done.json["foreign_labels"])


def test_rules_about_a_category_of_the_taxonomy_in_use_are_checked_against_it(tree: Path) -> None:
    """A rule that waits for the user's own category can fire, for the model in use brings it."""
    taxonomy = yaml.safe_load(DEFAULT.read_text(encoding="utf-8"))
    taxonomy["categories"]["commercial"] = {**taxonomy["categories"]["persistent"]}
    taxonomy["types"]["licence"] = {"category": "commercial", "meaning": "a licence server or seat is missing"}
    (tree / "taxonomy.yaml").write_text(yaml.safe_dump(taxonomy, sort_keys=False), encoding="utf-8")
    write_lines(tree / "history.jsonl")
    rule = {
        "title": "Licences are the business of those who buy them",
        "priority": 5,
        "when": {"category": "commercial"},
        "then": {"plan_target": "manual"},
        "because": "Somebody has to buy a seat.",
        "cases": {
            "fires": [{"name": "a licence", "facts": {"category": "commercial"}, "expect": {"plan_target": "manual"}}],
            "silent": [{"name": "code", "facts": {"category": "persistent"}}],
        },
    }
    path = tree / "our-rules" / "plan" / "licence.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(yaml.safe_dump(rule), encoding="utf-8")
    before = call_errclass("rules", "check", "--rules", "our-rules")
    assert 1 == before.code
    assert "plan/licence" in before.out
    assert 0 == train("history.jsonl", "--taxonomy", "taxonomy.yaml").code
    after = call_errclass("rules", "check", "--rules", "our-rules")
    assert (0, "") == (after.code, after.err), after.out
