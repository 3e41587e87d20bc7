"""What polls and `backfill` write: what Webex answered."""

from sqlalchemy import Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table, Text, UniqueConstraint

from webexhist.store.schema.columns import (
    DAY,
    FRACTION,
    KEPT_BY_KEY,
    KEPT_BY_ROWID,
    MOMENT,
    WHOLE_NUMBER,
    ShownMoment,
    metadata,
    reference,
)

organization = Table(
    "organization",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uuid", Text, nullable=False, unique=True),
    Column("webex_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("timezone", Text),
    Column("timezone_entered_at", MOMENT),
    Column("timezone_entered_by", Text),
    Column("first_number", Integer, nullable=False, server_default="1"),
    **KEPT_BY_ROWID,
)
"""One for each UUID, in whatever form its id at Webex comes; `webex_id` is the form in which it first came.

`timezone` is a name of the IANA database, as a person entered it; NULL is UTC. `first_number` is that of
the first snapshot which is kept: earlier ones were dropped.
"""

organization_version = Table(
    "organization_version",
    metadata,
    Column("organization_id", ForeignKey("organization.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("name", Text, nullable=False),
    PrimaryKeyConstraint("organization_id", "number"),
    **KEPT_BY_KEY,
)
"""What an organization was called, from the snapshot of that number on: a finished month keeps its title."""

origin = Table(
    "origin",
    metadata,
    Column("organization_id", ForeignKey("organization.id"), nullable=False),
    Column("id", Integer, nullable=False),
    Column("version", Text, nullable=False),
    Column("source", Text),
    PrimaryKeyConstraint("organization_id", "id"),
    **KEPT_BY_KEY,
)
"""What snapshots came from: the version of the program that stored them, and the `source`, NULL for a poll."""

snapshot = Table(
    "snapshot",
    metadata,
    Column("organization_id", ForeignKey("organization.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("taken_at", MOMENT, nullable=False),
    Column("milliseconds", Integer),
    Column("requests", Integer),
    Column("origin_id", Integer, nullable=False),
    PrimaryKeyConstraint("organization_id", "number"),
    reference("origin_id", "origin", "id"),
    **KEPT_BY_KEY,
)
"""How long a poll took and what it asked for, NULL where no poll did: half of a history are these rows."""
# Of the times as views show them: a bound on a view's `taken_at` reaches it, and so do our own (dialects.py).
Index("snapshot_by_time", snapshot.c.organization_id, ShownMoment(snapshot.c.taken_at), unique=True)

license_ = Table(
    "license",
    metadata,
    Column("organization_id", ForeignKey("organization.id"), nullable=False),
    Column("id", Integer, nullable=False),
    Column("webex_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("subscription_id", Text),
    Column("site_url", Text),
    Column("site_type", Text),
    Column("counted", Integer, nullable=False),
    Column("counted_by_person", Integer),
    Column("lineage_id", Integer, nullable=False),
    Column("product", Text, nullable=False),
    PrimaryKeyConstraint("organization_id", "id"),
    UniqueConstraint("organization_id", "webex_id"),
    **KEPT_BY_KEY,
)
"""What every license is now; the ids count 1, 2, 3 … within the organization.

`counted_by_person` is a person's word on whether its units are seats, and goes before `counted`. `lineage_id` is the
first license of the chain that it continues, or itself; it follows from `succession`. `product` is what it is judged
with; it follows from code, name and contract.
"""

license_version = Table(
    "license_version",
    metadata,
    Column("organization_id", Integer, nullable=False),
    Column("license_id", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("subscription_id", Text),
    Column("site_url", Text),
    Column("site_type", Text),
    Column("counted", Integer, nullable=False),
    PrimaryKeyConstraint("organization_id", "license_id", "number"),
    reference("license_id", "license", "id"),
    **KEPT_BY_KEY,
)
"""What every license was, from the snapshot of that number on: a finished month keeps its names."""

metric = Table(
    "metric",
    metadata,
    Column("organization_id", ForeignKey("organization.id"), nullable=False),
    Column("id", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("license_id", Integer),
    Column("field", Text),
    Column("first_number", Integer, nullable=False),
    PrimaryKeyConstraint("organization_id", "id"),
    reference("license_id", "license", "id"),
    **KEPT_BY_KEY,
)
"""What is counted of an organization or of one of its licenses; the ids count 1, 2, 3 … within the organization."""
# Partial on PostgreSQL too, as the migration says: to say it here would load that dialect at every poll.
Index(
    "metric_of_organization",
    metric.c.organization_id,
    metric.c.name,
    unique=True,
    sqlite_where=metric.c.license_id.is_(None),
)
Index(
    "metric_of_license",
    metric.c.organization_id,
    metric.c.license_id,
    metric.c.field,
    unique=True,
    sqlite_where=metric.c.license_id.is_not(None),
)

reading = Table(
    "reading",
    metadata,
    Column("organization_id", Integer, nullable=False),
    Column("metric_id", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("value", WHOLE_NUMBER),
    PrimaryKeyConstraint("organization_id", "metric_id", "number"),
    reference("metric_id", "metric", "id"),
    **KEPT_BY_KEY,
)
"""A metric's value from the snapshot of that number on, until the next row; NULL is unknown."""

held = Table(
    "held",
    metadata,
    Column("organization_id", Integer, nullable=False),
    Column("metric_id", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("asked", Integer),
    Column("pace", Integer),
    PrimaryKeyConstraint("organization_id", "metric_id", "number"),
    reference("metric_id", "metric", "id"),
    **KEPT_BY_KEY,
)
"""Which values were not counted but held: from the snapshot `number` on, until the next row, a metric's value is the
one that was counted in the snapshot `asked`; NULL: each snapshot's own. With a `pace`, in seconds, that is so only in
the slot of that snapshot, and afterwards the first snapshot in each slot of the grid counts (paces.py).

Of all licenses the row of their list speaks.
"""

collection = Table(
    "collection",
    metadata,
    Column("organization_id", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("collector", Text, nullable=False),
    Column("status", Text),
    Column("requests", Integer),
    Column("seconds", FRACTION),
    Column("error", Text),
    PrimaryKeyConstraint("organization_id", "collector", "number"),
    reference("number", "snapshot", "number"),
    **KEPT_BY_KEY,
)
"""How a collector fared from the snapshot of that number on, until the next row; NULL: it did not run.

What it took is NULL where that was imported.
"""

event_window = Table(
    "event_window",
    metadata,
    Column("organization_id", ForeignKey("organization.id"), nullable=False),
    Column("source", Text, nullable=False),
    Column("opened_at", MOMENT, nullable=False),
    Column("counted_until", MOMENT, nullable=False),
    Column("checksum", WHOLE_NUMBER, nullable=False),
    Column("part_seconds", Integer),
    Column("ahead_after", MOMENT),
    Column("ahead_until", MOMENT),
    PrimaryKeyConstraint("organization_id", "source"),
    **KEPT_BY_KEY,
)
"""The chain of windows that polls counted, in milliseconds since 1970: from opened_at to counted_until.

With a checksum of its own: it changes with every poll. Which chains there are, and since when, is in
`table_checksum`. Where the last poll could not count all, `part_seconds` is with how long a part the next one begins,
and from ahead_after to ahead_until is counted too: a list that begins with the newest events was not read to its end.
"""

event_part = Table(
    "event_part",
    metadata,
    Column("organization_id", ForeignKey("organization.id"), nullable=False),
    Column("metric", Text, nullable=False),
    Column("amount", WHOLE_NUMBER, nullable=False),
    PrimaryKeyConstraint("organization_id", "metric"),
    **KEPT_BY_KEY,
)
"""What parts of windows held that were stored before their poll had its snapshot: the next one takes it."""

unplaced_event = Table(
    "unplaced_event",
    metadata,
    Column("organization_id", ForeignKey("organization.id"), nullable=False),
    Column("source", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("kept_until", Text, nullable=False),
    PrimaryKeyConstraint("organization_id", "source", "event"),
    **KEPT_BY_KEY,
)
"""Events that no window has by their time alone, by a fingerprint of their ids: they were counted where they were
first met. Webex lists them without a time, or did not show its own clock, so that no window could end after them.

A row goes when a window ends after its day: then no window can meet the event any more.
"""

last_poller = Table(
    "last_poller",
    metadata,
    Column("organization_id", ForeignKey("organization.id"), nullable=False),
    Column("poller", Text, nullable=False),
    PrimaryKeyConstraint("organization_id"),
    **KEPT_BY_KEY,
)
"""Whose poll was stored last: something random that stands for the state folder of that poll."""

past_day = Table(
    "past_day",
    metadata,
    Column("organization_id", Integer, nullable=False),
    Column("metric_id", Integer, nullable=False),
    Column("day", DAY, nullable=False),
    Column("amount", WHOLE_NUMBER, nullable=False),
    Column("source", Text, nullable=False),
    PrimaryKeyConstraint("organization_id", "metric_id", "day"),
    reference("metric_id", "metric", "id"),
    **KEPT_BY_KEY,
)
"""What a counter held on a day before polls counted it; source "events" or "analytics"."""
