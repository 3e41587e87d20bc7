"""licenses.csv: every license and month of a review, for a spreadsheet."""

import csv
from dataclasses import fields
from io import StringIO

from webexhist.export.deciding_columns import Cell, Deciding, deciding_of
from webexhist.months import Month
from webexhist.review.judgment.usage import LicenseReview
from webexhist.review.reviews import MonthlyReview, OrganizationReview
from webexhist.store.values import MonthlyUsage
from webexhist.texts import spreadsheet_text
from webexhist.units import in_words

EARLIER = Deciding()
"""Of months before that of the review, by which nothing is decided any more."""
COLUMNS = (
    "organization",
    "organization_id",
    "month",
    "license",
    "license_id",
    "subscription",
    "site",
    "counted",
    "purchased",
    "assigned",
    "available",
    "utilization_percent",
    "lowest",
    "highest",
    "mean",
    "code",
    "days_known_where_few",
    "not_judged",
    *(each.name for each in fields(Deciding)),
)
HEAD = f"{','.join(COLUMNS)}\r\n"


def licenses_csv(review: MonthlyReview) -> str:
    """The file's text: oldest month first; an unknown figure is an empty cell."""
    return HEAD + "".join(csv_lines(organization) for organization in review.organizations)


def csv_lines(organization: OrganizationReview, since: Month | None = None) -> str:
    """The lines of one organization, without the head; of its licenses the months from `since` on (else all)."""
    text = StringIO()
    writer = csv.writer(text)
    products = {each.license.webex_id: product for product in organization.products for each in product.licenses}
    for license_ in organization.licenses:
        deciding = deciding_of(organization, license_, products.get(license_.license.webex_id))
        for month in (each for each in license_.months if since is None or each.month >= since):
            is_closing = month.month == organization.month
            writer.writerow(csv_row(organization, license_, month, deciding if is_closing else EARLIER))
    return text.getvalue()


def csv_row(
    organization: OrganizationReview, review: LicenseReview, month: MonthlyUsage, deciding: Deciding
) -> tuple[Cell, ...]:
    """The cells of a license in a month, in the order of the columns."""
    return (
        spreadsheet_text(organization.name),
        spreadsheet_text(organization.webex_id),
        str(month.month),
        spreadsheet_text(review.license.name),
        spreadsheet_text(review.license.webex_id),
        spreadsheet_text(review.license.subscription_id or ""),
        spreadsheet_text(review.license.site_url or ""),
        "yes" if review.license.counted else "no",
        in_words(month.purchased),
        month.last,
        month.available,
        rounded(month.utilization),
        month.lowest,
        month.highest,
        rounded(month.mean),
        spreadsheet_text(review.license.code),
        review.days_known(month.month),
        review.not_judged.value if review.not_judged else None,
        *(spreadsheet_text(cell) if isinstance(cell, str) else cell for cell in deciding.cells),
    )


def rounded(value: float | None) -> float | None:
    """Two decimals; None stays None."""
    return None if value is None else round(value, 2)
