"""licenses.csv: every license and month of a review, for a spreadsheet."""

import csv
from io import StringIO

from webexhist.review.judgment.usage import LicenseReview
from webexhist.review.reviews import MonthlyReview, OrganizationReview
from webexhist.store.values import MonthlyUsage
from webexhist.texts import spreadsheet_text
from webexhist.units import in_words

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
)


def licenses_csv(review: MonthlyReview) -> str:
    """The file's text: oldest month first; an unknown figure is an empty cell."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for organization in review.organizations:
        for license_ in organization.licenses:
            writer.writerows(csv_row(organization, license_, month) for month in license_.months)
    return text.getvalue()


def csv_row(
    organization: OrganizationReview, review: LicenseReview, month: MonthlyUsage
) -> tuple[str | int | float | None, ...]:
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
    )


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
