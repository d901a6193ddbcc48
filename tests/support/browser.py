"""A real Chromium, driven by Playwright: that of the system, never one that is fetched."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from support.programs import require_program

_NAMES = ("chromium", "google-chrome", "chromium-browser", "google-chrome-stable")
GRAVE = frozenset({"serious", "critical"})


@contextlib.contextmanager
def open_browser() -> Iterator[Browser]:
    """Start it; a test that has none is skipped, and fails in CI."""
    path = next(filter(None, map(shutil.which, _NAMES)), None) or require_program("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visitor:
    """Hold a page of a browser of its own, and what went wrong on it."""

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        """Open a page of the dashboard, and wait until it shows what was found."""
        self.page.goto(f"{self.url}/dashboard{path}")
        self.page.wait_for_selector("[data-again]", state="detached")
        self.page.wait_for_load_state()

    def sign_in(self, key: str) -> None:
        """Exchange a key for a session."""
        self.page.goto(f"{self.url}/dashboard/sign-in")
        self.page.get_by_label("Key of the service").fill(key)
        self.page.get_by_role("button", name="Sign in").click()

    def text(self) -> str:
        """Return what is read on the page."""
        return str(self.page.locator("body").inner_text())

    def list_violations(self) -> list[str]:
        """Return what keeps people out, as axe-core finds it."""
        found = Axe().run(self.page).response["violations"]
        return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in GRAVE]


@contextlib.contextmanager
def visit(browser: Browser, url: str, **options: Any) -> Iterator[Visitor]:
    """Return a visitor without cookies, who writes down errors of scripts and what the policy kept back."""
    context = browser.new_context(**options)
    context.set_default_timeout(60_000)
    visitor = Visitor(context.new_page(), url)
    visitor.page.on(
        "console", lambda one: visitor.faults.append(one.text) if one.type in {"error", "warning"} else None
    )
    visitor.page.on("pageerror", lambda error: visitor.faults.append(str(error)))
    visitor.page.on("dialog", lambda dialog: visitor.faults.append(f"dialog: {dialog.message}"))
    try:
        yield visitor
    finally:
        context.close()
