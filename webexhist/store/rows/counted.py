"""When the values that stand at a snapshot were counted: that snapshot may only hold them, or not know them."""

from datetime import datetime

from webexhist.store.query import Query, Values
from webexhist.store.times import moment_of
from webexhist.store.values_at_snapshots import known_at

COUNTED = f"""
SELECT counted.metric, counted.as_of FROM (
  SELECT m.name AS metric, {known_at("m", ":last_number")} AS as_of
  FROM organization o JOIN metric m ON m.organization_id = o.id AND m.license_id IS NULL
  WHERE o.id = :organization AND m.first_number <= :last_number
) counted
WHERE counted.as_of IS NOT NULL ORDER BY counted.metric
"""  # noqa: S608  (every part of it stands in this room)


def counted_at(organization: int, number: int) -> Query[tuple[str, datetime]]:
    """When each count that stands at a snapshot was counted; `snapshot.LICENSES_HELD` stands for all licenses."""
    values: Values = {"organization": organization, "last_number": number}
    return Query("When counted", COUNTED, values, lambda row: (str(row.metric), moment_of(row.as_of)))
