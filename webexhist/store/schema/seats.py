"""How seats are used: counts only, and nothing that says of whom."""

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Table, Text

from webexhist.seat_counts import COLUMNS
from webexhist.store.schema.columns import KEPT_BY_KEY, MOMENT, WHOLE_NUMBER, metadata, reference

seat_sweep = Table(
    "seat_sweep",
    metadata,
    Column("organization_id", ForeignKey("organization.id"), nullable=False),
    Column("taken_at", MOMENT, nullable=False),
    Column("grouped_by", Text, nullable=False),
    Column("checksum", WHOLE_NUMBER, nullable=False),
    PrimaryKeyConstraint("organization_id", "taken_at"),
    **KEPT_BY_KEY,
)
"""A sweep of all people, at the time of the snapshot that it was made with, and by which field it groups them.

By times and not by numbers, which change when snapshots are brought in between others. With a checksum of the rows of
`seat_count` and `account_people` that it brought: those are too many to be summed whenever one is added.
"""

seat_count = Table(
    "seat_count",
    metadata,
    Column("organization_id", Integer, nullable=False),
    Column("taken_at", MOMENT, nullable=False),
    Column("license_id", Integer, nullable=False),
    Column("seat_group", Text, nullable=False),
    *(Column(name, Integer, nullable=name == "external") for name in COLUMNS),
    PrimaryKeyConstraint("organization_id", "taken_at", "license_id", "seat_group"),
    reference("license_id", "license", "id"),
    ForeignKeyConstraint(["organization_id", "taken_at"], ["seat_sweep.organization_id", "seat_sweep.taken_at"]),
    **KEPT_BY_KEY,
)
"""How the seats of a license were used by a group of people then; `external` is NULL where it is unknown."""

account_people = Table(
    "account_people",
    metadata,
    Column("organization_id", Integer, nullable=False),
    Column("taken_at", MOMENT, nullable=False),
    Column("subscription_id", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("licenses", Integer, nullable=False),
    Column("people", Integer, nullable=False),
    Column("external_least", Integer),
    Column("external_most", Integer),
    PrimaryKeyConstraint("organization_id", "taken_at", "subscription_id", "product"),
    ForeignKeyConstraint(["organization_id", "taken_at"], ["seat_sweep.organization_id", "seat_sweep.taken_at"]),
    **KEPT_BY_KEY,
)
"""How many different people held licenses of a subscription then, or of a product in it; "" is all of it."""
