"""The system's Chromium, and the pages it looks at."""

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from sqlite3 import connect
from typing import TYPE_CHECKING

import pytest
from entering import enter, set_price
from reading import read
from sqlalchemy import Engine

from webexhist.contract_kinds import ContractKind
from webexhist.months import Month
from webexhist.report.layouts import SINGLE_FILE
from webexhist.report.writer import write_report
from webexhist.store.entered.contracts import Contract
from webexhist.store.entered.notes import add_note, add_step
from webexhist.store.names.licenses import find_license
from webexhist.store.opening.database import open_database
from webexhist.store.opening.history import reading

if TYPE_CHECKING:  # slow to import: only who looks at pages does
    from playwright.sync_api import Browser, Page

NOW = datetime(2026, 11, 10, 20, tzinfo=UTC)

ARGUMENTS = (
    "--no-sandbox",  # a test may run as root
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """Debian's Chromium, or whichever is found; skips where there is none."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        missing = "no Chromium is installed (apt-get install chromium)"
        if os.environ.get("WEBEXHIST_REQUIRE_BROWSER") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def entered_year(year, tmp_path_factory) -> Iterator[Engine]:
    """The year, and everything that can be entered for it: contracts, prices but one, and notes."""
    file = tmp_path_factory.mktemp("entered") / "year.db"
    with closing(connect(year.url.database)) as source, closing(connect(file)) as copy:
        source.backup(copy)
    engine = open_database(file)
    enter(engine, [Contract("Sub100001", ContractKind.EA, starts=date(2025, 3, 15), name="Collaboration Flex")])
    enter(engine, [Contract("Sub100002", ContractKind.EA, starts=date(2025, 12, 20), allowance=30)])
    with reading(engine) as history:
        names = ("Webex Calling - Professional", "Advanced Messaging", "Webex Room Kit")
        calling, messaging, room_kit = (find_license(history, name) for name in names)
    for license_, amount in ((calling, "17.00"), (room_kit, "25.00")):
        set_price(engine, license_, Decimal(amount), "EUR")
    add_step(engine, date(2026, 5, 29), "Seats of the closed branch are freed", messaging)
    add_note(engine, date(2026, 6, 3), "The list of seats was cleaned up", messaging)
    add_note(engine, date(2026, 9, 1), "A hundred people join")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def folder(entered_year, tmp_path_factory) -> Path:
    """The report of October 2026."""
    return read(entered_year, write_report, tmp_path_factory.mktemp("pages"), now=NOW).index.parent


@pytest.fixture(scope="session")
def mailed(entered_year, folder) -> str:
    """The same month in one file, looking back over two months only: axe takes its time."""
    october = {"month": Month(2026, 10), "months": 2}
    return read(entered_year, write_report, folder, layout=SINGLE_FILE, **october, now=NOW).index.name


@dataclass
class Opened:
    """A page, with what it said to the console and asked the network for."""

    page: "Page"
    folder: Path
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def go(self, name: str) -> None:
        """Opens another page of the report in its place."""
        self.messages.clear()
        self.requests.clear()
        self.page.goto((self.folder / name).as_uri())


@pytest.fixture
def open_page(chromium, folder):
    """Opens a page of the report: `open_page("index.html", width=390, color_scheme="dark")`."""
    contexts = []

    def open_it(name: str, *, width: int = 1280, **options) -> Opened:
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        context.set_default_timeout(0)  # a busy machine takes as long as it takes; what hangs is ended by pytest
        contexts.append(context)
        opened = Opened(context.new_page(), folder)
        opened.page.on("console", lambda message: opened.messages.append(message.text))
        opened.page.on("pageerror", lambda error: opened.messages.append(str(error)))
        opened.page.on("request", lambda request: opened.requests.append(request.url))
        opened.go(name)
        return opened

    yield open_it
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def names(folder) -> list[str]:
    """Every kind of page, and the page of a license with a hostile name."""
    return [
        "index.html",
        "activity.html",
        "data.html",
        next(folder.glob("license-webex-calling-professional-*")).name,
        next(folder.glob("license-*-script-*")).name,
    ]


@pytest.fixture(scope="session")
def calling_page(folder) -> str:
    """The page of a license with a value on every day but those without polls."""
    return next(folder.glob("license-webex-calling-professional-*")).name
