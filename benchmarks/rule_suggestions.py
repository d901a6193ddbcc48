"""What rules are suggested out of the bundled texts, and whether they hold.

A quarter of the tools is held out in turn, and its texts are answered by a model trained on the others; so is every
text by one that never saw its tool. All are decided by the usual rules, with one of twelve teams as ``component``, to
which the tools are dealt, labelled as the corpus labels them, and come up in random order. Rules are suggested out of
the first 70 % of the causes, and judged on the last 30 %, which the search never saw. Beside that, what was found on
the older half alone and never put to the test. Then once more with house rules: each team calls one type, a different
one, by the name of another. Takes some minutes.

    python benchmarks/rule_suggestions.py
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from errclass.classify.bundled import load_bundled
from errclass.classify.training import Prepared, prepare_examples, train_classifier
from errclass.core.frozen import FrozenDict
from errclass.core.types import Context, History, Prediction
from errclass.rules import Policy, Rule, build_facts, list_layers, load_policy
from errclass.system.jobs.suggestion.aims import AIMS, Aim
from errclass.system.jobs.suggestion.benches import set_up, try_rule
from errclass.system.jobs.suggestion.candidates import find_candidates
from errclass.system.jobs.suggestion.cover import choose_rules
from errclass.system.jobs.suggestion.figures import list_wrong, measure_trial
from errclass.system.jobs.suggestion.judged_cases import JudgedCase, count_causes, halve_cases
from errclass.system.jobs.suggestion.limits import Limits
from errclass.system.jobs.suggestion.mining import mine_rules
from errclass.system.taxonomy_file import load_taxonomy

FOLDS = 4
LEARNED = 0.7
TEAMS = 12
START = datetime(2026, 1, 1, tzinfo=UTC)


def answer_unseen(prepared: Prepared, seed: int) -> list[Prediction]:
    """Return for each text what a model says that was trained without the text's tool."""
    tools = sorted({example.tool or "" for example in prepared.examples})
    shuffled = random.Random(seed).sample(tools, len(tools))
    answers: dict[int, Prediction] = {}
    for fold in range(FOLDS):
        held_out = set(shuffled[fold::FOLDS])
        rows = [row for row, example in enumerate(prepared.examples) if (example.tool or "") in held_out]
        others = [row for row, example in enumerate(prepared.examples) if (example.tool or "") not in held_out]
        classifier = train_classifier(prepared.take(others))
        answers.update(zip(rows, classifier.predict_many([prepared.signals[row] for row in rows]), strict=True))
        print(f"answered {len(answers)} of {len(prepared.examples)}", file=sys.stderr)
    return [answers[row] for row in range(len(prepared.examples))]


def make_cases(prepared: Prepared, answers: Sequence[Prediction], seed: int) -> list[JudgedCase]:
    """Return the texts as judged cases, one an hour, in random order."""
    order = random.Random(seed).sample(range(len(answers)), len(answers))
    tools = sorted({example.tool or "" for example in prepared.examples})
    teams = {tool: f"team {place % TEAMS}" for place, tool in enumerate(tools)}
    cases = []
    for hour, row in enumerate(order):
        example, signals = prepared.examples[row], prepared.signals[row]
        facts = build_facts(signals, answers[row], Context(component=teams[example.tool or ""]), History())
        truths = FrozenDict({"type": example.type, "retryable": bool(example.retryable)})
        cases.append(JudgedCase(signals.fingerprint or str(row), START + timedelta(hours=hour), facts, truths))
    return cases


def make_house(cases: Sequence[JudgedCase], types: Sequence[str]) -> list[JudgedCase]:
    """Return the cases with the labels of teams that each have another name for one type."""
    house = {(f"team {team}", types[team]) for team in range(TEAMS)}
    theirs = [(str(case.facts["component"]), str(case.truths["type"])) in house for case in cases]
    print(f"\n{len(house)} house rules on {sum(theirs)} of {len(cases)} texts")
    return [_rename(case, types) if own else case for case, own in zip(cases, theirs, strict=True)]


def _rename(case: JudgedCase, types: Sequence[str]) -> JudgedCase:
    """Label a case with the type that stands five places further on: one of another kind."""
    other = types[(types.index(str(case.truths["type"])) + 5) % len(types)]
    return replace(case, truths=FrozenDict({**case.truths, "type": other}))


def report(policy: Policy, cases: Sequence[JudgedCase], limits: Limits) -> None:
    """Print what is suggested out of the first causes, and how it does on the last."""
    causes = list(dict.fromkeys(case.cause for case in cases))
    early = set(causes[: round(LEARNED * len(causes))])
    learned, rest = ([case for case in cases if (case.cause in early) is wanted] for wanted in (True, False))
    findings = mine_rules(policy, halve_cases(learned), limits, lambda step, done, total: None)
    for aim, stage in zip(AIMS, findings, strict=True):
        print(f"{aim.stage}: {count_causes(learned)} causes, {len(stage.wrong)} answered wrongly; ", end="")
        print(f"{stage.tested} rules tested, {len(stage.confirmed)} held")
        for found in stage.confirmed:
            print(
                f"  {found.rule.id}: {len(found.newer.right)} right, {len(found.newer.wrong)} wrong on the newer half"
            )
        rules = [found.rule for found in stage.confirmed]
        print(f"  on the {count_causes(rest)} others: {_judge(policy, rules, rest, aim)}")


def report_untested(policy: Policy, cases: Sequence[JudgedCase], limits: Limits) -> None:
    """Print how rules do on the newer half that were chosen on the older one, whether they would have held or not."""
    older, newer = halve_cases(cases)
    bench = set_up(policy, older)
    for aim in AIMS:
        rules = [choice.rule for choice in choose_rules(bench, find_candidates(bench, aim, limits), limits)]
        print(f"{aim.stage}: {len(rules)} found on the older half; on the newer: {_judge(policy, rules, newer, aim)}")


def _judge(policy: Policy, rules: Iterable[Rule], cases: Sequence[JudgedCase], aim: Aim) -> str:
    bench = set_up(policy, cases)
    wrong, counts = len(list_wrong(bench, aim)), Counter[str]()
    for rule in rules:
        trial = try_rule(bench, rule, aim.says)
        figures, bench = measure_trial(trial, aim), trial.after
        counts.update(right=len(figures.right), wrong=len(figures.wrong), broken=len(figures.broken))
    told = f"{counts['right']} right, {counts['wrong']} wrong ({counts['broken']} were right)"
    return f"{told}; {wrong} were answered wrongly"


def run(seed: int) -> None:
    """Measure and print everything."""
    taxonomy = load_taxonomy()
    policy = load_policy(list_layers([]), taxonomy.tables())
    prepared = prepare_examples(load_bundled(taxonomy))
    cases = make_cases(prepared, answer_unseen(prepared, seed), seed)
    print("as the corpus labels them, usual limits")
    report(policy, cases, Limits())
    print("\nfound by 3 causes, not put to the test")
    report_untested(policy, cases, Limits(minimum_causes=3, precision=0.9))
    house = make_house(cases, taxonomy.names)
    for precision in (0.95, 0.9):
        print(f"\nprecision {precision}")
        report(policy, house, Limits(precision=precision))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    run(parser.parse_args().seed)
