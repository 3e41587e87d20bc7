"""How the pages of a month become files: a folder of them, or one file to mail."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from webexhist.export.calendar import Events, calendar_of, renewals_ics
from webexhist.export.licenses_csv import HEAD, licenses_csv
from webexhist.export.workbook.licenses_xlsx import licenses_xlsx
from webexhist.export.workbook.part import WorkbookPart, part_of
from webexhist.months import Month
from webexhist.report.customers import Customer, Places
from webexhist.report.folder import BinaryFile, ReportFile, TextFile, add_files, write_folder
from webexhist.report.html.document import SCRIPT, STYLE, Page, document, script_text, style_text
from webexhist.report.html.links import OVERVIEW, CustomerLinks, FolderLinks, FragmentLinks, Links
from webexhist.report.html.names import CALENDAR, CSV, INDEX, XLSX, organization_folder
from webexhist.report.organization import pages_about
from webexhist.report.pages.entry import Entry, entry_of
from webexhist.report.pages.organizations import overview_page
from webexhist.review.checksum import checksum_of_all
from webexhist.review.planned_reviews import PlannedMonth
from webexhist.review.reviews import MonthlyReview, OrganizationReview

MonthsPage = str | None
"""The address of the page over all months, where there is one."""
Befores = Mapping[str, OrganizationReview]
"""The month that each organization's is held against, by its id at Webex, where one is asked for."""
Customers = Callable[[Places], Iterable[Customer]]
"""Makes the pages of many organizations that lie so."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How reviews become files, and how these get into a folder."""

    in_full: Callable[[MonthlyReview, Sequence[Entry], Befores, MonthsPage], Iterator[ReportFile]]
    """From a review, and of its organizations the lines and the other months: several pages for each of these."""
    of_many: Callable[[PlannedMonth, Customers, MonthsPage], Iterator[ReportFile]]
    """One page for each of many organizations."""
    index: Callable[[Month], str]
    """The file to open first."""
    put: Callable[[Path, Iterable[ReportFile]], tuple[Path, ...]]


def folder_of_pages(
    review: MonthlyReview, entries: Sequence[Entry], befores: Befores, months_page: MonthsPage
) -> Iterator[ReportFile]:
    """Every page, the files for spreadsheets, and renewals.ics where a contract has days to come.

    Several organizations have a folder each, and a page over them.
    """
    if len(review.organizations) == 1:
        links = FolderLinks(root="", overview=None, months_page=months_page)
        (organization,), (entry,) = review.organizations, entries
        before = befores.get(organization.webex_id)
        others = review.silent, review.decisions_about_silent
        for page in pages_about(organization, links, entry.checksum, *others, before):
            yield page_file("", page)
    else:
        yield from folders_of_organizations(review, entries, befores, months_page)
    yield TextFile(CSV, licenses_csv(review))
    yield BinaryFile(XLSX, workbook_of(review, [part_of(each) for each in review.organizations]))
    if calendar := renewals_ics(review):
        yield TextFile(CALENDAR, calendar)


def workbook_of(of: MonthlyReview | PlannedMonth, parts: Sequence[WorkbookPart]) -> bytes:
    """What licenses.xlsx holds."""
    return licenses_xlsx(of.month, parts, of.silent, of.decisions_about_silent)


def folders_of_organizations(
    review: MonthlyReview, entries: Sequence[Entry], befores: Befores, months_page: MonthsPage
) -> Iterator[ReportFile]:
    """The overview, and a folder of pages for each organization."""
    folders = {each.webex_id: organization_folder(each) for each in review.organizations}
    addresses = {webex_id: f"{folder}/{INDEX}.html" for webex_id, folder in folders.items()}
    top = FolderLinks("", overview=None, months_page=months_page)
    yield page_file("", overview(review, entries, addresses, INDEX, top))
    links = FolderLinks(root="../", overview=f"../{INDEX}.html", months_page=months_page and f"../{months_page}")
    for organization, entry in zip(review.organizations, entries, strict=True):
        for page in pages_about(organization, links, entry.checksum, before=befores.get(organization.webex_id)):
            yield page_file(f"{folders[organization.webex_id]}/", page)


def folder_of_customers(plan: PlannedMonth, customers: Customers, months_page: MonthsPage) -> Iterator[ReportFile]:
    """A file for each organization, a page over them, and licenses.csv; style and script stand once."""
    entries: list[Entry] = []
    addresses: dict[str, str] = {}
    licenses, days, parts = [HEAD], list[Events](), list[WorkbookPart]()
    for customer in customers(partial(CustomerLinks, is_file=True, months_page=months_page)):
        yield page_file("", customer.page, shared="")
        entries.append(customer.entry)
        addresses[customer.entry.webex_id] = customer.address
        licenses.append(customer.licenses)
        days.append(customer.days)
        parts.append(customer.part)
    top = FolderLinks("", overview=None, months_page=months_page)
    yield page_file("", overview(plan, entries, addresses, INDEX, top), shared="")
    yield TextFile(CSV, "".join(licenses))
    yield BinaryFile(XLSX, workbook_of(plan, parts))
    if calendar := calendar_of(days):
        yield TextFile(CALENDAR, calendar)
    yield TextFile(STYLE, style_text())
    yield TextFile(SCRIPT, script_text())


def single_file(
    review: MonthlyReview, entries: Sequence[Entry], befores: Befores, months_page: MonthsPage
) -> Iterator[ReportFile]:
    """All pages one after the other in one file, named for the month."""
    yield single_document(review, entries, befores, months_page)


def single_document(
    review: MonthlyReview, entries: Sequence[Entry], befores: Befores, months_page: MonthsPage
) -> TextFile:
    """All pages in one file; the overview comes first where there are several organizations."""
    if len(review.organizations) == 1:
        links = FragmentLinks("", overview=None, months_page=months_page)
        (organization,), (entry,) = review.organizations, entries
        before = befores.get(organization.webex_id)
        others = review.silent, review.decisions_about_silent
        pages = list(pages_about(organization, links, entry.checksum, *others, before))
    else:
        pages = list(pages_of_organizations(review, entries, befores, months_page))
    return TextFile(single_name(review.month), document(pages[0].title, pages))


def single_file_of(review: MonthlyReview) -> TextFile:
    """The one file of a review that is at hand."""
    entries = [entry_of(each, None, with_statements=True) for each in review.organizations]
    return single_document(review, entries, {}, None)


def pages_of_organizations(
    review: MonthlyReview, entries: Sequence[Entry], befores: Befores, months_page: MonthsPage
) -> Iterator[Page]:
    """The pages of the one file: the overview, then those of each organization."""
    places = {
        each.webex_id: FragmentLinks(f"{organization_folder(each)}-", f"#{OVERVIEW}", months_page)
        for each in review.organizations
    }
    addresses = {webex_id: place.page(INDEX) for webex_id, place in places.items()}
    yield overview(review, entries, addresses, OVERVIEW, FragmentLinks("", None, months_page))
    for organization, entry in zip(review.organizations, entries, strict=True):
        before = befores.get(organization.webex_id)
        yield from pages_about(organization, places[organization.webex_id], entry.checksum, before=before)


def single_file_of_customers(
    plan: PlannedMonth, customers: Customers, months_page: MonthsPage
) -> Iterator[ReportFile]:
    """The page over all organizations, and one for each after it, in one file."""
    made = list(customers(partial(CustomerLinks, is_file=False, months_page=months_page)))
    addresses = {each.entry.webex_id: each.address for each in made}
    entries = [each.entry for each in made]
    first = overview(plan, entries, addresses, OVERVIEW, FragmentLinks("", None, months_page))
    yield TextFile(single_name(plan.month), document(first.title, [first, *(each.page for each in made)]))


def overview(
    of: MonthlyReview | PlannedMonth,
    entries: Sequence[Entry],
    addresses: Mapping[str, str],
    name: str,
    links: Links,
) -> Page:
    """The page over all organizations of a month, with the number over those of all."""
    figures = checksum_of_all([each.checksum for each in entries])
    return overview_page(of.month, entries, addresses, of.silent, of.decisions_about_silent, name, links, figures)


def page_file(folder: str, page: Page, shared: str | None = None) -> TextFile:
    """A page as a file of its own; `shared` is the address of a style that several pages share."""
    return TextFile(f"{folder}{page.name}.html", document(page.title, [page], shared))


def single_name(month: Month) -> str:
    return f"webexhist-{month}.html"


FOLDER_OF_PAGES = Layout(folder_of_pages, folder_of_customers, lambda month: f"{INDEX}.html", write_folder)
SINGLE_FILE = Layout(single_file, single_file_of_customers, single_name, add_files)
"""Lies beside what is in the folder."""
