"""Contracts that are handed on, with what a person said of licenses, where licenses continue under new ids."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, text

from webexhist.months import months_later
from webexhist.store import schema
from webexhist.store.entry_numbers import next_number
from webexhist.store.lineages import joined_successions
from webexhist.store.products import forget_product_days, renew_all_products
from webexhist.store.times import moment_of, seconds_of
from webexhist.successions import NEAR

_LICENSES = text("""
SELECT l.id, l.subscription_id, coalesce(l.counted_by_person, l.counted) AS counted, l.counted_by_person,
  (SELECT s.taken_at FROM metric m
    JOIN reading r ON r.organization_id = m.organization_id AND r.metric_id = m.id
    JOIN snapshot s ON s.organization_id = r.organization_id AND s.number = r.number
    WHERE m.organization_id = l.organization_id AND m.license_id = l.id AND m.field = 'listed'
      AND r.value = 0 AND NOT EXISTS (SELECT 1 FROM reading later
        WHERE later.organization_id = r.organization_id AND later.metric_id = r.metric_id
          AND later.number > r.number AND later.value = 1)
    ORDER BY r.number LIMIT 1) AS gone_at
FROM license l WHERE l.organization_id = :organization_id ORDER BY l.id
""")
_COUNT_LIKE_FORMER = text("""
UPDATE license SET counted_by_person = :counted
WHERE organization_id = :organization_id AND id = :id AND counted_by_person IS NULL
""")
_ORGANIZATIONS = text("SELECT DISTINCT organization_id FROM license WHERE subscription_id = :subscription ORDER BY 1")
_JOINED_FROM = text("""
SELECT s.former_id, s.successor_id, s.seen_at, heir.subscription_id AS heir FROM succession s
JOIN license former ON former.organization_id = s.organization_id AND former.id = s.former_id
JOIN license heir ON heir.organization_id = s.organization_id AND heir.id = s.successor_id
WHERE s.organization_id = :organization_id AND former.subscription_id = :subscription AND s.state = 'joined'
ORDER BY s.number
""")
_CONTRACT = text("SELECT * FROM contract WHERE subscription = :subscription")
_PRICES = text("SELECT * FROM price WHERE subscription = :subscription ORDER BY number")


def hand_on(connection: Connection, organization_id: int, joined: Iterable[tuple[int, int]], at: datetime) -> None:
    """Hands on what was entered, where licenses were just joined: pairs of the former's id and the successor's.

    What was said of a license holds for the one that continues it. A subscription all of whose counted licenses
    continue in one other hands its contract on to it, its start moved by a term that had begun, and what a seat of it
    costs; what it lost more than a month before has no say in that.
    """
    licenses = {row.id: row for row in connection.execute(_LICENSES, {"organization_id": organization_id})}
    pairs = list(joined)
    for former, successor in pairs:
        if licenses[former].counted_by_person is not None:
            handed = {
                "organization_id": organization_id,
                "id": successor,
                "counted": licenses[former].counted_by_person,
            }
            connection.execute(_COUNT_LIKE_FORMER, handed)
            forget_product_days(connection, [organization_id])
    successors = joined_successions(connection, organization_id)
    since = seconds_of(at - NEAR)
    subscriptions = {tuple(licenses[id_].subscription_id for id_ in pair) for pair in pairs}
    for former_subscription, heir in sorted(pair for pair in subscriptions if all(pair) and len(set(pair)) > 1):
        heirs = {
            licenses[successors[row.id]].subscription_id if row.id in successors else None
            for row in licenses.values()
            if row.subscription_id == former_subscription and row.counted and _has_a_say(row, successors, since)
        }
        if heirs == {heir}:
            _hand_prices_on(connection, former_subscription, heir)
            of = {"organization_id": organization_id, "subscription": former_subscription}
            seen_at = max(row.seen_at for row in connection.execute(_JOINED_FROM, of) if row.heir == heir)
            if _hand_contract_on(connection, former_subscription, heir, moment_of(seen_at)):
                renew_all_products(connection)


def hand_on_entered(connection: Connection, subscription: str) -> None:
    """Hands on what is entered for a subscription when its licenses are continued already, also by way of several.

    What it handed on before is entered anew, unless a person has confirmed it meanwhile.
    """
    waiting, done = [subscription], set()
    while waiting:
        former = waiting.pop()
        done.add(former)
        connection.execute(delete(schema.contract).where(schema.contract.c.handed_from == former))
        for organization_id in connection.scalars(_ORGANIZATIONS, {"subscription": former}).all():
            of = {"organization_id": organization_id, "subscription": former}
            joined = connection.execute(_JOINED_FROM, of).all()
            if joined:
                pairs = [(row.former_id, row.successor_id) for row in joined]
                hand_on(connection, organization_id, pairs, moment_of(max(row.seen_at for row in joined)))
            waiting += {row.heir for row in joined if row.heir} - done - {former}


def hand_on_anew(connection: Connection, former: str | None, heir: str | None) -> None:
    """Hands on anew what two subscriptions have, after licenses of the one were parted from those of the other.

    What the first handed on holds no more, unless it is joined to the second still; nor does what that handed on.
    """
    if former and heir and former != heir:
        hand_on_entered(connection, former)
        hand_on_entered(connection, heir)
        renew_all_products(connection)


def _has_a_say(row: Row[Any], successors: dict[int, int], since: int) -> bool:
    return row.id in successors or row.gone_at is None or row.gone_at >= since


def _hand_contract_on(connection: Connection, former: str, heir: str, seen_at: datetime) -> bool:
    """Whether there was a contract to hand on, to a subscription that has none, which was seen then.

    A term that is still to begin is the next one already, however often the subscription changed before it.
    """
    contract = connection.execute(_CONTRACT, {"subscription": former}).one_or_none()
    if contract is None or connection.execute(_CONTRACT, {"subscription": heir}).one_or_none() is not None:
        return False
    starts = contract.starts
    if starts and contract.term and date.fromisoformat(starts) <= seen_at.date():
        starts = months_later(date.fromisoformat(starts), contract.term).isoformat()
    handed_on = dict(contract._mapping) | {"subscription": heir, "starts": starts, "handed_from": former}
    connection.execute(insert(schema.contract).values(**handed_on))
    return True


def _hand_prices_on(connection: Connection, former: str, heir: str) -> None:
    """What a seat of a subscription costs, to one of which nothing of it was entered."""
    if connection.execute(_PRICES, {"subscription": heir}).first() is not None:
        return
    for price in connection.execute(_PRICES, {"subscription": former}).all():
        handed_on = dict(price._mapping) | {"subscription": heir, "number": next_number(connection)}
        connection.execute(insert(schema.price).values(**handed_on))
