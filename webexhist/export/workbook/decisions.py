"""The sheet of what needs a decision."""

from webexhist.export.workbook.cells import ORGANIZATION, ORGANIZATION_ID, Column, Kind, Row, Sheet, money
from webexhist.review.judgment.decisions.values import Decision

DECISIONS = Sheet(
    "Decisions",
    (
        Column("Kind", width=16),
        ORGANIZATION,
        Column("Product", Kind.NAME, 30),
        Column("Units", Kind.UNITS),
        Column("Units at most", Kind.UNITS),
        Column("Due on", Kind.DAY),
        Column("Chance", Kind.SHARE),
        Column("Money a year", Kind.MONEY, 24),
        Column("Currency", width=11),
        Column("Since", Kind.DAY),
        Column("State", width=10),
        Column("Until", Kind.DAY),
        Column("What", Kind.SENTENCE, 70),
        Column("Subscription", width=16),
        Column("Site", width=24),
        Column("License ids", width=20),
        ORGANIZATION_ID,
        Column("Id", width=26),
    ),
    printed=13,
)
"""What needs a decision, the most urgent first."""


def decision_row(decision: Decision) -> Row:
    """One decision."""
    return (
        decision.kind.words,
        decision.organization,
        decision.subject,
        decision.units,
        decision.units_at_most,
        decision.due_on,
        decision.chance,
        money(decision.money_a_year, decision.currency),
        decision.currency,
        decision.since,
        str(decision.state),
        decision.until,
        decision.sentence,
        decision.subscription,
        decision.site,
        " ".join(decision.license_ids),
        decision.organization_id,
        decision.id,
    )
