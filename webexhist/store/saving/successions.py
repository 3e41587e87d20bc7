"""Notes which license continues which, when a list shows that one appeared or vanished."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, text

from webexhist.store import schema
from webexhist.store.handed_contracts import hand_on
from webexhist.store.lineages import joined_successions, renew_lineages
from webexhist.store.seals.sealing import resealed
from webexhist.store.times import moment_of
from webexhist.successions import FoundSuccession, LicenseLife, SuccessionState, found_successions

_FIRST_LIST = text("""
SELECT min(r.number) FROM metric m JOIN reading r ON r.organization_id = m.organization_id AND r.metric_id = m.id
WHERE m.organization_id = :organization_id AND m.field = 'listed' AND m.license_id IS NULL AND r.value IS NOT NULL
""")
_LISTED = text("""
SELECT m.license_id, r.number, r.value, s.taken_at
FROM metric m
JOIN reading r ON r.organization_id = m.organization_id AND r.metric_id = m.id AND r.value IS NOT NULL
JOIN snapshot s ON s.organization_id = r.organization_id AND s.number = r.number
WHERE m.organization_id = :organization_id AND m.field = 'listed' AND m.license_id IS NOT NULL
ORDER BY m.license_id, r.number
""")
_LICENSES = text("""
SELECT id, name, code, site_url, subscription_id, coalesce(counted_by_person, counted) AS counted
FROM license WHERE organization_id = :organization_id ORDER BY id
""")
_ASSIGNED = text("""
SELECT r.value FROM metric m JOIN reading r ON r.organization_id = m.organization_id AND r.metric_id = m.id
WHERE m.organization_id = :organization_id AND m.license_id = :license_id AND m.field = 'assigned'
  AND r.number <= :number AND r.value IS NOT NULL
ORDER BY r.number DESC LIMIT 1
""")
_FIRST_NUMBER = text("""
SELECT m.first_number FROM metric m
WHERE m.organization_id = :organization_id AND m.license_id = :license_id AND m.field = 'listed'
""")
_KNOWN = text("SELECT former_id, successor_id FROM succession WHERE organization_id = :organization_id")
_NUMBER = text("SELECT coalesce(max(number), 0) FROM succession")


def note_successions(
    connection: Connection, organization_id: int, number: int, taken_at: int, events: frozenset[int]
) -> None:
    """Stores what the list of a snapshot that was just saved says about successions.

    `events` are the licenses that appeared in it or vanished from it.
    """
    snapshot = {"organization_id": organization_id, "number": number}
    first_list = connection.scalar(_FIRST_LIST, snapshot)
    if first_list is None or first_list >= number:
        return
    licenses = {row.id: row for row in connection.execute(_LICENSES, snapshot)}
    joined = joined_successions(connection, organization_id)
    found = found_successions(
        _lives(connection, organization_id, licenses, first_list),
        events,
        joined,
        lambda former, successor: _people_moved(connection, organization_id, number, former, successor),
    )
    known = {tuple(row) for row in connection.execute(_KNOWN, snapshot)}
    new = [each for each in found if (each.former_id, each.successor_id) not in known]
    if not new:
        return
    # What is handed on concerns all: contracts, and the products of every organization.
    with resealed(connection, None, schema.succession, schema.license_, schema.contract, schema.price):
        _store(connection, organization_id, taken_at, new)
        renew_lineages(connection, organization_id)
        pairs = [(each.former_id, each.successor_id) for each in new if each.state is SuccessionState.JOINED]
        hand_on(connection, organization_id, pairs, moment_of(taken_at))


def _lives(
    connection: Connection, organization_id: int, licenses: Mapping[int, Row[Any]], first_list: int
) -> list[LicenseLife]:
    appeared: dict[int, datetime | None] = {}
    vanished: dict[int, datetime | None] = {}
    value: dict[int, int] = {}
    for row in connection.execute(_LISTED, {"organization_id": organization_id}):
        before = value.get(row.license_id)
        if row.value == 1 and before != 1:
            appeared[row.license_id] = None if row.number <= first_list else moment_of(row.taken_at)
            vanished[row.license_id] = None
        elif row.value == 0 and before == 1:
            vanished[row.license_id] = moment_of(row.taken_at)
        value[row.license_id] = row.value
    return [
        LicenseLife(
            id=id_,
            name=row.name,
            code=row.code,
            site=row.site_url,
            subscription=row.subscription_id,
            counted=bool(row.counted),
            listed=value.get(id_) == 1,
            appeared_at=appeared.get(id_),
            vanished_at=vanished.get(id_),
        )
        for id_, row in licenses.items()
    ]


def _people_moved(connection: Connection, organization_id: int, number: int, former: int, successor: int) -> bool:
    """Whether, while both were listed, the former's assigned fell by at least half and the successor's rose."""

    def assigned(license_id: int, at: int) -> int | None:
        of_license = {"organization_id": organization_id, "license_id": license_id, "number": at}
        found: int | None = connection.scalar(_ASSIGNED, of_license)
        return found

    begins = [
        connection.scalar(_FIRST_NUMBER, {"organization_id": organization_id, "license_id": license_id})
        for license_id in (former, successor)
    ]
    side_by_side = max(begins)
    before, after = assigned(former, side_by_side), assigned(former, number - 1)
    taken_over, now = assigned(successor, side_by_side), assigned(successor, number)
    if before is None or after is None or taken_over is None or now is None:
        return False
    return before > 0 and 2 * after <= before and now > taken_over


def _store(connection: Connection, organization_id: int, taken_at: int, new: Iterable[FoundSuccession]) -> None:
    last = connection.scalar(_NUMBER) or 0
    connection.execute(
        insert(schema.succession),
        [
            {
                "organization_id": organization_id,
                "number": number,
                "former_id": each.former_id,
                "successor_id": each.successor_id,
                "state": each.state.value,
                "seen_at": taken_at,
                "reason": each.reason,
            }
            for number, each in enumerate(new, last + 1)
        ],
    )
