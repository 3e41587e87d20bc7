"""What people said of a finished month after its end, so that it is not what it was: its foot tells it."""

from webexhist.review.lineages import histories_joined_since
from webexhist.review.reviewed_time import ReviewedTime
from webexhist.store.rows.organization_rows import OrganizationRows


def rebuilt_since(rows: OrganizationRows, time: ReviewedTime) -> tuple[str, ...]:
    """Everything of that kind, in words."""
    return (
        *zone_entered_since(rows, time),
        *contracts_entered_since(rows, time),
        *histories_joined_since(rows, time),
        *imported_since(rows, time),
    )


def zone_entered_since(rows: OrganizationRows, time: ReviewedTime) -> tuple[str, ...]:
    """That the days are those of another time zone."""
    known = rows.organization.known
    if known.zone_entered_at is None or known.zone_entered_at < time.ends_at:
        return ()
    return (
        f"{known.zone_entered_by} told the time zone {known.zone.name} on {time.zone.day_of(known.zone_entered_at)}",
    )


def imported_since(rows: OrganizationRows, time: ReviewedTime) -> tuple[str, ...]:
    """That snapshots came in from elsewhere among those that were there, or before them."""
    return tuple(
        f"import of {told.snapshots:,} snapshots by {told.imported_by} on {time.zone.day_of(told.imported_at)}"
        for told in rows.imports
        if told.imported_at >= time.ends_at > told.first_at
        if told.stored_until and told.stored_until >= time.begins_at
    )


def contracts_entered_since(rows: OrganizationRows, time: ReviewedTime) -> tuple[str, ...]:
    """That licenses are judged by other contracts, or by the same ones as they were changed."""
    subscriptions = {known.license.subscription_id for known in rows.licenses}
    return tuple(
        f"{told.signed.by} told of the contract {told.subscription} on {time.zone.day_of(told.signed.at)}"
        for told in rows.contracts
        if told.signed and told.signed.at >= time.ends_at
        if told.subscription in subscriptions and told.handed_from is None
    )
