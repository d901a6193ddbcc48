"""A notice is fit to be kept and sent."""

from __future__ import annotations

from errclass.actions.notify import Notice
from errclass.actions.notify.preparing import prepare_notice

TOKEN = "ghp_" + "Qw3rTy7uIo" * 4


def test_a_secret_behind_hidden_characters_is_masked() -> None:
    """Cleaning comes after masking, and again nothing shows."""
    prepared = prepare_notice(Notice(f"token {TOKEN}", evidence=(f"\x1b[31m{TOKEN}\x1b[0m", f"a {TOKEN}\r")))
    assert TOKEN not in repr(prepared)


def test_a_secret_that_is_cut_in_two_does_not_come_up() -> None:
    """Where much before it is masked away."""
    key = "-----BEGIN PRIVATE KEY-----\n" + "QUJD" * 3900 + "\n-----END PRIVATE KEY-----"
    for shift in range(0, 400, 20):
        text = f"{key}\n{'x' * shift} {TOKEN}"
        assert TOKEN[:12] not in prepare_notice(Notice(text, evidence=(text,))).what


def test_what_is_fit_stays_as_it_is() -> None:
    """Preparing twice changes nothing more."""
    notice = prepare_notice(
        Notice("deploy failed", evidence=("  indented", "", "exit 1"), link="https://ci.example.com")
    )
    assert (("  indented", "exit 1"), "https://ci.example.com") == (notice.evidence, notice.link)
    assert notice == prepare_notice(notice)
