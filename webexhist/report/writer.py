"""Writes the report of a month, or of every month, as files that need nothing outside their folder."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from webexhist.errors import WebexhistError
from webexhist.months import Month
from webexhist.report.html.names import INDEX
from webexhist.report.layouts import Layout, TextFile, folder_of_pages, page_file
from webexhist.report.leftovers import remove_leftover_pages
from webexhist.report.pages.months import MonthEntry, months_page
from webexhist.review.monthly import nothing_to_review, polled_organizations, review_month

MONTHS = 13
"""How many months a report looks back over, the reviewed one included: a year and the month to compare it with."""


class ReportError(WebexhistError):
    """The report cannot be written."""


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """What was written."""

    months: tuple[Month, ...]
    index: Path
    """The page to open first."""
    files: tuple[Path, ...]


def write_report(
    engine: Engine,
    out: Path,
    *,
    layout: Layout = folder_of_pages,
    month: Month | None = None,
    months: int = MONTHS,
    now: datetime,
) -> ReportFiles:
    """Writes the review of a month into the folder `out`, which is made where it does not exist.

    Without a month: the last complete one with polls. Pages that an earlier report left there are removed.

    Raises:
        NothingToReviewError: the month has no polls.
        ReportError: the folder cannot be written.
    """
    review = review_month(engine, month, months, now)
    files = write_files(out, layout(review, None))
    return ReportFiles((review.month,), files[0], files)


def write_every_month(
    engine: Engine,
    out: Path,
    *,
    layout: Layout = folder_of_pages,
    months: int = MONTHS,
    now: datetime,
    track: Callable[[Sequence[Month]], Iterable[Month]] = iter,
) -> ReportFiles:
    """Writes the review of every month with polls into a folder of its own in `out`, and an index over them.

    The months go through `track`, which may show how far the work is. Raises as `write_report` does.
    """
    polled = polled_months(engine, now)
    entries: list[MonthEntry] = []
    files: list[Path] = []
    for month in track(polled):
        review = review_month(engine, month, months, now)
        written = write_files(out / str(month), layout(review, f"../{INDEX}.html"))
        entries.append(MonthEntry.of(review, f"{month}/{written[0].name}"))
        files += written
    (index,) = write_files(out, [page_file("", months_page(entries))])
    return ReportFiles(tuple(polled), index, (index, *files))


def polled_months(engine: Engine, now: datetime) -> list[Month]:
    """Every month with polls of any organization, oldest first."""
    with engine.connect() as connection:
        organizations = polled_organizations(connection)
    if not organizations:
        raise nothing_to_review(Month.of(now.date()), organizations)
    return sorted({polled.month for organization in organizations for polled in organization.months})


def write_files(folder: Path, texts: Iterable[TextFile]) -> tuple[Path, ...]:
    """Puts texts into files of the folder, in place of the pages of an earlier report."""
    try:
        files = tuple(write(folder / file.path, file.text) for file in texts)
        remove_leftover_pages(folder, files)
    except OSError as error:
        raise ReportError(
            f"cannot write the report to {folder} ({error.strerror})", "choose another folder with --out"
        ) from error
    return files


def write(file: Path, text: str) -> Path:
    """Puts a text into a file; the byte order mark of CSV files makes spreadsheets read UTF-8."""
    file.parent.mkdir(parents=True, exist_ok=True)
    encoding = "utf-8-sig" if file.suffix == ".csv" else "utf-8"
    file.write_text(text, encoding=encoding, newline="")
    return file
