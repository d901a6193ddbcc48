"""Look at a thing within a time limit, whatever goes wrong with it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from ...core.background_call import call_in_background
from ...core.errors import ErrclassError
from ...core.masking import mask_secrets
from .check import Check

_log = logging.getLogger("errclass")

SECONDS = 15.0
_UNKNOWN = "run it again with errclass doctor; if it stays, report it with this message"


def look_safely(name: str, look: Callable[[], Check], *, advice: str = _UNKNOWN, seconds: float = SECONDS) -> Check:
    """Return what ``look`` finds; what it raises, and no answer within ``seconds``, is a problem like any other.

    ``advice`` is for faults whose message does not say what to do after a semicolon. Secrets are masked.
    """
    try:
        found = call_in_background(look).result(seconds)
    except TimeoutError:
        found = Check(name, "problem", f"there was no answer within {seconds:g} s", advice)
    except (ErrclassError, OSError) as error:
        message, _, said = str(error).partition("; ")
        found = Check(name, "problem", message, said or advice)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the rim: a broken thing must not hide the others
        _log.debug("errclass.check_failed: %s", name, exc_info=True)
        found = Check(name, "problem", f"it cannot be looked at ({type(error).__name__}: {error})", advice)
    return replace(found, message=mask_secrets(found.message), advice=mask_secrets(found.advice))
