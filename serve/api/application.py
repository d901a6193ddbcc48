"""The application: all routes over one service."""

from __future__ import annotations

from concurrent.futures import Executor
from importlib.metadata import version

from fastapi import FastAPI

from ..service import Service
from . import answers, health, labels, outcomes
from .faults import add_handlers

_DESCRIPTION = "Decisions about failed deployments and CI jobs, and what became of them."


def make_application(service: Service, threads: Executor) -> FastAPI:
    """Return the application; ``threads`` are those in which ``service`` is asked."""
    application = FastAPI(
        title="errclass",
        version=version("errclass"),
        description=_DESCRIPTION,
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
    )
    application.state.service, application.state.threads = service, threads
    for routes in (answers, outcomes, labels, health):
        application.include_router(routes.router)
    add_handlers(application)
    return application
