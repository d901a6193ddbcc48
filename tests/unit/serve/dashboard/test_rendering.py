"""What is written on pages, whoever wrote it first."""

from __future__ import annotations

import pytest

from errclass.core.clock import utc_now
from errclass.core.errors import UsageError
from errclass.serve.dashboard.place import is_local
from errclass.serve.dashboard.question import read_question
from errclass.serve.dashboard.refusals import write_refusal
from errclass.serve.dashboard.rendering import write_moment
from errclass.serve.problem import Problem


def test_every_text_is_cleaned_and_escaped() -> None:
    """Without a filter in the template."""
    page = write_refusal(Problem("a", 404, "<b>\x1b[31m\u202ered\x00</b>", "'\"& {{ 1 }}"))
    assert "404: &lt;b&gt;red&lt;/b&gt;" in page
    assert "&#39;&#34;&amp; {{ 1 }}" in page


def test_a_question_is_read_from_an_address_and_written_back() -> None:
    """Empty filters are none; unknown names are no filters."""
    question = read_question({"window": " 7D ", "environment": " staging ", "csrf": "x", "type": "a b&c"})
    assert ("7d", (("environment", "staging"), ("type", "a b&c"))) == (question.window, question.filters)
    assert "window=30d&environment=staging&type=a+b%26c" == question.address("30d")
    assert ("24h", ()) == (read_question({}).window, read_question({}).filters)


@pytest.mark.parametrize("query", [{"window": "ever"}, {"window": "0"}, {"severity": "awful"}, {"window": "-1d"}])
def test_a_question_that_is_none_is_refused(query: dict[str, str]) -> None:
    """It is never taken for a usual one."""
    with pytest.raises(UsageError):
        read_question(query)


@pytest.mark.parametrize(
    ("path", "local"),
    [("/dashboard", True), ("/dashboard/a?b=c", True), ("/dashboard?x=1", True), ("/dashboards", False), ("//dashboard", False),
     ("/dashboard/../x", False), ("https:/dashboard", False), ("/dashboard\\x", False), ("/dashboard\n", False), ("", False)],
)  # fmt: skip
def test_only_paths_of_the_dashboard_are_its_own(path: str, local: bool) -> None:
    """After signing in nobody is sent elsewhere."""
    assert local is is_local(path)


def test_times_of_this_year_come_without_it() -> None:
    """Others with it."""
    now = utc_now().replace(month=3, day=2, hour=4, minute=5)
    assert ("02 Mar 04:05", f"{now.year - 2}-03-02 04:05") == (
        write_moment(now),
        write_moment(now.replace(year=now.year - 2)),
    )
