"""Parts of event windows that are stored before their poll has its snapshot: whatever becomes of the poll, they stay.

What a part held waits here until the next snapshot in which its counts are known, and belongs to that one.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, Engine, text

from webexhist.metrics import Metric
from webexhist.snapshot import EventWindow
from webexhist.store.by_organization import by_organization, of_organizations
from webexhist.store.locked_organizations import locked_organization
from webexhist.store.saving.windows import goes_on, move_chains
from webexhist.store.schema import event_part
from webexhist.store.seals.sealing import resealed
from webexhist.store.seals.writing import writing_explained

_KEPT = of_organizations("""
SELECT organization_id, metric, amount FROM event_part WHERE organization_id IN :organizations
""")
_MORE = text("""
INSERT INTO event_part (organization_id, metric, amount) VALUES (:organization_id, :metric, :amount)
ON CONFLICT (organization_id, metric) DO UPDATE SET amount = event_part.amount + excluded.amount
""")
_TAKEN = text("DELETE FROM event_part WHERE organization_id = :organization_id AND metric = :metric")


def keep_part(engine: Engine, organization: str, window: EventWindow, amounts: Mapping[Metric, int]) -> bool:
    """Stores what a part of a window held, with its end; False where the chain stands elsewhere than it begins.

    `organization` is the id at Webex. Raises `DatabaseError` where it cannot be stored.
    """
    with writing_explained(engine) as connection:
        known = locked_organization(connection, organization)
        if known is None or not goes_on(connection, known.id, window):
            return False
        move_chains(connection, {known.id: [window]})
        more = [
            {"organization_id": known.id, "metric": metric.value, "amount": amount}
            for metric, amount in amounts.items()
            if amount
        ]
        if more:
            with resealed(connection, known.id, event_part):
                connection.execute(_MORE, more)
        return True


def kept_amounts(connection: Connection, organization_ids: Sequence[int]) -> dict[int, dict[Metric, int]]:
    """What parts held that no snapshot has taken yet, of the organizations that have any."""
    rows = by_organization(connection.execute(_KEPT, {"organizations": list(organization_ids)}))
    return {
        organization_id: {Metric(row.metric): row.amount for row in of_organization}
        for organization_id, of_organization in rows.items()
    }


def forget_parts(connection: Connection, taken: Mapping[int, Iterable[Metric]]) -> None:
    """Forgets what snapshots took, by organization."""
    rows = [
        {"organization_id": organization_id, "metric": metric.value}
        for organization_id, metrics in taken.items()
        for metric in metrics
    ]
    if rows:
        with resealed(connection, list(taken), event_part):
            connection.execute(_TAKEN, rows)
