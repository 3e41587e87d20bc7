"""The tables, as SQLAlchemy Core knows them; migrations/versions makes them.

Moments are whole seconds since 1970 in UTC; days are those of the organization's time zone unless said otherwise, as
text "2026-11-23", on PostgreSQL as dates where views show them. On SQLite every table is STRICT.
Every key begins with the organization, and so does every unique index and every reference to another table: the rows
of one organization are one range of each table, which can be deleted, carried away or kept on a server of its own.
`organization` itself stands outside, and what people enter of contracts and in notes: it may concern all, or several.
Tables with a compound primary key are stored as that key's own tree, which halves the size of `reading`.

Four modules: what polls write, how seats are used, what people enter, and what is worked out of all.
"""

from webexhist.store.schema.columns import metadata
from webexhist.store.schema.derived import (
    count_day,
    count_month,
    day,
    outlook,
    product_day,
    product_outlook,
    product_outlook_license,
    public_view,
    sealed_day,
    table_checksum,
)
from webexhist.store.schema.entered import (
    contract,
    correction,
    decision_state,
    digest,
    imported_span,
    note,
    price,
    purchase_order,
    retirement,
    settlement,
    succession,
    voided_reading,
)
from webexhist.store.schema.polled import (
    collection,
    event_part,
    event_window,
    held,
    last_poller,
    license_,
    license_version,
    metric,
    organization,
    organization_version,
    origin,
    past_day,
    reading,
    snapshot,
    unplaced_event,
)
from webexhist.store.schema.seats import account_people, seat_count, seat_sweep

__all__ = [
    "REVISION",
    "TRIAL_REVISIONS",
    "VIEWS_VERSION",
    "account_people",
    "collection",
    "contract",
    "correction",
    "count_day",
    "count_month",
    "day",
    "decision_state",
    "digest",
    "event_part",
    "event_window",
    "held",
    "imported_span",
    "last_poller",
    "license_",
    "license_version",
    "metadata",
    "metric",
    "note",
    "organization",
    "organization_version",
    "origin",
    "outlook",
    "past_day",
    "price",
    "product_day",
    "product_outlook",
    "product_outlook_license",
    "public_view",
    "purchase_order",
    "reading",
    "retirement",
    "sealed_day",
    "seat_count",
    "seat_sweep",
    "settlement",
    "snapshot",
    "succession",
    "table_checksum",
    "unplaced_event",
    "voided_reading",
]

REVISION = "0.1.0"
"""The migration that made the tables as this version of the program knows them, by the version that brought it."""

VIEWS_VERSION = 1
"""The version of all views together: one higher whenever the text of any of them changes."""

TRIAL_REVISIONS = frozenset({"0001", "trial2", "trial3", "trial4", "trial5", "trial6", "trial7", "trial8", "trial9"})
"""What the first migration was called while its tables were tried out, before 0.1.0: such a database is refused."""
