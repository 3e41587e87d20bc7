"""Successions: licenses that continue others under new ids, and what people say about them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, text

from webexhist.errors import UsageError
from webexhist.store.handed_contracts import hand_on, hand_on_anew, hand_on_entered
from webexhist.store.lineages import joined_successions, renew_lineages
from webexhist.store.names.licenses import StoredLicense
from webexhist.store.opening.history import History
from webexhist.store.query import Query, Values
from webexhist.store.schema import contract, license_, price, succession
from webexhist.store.seals.writing import changing
from webexhist.store.times import moment_of, seconds_of
from webexhist.successions import LINKED, SuccessionState, lineages_of


@dataclass(frozen=True, slots=True)
class Succession:
    """A license that continues another, or may."""

    number: int
    """By which it is decided; of its organization."""
    former_id: str
    """The license's id at Webex."""
    successor_id: str
    state: SuccessionState
    seen_at: datetime
    """When the second of the two events was seen: that one was gone, and the other there."""
    reason: str
    decided_at: datetime | None
    """When a person decided; None where nobody did."""
    decided_by: str | None


@dataclass(frozen=True, slots=True)
class StoredSuccession:
    """The same with the rows of its licenses."""

    succession: Succession
    former: StoredLicense
    successor: StoredLicense


SUCCESSIONS = """
SELECT s.number, f.webex_id AS former_id, n.webex_id AS successor_id, s.state, s.seen_at, s.reason, s.decided_at,
  s.decided_by
FROM succession s
JOIN license f ON f.organization_id = s.organization_id AND f.id = s.former_id
JOIN license n ON n.organization_id = s.organization_id AND n.id = s.successor_id
WHERE s.organization_id = :organization AND s.seen_at < :until ORDER BY s.number
"""
LIST = "webexhist succession list"
ALWAYS = datetime.max.replace(tzinfo=UTC)
_EVERY = text("""
SELECT organization_id, number, former_id, successor_id, state FROM succession ORDER BY number, organization_id
""")
_DECIDED = text("""
UPDATE succession SET state = :state, decided_at = :decided_at, decided_by = :decided_by
WHERE organization_id = :organization_id AND number = :number
""")
_NUMBER = text("SELECT coalesce(max(number), 0) + 1 FROM succession")
_EVENTS = text("""
SELECT max(s.taken_at) FROM metric m
JOIN reading r ON r.organization_id = m.organization_id AND r.metric_id = m.id
JOIN snapshot s ON s.organization_id = r.organization_id AND s.number = r.number
WHERE m.organization_id = :organization_id AND m.field = 'listed'
  AND ((m.license_id = :former_id AND r.value = 0) OR (m.license_id = :successor_id AND r.number = m.first_number))
""")


def successions_until(organization: int, until: datetime) -> Query[Succession]:
    """What was seen in an organization before a moment."""
    values: Values = {"organization": organization, "until": seconds_of(until)}
    return Query("Successions", SUCCESSIONS, values, _succession)


def stored_successions(history: History, licenses: list[StoredLicense]) -> tuple[StoredSuccession, ...]:
    """Every succession of every organization, by number."""
    known = {(each.organization_id, each.id): each for each in licenses}
    rows = history.connection.execute(_EVERY).all()
    of_organization = {
        owner: {each.number: each for each in history.read(successions_until(owner, ALWAYS))}
        for owner in {row.organization_id for row in rows}
    }
    return tuple(
        StoredSuccession(
            of_organization[row.organization_id][row.number],
            known[row.organization_id, row.former_id],
            known[row.organization_id, row.successor_id],
        )
        for row in rows
    )


def decide(engine: Engine, stored: StoredSuccession, state: SuccessionState, at: datetime, by: str) -> None:
    """Joins or rejects a succession; the other proposals of what is joined are rejected with it.

    Raises UsageError where its license is continued by another one already.
    """
    organization_id = stored.former.organization_id
    with changing(engine, succession, license_, contract, price) as connection:
        if state is SuccessionState.JOINED:
            _require_joinable(connection, stored.former, stored.successor)
            rivals = [
                row.number
                for row in connection.execute(_EVERY)
                if (row.organization_id, row.former_id, row.state) == (organization_id, stored.former.id, "proposed")
            ]
        else:
            rivals = []
        decided = {"organization_id": organization_id, "decided_at": seconds_of(at), "decided_by": by}
        for number in rivals:
            connection.execute(_DECIDED, decided | {"number": number, "state": SuccessionState.REJECTED.value})
        connection.execute(_DECIDED, decided | {"number": stored.succession.number, "state": state.value})
        renew_lineages(connection, organization_id)
        if state is SuccessionState.JOINED:
            pair = (stored.former.id, stored.successor.id)
            hand_on(connection, organization_id, [pair], stored.succession.seen_at)
            _hand_on_further(connection, stored.successor)
        else:
            hand_on_anew(connection, stored.former.subscription_id, stored.successor.subscription_id)


def link(engine: Engine, former: StoredLicense, successor: StoredLicense, at: datetime, by: str) -> int:
    """Joins two licenses because a person says so; returns the number of the succession.

    Raises UsageError where they are of two organizations, or of one lineage, or the former continues elsewhere.
    """
    if former.organization_id != successor.organization_id:
        raise UsageError("these licenses belong to two organizations", "name two licenses of one")
    organization_id = former.organization_id
    with changing(engine, succession, license_, contract, price) as connection:
        _require_joinable(connection, former, successor)
        pair = {"organization_id": organization_id, "former_id": former.id, "successor_id": successor.id}
        known = {
            (row.organization_id, row.former_id, row.successor_id): row.number for row in connection.execute(_EVERY)
        }
        decided = {"state": SuccessionState.JOINED.value, "decided_at": seconds_of(at), "decided_by": by}
        number = known.get((organization_id, former.id, successor.id))
        if number is not None:
            connection.execute(_DECIDED, decided | {"organization_id": organization_id, "number": number})
        else:
            number = int(connection.scalar(_NUMBER) or 1)
            seen_at = connection.scalar(_EVENTS, pair) or seconds_of(at)
            row = pair | decided | {"number": number, "seen_at": seen_at, "reason": LINKED}
            connection.execute(insert(succession).values(**row))
        renew_lineages(connection, organization_id)
        hand_on(connection, organization_id, [(former.id, successor.id)], at)
        _hand_on_further(connection, successor)
        return number


def _hand_on_further(connection: Connection, successor: StoredLicense) -> None:
    """What was handed on to it goes on to whatever continues it already."""
    if successor.subscription_id:
        hand_on_entered(connection, successor.subscription_id)


def _require_joinable(connection: Connection, former: StoredLicense, successor: StoredLicense) -> None:
    joined = joined_successions(connection, former.organization_id)
    lineages = lineages_of([former.id, successor.id], joined)
    if former.id in joined and joined[former.id] != successor.id:
        raise UsageError(
            f"{former.label} is continued by another license", "undo that first: webexhist succession list"
        )
    if former.id == successor.id or (former.id not in joined and lineages[former.id] == lineages[successor.id]):
        raise UsageError(
            f"{former.label} and {successor.label} have one history already", "see webexhist succession list"
        )


def _succession(row: Row[Any]) -> Succession:
    return Succession(
        number=row.number,
        former_id=row.former_id,
        successor_id=row.successor_id,
        state=SuccessionState(row.state),
        seen_at=moment_of(row.seen_at),
        reason=row.reason,
        decided_at=moment_of(row.decided_at) if row.decided_at else None,
        decided_by=row.decided_by,
    )
