"""docs/corpus.md: which training texts there are, by type, by tool and by where they come from.

Run as a program (``just docs``) it writes the page anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from support.near_duplicates import measure_repetition
from support.source import find_source

from errclass.classify.bundled import load_bundled
from errclass.core.types import Example
from errclass.system.taxonomy_file import load_taxonomy

PAGE = find_source() / "docs" / "corpus.md"
_ORIGINS = ("written", "captured")
_ABOUT = """\
# The training texts

Written by `just docs`; how to add to them is told in [data/corpus](../data/corpus/README.md). *Written* texts were made up
for this project, *captured* ones are what real tools printed when the [lab](../lab/README.md) made them fail.
"""
_REPETITION = """\
{share:.1f} % of the texts are near-duplicates of an earlier one: with names, numbers, paths and hosts masked, their runs
of five words are the same to at least 80 % (Jaccard). The tests hold this below 5 %.
"""


def describe_corpus(examples: Sequence[Example]) -> str:
    """Return the page, in Markdown."""
    types = load_taxonomy().names
    tools = sorted({str(example.tool) for example in examples})
    share = 100 * measure_repetition([example.text for example in examples])
    parts = [
        _ABOUT,
        f"{len(examples)} texts of {len(tools)} tools.\n",
        _REPETITION.format(share=share),
        "## By type\n",
        _format_table(("type", *_ORIGINS, "all", "tools"), _count_types(examples, types)),
        "## By tool\n",
        _format_table(("tool", *types, "all"), _count_tools(examples, tools, types)),
    ]
    return "\n".join(parts)


def _count_types(examples: Sequence[Example], types: Sequence[str]) -> Iterable[Sequence[object]]:
    counts = Counter((example.type, _origin(example)) for example in examples)
    tools = Counter(kind for kind, _ in {(example.type, example.tool) for example in examples})
    for kind in types:
        by_source = [counts[kind, source] for source in _ORIGINS]
        yield kind, *by_source, sum(by_source), tools[kind]
    totals = [sum(counts[kind, source] for kind in types) for source in _ORIGINS]
    yield "all", *totals, sum(totals), len({example.tool for example in examples})


def _origin(example: Example) -> str:
    return "written" if example.source == "corpus" else "captured"


def _count_tools(examples: Sequence[Example], tools: Sequence[str], types: Sequence[str]) -> Iterable[Sequence[object]]:
    counts = Counter((example.tool, example.type) for example in examples)
    for tool in tools:
        by_type = [counts[tool, kind] for kind in types]
        yield tool, *(count or "" for count in by_type), sum(by_type)


def _format_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join(["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|", *lines, ""])


if __name__ == "__main__":
    PAGE.write_text(describe_corpus(load_bundled(load_taxonomy())), encoding="utf-8")
