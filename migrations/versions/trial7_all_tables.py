"""All tables.

The views are no migration's business: those that changed are made anew after the last one.
"""

from alembic import op
from sqlalchemy import (
    REAL,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)

revision = "trial7"
down_revision = None

WHOLE_NUMBER = BigInteger().with_variant(Integer(), "sqlite")
FRACTION = Double().with_variant(REAL(), "sqlite")
MOMENT = WHOLE_NUMBER
DAY = Text().with_variant(Date(), "postgresql")
KEPT_BY_ROWID = {"sqlite_strict": True}
KEPT_BY_KEY = {"sqlite_strict": True, "sqlite_with_rowid": False}


def upgrade() -> None:
    op.create_table(
        "organization",
        Column("id", Integer(), nullable=False),
        Column("uuid", Text(), nullable=False),
        Column("webex_id", Text(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("timezone", Text()),
        Column("timezone_told_at", MOMENT),
        Column("timezone_told_by", Text()),
        Column("first_number", Integer(), nullable=False, server_default="1"),
        PrimaryKeyConstraint("id"),
        UniqueConstraint("uuid"),
        **KEPT_BY_ROWID,
    )
    op.create_table(
        "organization_version",
        Column("organization_id", Integer(), nullable=False),
        Column("number", Integer(), nullable=False),
        Column("name", Text(), nullable=False),
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        PrimaryKeyConstraint("organization_id", "number"),
        **KEPT_BY_KEY,
    )
    op.create_table(
        "retirement",
        Column("organization_id", Integer(), nullable=False),
        Column("number", Integer(), nullable=False),
        Column("retired_at", MOMENT, nullable=False),
        Column("retired_on", Text(), nullable=False),
        Column("retired_by", Text(), nullable=False),
        Column("resumed_at", MOMENT),
        Column("resumed_on", Text()),
        Column("resumed_by", Text()),
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        PrimaryKeyConstraint("organization_id", "number"),
        **KEPT_BY_KEY,
    )
    op.create_table(
        "day",
        Column("organization_id", Integer(), nullable=False),
        Column("day", DAY, nullable=False),
        Column("first_number", Integer(), nullable=False),
        Column("last_number", Integer(), nullable=False),
        Column("checksum", WHOLE_NUMBER, nullable=False),
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        PrimaryKeyConstraint("organization_id", "day"),
        **KEPT_BY_KEY,
    )
    op.create_table(
        "sealed_day",
        Column("organization_id", Integer(), nullable=False),
        Column("day", DAY, nullable=False),
        Column("first_number", Integer(), nullable=False),
        Column("last_number", Integer(), nullable=False),
        Column("polls_checksum", WHOLE_NUMBER, nullable=False),
        Column("costs_checksum", WHOLE_NUMBER, nullable=False),
        Column("readings_checksum", WHOLE_NUMBER, nullable=False),
        Column("readings_locator", WHOLE_NUMBER, nullable=False),
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        PrimaryKeyConstraint("organization_id", "day"),
        **KEPT_BY_KEY,
    )
    op.create_table(
        "table_checksum",
        Column("organization_id", Integer(), nullable=False),
        Column("table_name", Text(), nullable=False),
        Column("checksum", WHOLE_NUMBER, nullable=False),
        PrimaryKeyConstraint("organization_id", "table_name"),
        **KEPT_BY_KEY,
    )
    op.create_table(
        "event_window",
        Column("organization_id", Integer(), nullable=False),
        Column("source", Text(), nullable=False),
        Column("opened_at", MOMENT, nullable=False),
        Column("counted_until", MOMENT, nullable=False),
        Column("checksum", WHOLE_NUMBER, nullable=False),
        Column("part_seconds", Integer()),
        Column("ahead_after", MOMENT),
        Column("ahead_until", MOMENT),
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        PrimaryKeyConstraint("organization_id", "source"),
        **KEPT_BY_KEY,
    )
    op.create_table(
        "event_part",
        Column("organization_id", Integer(), nullable=False),
        Column("metric", Text(), nullable=False),
        Column("amount", WHOLE_NUMBER, nullable=False),
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        PrimaryKeyConstraint("organization_id", "metric"),
        **KEPT_BY_KEY,
    )
    op.create_table(
        "last_poller",
        Column("organization_id", Integer(), nullable=False),
        Column("poller", Text(), nullable=False),
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        PrimaryKeyConstraint("organization_id"),
        **KEPT_BY_KEY,
    )
    op.create_table(
        "unplaced_event",
        Column("organization_id", Integer(), nullable=False),
        Column("source", Text(), nullable=False),
        Column("event", Text(), nullable=False),
        Column("kept_until", Text(), nullable=False),
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        PrimaryKeyConstraint("organization_id", "source", "event"),
        **KEPT_BY_KEY,
    )
    op.create_table(
        "license",
        Column("organization_id", Integer(), nullable=False),
        Column("id", Integer(), nullable=False),
        Column("webex_id", Text(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("code", Text(), nullable=False),
        Column("subscription_id", Text()),
        Column("site_url", Text()),
        Column("site_type", Text()),
        Column("counted", Integer(), nullable=False),
        Column("counted_by_person", Integer()),
        Column("lineage_id", Integer(), nullable=False),
        Column("product", Text(), nullable=False),
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        PrimaryKeyConstraint("organization_id", "id"),
        UniqueConstraint("organization_id", "webex_id"),
        **KEPT_BY_KEY,
    )
    op.create_table(
        "origin",
        Column("organization_id", Integer(), nullable=False),
        Column("id", Integer(), nullable=False),
        Column("version", Text(), nullable=False),
        Column("source", Text()),
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        PrimaryKeyConstraint("organization_id", "id"),
        **KEPT_BY_KEY,
    )
    op.create_table(
        "snapshot",
        Column("organization_id", Integer(), nullable=False),
        Column("number", Integer(), nullable=False),
        Column("taken_at", MOMENT, nullable=False),
        Column("milliseconds", Integer(), nullable=False),
        Column("requests", Integer(), nullable=False),
        Column("origin_id", Integer(), nullable=False),
        ForeignKeyConstraint(["organization_id", "origin_id"], ["origin.organization_id", "origin.id"]),
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        PrimaryKeyConstraint("organization_id", "number"),
        **KEPT_BY_KEY,
    )
    by_time = {"sqlite": "datetime(taken_at, 'unixepoch')", "postgresql": "to_timestamp(taken_at)"}
    op.create_index(
        "snapshot_by_time",
        "snapshot",
        ["organization_id", text(by_time[op.get_bind().dialect.name])],
        unique=True,
    )
    op.create_table(
        "contract",
        Column("subscription", Text(), nullable=False),
        Column("kind", Text()),
        Column("starts", Text()),
        Column("term", Integer()),
        Column("renews", Text()),
        Column("notice", Integer()),
        Column("allowance", FRACTION),
        Column("minimum", WHOLE_NUMBER),
        Column("judged_on", Text()),
        Column("billed_above", Text()),
        Column("name", Text()),
        Column("apart", Integer()),
        Column("handed_from", Text()),
        Column("entered_at", MOMENT, nullable=False),
        Column("entered_by", Text(), nullable=False),
        PrimaryKeyConstraint("subscription"),
        **KEPT_BY_KEY,
    )
    op.create_table(
        "price",
        Column("number", Integer(), nullable=False, autoincrement=False),
        Column("organization_id", Integer()),
        Column("license_id", Integer()),
        Column("subscription", Text()),
        Column("amount", WHOLE_NUMBER, nullable=False),
        Column("currency", Text(), nullable=False),
        Column("decimals", Integer(), nullable=False),
        Column("since", Text()),
        Column("entered_at", MOMENT, nullable=False),
        Column("entered_by", Text(), nullable=False),
        CheckConstraint(
            "(license_id IS NULL) = (organization_id IS NULL) AND (license_id IS NULL) <> (subscription IS NULL)",
            name="price_of_one",
        ),
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        PrimaryKeyConstraint("number"),
        **KEPT_BY_ROWID,
    )
    op.create_index("price_of_license", "price", ["organization_id", "license_id"])
    op.create_table(
        "purchase_order",
        Column("number", Integer(), nullable=False, autoincrement=False),
        Column("organization_id", Integer(), nullable=False),
        Column("license_id", Integer(), nullable=False),
        Column("units", WHOLE_NUMBER, nullable=False),
        Column("since", Text(), nullable=False),
        Column("entered_at", MOMENT, nullable=False),
        Column("entered_by", Text(), nullable=False),
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        PrimaryKeyConstraint("number"),
        **KEPT_BY_ROWID,
    )
    op.create_table(
        "settlement",
        Column("number", Integer(), nullable=False, autoincrement=False),
        Column("subscription", Text(), nullable=False),
        Column("settled_on", Text(), nullable=False),
        Column("units", WHOLE_NUMBER, nullable=False),
        Column("amount", WHOLE_NUMBER),
        Column("currency", Text()),
        Column("entered_at", MOMENT, nullable=False),
        Column("entered_by", Text(), nullable=False),
        CheckConstraint("(amount IS NULL) = (currency IS NULL)", name="settlement_amount_in_currency"),
        PrimaryKeyConstraint("number"),
        **KEPT_BY_ROWID,
    )
    op.create_table(
        "note",
        Column("id", Integer(), nullable=False),
        Column("organization_id", Integer()),
        Column("day", Text(), nullable=False),
        Column("text", Text(), nullable=False),
        Column("license_id", Integer()),
        Column("step", Integer(), nullable=False),
        CheckConstraint("license_id IS NULL OR organization_id IS NOT NULL", name="note_license_of_organization"),
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        PrimaryKeyConstraint("id"),
        **KEPT_BY_ROWID,
    )
    op.create_table(
        "collection",
        Column("organization_id", Integer(), nullable=False),
        Column("number", Integer(), nullable=False),
        Column("collector", Text(), nullable=False),
        Column("status", Text()),
        Column("requests", Integer(), nullable=False),
        Column("seconds", FRACTION, nullable=False),
        Column("error", Text()),
        ForeignKeyConstraint(["organization_id", "number"], ["snapshot.organization_id", "snapshot.number"]),
        PrimaryKeyConstraint("organization_id", "collector", "number"),
        **KEPT_BY_KEY,
    )
    op.create_table(
        "succession",
        Column("organization_id", Integer(), nullable=False),
        Column("number", Integer(), nullable=False),
        Column("former_id", Integer(), nullable=False),
        Column("successor_id", Integer(), nullable=False),
        Column("state", Text(), nullable=False),
        Column("seen_at", MOMENT, nullable=False),
        Column("reason", Text(), nullable=False),
        Column("decided_at", MOMENT),
        Column("decided_by", Text()),
        ForeignKeyConstraint(["organization_id", "former_id"], ["license.organization_id", "license.id"]),
        ForeignKeyConstraint(["organization_id", "successor_id"], ["license.organization_id", "license.id"]),
        PrimaryKeyConstraint("organization_id", "number"),
        UniqueConstraint("organization_id", "former_id", "successor_id"),
        **KEPT_BY_KEY,
    )
    op.create_table(
        "license_version",
        Column("organization_id", Integer(), nullable=False),
        Column("license_id", Integer(), nullable=False),
        Column("number", Integer(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("code", Text(), nullable=False),
        Column("subscription_id", Text()),
        Column("site_url", Text()),
        Column("site_type", Text()),
        Column("counted", Integer(), nullable=False),
        ForeignKeyConstraint(["organization_id", "license_id"], ["license.organization_id", "license.id"]),
        PrimaryKeyConstraint("organization_id", "license_id", "number"),
        **KEPT_BY_KEY,
    )
    op.create_table(
        "metric",
        Column("organization_id", Integer(), nullable=False),
        Column("id", Integer(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("kind", Text(), nullable=False),
        Column("license_id", Integer()),
        Column("field", Text()),
        Column("first_number", Integer(), nullable=False),
        ForeignKeyConstraint(["organization_id", "license_id"], ["license.organization_id", "license.id"]),
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        PrimaryKeyConstraint("organization_id", "id"),
        **KEPT_BY_KEY,
    )
    op.create_index(
        "metric_of_license",
        "metric",
        ["organization_id", "license_id", "field"],
        unique=True,
        sqlite_where=text("license_id IS NOT NULL"),
        postgresql_where=text("license_id IS NOT NULL"),
    )
    op.create_index(
        "metric_of_organization",
        "metric",
        ["organization_id", "name"],
        unique=True,
        sqlite_where=text("license_id IS NULL"),
        postgresql_where=text("license_id IS NULL"),
    )
    op.create_table(
        "past_day",
        Column("organization_id", Integer(), nullable=False),
        Column("metric_id", Integer(), nullable=False),
        Column("day", DAY, nullable=False),
        Column("amount", WHOLE_NUMBER, nullable=False),
        Column("source", Text(), nullable=False),
        ForeignKeyConstraint(["organization_id", "metric_id"], ["metric.organization_id", "metric.id"]),
        PrimaryKeyConstraint("organization_id", "metric_id", "day"),
        **KEPT_BY_KEY,
    )
    op.create_table(
        "held",
        Column("organization_id", Integer(), nullable=False),
        Column("metric_id", Integer(), nullable=False),
        Column("number", Integer(), nullable=False),
        Column("asked", Integer()),
        Column("pace", Integer()),
        PrimaryKeyConstraint("organization_id", "metric_id", "number"),
        ForeignKeyConstraint(["organization_id", "metric_id"], ["metric.organization_id", "metric.id"]),
        **KEPT_BY_KEY,
    )
    op.create_table(
        "reading",
        Column("organization_id", Integer(), nullable=False),
        Column("metric_id", Integer(), nullable=False),
        Column("number", Integer(), nullable=False),
        Column("value", WHOLE_NUMBER),
        ForeignKeyConstraint(["organization_id", "metric_id"], ["metric.organization_id", "metric.id"]),
        PrimaryKeyConstraint("organization_id", "metric_id", "number"),
        **KEPT_BY_KEY,
    )
    op.create_table(
        "imported_span",
        Column("organization_id", Integer(), nullable=False),
        Column("number", Integer(), nullable=False),
        Column("first_at", MOMENT, nullable=False),
        Column("last_at", MOMENT, nullable=False),
        Column("snapshots", Integer(), nullable=False),
        Column("stored_until", MOMENT),
        Column("imported_at", MOMENT, nullable=False),
        Column("imported_by", Text(), nullable=False),
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        PrimaryKeyConstraint("organization_id", "number"),
        **KEPT_BY_KEY,
    )
    op.create_table(
        "correction",
        Column("organization_id", Integer(), nullable=False),
        Column("number", Integer(), nullable=False),
        Column("license_id", Integer()),
        Column("metric", Text()),
        Column("first_at", MOMENT, nullable=False),
        Column("last_at", MOMENT, nullable=False),
        Column("readings", Integer(), nullable=False),
        Column("note", Text(), nullable=False),
        Column("made_at", MOMENT, nullable=False),
        Column("made_by", Text(), nullable=False),
        Column("undone_at", MOMENT),
        Column("undone_by", Text()),
        ForeignKeyConstraint(["organization_id", "license_id"], ["license.organization_id", "license.id"]),
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        PrimaryKeyConstraint("organization_id", "number"),
        **KEPT_BY_KEY,
    )
    op.create_table(
        "voided_reading",
        Column("organization_id", Integer(), nullable=False),
        Column("metric_id", Integer(), nullable=False),
        Column("taken_at", MOMENT, nullable=False),
        Column("correction", Integer(), nullable=False),
        Column("value", WHOLE_NUMBER),
        ForeignKeyConstraint(["organization_id", "correction"], ["correction.organization_id", "correction.number"]),
        ForeignKeyConstraint(["organization_id", "metric_id"], ["metric.organization_id", "metric.id"]),
        PrimaryKeyConstraint("organization_id", "metric_id", "taken_at"),
        **KEPT_BY_KEY,
    )
    op.create_table(
        "decision_state",
        Column("organization_id", Integer(), nullable=False),
        Column("number", Integer(), nullable=False),
        Column("decision", Text(), nullable=False),
        Column("state", Text(), nullable=False),
        Column("told_on", Text(), nullable=False),
        Column("until", Text()),
        Column("up_to", WHOLE_NUMBER),
        Column("units", WHOLE_NUMBER),
        Column("sentence", Text(), nullable=False),
        Column("note", Text(), nullable=False),
        Column("entered_at", MOMENT, nullable=False),
        Column("entered_by", Text(), nullable=False),
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        PrimaryKeyConstraint("organization_id", "number"),
        **KEPT_BY_KEY,
    )
    op.create_table(
        "digest",
        Column("recipient", Text(), nullable=False),
        Column("about", Text(), nullable=False),
        Column("marked_at", MOMENT, nullable=False),
        PrimaryKeyConstraint("recipient", "about"),
        **KEPT_BY_KEY,
    )
    op.create_table(
        "public_view",
        Column("name", Text(), nullable=False),
        Column("digest", Text(), nullable=False),
        Column("version", Integer(), nullable=False),
        Column("since", MOMENT, nullable=False),
        PrimaryKeyConstraint("name"),
        **KEPT_BY_KEY,
    )
    op.create_table(
        "outlook",
        Column("organization_id", Integer(), nullable=False),
        Column("day", Text(), nullable=False),
        Column("basis", WHOLE_NUMBER, nullable=False),
        Column("decisions", Integer(), nullable=False),
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        PrimaryKeyConstraint("organization_id"),
        **KEPT_BY_KEY,
    )
    op.create_table(
        "product_outlook",
        Column("organization_id", Integer(), nullable=False),
        Column("number", Integer(), nullable=False),
        Column("product", Text()),
        Column("purchased", WHOLE_NUMBER),
        Column("limit_units", WHOLE_NUMBER),
        Column("runs_out_on", Text()),
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        PrimaryKeyConstraint("organization_id", "number"),
        **KEPT_BY_KEY,
    )
    op.create_table(
        "product_outlook_license",
        Column("organization_id", Integer(), nullable=False),
        Column("license_id", Integer(), nullable=False),
        Column("number", Integer(), nullable=False),
        ForeignKeyConstraint(["organization_id", "license_id"], ["license.organization_id", "license.id"]),
        ForeignKeyConstraint(
            ["organization_id", "number"], ["product_outlook.organization_id", "product_outlook.number"]
        ),
        PrimaryKeyConstraint("organization_id", "license_id"),
        **KEPT_BY_KEY,
    )
