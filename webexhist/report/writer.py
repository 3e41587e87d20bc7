"""Writes the report of a month, or of every month, as files that need nothing outside their folder."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar

from webexhist.months import Month
from webexhist.report.customers import Customer, Places, customers
from webexhist.report.folder import ReportFile, write_folder
from webexhist.report.html.names import INDEX
from webexhist.report.layouts import FOLDER_OF_PAGES, Layout, page_file
from webexhist.report.pages.entry import Entry, entry_of
from webexhist.report.pages.months import MonthEntry, months_page
from webexhist.report.pages.organizations import MOST_IN_FULL
from webexhist.review.planned_reviews import PlannedMonth
from webexhist.review.reviews import MonthlyReview, OrganizationReview
from webexhist.reviewing import plan_month, review_before, review_planned, reviewable_months
from webexhist.store.opening.history import History

T = TypeVar("T")

MONTHS = 13
"""How many months a report looks back over, the reviewed one included: a year and the month to compare it with."""


class Track(Protocol):
    """Hands on what is worked on, and may show how far that is."""

    def __call__(self, items: Iterable[T], what: str, total: int, /) -> Iterable[T]: ...


def silently(items: Iterable[T], what: str, total: int, /) -> Iterable[T]:
    """Hands them on."""
    return items


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """What was written."""

    months: tuple[Month, ...]
    index: Path
    """The page to open first."""
    files: tuple[Path, ...]
    warnings: tuple[str, ...]
    """What is wrong with the rows that the pages rest on."""


def write_report(
    history: History,
    out: Path,
    *,
    layout: Layout = FOLDER_OF_PAGES,
    month: Month | None = None,
    months: int = MONTHS,
    now: datetime,
    only: int | None = None,
    against: Month | None = None,
    track: Track = silently,
) -> ReportFiles:
    """Writes the review of a month into the folder `out`, in place of the report that is there, all at once.

    Without a month: the last complete one with polls. `only` is the row of the one organization that is asked for,
    `against` another month, earlier or later, with which it is compared. The organizations go through `track`, which
    may show how far the work is.

    Raises:
        NothingToReviewError: the month has no polls.
        ReportError: the folder cannot be written.
    """
    plan = plan_month(history, month, months, now, only=only, against=against)
    entries: list[Entry] = []
    files = layout.put(out, files_of(history, plan, layout, None, entries, track))
    index = out / layout.index(plan.month)
    others = (file for file in files if file != index)
    return ReportFiles((plan.month,), index, (index, *others), warnings_of(entries))


def write_every_month(
    history: History,
    out: Path,
    *,
    layout: Layout = FOLDER_OF_PAGES,
    months: int = MONTHS,
    now: datetime,
    only: int | None = None,
    track: Track = silently,
) -> ReportFiles:
    """Writes the review of every month with polls into a folder of its own in `out`, and an index over them.

    The months go through `track`. Raises as `write_report` does.
    """
    polled = reviewable_months(history, now, only=only)
    warnings: dict[str, None] = {}

    def files_of_all() -> Iterator[ReportFile]:
        reviewed: list[MonthEntry] = []
        for month in track(polled, "Months", len(polled)):
            plan, entries = plan_month(history, month, months, now, only=only), list[Entry]()
            for file in files_of(history, plan, layout, f"../{INDEX}.html", entries, silently):
                yield replace(file, path=f"{month}/{file.path}")
            about_silent = sum(each.is_open for each in plan.decisions_about_silent)
            reviewed.append(MonthEntry(month, f"{month}/{layout.index(month)}", tuple(entries), about_silent))
            warnings.update(dict.fromkeys(warnings_of(entries)))
        yield page_file("", months_page(reviewed))

    *pages, index = write_folder(out, files_of_all())
    return ReportFiles(polled, index, (index, *pages), tuple(warnings))


def files_of(
    history: History,
    plan: PlannedMonth,
    layout: Layout,
    months_page: str | None,
    entries: list[Entry],
    track: Track,
) -> Iterator[ReportFile]:
    """Yields the files of a month, and gathers the lines of its organizations as they are made."""
    organizations = len(plan.organizations)
    if organizations <= MOST_IN_FULL:
        reviews: list[OrganizationReview] = []
        befores: dict[str, OrganizationReview] = {}
        for each in track(plan.organizations, "Organizations", organizations):
            review, before = review_planned(history, plan, each), review_before(history, plan, each)
            reviews.append(review)
            entries.append(entry_of(review, before, with_statements=True))
            befores |= {review.webex_id: before} if before else {}
        month = MonthlyReview(plan.month, tuple(reviews), plan.silent, plan.decisions_about_silent)
        yield from layout.in_full(month, entries, befores, months_page)
        return

    def made(links: Places) -> Iterator[Customer]:
        for each in track(customers(history, plan, links), "Organizations", organizations):
            entries.append(each.entry)
            yield each

    yield from layout.of_many(plan, made, months_page)


def warnings_of(entries: Iterable[Entry]) -> tuple[str, ...]:
    """A line for each organization whose rows were changed by something else."""
    return tuple(entry.warning for entry in entries if entry.warning)
