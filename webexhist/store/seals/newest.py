"""Damage of the newest days: as much as can be looked at whenever somebody asks for the status."""

from sqlalchemy import Connection, text

from webexhist.changed_rows import kept_in
from webexhist.store.numbers import NumberRange
from webexhist.store.organization_labels import organization_labels
from webexhist.store.seals.closed_periods import changed_last_days
from webexhist.store.seals.differences import ALL_PARTS, changed_days_before, missing_sums
from webexhist.store.seals.indexes import days_found_otherwise
from webexhist.store.seals.sealing import changed_windows, sealed_days
from webexhist.store.seals.sweeps import changed_sweeps
from webexhist.store.seals.tables import damaged_tables
from webexhist.store.times import read_written, seconds_of, utc_day_of

NEWEST_DAYS = 2
"""So many days of each organization are looked at."""


_OF_OTHER_NUMBERS = text("""
SELECT o.id FROM organization o
WHERE (SELECT count(*) FROM snapshot s WHERE s.organization_id = o.id) <> (
  SELECT coalesce(sum(d.last_number - d.first_number + 1), 0) FROM sealed_day d WHERE d.organization_id = o.id)
ORDER BY o.id
""")
"""The organizations with more or fewer snapshots than their days have."""


def newest_damage(connection: Connection) -> tuple[str, ...]:
    """What was changed of the last days of each organization and of the tables that change rarely, in words.

    Also of the days before them, as far as what was stored with them still held then.
    Of what is worked out and kept these are the days: a month of counts takes as long as thirty of them.
    `find_damage` looks at everything.
    """
    names = organization_labels(connection)
    changed = [kept_in(table) for _, table in damaged_tables(connection)]
    changed += [f"{names[each]}, snapshot" for each in connection.scalars(_OF_OTHER_NUMBERS)]
    for organization_id, name in names.items():
        newest = sealed_days(connection, organization_id)[-NEWEST_DAYS:]
        missing = set(missing_sums(connection, organization_id, newest, ALL_PARTS))
        if newest:
            numbers = NumberRange(newest[0].first_number, newest[-1].last_number)
            missing |= days_found_otherwise(connection, organization_id, numbers)
            missing |= changed_days_before(connection, organization_id, numbers.first)
            since = seconds_of(read_written(f"{newest[0].day} 00:00:00"))
            swept = changed_sweeps(connection, organization_id, since)
            missing |= set(map(utc_day_of, swept))
        changed += [f"{name}, {day}" for day in sorted(missing)]
        changed += [f"{name}, {source}" for source in changed_windows(connection, organization_id)]
        if not missing:
            changed += [f"{name}, {table}" for table in changed_last_days(connection, organization_id, NEWEST_DAYS)]
    return tuple(changed)
