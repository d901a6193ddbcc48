"""``errclass rules check``: rules that cannot work as they are written, each named with facts that prove it."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.command_line import Finished, call_errclass

from errclass.rules.lint import linting
from errclass.rules.lint.search import Searcher

CASES = {
    "fires": [{"name": "so", "facts": {"operation": "shop"}}],
    "silent": [{"name": "not so", "facts": {"operation": "deploy"}}],
}
RULES: dict[str, dict[str, Any]] = {
    "strategy/never": {"when": {"type": "syntax", "category": "transient"}, "then": {"strategy": "notify"}},
    "severity/late": {
        "priority": 95,
        "when": {"environment": "production", "type": "network"},
        "then": {"severity": "critical"},
    },
    "guard/alpha": {"priority": 33, "when": {"operation": "shop"}, "then": {"rerun_forbidden": "alpha"}},
    "guard/beta": {"priority": 33, "when": {"branch": "main"}, "then": {"rerun_forbidden": "beta"}},
    "notice/ping": {"when": {"operation": "shop", "pong": True}, "then": {"ping": True}},
    "notice/pong": {"when": {"branch": "main", "ping": True}, "then": {"pong": True}},
    "notice/typo": {"when": {"brunch": "main"}, "then": {"channels": "slack"}},
}
EXPECTED = [
    ("loading", ["notice/typo"]),
    ("unreachable", ["strategy/never"]),
    ("shadowed", ["severity/late"]),
    ("contradictory", ["guard/alpha", "guard/beta"]),
    ("loops", ["notice/ping", "notice/pong"]),
]


def write_rules(folder: Path, *names: str) -> Path:
    """Write some of the rules into a folder."""
    for name in names:
        path = folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump({"title": "t", "because": "b", "cases": CASES, **RULES[name]}, sort_keys=False))
    return folder


def check(*arguments: object) -> Finished:
    return call_errclass("rules", "check", *arguments)


def test_nothing_is_wrong_with_the_shipped_rules() -> None:
    """And no question is left open."""
    done = check("--format", "json")
    assert (0, "", [], []) == (done.code, done.err, done.json["findings"], done.json["undecided"])
    counts = f"{done.json['rules']} rules: nothing found; 0 questions not decided"
    assert [True] == [line.startswith(counts) for line in check().out.splitlines()]


def test_every_fault_of_a_set_is_named_exactly(tree: Path) -> None:
    """One rule of each kind, laid over the shipped ones: these findings and no others."""
    folder = write_rules(tree / "rules", *RULES)
    done = check("--rules", folder, "--format", "json")
    assert (1, "") == (done.code, done.err)
    assert EXPECTED == [(finding["check"], finding["rules"]) for finding in done.json["findings"]]
    assert [] == done.json["undecided"]


def test_findings_come_with_a_sentence_facts_and_advice(tree: Path) -> None:
    """One block each, and a line of counts at the end."""
    done = check("--rules", write_rules(tree / "rules", *RULES))
    *blocks, last = done.out.rstrip("\n").split("\n\n")
    assert [f"{name}: {' '.join(rules)}" for name, rules in EXPECTED] == [block.splitlines()[0] for block in blocks]
    assert "notice/typo.yaml:" in blocks[0]
    assert "did you mean 'branch'" in blocks[0]
    for block in blocks[1:]:
        assert re.fullmatch(r"\S+: .+\n  .+\.\n  for example:\n(    \w+: .+\n)+  .+\.", block), block
    assert "    branch: main\n" in blocks[3]
    assert "1 loading, 1 unreachable, 1 shadowed, 1 contradictory, 1 loops; 0 questions not decided" in last


@pytest.mark.parametrize("name", [name for name in RULES if name not in {"notice/ping", "notice/pong"}])
def test_a_fault_alone_is_named_alone(name: str, tree: Path) -> None:
    """The two that contradict each other are sound one by one."""
    done = check("--rules", write_rules(tree / "rules", name), "--format", "json")
    expected = [(kind, rules) for kind, rules in EXPECTED if rules == [name]]
    assert expected == [(finding["check"], finding["rules"]) for finding in done.json["findings"]]
    assert bool(expected) == done.code


def test_checks_can_be_chosen(tree: Path) -> None:
    """Broken rules are told whatever is chosen."""
    folder = write_rules(tree / "rules", *RULES)
    chosen = check("--rules", folder, "--only", "loops", "--only", "shadowed", "--format", "json").json["findings"]
    assert ["loading", "shadowed", "loops"] == [finding["check"] for finding in chosen]
    done = check("--only", "loop")
    assert (2, "", True) == (done.code, done.out, "'loop' is not one of" in done.err)


def test_folders_are_laid_over_each_other(tree: Path) -> None:
    """Two folders, each without fault, contradict each other."""
    one, other = write_rules(tree / "one", "guard/alpha"), write_rules(tree / "other", "guard/beta")
    assert (0, 0) == (check("--rules", one).code, check("--rules", other).code)
    done = check("--rules", one, "--rules", other, "--format", "json")
    assert (1, ["guard/alpha", "guard/beta"]) == (done.code, done.json["findings"][0]["rules"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title: t\nreason: b\n", "reason"),
        ("title: [t\n", "YAML"),
        ("- a\n- b\n", "mapping"),
        ("\x00\x01", "YAML"),
        ('title: t\nwhen: {"\\e]0;owned\\a": 1}\nthen: {strategy: retry}\nbecause: b\n', "is no name"),
    ],
)
def test_a_rule_that_cannot_be_read_is_a_finding(text: str, words: str, tree: Path) -> None:
    """With file and line, and exit code 1: the work was done, and this came out."""
    folder = write_rules(tree / "rules", "guard/alpha")
    (folder / "guard" / "broken.yaml").write_text(text)
    done = check("--rules", folder)
    assert (1, "") == (done.code, done.err)
    assert done.out.startswith("loading: guard/broken\n")
    assert words in done.out
    assert "\x1b" not in done.out
    report = check("--rules", folder, "--format", "json").json
    assert [("loading", ["guard/broken"])] == [(finding["check"], finding["rules"]) for finding in report["findings"]]


def test_a_set_that_cannot_be_loaded_at_all_is_a_finding(tree: Path) -> None:
    """Then there are no rules to count."""
    folder = write_rules(tree / "rules", "guard/alpha")
    (folder / "policy.yaml").write_text("extends: nowhere\n")
    done = check("--rules", folder, "--format", "json")
    assert (1, None, 0) == (done.code, done.json["revision"], done.json["rules"])
    assert [("loading", [])] == [(finding["check"], finding["rules"]) for finding in done.json["findings"]]
    assert "no rules could be loaded: 1 loading" in check("--rules", folder).out


def test_a_rule_without_cases_is_a_finding(tree: Path) -> None:
    """One for each kind that is missing."""
    folder = write_rules(tree / "rules", "guard/alpha")
    path = folder / "guard" / "alpha.yaml"
    path.write_text(yaml.safe_dump({"title": "t", "because": "b", **RULES["guard/alpha"]}))
    done = check("--rules", folder)
    assert (1, 2) == (done.code, done.out.count("missing_cases: guard/alpha"))


def test_a_set_of_its_own_without_outcomes_is_a_finding(tree: Path) -> None:
    """One rule that sets the severity of some failures is no rule set."""
    folder = write_rules(tree / "rules", "severity/late")
    head = {"name": "small", "description": "d", "extends": "none", "stages": ["severity"]}
    (folder / "policy.yaml").write_text(yaml.safe_dump(head))
    path = folder / "severity" / "late.yaml"
    path.write_text(path.read_text().replace("  type: network\n", "  operation: shop\n"))
    done = check("--rules", folder, "--only", "missing_outcomes", "--format", "json")
    messages = [finding["message"] for finding in done.json["findings"]]
    unset = "type, category, retryable, suggested_action, strategy, priority or fault_domain"
    assert 1 == done.code
    assert [f"No rule of the set ever sets {unset}.", "On these facts no rule sets severity."] == messages


def test_what_is_not_decided_is_printed_and_fails_only_a_strict_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no finding, and no proof either."""
    assert 0 == check("--strict", "--only", "missing_outcomes").code
    monkeypatch.setattr(linting, "Searcher", partial(Searcher, budget=1))
    loose, strict = check("--only", "missing_outcomes"), check("--strict", "--only", "missing_outcomes")
    assert (0, 1, loose.out, "") == (loose.code, strict.code, strict.out, loose.err)
    *blocks, last = loose.out.rstrip("\n").split("\n\n")
    reason = "  The search came to no answer within its budget: this is not proved, neither way."
    assert f"undecided: can severity be missing\n{reason}" in blocks
    assert f"nothing found; {len(blocks)} questions not decided" in last
    report = check("--strict", "--only", "missing_outcomes", "--format", "json")
    assert (1, len(blocks), []) == (report.code, len(report.json["undecided"]), report.json["findings"])
