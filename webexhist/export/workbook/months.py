"""The sheet of licenses by month."""

from webexhist.export.workbook.cells import ORGANIZATION, Column, Kind, Row, Sheet, share
from webexhist.months import Month
from webexhist.review.judgment.usage import LicenseReview
from webexhist.review.reviews import OrganizationReview
from webexhist.store.values import MonthlyUsage
from webexhist.units import in_words

MONTHS = Sheet(
    "Licenses by month",
    (
        ORGANIZATION,
        Column("License", Kind.NAME, 34),
        Column("Site", width=24),
        Column("Subscription", width=16),
        Column("Month", Kind.MONTH),
        Column("Purchased", Kind.UNITS),
        Column("Assigned", Kind.UNITS),
        Column("Available", Kind.UNITS),
        Column("Utilization", Kind.SHARE),
        Column("Lowest", Kind.UNITS),
        Column("Highest", Kind.UNITS),
        Column("Mean", Kind.NUMBER),
        Column("Rests on days, where few", Kind.UNITS),
        Column("Not judged", width=24),
        Column("License id", width=20),
    ),
    frozen=2,
    printed=12,
)
"""Every license and month, the oldest first."""


def month_rows(review: OrganizationReview, since: Month) -> list[Row]:
    """The licenses of an organization from a month on."""
    return [
        _month(review, license_, month)
        for license_ in review.licenses
        for month in license_.months
        if month.month >= since
    ]


def _month(review: OrganizationReview, license_: LicenseReview, month: MonthlyUsage) -> Row:
    return (
        review.name,
        license_.license.name,
        license_.license.site_url,
        license_.license.subscription_id,
        month.month.first_day,
        in_words(month.purchased),
        month.last,
        month.available,
        share(month.utilization),
        month.lowest,
        month.highest,
        month.mean,
        license_.days_known(month.month),
        license_.not_judged.value if license_.not_judged else None,
        license_.license.webex_id,
    )
