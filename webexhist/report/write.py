"""Writes the report of a month as files that need nothing outside their folder."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from webexhist.errors import WebexhistError
from webexhist.report.licenses_csv import licenses_csv
from webexhist.report.names import organization_folder
from webexhist.report.pages import organization_pages, overview_page
from webexhist.review.figures import MonthlyReview
from webexhist.review.monthly import review_month
from webexhist.review.months import Month

MONTHS = 13
"""How many months a report looks back over, the reviewed one included: a year and the month to compare it with."""


class ReportError(WebexhistError):
    """The report cannot be written."""


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """What was written."""

    month: Month
    index: Path
    """The page to open first."""
    files: tuple[Path, ...]


def write_report(
    engine: Engine, out: Path, *, month: Month | None = None, months: int = MONTHS, now: datetime
) -> ReportFiles:
    """Writes the pages of a month and licenses.csv into the folder `out`, which is made where it does not exist.

    Without a month: the last complete one with polls. Several organizations get a folder each and a page over them.

    Raises:
        NothingToReviewError: the month has no polls.
        ReportError: the folder cannot be written.
    """
    review = review_month(engine, month, months, now)
    try:
        files = tuple(write(out / name, text) for name, text in report_texts(review))
    except OSError as error:
        raise ReportError(
            f"cannot write the report to {out} ({error.strerror})", "choose another folder with --out"
        ) from error
    return ReportFiles(review.month, out / "index.html", files)


def report_texts(review: MonthlyReview) -> list[tuple[str, str]]:
    """Every file's path within the report, and its text."""
    if len(review.organizations) == 1:
        pages = [(page.name, page.text) for page in organization_pages(review.organizations[0], root="")]
    else:
        folders = [organization_folder(organization) for organization in review.organizations]
        overview = overview_page(review, folders)
        pages = [(overview.name, overview.text)]
        for folder, organization in zip(folders, review.organizations, strict=True):
            pages += [(f"{folder}/{page.name}", page.text) for page in organization_pages(organization, root="../")]
    return [*pages, ("licenses.csv", licenses_csv(review))]


def write(file: Path, text: str) -> Path:
    """Puts a text into a file; the byte order mark of CSV files tells spreadsheets that it is UTF-8."""
    file.parent.mkdir(parents=True, exist_ok=True)
    encoding = "utf-8-sig" if file.suffix == ".csv" else "utf-8"
    file.write_text(text, encoding=encoding, newline="")
    return file
