"""``errclass doctor``: what is well here, and what to do about the rest."""

from __future__ import annotations

import sys
from typing import Any

import click

from .options import format_option
from .output import print_json, show_progress


class _CheckName(click.ParamType[Any]):
    """The name of a check; the list of them is read only when one is given."""

    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from ..core.suggesting import suggest_name
        from ..system.checks.catalogue import CATALOGUE

        names = [kind.name for kind in CATALOGUE]
        if value not in names:
            self.fail(f"no check is called {value!r}{suggest_name(value, names)}; there are: {', '.join(names)}")
        return str(value)


@click.command(name="doctor")
@click.option("--send-test", is_flag=True, help="Send a test message through each channel, and ask the agent.")
@click.option("--only", multiple=True, type=_CheckName(), help="Only this check; may be given several times.")
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings too.")
@format_option
def doctor_command(send_test: bool, only: tuple[str, ...], strict: bool, form: str) -> None:
    """Look at everything that errclass works with, and say what to do where something is not well.

    It writes nothing but a probe to the store, which it takes back. It exits with 1 where there is a problem; warnings
    do not count without --strict. What each check looks at is in docs/doctor.md.

    \b
    Examples:
      errclass doctor
      errclass doctor --send-test --only channels
      errclass doctor --strict --format json
    """
    from ..system.checks.diagnosis import diagnose
    from .doctor_display import render_diagnosis

    with show_progress() as show:
        diagnosis = diagnose(only, send=send_test, show=show)
    print_json(diagnosis.to_dict()) if form == "json" else render_diagnosis(diagnosis)
    if diagnosis.status == "problem" or (strict and diagnosis.status == "warning"):
        sys.exit(1)
