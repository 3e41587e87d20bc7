"""Writes the report of a month, or of every month, as files that need nothing outside their folder."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from webexhist.months import Month
from webexhist.report.folder import ReportFile, write_folder
from webexhist.report.html.names import INDEX
from webexhist.report.layouts import FOLDER_OF_PAGES, Layout, page_file
from webexhist.report.pages.months import MonthEntry, months_page
from webexhist.review.reviews import MonthlyReview
from webexhist.reviewing import review_month, reviewable_months
from webexhist.store.opening.history import History

MONTHS = 13
"""How many months a report looks back over, the reviewed one included: a year and the month to compare it with."""


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
) -> ReportFiles:
    """Writes the review of a month into the folder `out`, in place of the report that is there, all at once.

    Without a month: the last complete one with polls.

    Raises:
        NothingToReviewError: the month has no polls.
        ReportError: the folder cannot be written.
    """
    review = review_month(history, month, months, now)
    files = layout.put(out, layout.files(review, None))
    return ReportFiles((review.month,), files[0], files, warnings_of(review))


def write_every_month(
    history: History,
    out: Path,
    *,
    layout: Layout = FOLDER_OF_PAGES,
    months: int = MONTHS,
    now: datetime,
    track: Callable[[Sequence[Month]], Iterable[Month]] = iter,
) -> ReportFiles:
    """Writes the review of every month with polls into a folder of its own in `out`, and an index over them.

    The months go through `track`, which may show how far the work is. Raises as `write_report` does.
    """
    polled = reviewable_months(history, now)

    warnings: dict[str, None] = {}

    def files_of_all() -> Iterator[ReportFile]:
        entries: list[MonthEntry] = []
        for month in track(polled):
            review = review_month(history, month, months, now)
            warnings.update(dict.fromkeys(warnings_of(review)))
            files = layout.files(review, f"../{INDEX}.html")
            entries.append(MonthEntry.of(review, f"{month}/{files[0].path}"))
            yield from (replace(file, path=f"{month}/{file.path}") for file in files)
        yield page_file("", months_page(entries))

    *pages, index = write_folder(out, files_of_all())
    return ReportFiles(polled, index, (index, *pages), tuple(warnings))


def warnings_of(review: MonthlyReview) -> tuple[str, ...]:
    """A line for each organization whose rows were changed by something else."""
    return tuple(
        f"{organization.name}, {review.month}: {organization.damage} by something else than webexhist:"
        " see webexhist db check"
        for organization in review.organizations
        if organization.damage
    )
