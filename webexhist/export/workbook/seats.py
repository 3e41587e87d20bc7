"""The sheet of seats by license and group of people: how they are used, and what each group costs."""

from webexhist.export.workbook.cells import ORGANIZATION, ORGANIZATION_ID, Column, Kind, Money, Row, Sheet
from webexhist.review.reviews import OrganizationReview
from webexhist.review.seats import GroupUse, ProductSeats
from webexhist.seat_counts import EVERYONE

SEATS = Sheet(
    "Seats",
    (
        ORGANIZATION,
        Column("License", Kind.NAME, 34),
        Column("Subscriptions", width=16),
        Column("Group", Kind.NAME, 24),
        Column("Month", Kind.MONTH),
        Column("Seats", Kind.UNITS),
        Column("Active, 30 days", Kind.UNITS),
        Column("Not for 30 days", Kind.UNITS),
        Column("Not for 60 days", Kind.UNITS),
        Column("Not for 90 days", Kind.UNITS),
        Column("Not for 180 days", Kind.UNITS),
        Column("Never active", Kind.UNITS),
        Column("Invited", Kind.UNITS),
        Column("Login disabled", Kind.UNITS),
        Column("Not known", Kind.UNITS),
        Column("Outside the list", Kind.UNITS),
        Column("Could be reclaimed", Kind.UNITS),
        Column("Cost a month", Kind.MONEY),
        Column("As of, UTC", Kind.MOMENT, 17),
        ORGANIZATION_ID,
    ),
    frozen=4,
    printed=18,
)
"""Each license and group at the last sweep of all people of the month."""


def seat_rows(review: OrganizationReview) -> list[Row]:
    """The seats of an organization; none where they were not counted in the month."""
    return [
        _seats(review, product, use)
        for product in (review.seats.products if review.seats else ())
        for use in uses(product)
    ]


def uses(product: ProductSeats) -> tuple[GroupUse, ...]:
    """The uses of its groups, or of everybody."""
    if product.groups:
        return product.groups
    return (GroupUse(EVERYONE, product.counts, product.cost_a_month),)


def _seats(review: OrganizationReview, product: ProductSeats, use: GroupUse) -> Row:
    counts = use.counts
    return (
        review.name,
        product.name,
        ", ".join(product.review.subscriptions),
        use.group,
        review.month.first_day,
        counts.units,
        counts.active,
        counts.idle_30,
        counts.idle_60,
        counts.idle_90,
        counts.idle_180,
        counts.never_active,
        counts.pending,
        counts.disabled,
        counts.hidden,
        counts.external,
        counts.reclaimable,
        None if use.cost_a_month is None or product.currency is None else Money(use.cost_a_month, product.currency),
        review.seats.taken_at if review.seats else None,
        review.webex_id,
    )
