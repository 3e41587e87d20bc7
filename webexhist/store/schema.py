"""The tables, as SQLAlchemy Core knows them; migrations/versions makes them.

Times are UTC text ("2026-11-23 15:05:00"), days "2026-11-23"; on SQLite every table is STRICT.
Every key begins with the organization, and so does every unique index and every reference to another table: the rows
of one organization are one range of each table, which can be deleted, carried away or kept on a server of its own.
`organization` itself, `note` and `contract` stand outside: they also hold what concerns all, or several.
Tables with a compound primary key are stored as that key's own tree, which halves the size of `reading`.
"""

from typing import Any

from sqlalchemy import (
    REAL,
    BigInteger,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeEngine

REVISION = "trial6"
"""The migration that made the tables and views as this version of the program knows them."""

TRIAL_REVISIONS = frozenset({"0001", "trial2", "trial3", "trial4", "trial5"})
"""What the first migration was called while its tables were still being tried out: such a database is refused.

Until the first release there is one migration. When its tables change it takes a new name, and the old name is added
here.
"""

metadata = MetaData()


def _reference(column: str, table: str, key: str) -> ForeignKeyConstraint:
    """A reference to a row of the same organization."""
    return ForeignKeyConstraint(["organization_id", column], [f"{table}.organization_id", f"{table}.{key}"])


WHOLE_NUMBER: TypeEngine[int] = BigInteger().with_variant(Integer(), "sqlite")
FRACTION: TypeEngine[float] = Double().with_variant(REAL(), "sqlite")
_KEPT_BY_ROWID: dict[str, Any] = {"sqlite_strict": True}
_KEPT_BY_KEY: dict[str, Any] = {"sqlite_strict": True, "sqlite_with_rowid": False}

organization = Table(
    "organization",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uuid", Text, nullable=False, unique=True),
    Column("webex_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    **_KEPT_BY_ROWID,
)
"""One for each UUID, in whatever form its id at Webex comes; `webex_id` is the form in which it first came."""

snapshot = Table(
    "snapshot",
    metadata,
    Column("organization_id", ForeignKey("organization.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("taken_at", Text, nullable=False),
    Column("seconds", FRACTION, nullable=False),
    Column("requests", Integer, nullable=False),
    Column("version", Text, nullable=False),
    Column("source", Text),
    PrimaryKeyConstraint("organization_id", "number"),
    UniqueConstraint("organization_id", "taken_at"),
    **_KEPT_BY_KEY,
)
"""`source` is NULL for what a poll saw."""

day = Table(
    "day",
    metadata,
    Column("organization_id", ForeignKey("organization.id"), nullable=False),
    Column("day", Text, nullable=False),
    Column("first_number", Integer, nullable=False),
    Column("last_number", Integer, nullable=False),
    Column("polls_checksum", WHOLE_NUMBER, nullable=False),
    Column("costs_checksum", WHOLE_NUMBER, nullable=False),
    Column("readings_checksum", WHOLE_NUMBER, nullable=False),
    Column("readings_locator", WHOLE_NUMBER, nullable=False),
    PrimaryKeyConstraint("organization_id", "day"),
    **_KEPT_BY_KEY,
)
"""Which snapshots were taken on a day of UTC, and the checksums of what was stored with them (checksums.py)."""

table_checksum = Table(
    "table_checksum",
    metadata,
    Column("organization_id", Integer, nullable=False),
    Column("table_name", Text, nullable=False),
    Column("checksum", WHOLE_NUMBER, nullable=False),
    PrimaryKeyConstraint("organization_id", "table_name"),
    **_KEPT_BY_KEY,
)
"""The checksum of an organization's rows of a table that changes rarely; organization 0: of what concerns all."""

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
    **_KEPT_BY_KEY,
)
"""What every license is now; the ids count 1, 2, 3 … within the organization.

`counted_by_person` is a person's word on whether its units are seats, and goes before `counted`. `lineage_id` is the
first license of the chain that it continues, or itself; it follows from `succession`. `product` is what it is judged
with; it follows from code, name and contract.
"""

succession = Table(
    "succession",
    metadata,
    Column("organization_id", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("former_id", Integer, nullable=False),
    Column("successor_id", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_at", Text),
    Column("decided_by", Text),
    PrimaryKeyConstraint("organization_id", "number"),
    UniqueConstraint("organization_id", "former_id", "successor_id"),
    _reference("former_id", "license", "id"),
    _reference("successor_id", "license", "id"),
    **_KEPT_BY_KEY,
)
"""A license that continues another: joined, proposed or rejected, since the snapshot at `seen_at` showed it.

Who decided and when, where a person did. Of one license at most one succession is joined; joined ones make no circle.
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
    _reference("license_id", "license", "id"),
    **_KEPT_BY_KEY,
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
    _reference("license_id", "license", "id"),
    **_KEPT_BY_KEY,
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
    _reference("metric_id", "metric", "id"),
    **_KEPT_BY_KEY,
)
"""A metric's value from the snapshot of that number on, until the next row; NULL is unknown."""

held = Table(
    "held",
    metadata,
    Column("organization_id", Integer, nullable=False),
    Column("metric_id", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("asked", Integer),
    PrimaryKeyConstraint("organization_id", "metric_id", "number"),
    _reference("metric_id", "metric", "id"),
    **_KEPT_BY_KEY,
)
"""Which values were not counted but held: from the snapshot `number` on, until the next row, a metric's value is the
one that was counted in the snapshot `asked`; NULL: each snapshot's own. Of all licenses the row of their list speaks.
"""

collection = Table(
    "collection",
    metadata,
    Column("organization_id", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("collector", Text, nullable=False),
    Column("status", Text),
    Column("requests", Integer, nullable=False),
    Column("seconds", FRACTION, nullable=False),
    Column("error", Text),
    PrimaryKeyConstraint("organization_id", "collector", "number"),
    _reference("number", "snapshot", "number"),
    **_KEPT_BY_KEY,
)
"""A collector's outcome from the snapshot of that number on, until the next row; NULL: it did not run."""

event_window = Table(
    "event_window",
    metadata,
    Column("organization_id", ForeignKey("organization.id"), nullable=False),
    Column("source", Text, nullable=False),
    Column("opened_at", Text, nullable=False),
    Column("counted_until", Text, nullable=False),
    Column("checksum", WHOLE_NUMBER, nullable=False),
    Column("part_seconds", Integer),
    PrimaryKeyConstraint("organization_id", "source"),
    **_KEPT_BY_KEY,
)
"""The chain of windows that polls counted, in UTC with milliseconds: from opened_at to counted_until.

With a checksum of its own: it changes with every poll. Which chains there are, and since when, is in
`table_checksum`. `part_seconds`: with how long a part the next poll begins,
where the last one could not count all.
"""

event_part = Table(
    "event_part",
    metadata,
    Column("organization_id", ForeignKey("organization.id"), nullable=False),
    Column("metric", Text, nullable=False),
    Column("amount", WHOLE_NUMBER, nullable=False),
    PrimaryKeyConstraint("organization_id", "metric"),
    **_KEPT_BY_KEY,
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
    **_KEPT_BY_KEY,
)
"""Events that no window has by their time alone, by a fingerprint of their ids: they were counted where they were
first met. Webex lists them without a time, or did not tell its own clock, so that no window could end after them.

A row goes when a window ends after its day: then no window can meet the event any more.
"""

past_day = Table(
    "past_day",
    metadata,
    Column("organization_id", Integer, nullable=False),
    Column("metric_id", Integer, nullable=False),
    Column("day", Text, nullable=False),
    Column("amount", WHOLE_NUMBER, nullable=False),
    Column("source", Text, nullable=False),
    PrimaryKeyConstraint("organization_id", "metric_id", "day"),
    _reference("metric_id", "metric", "id"),
    **_KEPT_BY_KEY,
)
"""What a counter held on a day before polls counted it; source "events" or "analytics"."""

note = Table(
    "note",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("organization_id", ForeignKey("organization.id")),
    Column("day", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("license_id", Integer),
    Column("step", Integer, nullable=False),
    CheckConstraint("license_id IS NULL OR organization_id IS NOT NULL", name="note_license_of_organization"),
    **_KEPT_BY_ROWID,
)
"""A remark to draw on the charts; step 1 where the trend before it says nothing about the trend after it.

No reference to `license`: where tables are spread by organization, this one stands on every server whole, and such a
table cannot refer to rows that stand on one.
"""

price = Table(
    "price",
    metadata,
    Column("organization_id", Integer, nullable=False),
    Column("license_id", Integer, nullable=False),
    Column("amount", WHOLE_NUMBER, nullable=False),
    Column("currency", Text, nullable=False),
    PrimaryKeyConstraint("organization_id", "license_id"),
    _reference("license_id", "license", "id"),
    **_KEPT_BY_KEY,
)
"""What one unit costs a month, in hundredths of the currency (ISO 4217 code)."""

contract = Table(
    "contract",
    metadata,
    Column("subscription", Text, nullable=False),
    Column("kind", Text),
    Column("starts", Text),
    Column("term", Integer),
    Column("allowance", FRACTION),
    Column("name", Text),
    Column("apart", Integer),
    Column("handed_from", Text),
    PrimaryKeyConstraint("subscription"),
    **_KEPT_BY_KEY,
)
"""What the API does not tell of a subscription, in whichever organizations it is: how seats are bought, the first day
of its term and how many months that has, the growth allowance in percent, a name, and whether it is judged by itself.

`handed_from` is the subscription whose contract it took over, until a person tells anything of it.
"""

correction = Table(
    "correction",
    metadata,
    Column("organization_id", ForeignKey("organization.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("license_id", Integer),
    Column("metric", Text),
    Column("first_at", Text, nullable=False),
    Column("last_at", Text, nullable=False),
    Column("readings", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("undone_at", Text),
    Column("undone_by", Text),
    PrimaryKeyConstraint("organization_id", "number"),
    _reference("license_id", "license", "id"),
    **_KEPT_BY_KEY,
)
"""Readings that a person set aside: those of a license, of a count, or (neither is given) of whole snapshots.

From the snapshot at `first_at` to the one at `last_at`. A correction that concerns several organizations has one
number in all of them. It is kept when it is undone.
"""

voided_reading = Table(
    "voided_reading",
    metadata,
    Column("organization_id", Integer, nullable=False),
    Column("metric_id", Integer, nullable=False),
    Column("taken_at", Text, nullable=False),
    Column("correction", Integer, nullable=False),
    Column("value", WHOLE_NUMBER),
    PrimaryKeyConstraint("organization_id", "metric_id", "taken_at"),
    _reference("metric_id", "metric", "id"),
    _reference("correction", "correction", "number"),
    **_KEPT_BY_KEY,
)
"""What `reading` would hold if it had not been set aside: a value from that snapshot on, until the correction ends.

By times and not by numbers, which change when snapshots are brought in between others.
"""

outlook = Table(
    "outlook",
    metadata,
    Column("organization_id", ForeignKey("organization.id"), nullable=False),
    Column("day", Text, nullable=False),
    Column("basis", WHOLE_NUMBER, nullable=False),
    PrimaryKeyConstraint("organization_id"),
    **_KEPT_BY_KEY,
)
"""The day as of which what polls print of the future was worked out, and a checksum of what it rests on."""

license_outlook = Table(
    "license_outlook",
    metadata,
    Column("organization_id", Integer, nullable=False),
    Column("license_id", Integer, nullable=False),
    Column("purchased", WHOLE_NUMBER),
    Column("limit_units", WHOLE_NUMBER),
    Column("runs_out_on", Text),
    PrimaryKeyConstraint("organization_id", "license_id"),
    _reference("license_id", "license", "id"),
    **_KEPT_BY_KEY,
)
"""When a license runs out of so many units, in the middle of what may come; without a limit it is not judged.

No day is later than three years. What was purchased then stands beside it: with another purchase the day is another.
"""
