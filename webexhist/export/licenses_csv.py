"""licenses.csv: every license and month of a review, for a spreadsheet."""

import csv
from io import StringIO

from webexhist.review.reviews import LicenseReview, MonthlyReview, OrganizationReview
from webexhist.review.values import MonthlyUsage

COLUMNS = (
    "organization",
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
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


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
        harmless(organization.name),
        str(month.month),
        harmless(review.license.name),
        review.license.webex_id,
        harmless(review.license.subscription_id or ""),
        harmless(review.license.site_url or ""),
        "yes" if review.license.counted else "no",
        "unlimited" if month.purchased is not None and month.purchased < 0 else month.purchased,
        month.last,
        month.available,
        rounded(month.utilization),
        month.lowest,
        month.highest,
        rounded(month.mean),
    )


def harmless(text: str) -> str:
    """The text, after an apostrophe where a spreadsheet would take it for a formula (OWASP, CSV Injection)."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
