"""Products by the names under which their histories are asked for, and the units of their licenses together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from webexhist.months import Month
from webexhist.store.numbers import NumberRange
from webexhist.store.opening.history import History
from webexhist.store.organization_labels import organization_labels
from webexhist.store.query import Query
from webexhist.store.rows.lineages import LineageQueries, lineage_queries
from webexhist.store.values import DailyUsage, MonthlyUsage
from webexhist.texts import folded
from webexhist.units import purchased_together, sum_known_of_any

MEMBERS = """
SELECT l.org_id, l.product, l.license, l.license_id, l.code, l.subscription, l.listed, u.purchased, u.assigned
FROM licenses l LEFT JOIN latest_licenses u ON u.org_id = l.org_id AND u.license_id = l.license_id
WHERE l.product IS NOT NULL ORDER BY l.org, l.org_id, l.product, l.listed, l.license_id
"""


@dataclass(frozen=True, slots=True)
class KnownProduct:
    """What is judged together in an organization, with its last known sums."""

    organization_id: int
    organization: str
    product: str
    name: str
    """Of a license of it that is listed, or was."""
    license_ids: tuple[str, ...]
    """Every license that ever belonged to it, by its id at Webex."""
    code: str
    """Of that license."""
    subscription: str | None
    """The only one that its listed licenses are bought under; None where they are several."""
    listed: int
    """How many of them are listed."""
    purchased: int | None
    """Negative: unlimited. None where a part is unknown, or none is listed."""
    assigned: int | None


def known_products(history: History) -> tuple[KnownProduct, ...]:
    """The products of every organization, by its name and theirs."""
    labels = organization_labels(history.connection)
    members: dict[tuple[int, str], list[_Member]] = {}
    for key, member in history.read(Query("Products", MEMBERS, {}, _keyed)):
        members.setdefault(key, []).append(member)
    return tuple(_product(*key, labels[key[0]], licenses) for key, licenses in members.items())


def products_called(history: History, wanted: str) -> tuple[KnownProduct, ...]:
    """The products of that name, in whatever letters, in every organization that has one."""
    return tuple(each for each in known_products(history) if folded(each.product) == folded(wanted))


@dataclass(frozen=True, slots=True)
class ProductSums:
    """The units of several licenses together, where every part is known."""

    queries: LineageQueries | None
    """What read them; None where that was no statement of their own."""
    days: tuple[DailyUsage, ...]
    months: tuple[MonthlyUsage, ...]


def product_sums(
    history: History, organization: int, licenses: Sequence[str], days: tuple[date, date], months: tuple[Month, Month]
) -> ProductSums:
    """The sums of licenses, given by their ids at Webex, by day and by month."""
    queries = lineage_queries(organization, licenses, days, months, NumberRange(0, 0), counted=True)
    return ProductSums(queries, history.read(queries.days), history.read(queries.months))


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    license_id: str
    code: str
    subscription: str | None
    listed: bool
    purchased: int | None
    assigned: int | None


def _keyed(row: Row[Any]) -> tuple[tuple[int, str], _Member]:
    member = _Member(
        row.license, row.license_id, row.code, row.subscription, bool(row.listed), row.purchased, row.assigned
    )
    return (row.org_id, row.product), member


def _product(organization_id: int, product: str, organization: str, licenses: list[_Member]) -> KnownProduct:
    listed = [each for each in licenses if each.listed]
    subscriptions = {each.subscription for each in listed}
    return KnownProduct(
        organization_id=organization_id,
        organization=organization,
        product=product,
        name=licenses[-1].name,
        license_ids=tuple(each.license_id for each in licenses),
        code=licenses[-1].code,
        subscription=subscriptions.pop() if len(subscriptions) == 1 else None,
        listed=len(listed),
        purchased=purchased_together(each.purchased for each in listed) if listed else None,
        assigned=sum_known_of_any(each.assigned for each in listed),
    )
