"""The application: all routes over one service."""

from __future__ import annotations

from concurrent.futures import Executor
from importlib.metadata import version

from fastapi import FastAPI

from ..service import Service
from . import answers, handling, health, labels, outcomes, reports
from .faults import add_handlers

_DESCRIPTION = "Decisions about failed deployments and CI jobs, and what became of them."


def make_application(service: Service, threads: Executor, hands: Executor) -> FastAPI:
    """Return the application; ``service`` is asked in ``threads``, and handles failures in ``hands``."""
    application = FastAPI(
        title="errclass",
        version=version("errclass"),
        description=_DESCRIPTION,
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
    )
    state = application.state
    state.service, state.threads, state.hands = service, threads, hands
    for routes in (answers, handling, outcomes, labels, reports, health):
        application.include_router(routes.router)
    add_handlers(application)
    return application
