"""Checksums made right of what is set aside."""

from sqlalchemy import Connection, text

from webexhist.store.seals.checksums import DaySums
from webexhist.store.seals.differences import READINGS, changed_reading, missing_sums, sealed_days_of
from webexhist.store.seals.sealing import change_day

_METRICS = text("SELECT id FROM metric WHERE organization_id = :organization_id AND first_number <= :last")
_HEALED = text("""
UPDATE reading SET value = :value
WHERE organization_id = :organization_id AND metric_id = :metric_id AND number = :number
""")


def heal(connection: Connection, organization_id: int, first: int, last: int, metric_ids: frozenset[int]) -> None:
    """Makes the checksums right of readings that are about to be set aside.

    A value that is known to have been changed is the stored one again, so that what is kept of it is right. A day all
    of whose readings are set aside is sealed as it is.
    """
    all_metrics = frozenset(connection.scalars(_METRICS, {"organization_id": organization_id, "last": last}))
    days = sealed_days_of(connection, organization_id, first, last)
    missing = missing_sums(connection, organization_id, days, (READINGS,))
    for day in days:
        short_of = missing.get(day.day, DaySums())
        if short_of == DaySums():
            continue
        found = changed_reading(connection, organization_id, day, short_of)
        if found and found.metric_id in metric_ids and first <= found.number <= last:
            of_reading = {"organization_id": organization_id, "metric_id": found.metric_id, "number": found.number}
            connection.execute(_HEALED, of_reading | {"value": found.original})
        elif metric_ids == all_metrics and first <= day.first_number and day.last_number <= last:
            change_day(connection, organization_id, day.day, DaySums() - short_of)
