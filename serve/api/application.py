"""The application: all routes over one service."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import FastAPI

from ..metrics import ServiceMetrics
from ..service import Service
from ..thread_pools import ThreadPools
from . import alerts, answers, handling, health, labels, metrics, outcomes, reports
from .faults import add_handlers

_DESCRIPTION = "Decisions about failed deployments and CI jobs, and what became of them."


def make_application(service: Service, pools: ThreadPools, counted: ServiceMetrics) -> FastAPI:
    """Return the application; ``service`` is asked in the threads of ``pools``, and ``counted`` tells of it."""
    application = FastAPI(
        title="errclass",
        version=version("errclass"),
        description=_DESCRIPTION,
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
    )
    application.state.service, application.state.pools = service, pools
    application.state.metrics = counted
    for routes in (answers, handling, outcomes, labels, reports, alerts, health, metrics):
        application.include_router(routes.router)
    add_handlers(application)
    return application
