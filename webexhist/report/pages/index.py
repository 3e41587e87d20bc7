"""The page to decide from: every license of an organization at the end of a month."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from webexhist.report.charts.sparkline import Sparkline, sparkline
from webexhist.report.html.document import Page
from webexhist.report.html.names import INDEX, ambiguous_names
from webexhist.report.pages.page import NavigationLink, OrganizationPages, PageContext
from webexhist.review.reviews import LicenseReview, OrganizationReview
from webexhist.store.entered.contracts import Contract


@dataclass(frozen=True, slots=True)
class LicenseRow:
    """A license in the table of the index."""

    review: LicenseReview
    sparkline: Sparkline


@dataclass(frozen=True, slots=True)
class TrueForwardGroup:
    """The judged licenses of one subscription, whose anniversary is known."""

    contract: Contract
    measured_on: date
    anniversary: date
    days_left: int
    """From the end of the month to the measurement day; negative after it."""
    licenses: tuple[LicenseReview, ...]


def index_pages(context: PageContext) -> Iterator[Page]:
    """Yields the page to open first."""
    review = context.review
    rows = [LicenseRow(license_, sparkline(license_.days, context.timeline)) for license_ in review.licenses]
    yield context.page(
        "index.html",
        INDEX,
        f"{review.name}: Webex licenses in {context.month}",
        judged=[row for row in rows if row.review.not_judged is None],
        not_judged=[row for row in rows if row.review.not_judged is not None],
        ambiguous=ambiguous_names(review),
        silent=context.silent,
        true_forward=tuple(true_forward_groups(review)),
        license_names={license_.license.webex_id: license_.license.name for license_ in review.licenses},
    )


def true_forward_groups(review: OrganizationReview) -> Iterator[TrueForwardGroup]:
    """By subscription id."""
    measured = [
        (license_.judgment.contract, license_.judgment.true_forward, license_)
        for license_ in review.licenses
        if license_.judgment.contract and license_.judgment.true_forward
    ]
    measured.sort(key=lambda each: each[0].subscription)
    for contract, group in groupby(measured, key=lambda each: each[0]):
        members = list(group)
        judgment = members[0][1]
        yield TrueForwardGroup(
            contract=contract,
            measured_on=judgment.measured_on,
            anniversary=judgment.anniversary,
            days_left=judgment.days_left,
            licenses=tuple(license_ for *_, license_ in members),
        )


PAGES = OrganizationPages(place=1, build=index_pages, link=NavigationLink(INDEX, "Licenses"))
