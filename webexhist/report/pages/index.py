"""The page to decide from: every license of an organization at the end of a month."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from webexhist.report.charts.sparkline import Sparkline, sparkline
from webexhist.report.pages.context import INDEX, PageContext
from webexhist.report.pages.document import Page
from webexhist.review import queries
from webexhist.review.reviews import LicenseReview, OrganizationReview
from webexhist.store.contracts import Contract


@dataclass(frozen=True, slots=True)
class LicenseRow:
    """A license in the table of the index."""

    review: LicenseReview
    sparkline: Sparkline


@dataclass(frozen=True, slots=True)
class TrueForwardGroup:
    """The judged licenses of one subscription, whose anniversary was told."""

    contract: Contract
    measured_on: date
    anniversary: date
    days_left: int
    """From the end of the month to the day of judgment; negative after it."""
    licenses: tuple[LicenseReview, ...]


def index_page(context: PageContext) -> Page:
    review = context.review
    rows = [LicenseRow(license_, sparkline(license_.days, context.timeline)) for license_ in review.licenses]
    return context.page(
        "index.html",
        INDEX,
        f"{review.name}: Webex licenses in {context.month}",
        judged=[row for row in rows if row.review.not_judged is None],
        not_judged=[row for row in rows if row.review.not_judged is not None],
        ambiguous=ambiguous_names(review),
        true_forward=tuple(true_forward_groups(review)),
        license_names={license_.license.webex_id: license_.license.name for license_ in review.licenses},
        queries={"licenses": queries.licenses_query(review), "bridge": queries.bridge_query(review)},
    )


def ambiguous_names(review: OrganizationReview) -> frozenset[str]:
    """The names that more than one license bears."""
    counts = Counter(license_.license.name for license_ in review.licenses)
    return frozenset(name for name, count in counts.items() if count > 1)


def true_forward_groups(review: OrganizationReview) -> Iterator[TrueForwardGroup]:
    """By subscription id."""
    told = [
        (license_.outlook.contract, license_.outlook.true_forward, license_)
        for license_ in review.licenses
        if license_.outlook.contract and license_.outlook.true_forward
    ]
    told.sort(key=lambda each: each[0].webex_id)
    for contract, group in groupby(told, key=lambda each: each[0]):
        members = list(group)
        judgment = members[0][1]
        yield TrueForwardGroup(
            contract=contract,
            measured_on=judgment.measured_on,
            anniversary=judgment.anniversary,
            days_left=judgment.days_left,
            licenses=tuple(license_ for *_, license_ in members),
        )
