"""How the pages of a month become files: a folder of them, or one file to mail."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from webexhist.export.calendar import renewals_ics
from webexhist.export.licenses_csv import licenses_csv
from webexhist.export.workbook.licenses_xlsx import licenses_xlsx
from webexhist.export.workbook.part import part_of
from webexhist.report.folder import BinaryFile, ReportFile, TextFile, add_files, write_folder
from webexhist.report.html.document import Page, document
from webexhist.report.html.links import FolderLinks, FragmentLinks
from webexhist.report.html.names import CALENDAR, CSV, INDEX, XLSX, organization_folder
from webexhist.report.organization import pages_about
from webexhist.report.pages.organizations import overview_page
from webexhist.review.checksum import checksum
from webexhist.review.reviews import MonthlyReview


@dataclass(frozen=True, slots=True)
class Layout:
    """How a review becomes files, and how these get into a folder."""

    files: Callable[[MonthlyReview, str | None], list[ReportFile]]
    """From a review, and the address of the page over all months where there is one; the file to open comes first."""
    put: Callable[[Path, Iterable[ReportFile]], tuple[Path, ...]]


def folder_of_pages(review: MonthlyReview, months_page: str | None) -> list[ReportFile]:
    """Every page, the files for spreadsheets, and renewals.ics where a contract has days to come.

    Several organizations have a folder each, and a page over them.
    """
    if len(review.organizations) == 1:
        links = FolderLinks(root="", overview=None, months_page=months_page)
        (organization,) = review.organizations
        pages = pages_about(organization, links, checksum(review), review.silent)
        files = [page_file("", page) for page in pages]
    else:
        files = list(folders_of_organizations(review, months_page))
    tables: list[ReportFile] = [TextFile(CSV, licenses_csv(review)), BinaryFile(XLSX, workbook_of(review))]
    calendar = renewals_ics(review)
    days = [TextFile(CALENDAR, calendar)] if calendar else []
    return [*files, *tables, *days]


def workbook_of(review: MonthlyReview) -> bytes:
    """What licenses.xlsx holds."""
    parts = [part_of(each) for each in review.organizations]
    return licenses_xlsx(review.month, parts, review.silent, review.decisions_about_silent)


def folders_of_organizations(review: MonthlyReview, months_page: str | None) -> Iterator[TextFile]:
    folders = [organization_folder(organization) for organization in review.organizations]
    places = [FolderLinks("", overview=None, months_page=months_page, folder=f"{folder}/") for folder in folders]
    figures = checksum(review)
    top = FolderLinks("", overview=None, months_page=months_page)
    yield page_file("", overview_page(review, INDEX, places, top, figures))
    links = FolderLinks(root="../", overview=f"../{INDEX}.html", months_page=months_page and f"../{months_page}")
    for folder, organization in zip(folders, review.organizations, strict=True):
        for page in pages_about(organization, links, figures):
            yield page_file(f"{folder}/", page)


def single_file(review: MonthlyReview, months_page: str | None) -> list[ReportFile]:
    """All pages one after the other in one file, named for the month."""
    if len(review.organizations) == 1:
        links = FragmentLinks("", overview=None, months_page=months_page)
        (organization,) = review.organizations
        pages = list(pages_about(organization, links, checksum(review), review.silent))
    else:
        pages = list(pages_of_organizations(review, months_page))
    return [TextFile(f"webexhist-{review.month}.html", document(pages[0].title, pages))]


def pages_of_organizations(review: MonthlyReview, months_page: str | None) -> Iterator[Page]:
    overview = "overview"
    places = [
        FragmentLinks(f"{organization_folder(organization)}-", overview=f"#{overview}", months_page=months_page)
        for organization in review.organizations
    ]
    figures = checksum(review)
    yield overview_page(review, overview, places, FragmentLinks("", overview=None, months_page=months_page), figures)
    for links, organization in zip(places, review.organizations, strict=True):
        yield from pages_about(organization, links, figures)


def page_file(folder: str, page: Page) -> TextFile:
    return TextFile(f"{folder}{page.name}.html", document(page.title, [page]))


FOLDER_OF_PAGES = Layout(folder_of_pages, write_folder)
SINGLE_FILE = Layout(single_file, add_files)
"""Lies beside what is in the folder."""
