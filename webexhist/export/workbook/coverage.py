"""The sheet of the polls that the figures rest on."""

from datetime import timedelta

from webexhist.export.workbook.cells import ORGANIZATION, ORGANIZATION_ID, Column, Kind, Row, Sheet
from webexhist.months import Month
from webexhist.review.evidence import MonthlyEvidence
from webexhist.review.reviews import OrganizationReview
from webexhist.review.silence import SilentOrganization

AN_HOUR = timedelta(hours=1)


COVERAGE = Sheet(
    "Coverage",
    (
        ORGANIZATION,
        Column("Month", Kind.MONTH),
        Column("Polls", Kind.UNITS),
        Column("Expected", Kind.UNITS),
        Column("Coverage", Kind.SHARE),
        Column("Hours between polls", Kind.NUMBER),
        Column("Times without polls", Kind.UNITS),
        Column("Longest, hours", Kind.NUMBER),
        Column("Since, UTC", Kind.MOMENT, 17),
        Column("Until, UTC", Kind.MOMENT, 17),
        Column("Known until, UTC", Kind.MOMENT, 17),
        ORGANIZATION_ID,
    ),
    printed=11,
)
"""What the figures of each month rest on."""


def coverage_rows(review: OrganizationReview) -> list[Row]:
    """The months of an organization."""
    return [_month(review, evidence) for evidence in review.polling]


def silent_row(silent: SilentOrganization, month: Month) -> Row:
    """An organization without a poll in the month."""
    return (silent.name, month.first_day, 0, *[None] * 7, silent.last_polled_at, silent.webex_id)


def _month(review: OrganizationReview, evidence: MonthlyEvidence) -> Row:
    longest = evidence.longest_gap
    return (
        review.name,
        evidence.month.first_day,
        evidence.polls,
        evidence.expected if evidence.interval else None,
        evidence.polls / evidence.expected if evidence.interval and evidence.expected else None,
        evidence.interval / AN_HOUR if evidence.interval else None,
        len(evidence.gaps),
        longest.length / AN_HOUR if longest else None,
        longest.began_at if longest else None,
        longest.ended_at if longest else None,
        review.known_until if evidence.month == review.month else None,
        review.webex_id,
    )
