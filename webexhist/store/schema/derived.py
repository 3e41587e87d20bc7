"""What is worked out of other tables and kept: months that are over, checksums, what polls print of the future."""

from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, PrimaryKeyConstraint, Table, Text

from webexhist.store.schema.columns import DAY, FRACTION, KEPT_BY_KEY, MOMENT, WHOLE_NUMBER, metadata, reference


def _figures_of_a_count() -> list[Column[Any]]:
    """What is kept of a count in a period that is over."""
    return [
        Column("first_value", WHOLE_NUMBER),
        Column("last_value", WHOLE_NUMBER),
        Column("least", WHOLE_NUMBER),
        Column("greatest", WHOLE_NUMBER),
        Column("mean", FRACTION),
        Column("samples", Integer, nullable=False),
    ]


day = Table(
    "day",
    metadata,
    Column("organization_id", ForeignKey("organization.id"), nullable=False),
    Column("day", DAY, nullable=False),
    Column("first_number", Integer, nullable=False),
    Column("last_number", Integer, nullable=False),
    Column("checksum", WHOLE_NUMBER, nullable=False),
    PrimaryKeyConstraint("organization_id", "day"),
    **KEPT_BY_KEY,
)
"""Which snapshots were taken on a day of the organization's time zone, with a checksum of the row (days.py)."""

sealed_day = Table(
    "sealed_day",
    metadata,
    Column("organization_id", ForeignKey("organization.id"), nullable=False),
    Column("day", DAY, nullable=False),
    Column("first_number", Integer, nullable=False),
    Column("last_number", Integer, nullable=False),
    Column("polls_checksum", WHOLE_NUMBER, nullable=False),
    Column("costs_checksum", WHOLE_NUMBER, nullable=False),
    Column("readings_checksum", WHOLE_NUMBER, nullable=False),
    Column("readings_locator", WHOLE_NUMBER, nullable=False),
    PrimaryKeyConstraint("organization_id", "day"),
    **KEPT_BY_KEY,
)
"""Which snapshots were taken on a day of UTC, and the checksums of what was stored with them (checksums.py)."""

count_month = Table(
    "count_month",
    metadata,
    Column("organization_id", Integer, nullable=False),
    Column("month", Text, nullable=False),
    Column("metric_id", Integer, nullable=False),
    *_figures_of_a_count(),
    PrimaryKeyConstraint("organization_id", "month", "metric_id"),
    reference("metric_id", "metric", "id"),
    **KEPT_BY_KEY,
)
"""What a count was in a month that is over, as `monthly_counts` shows it (closed_periods.py).

A counter changes with nearly every poll: years of it would be read again for a row a month. A month that is not here
is worked out of the readings.
"""

count_day = Table(
    "count_day",
    metadata,
    Column("organization_id", Integer, nullable=False),
    Column("day", DAY, nullable=False),
    Column("metric_id", Integer, nullable=False),
    *_figures_of_a_count(),
    PrimaryKeyConstraint("organization_id", "day", "metric_id"),
    reference("metric_id", "metric", "id"),
    **KEPT_BY_KEY,
)
"""The same of a day that is over, of counts that changed often on it: others are worked out as quickly."""

product_day = Table(
    "product_day",
    metadata,
    Column("organization_id", ForeignKey("organization.id"), nullable=False),
    Column("day", DAY, nullable=False),
    Column("product", Text, nullable=False),
    Column("purchased", WHOLE_NUMBER),
    Column("assigned_first", WHOLE_NUMBER),
    Column("assigned_last", WHOLE_NUMBER),
    Column("assigned_min", WHOLE_NUMBER),
    Column("assigned_max", WHOLE_NUMBER),
    Column("assigned_total", FRACTION),
    Column("samples", Integer, nullable=False),
    PrimaryKeyConstraint("organization_id", "day", "product"),
    **KEPT_BY_KEY,
)
"""What the licenses of a product were together on a day that is over; the total is that of all samples.

Days that follow the last one here are worked out of the readings. Where a license belongs to another product than
before, none is here.
"""

table_checksum = Table(
    "table_checksum",
    metadata,
    Column("organization_id", Integer, nullable=False),
    Column("table_name", Text, nullable=False),
    Column("checksum", WHOLE_NUMBER, nullable=False),
    PrimaryKeyConstraint("organization_id", "table_name"),
    **KEPT_BY_KEY,
)
"""The checksum of an organization's rows of a table that changes rarely; organization 0: of what concerns all."""

public_view = Table(
    "public_view",
    metadata,
    Column("name", Text, nullable=False, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("since", MOMENT, nullable=False),
    **KEPT_BY_KEY,
)
"""The views that this program made, and the version of them all that each has been as it is since (interface.py).

`schema_info` is always of the newest version. The digest is of the text that made the view: PostgreSQL keeps another.
"""

outlook = Table(
    "outlook",
    metadata,
    Column("organization_id", ForeignKey("organization.id"), nullable=False),
    Column("day", Text, nullable=False),
    Column("basis", WHOLE_NUMBER, nullable=False),
    Column("decisions", Integer, nullable=False),
    PrimaryKeyConstraint("organization_id"),
    **KEPT_BY_KEY,
)
"""The day as of which what polls print of the future was worked out, a checksum of what it rests on, and how many
decisions were open."""

product_outlook = Table(
    "product_outlook",
    metadata,
    Column("organization_id", ForeignKey("organization.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("product", Text),
    Column("purchased", WHOLE_NUMBER),
    Column("limit_units", WHOLE_NUMBER),
    Column("runs_out_on", Text),
    PrimaryKeyConstraint("organization_id", "number"),
    **KEPT_BY_KEY,
)
"""When a product runs out of so many units, in the middle of what may come; without a limit it is not judged.

No day is later than three years. What was purchased then stands beside it: with another purchase the day is another.
A license that belongs to no product has a row of its own, without one.
"""

product_outlook_license = Table(
    "product_outlook_license",
    metadata,
    Column("organization_id", Integer, nullable=False),
    Column("license_id", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    PrimaryKeyConstraint("organization_id", "license_id"),
    reference("license_id", "license", "id"),
    reference("number", "product_outlook", "number"),
    **KEPT_BY_KEY,
)
"""Which licenses a row of `product_outlook` is about."""
