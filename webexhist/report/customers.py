"""One page for each of many organizations: made side by side, each out of its own review, which is then let go."""

import gc
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count, islice
from multiprocessing import get_context

from webexhist.export.calendar import Events, events_of
from webexhist.export.licenses_csv import csv_lines
from webexhist.export.workbook.part import WorkbookPart, part_of
from webexhist.report.charts.timeline import Timeline
from webexhist.report.html.document import Page
from webexhist.report.html.links import CustomerLinks
from webexhist.report.html.names import INDEX, organization_folder
from webexhist.report.pages.customer import customer_page
from webexhist.report.pages.entry import Entry, entry_of
from webexhist.report.pages.page import PageContext
from webexhist.review.planned_reviews import PlannedMonth, PlannedReview
from webexhist.reviewing import review_before, review_planned
from webexhist.store.opening.history import History, open_history
from webexhist.store.rows.organization_units import units_as_stored

WAITING = 4
"""So many pages for each process may wait to be written: they are not all held."""
SEARCHED_EVERY = 4
"""After so many organizations garbage is looked for, which takes a twentieth of the time of each."""

Places = Callable[[str], CustomerLinks]
"""Where a page of that name lies and leads."""


@dataclass(frozen=True, slots=True)
class Customer:
    """What is written of one organization."""

    page: Page
    address: str
    """Leads to it from the page over all."""
    entry: Entry
    licenses: str
    """Its lines of licenses.csv, of the month alone."""
    days: Events
    """Those of renewals.ics."""
    part: WorkbookPart
    """Its cells of licenses.xlsx, of its months the last one alone."""


def customers(history: History, plan: PlannedMonth, links: Places) -> Iterator[Customer]:
    """Yields every organization of a month, in their order.

    As many processes as there are processors read the database and make pages, each on a connection of its own.
    """
    location = history.connection.engine.url.render_as_string(hide_password=False)
    workers = min(os.cpu_count() or 1, len(plan.organizations))
    # What all of them need is sent once: a plan names every organization.
    with ProcessPoolExecutor(workers, get_context("spawn"), _open, (location, plan, links)) as pool:
        rest = iter(range(len(plan.organizations)))
        asked_for: list[Future[Customer]] = []

        def ask(most: int) -> None:
            asked_for.extend(pool.submit(_make, place) for place in islice(rest, most))

        ask(WAITING * workers)
        try:
            while asked_for:
                yield asked_for.pop(0).result()
                ask(1)
        finally:
            pool.shutdown(cancel_futures=True)


def customer(history: History, plan: PlannedMonth, planned: PlannedReview, links: Places) -> Customer:
    """What is written of one organization of a month."""
    review = review_planned(history, plan, planned, counts=(), read_units=units_as_stored)
    before = review_before(history, plan, planned)
    place = organization_folder(review)
    entry = entry_of(review, before, with_statements=False)
    own = links(place)
    context = PageContext(review, own, (), Timeline(review.period), entry.checksum, before=before)
    return Customer(
        customer_page(context, place),
        own.page(INDEX),
        entry,
        csv_lines(review, plan.month),
        events_of(review),
        part_of(review, plan.month),
    )


_opened = ExitStack()
_turns = count(1)
"""How many pages this process has made."""
_makers: list[Callable[[int], Customer]] = []
"""What makes the page of the organization at that place of the plan; the database is closed when the process ends."""


def _open(location: str, plan: PlannedMonth, links: Places) -> None:
    history = _opened.enter_context(open_history(location))
    _makers.append(lambda place: customer(history, plan, plan.organizations[place], links))
    # A review is hundreds of thousands of values that all live to its end: to look for garbage among them meanwhile
    # takes a seventh of the time.
    gc.freeze()
    gc.disable()


def _make(place: int) -> Customer:
    made = _makers[0](place)
    if next(_turns) % SEARCHED_EVERY == 0:
        gc.collect()
    return made
