"""What people enter, decide and set aside."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from webexhist.store.schema.columns import (
    FRACTION,
    KEPT_BY_KEY,
    KEPT_BY_ROWID,
    MOMENT,
    WHOLE_NUMBER,
    metadata,
    reference,
)

succession = Table(
    "succession",
    metadata,
    Column("organization_id", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("former_id", Integer, nullable=False),
    Column("successor_id", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("seen_at", MOMENT, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_at", MOMENT),
    Column("decided_by", Text),
    PrimaryKeyConstraint("organization_id", "number"),
    UniqueConstraint("organization_id", "former_id", "successor_id"),
    reference("former_id", "license", "id"),
    reference("successor_id", "license", "id"),
    **KEPT_BY_KEY,
)
"""A license that continues another: joined, proposed or rejected, since the snapshot at `seen_at` showed it.

Who decided and when, where a person did. Of one license at most one succession is joined; joined ones make no circle.
"""

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
    **KEPT_BY_ROWID,
)
"""A note to draw on the charts; step 1 where the trend before it says nothing about the trend after it.

No reference to `license`: where tables are spread by organization, this one stands on every server whole, and such a
table cannot refer to rows that stand on one.
"""

price = Table(
    "price",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("organization_id", ForeignKey("organization.id")),
    Column("license_id", Integer),
    Column("subscription", Text),
    Column("amount", WHOLE_NUMBER, nullable=False),
    Column("currency", Text, nullable=False),
    Column("decimals", Integer, nullable=False),
    Column("since", Text),
    Column("entered_at", MOMENT, nullable=False),
    Column("entered_by", Text, nullable=False),
    CheckConstraint(
        "(license_id IS NULL) = (organization_id IS NULL) AND (license_id IS NULL) <> (subscription IS NULL)",
        name="price_of_one",
    ),
    **KEPT_BY_ROWID,
)
"""What one unit of a license, or one seat of all that a subscription holds, costs a month from a day on.

In minor units of the currency (ISO 4217 code), which has so many decimals; without a day it holds from the beginning.
Prices, orders and settlements are numbered together: by its number a person removes one. As `note` it refers to no
license.
"""
Index("price_of_license", price.c.organization_id, price.c.license_id)

purchase_order = Table(
    "purchase_order",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("organization_id", ForeignKey("organization.id"), nullable=False),
    Column("license_id", Integer, nullable=False),
    Column("units", WHOLE_NUMBER, nullable=False),
    Column("since", Text, nullable=False),
    Column("entered_at", MOMENT, nullable=False),
    Column("entered_by", Text, nullable=False),
    **KEPT_BY_ROWID,
)
"""Units of a license that were ordered from a day on, whether Webex shows them or not: they raise what True Forward
lets pass."""

settlement = Table(
    "settlement",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("organization_id", ForeignKey("organization.id")),
    Column("subscription", Text, nullable=False),
    Column("settled_on", Text, nullable=False),
    Column("units", WHOLE_NUMBER, nullable=False),
    Column("amount", WHOLE_NUMBER),
    Column("currency", Text),
    Column("entered_at", MOMENT, nullable=False),
    Column("entered_by", Text, nullable=False),
    CheckConstraint("(amount IS NULL) = (currency IS NULL)", name="settlement_amount_in_currency"),
    **KEPT_BY_ROWID,
)
"""Units by which a True Forward of a subscription was settled on a day, and for how much, in minor units.

In one organization that has the subscription, or without one in each of them.
"""

contract = Table(
    "contract",
    metadata,
    Column("subscription", Text, nullable=False),
    Column("kind", Text),
    Column("starts", Text),
    Column("term", Integer),
    Column("renews", Text),
    Column("notice", Integer),
    Column("allowance", FRACTION),
    Column("minimum", WHOLE_NUMBER),
    Column("judged_on", Text),
    Column("billed_above", Text),
    Column("name", Text),
    Column("apart", Integer),
    Column("handed_from", Text),
    Column("entered_at", MOMENT, nullable=False),
    Column("entered_by", Text, nullable=False),
    PrimaryKeyConstraint("subscription"),
    **KEPT_BY_KEY,
)
"""What the API does not say of a subscription, in whichever organizations it is: how seats are bought; the first day
of its term, how many months that has, whether it renews by itself and how long before its end that must be announced;
the growth allowance in percent, the fewest units that can be bought, the day of the year on which True Forward is
measured and above what it bills; a name, and whether it is judged by itself.

`handed_from` is the subscription whose contract it took over, until a person enters anything of it. A month
that was finished before the contract was `entered` as it is now says so.
"""

imported_span = Table(
    "imported_span",
    metadata,
    Column("organization_id", ForeignKey("organization.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("first_at", MOMENT, nullable=False),
    Column("last_at", MOMENT, nullable=False),
    Column("snapshots", Integer, nullable=False),
    Column("stored_until", MOMENT),
    Column("imported_at", MOMENT, nullable=False),
    Column("imported_by", Text, nullable=False),
    PrimaryKeyConstraint("organization_id", "number"),
    **KEPT_BY_KEY,
)
"""Snapshots that were brought in from elsewhere together, the first one taken at `first_at`.

`stored_until` is the last one that was stored before that; NULL: none was.
"""

correction = Table(
    "correction",
    metadata,
    Column("organization_id", ForeignKey("organization.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("license_id", Integer),
    Column("metric", Text),
    Column("first_at", MOMENT, nullable=False),
    Column("last_at", MOMENT, nullable=False),
    Column("readings", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("made_at", MOMENT, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("undone_at", MOMENT),
    Column("undone_by", Text),
    PrimaryKeyConstraint("organization_id", "number"),
    reference("license_id", "license", "id"),
    **KEPT_BY_KEY,
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
    Column("taken_at", MOMENT, nullable=False),
    Column("correction", Integer, nullable=False),
    Column("value", WHOLE_NUMBER),
    PrimaryKeyConstraint("organization_id", "metric_id", "taken_at"),
    reference("metric_id", "metric", "id"),
    reference("correction", "correction", "number"),
    **KEPT_BY_KEY,
)
"""What `reading` would hold if it had not been set aside: a value from that snapshot on, until the correction ends.

By times and not by numbers, which change when snapshots are brought in between others.
"""

retirement = Table(
    "retirement",
    metadata,
    Column("organization_id", ForeignKey("organization.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("retired_at", MOMENT, nullable=False),
    Column("retired_on", Text, nullable=False),
    Column("retired_by", Text, nullable=False),
    Column("resumed_at", MOMENT),
    Column("resumed_on", Text),
    Column("resumed_by", Text),
    PrimaryKeyConstraint("organization_id", "number"),
    **KEPT_BY_KEY,
)
"""Since when an organization is not to be polled any more, and until when; both days count as they say."""

decision_state = Table(
    "decision_state",
    metadata,
    Column("organization_id", ForeignKey("organization.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("decision", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("until", Text),
    Column("up_to", WHOLE_NUMBER),
    Column("units", WHOLE_NUMBER),
    Column("sentence", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("entered_at", MOMENT, nullable=False),
    Column("entered_by", Text, nullable=False),
    PrimaryKeyConstraint("organization_id", "number"),
    **KEPT_BY_KEY,
)
"""That a person accepted or muted a decision, or opened it again: its last row counts, from `since` on.

Until a day, that one included, and as long as it concerns no more units than `up_to`. `units` and `sentence` are the
decision's at that time. Nothing is overwritten: what was entered before stays.
"""

digest = Table(
    "digest",
    metadata,
    Column("recipient", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("marked_at", MOMENT, nullable=False),
    PrimaryKeyConstraint("recipient", "about"),
    **KEPT_BY_KEY,
)
"""What a recipient was sent, marked before it was handed over: a month ("2026-10"), or an urgent decision by its id.

A recipient is known by the SHA-256 of the address or URL: here are neither addresses of people nor passwords.
"""
