"""What counters held on days before polls counted them."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import Engine, text

from webexhist.metrics import Metric
from webexhist.store import schema
from webexhist.store.locked_organizations import locked_organization
from webexhist.store.opening.history import History
from webexhist.store.seals.sealing import change_readings, resealed
from webexhist.store.seals.writing import writing_explained
from webexhist.store.times import moment_of_milliseconds
from webexhist.webex_ids import uuid_of

_OPENED = text("""
SELECT w.opened_at FROM event_window w JOIN organization o ON o.id = w.organization_id
WHERE o.uuid = :organization AND w.source = :source
""")
_DAYS = text("""
SELECT DISTINCT p.day FROM organization o
JOIN metric m ON m.organization_id = o.id AND m.name = :metric AND m.license_id IS NULL
JOIN past_day p ON p.organization_id = o.id AND p.metric_id = m.id
WHERE o.uuid = :organization
""")
_METRIC = text("""
INSERT INTO metric (organization_id, id, name, kind, first_number)
SELECT o.id, coalesce((SELECT max(m.id) FROM metric m WHERE m.organization_id = o.id), 0) + 1, :metric, 'counter',
  (SELECT max(s.number) FROM snapshot s WHERE s.organization_id = o.id)
FROM organization o WHERE o.id = :organization_id
ON CONFLICT DO NOTHING
""")
_UNKNOWN_SO_FAR = text("""
INSERT INTO reading (organization_id, metric_id, number)
SELECT m.organization_id, m.id, m.first_number FROM metric m
WHERE m.organization_id = :organization_id AND m.name = :metric AND m.license_id IS NULL AND NOT EXISTS (
  SELECT 1 FROM reading r WHERE r.organization_id = m.organization_id AND r.metric_id = m.id)
RETURNING metric_id, number
""")
"""The views rest on a first reading of every metric."""
_AMOUNT = text("""
INSERT INTO past_day (organization_id, metric_id, day, amount, source)
SELECT m.organization_id, m.id, :day, :amount, :source FROM metric m
WHERE m.organization_id = :organization_id AND m.name = :metric AND m.license_id IS NULL
ON CONFLICT DO NOTHING
""")


def chain_opened_at(history: History, organization: str, source: str) -> datetime | None:
    """When the polls' chain of windows of a source begins: what is before is the past. None without a chain."""
    opened_at = history.connection.scalar(_OPENED, {"organization": uuid_of(organization), "source": source})
    return moment_of_milliseconds(opened_at) if opened_at else None


def past_days(history: History, organization: str, metric: Metric) -> frozenset[date]:
    """The days of the past that are counted already."""
    rows = history.connection.execute(_DAYS, {"organization": uuid_of(organization), "metric": metric.value})
    return frozenset(date.fromisoformat(row.day) for row in rows)


def add_past_days(engine: Engine, organization: str, source: str, days: Mapping[date, Mapping[Metric, int]]) -> None:
    """Stores what days of the past held, all or none; a day that is there already stays as it is."""
    with writing_explained(engine) as connection:
        known = locked_organization(connection, organization)
        if known is None:
            return
        rows = [
            {
                "organization_id": known.id,
                "metric": metric.value,
                "day": day.isoformat(),
                "amount": amount,
                "source": source,
            }
            for day, amounts in days.items()
            for metric, amount in amounts.items()
        ]
        if not rows:
            return
        with resealed(connection, known.id, schema.metric, schema.past_day):
            for metric in {row["metric"] for row in rows}:
                named = {"organization_id": known.id, "metric": metric}
                connection.execute(_METRIC, named)
                begun = connection.execute(_UNKNOWN_SO_FAR, named).all()
                change_readings(connection, known.id, (), [(metric_id, number, None) for metric_id, number in begun])
            connection.execute(_AMOUNT, rows)
