"""Who polled an organization last: two pollers of one organization are reported, for one of them is one too many."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, text

from webexhist.snapshot import POLLERS, Collection, CollectionStatus
from webexhist.store.by_organization import of_organizations
from webexhist.store.saving.placing import Placed
from webexhist.store.schema import last_poller
from webexhist.store.seals.sealing import resealed

_LAST = of_organizations("SELECT organization_id, poller FROM last_poller WHERE organization_id IN :organizations")
_RENEWED = text("""
INSERT INTO last_poller (organization_id, poller) VALUES (:organization_id, :poller)
ON CONFLICT (organization_id) DO UPDATE SET poller = excluded.poller
""")
TWO = Collection(
    POLLERS, CollectionStatus.NOTICE, requests=0, seconds=0.0, error="another poller counts this too: one is enough"
)


def note_pollers(
    connection: Connection, placed: Sequence[Placed], poller: str | None
) -> Mapping[int, tuple[Collection, ...]]:
    """Stores who polled, where the last poll was made by another; returns what is to be reported, by organization.

    Two polls at one moment are two pollers as well, whoever they are.
    """
    if poller is None:
        return {}
    last = {
        row.organization_id: row.poller
        for row in connection.execute(_LAST, {"organizations": [each.organization_id for each in placed]})
    }
    changed = [each.organization_id for each in placed if last.get(each.organization_id) != poller]
    if changed:
        with resealed(connection, changed, last_poller):
            connection.execute(_RENEWED, [{"organization_id": id_, "poller": poller} for id_ in changed])
    others = {id_ for id_ in changed if id_ in last}
    return {
        each.organization_id: (TWO,) for each in placed if each.organization_id in others or each.is_at_once_with_last
    }
