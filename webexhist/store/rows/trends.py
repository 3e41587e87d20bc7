"""What one license or count was, day by day and month by month, in every organization that has it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from webexhist.metrics import Kind, Metric
from webexhist.months import Month, Period
from webexhist.snapshot import LICENSES_HELD
from webexhist.store.entered.contracts import Contract, contracts
from webexhist.store.entered.notes import notes
from webexhist.store.names.licenses import (
    StoredLicense,
    answering,
    find_license,
    newest_of_lineages,
    stored_licenses,
)
from webexhist.store.numbers import NumberRange
from webexhist.store.opening.history import History
from webexhist.store.organization_labels import organization_labels
from webexhist.store.query import Query, grouped
from webexhist.store.rows.counted import counted_at
from webexhist.store.rows.counts import activity_by_day, gauges_by_day, gauges_by_month
from webexhist.store.rows.lineages import lineage_queries
from webexhist.store.rows.organizations import zone_of
from webexhist.store.rows.products import KnownProduct, known_products, products_called
from webexhist.store.rows.usage import license_by_day, license_by_month
from webexhist.store.values import DailyUsage, MonthlyUsage, MonthlyValue
from webexhist.texts import folded
from webexhist.time_zones import UTC_DAYS, TimeZone

OWNERS = """
SELECT metric.name, organization.id
FROM metric JOIN organization ON organization.id = metric.organization_id
WHERE metric.field IS NULL ORDER BY organization.name, organization.id
"""

LAST = "SELECT MAX(number) AS number FROM snapshot WHERE organization_id = :organization"
LAST_DAY = "SELECT MAX(day) AS day FROM day WHERE organization_id = :organization"

Days = tuple[tuple[date, int | None], ...]
"""A value of every day with polls, or what was counted on it; oldest first."""


@dataclass(frozen=True, slots=True)
class LicenseTrendRows:
    """A license, and how many of its units were assigned."""

    license: StoredLicense
    months: tuple[MonthlyUsage, ...]
    days: Days
    """The last value of each."""
    peaks: Days
    """The highest of each."""
    steps: tuple[date, ...]
    """The days that were noted as steps."""
    product: KnownProduct | None
    """What it is judged with, if only itself; None where its units are no seats."""
    contract: Contract | None
    """Of its product."""
    zone: TimeZone = UTC_DAYS
    as_of: datetime | None = None
    """When what stands now was counted; None where it never was."""


@dataclass(frozen=True, slots=True)
class GaugeTrendRows:
    """How many there were of something."""

    metric: Metric
    organization: str
    months: tuple[MonthlyValue, ...]
    days: Days
    """The last value of each."""
    peaks: Days
    """The highest of each."""
    zone: TimeZone = UTC_DAYS
    as_of: datetime | None = None
    """When what stands now was counted; None where it never was."""


@dataclass(frozen=True, slots=True)
class CounterTrendRows:
    """How often something happened."""

    metric: Metric
    organization: str
    days: Days
    """A day stands here as often as there are sources that counted on it."""
    zone: TimeZone = UTC_DAYS
    as_of: datetime | None = None
    """When what stands now was counted; None where it never was."""


@dataclass(frozen=True, slots=True)
class ProductTrendRows:
    """A product, and how many of its units were assigned together."""

    product: KnownProduct
    months: tuple[MonthlyUsage, ...]
    days: Days
    """The last value of each."""
    peaks: Days
    """The highest of each."""
    steps: tuple[date, ...]
    """The days that were noted as steps of one of its licenses."""
    contract: Contract | None
    """Of the subscription, where all its licenses are bought under one."""
    zone: TimeZone = UTC_DAYS
    as_of: datetime | None = None
    """When what stands now was counted; None where it never was."""


TrendRows = LicenseTrendRows | ProductTrendRows | GaugeTrendRows | CounterTrendRows


def trend_rows(history: History, name: str, months: int, months_of_peaks: int) -> tuple[TrendRows, ...]:
    """A count in every organization that has it, else a license of that name, else a product, in the last months.

    Where several licenses of one product bear the name, it is the product's. The peaks reach back over
    `months_of_peaks`, or over all that is asked for where that is more.

    Raises UsageError where nothing bears the name, or licenses of several products do.
    """
    owners = grouped(history.read(Query("Organizations with counts", OWNERS, {}, lambda row: (row.name, row.id))))
    count = folded(name).replace(" ", "_")
    if count not in owners:
        found = newest_of_lineages(answering(history, stored_licenses(history), name))
        products = _product_of_all(history, found) if found else products_called(history, name)
        if products:
            return tuple(_product_rows(history, product, months, months_of_peaks) for product in products)
        return (_license_rows(history, find_license(history, name, tuple(owners)), months, months_of_peaks),)
    labels = organization_labels(history.connection)
    return tuple(
        _count_rows(history, Metric(count), id_, labels[id_], _last_months(history, id_, months), months_of_peaks)
        for id_ in owners[count]
    )


def kept_tables_of(found: Iterable[TrendRows]) -> tuple[str, ...]:
    """The tables that keep what was worked out of days and months that are over, as far as these rows are of them."""
    is_of_counts = any(isinstance(rows, GaugeTrendRows | CounterTrendRows) for rows in found)
    return ("count_day", "count_month") if is_of_counts else ()


def _product_of_all(history: History, licenses: Sequence[StoredLicense]) -> tuple[KnownProduct, ...]:
    """The one product of several licenses; none where there is only one license, or not all are judged together."""
    ids = {(each.organization_id, each.webex_id) for each in licenses}
    return tuple(
        each
        for each in known_products(history)
        if len(ids) > 1 and ids <= {(each.organization_id, license_id) for license_id in each.license_ids}
    )


def _license_rows(history: History, found: StoredLicense, months: int, months_of_peaks: int) -> LicenseTrendRows:
    organization, period = found.organization_id, _last_months(history, found.organization_id, months)
    lineage = [
        each
        for each in stored_licenses(history)
        if (each.organization_id, each.lineage_id) == (organization, found.lineage_id)
    ]
    (license_,) = newest_of_lineages(lineage)
    ids = [each.webex_id for each in lineage]
    product = next(
        (
            each
            for each in known_products(history)
            if each.organization_id == organization and license_.webex_id in each.license_ids
        ),
        None,
    )
    since = _first_day_of_peaks(period, months_of_peaks)
    by_month: Sequence[MonthlyUsage]
    by_day: Sequence[DailyUsage]
    if len(ids) > 1:
        numbers = NumberRange(0, 0)
        queries = lineage_queries(
            organization, ids, (since, period.last_day), (period.first, period.last), numbers, counted=True
        )
        by_month, by_day = history.read(queries.months), history.read(queries.days)
    else:
        of_months = license_by_month(organization, license_.webex_id, period.first, period.last)
        by_month = [usage for _, usage in history.read(of_months)]
        of_days = license_by_day(organization, license_.webex_id, since, period.last_day)
        by_day = [usage for _, usage in history.read(of_days)]
    return LicenseTrendRows(
        license=license_,
        months=tuple(by_month),
        days=tuple((usage.day, usage.last) for usage in by_day if usage.day >= period.first_day),
        peaks=tuple((usage.day, usage.highest) for usage in by_day),
        steps=tuple(note.day for note in notes(history) if note.step and note.license_id in (None, *ids)),
        product=product,
        contract=contract_of(history, product),
        zone=zone_of(history, organization),
        as_of=_counted_at(history, organization, LICENSES_HELD),
    )


def _product_rows(history: History, product: KnownProduct, months: int, months_of_peaks: int) -> ProductTrendRows:
    period = _last_months(history, product.organization_id, months)
    since = _first_day_of_peaks(period, months_of_peaks)
    queries = lineage_queries(
        product.organization_id,
        product.license_ids,
        (since, period.last_day),
        (period.first, period.last),
        NumberRange(0, 0),
        counted=True,
    )
    by_day = history.read(queries.days)
    concerned = (None, *product.license_ids)
    return ProductTrendRows(
        product=product,
        months=history.read(queries.months),
        days=tuple((usage.day, usage.last) for usage in by_day if usage.day >= period.first_day),
        peaks=tuple((usage.day, usage.highest) for usage in by_day),
        steps=tuple(note.day for note in notes(history) if note.step and note.license_id in concerned),
        contract=contract_of(history, product),
        zone=zone_of(history, product.organization_id),
        as_of=_counted_at(history, product.organization_id, LICENSES_HELD),
    )


def _count_rows(
    history: History, metric: Metric, id_: int, organization: str, period: Period, months_of_peaks: int
) -> GaugeTrendRows | CounterTrendRows:
    if metric.kind is Kind.COUNTER:
        counted = history.read(activity_by_day(id_, [metric], period.first_day, period.last_day))
        amounts = tuple((day.day, day.amount) for _, day in counted)
        as_of = _counted_at(history, id_, metric.value)
        return CounterTrendRows(metric, organization, amounts, zone_of(history, id_), as_of)
    by_month = history.read(gauges_by_month(id_, [metric], period.first, period.last))
    since = _first_day_of_peaks(period, months_of_peaks)
    by_day = history.read(gauges_by_day(id_, [metric], since, period.last_day))
    return GaugeTrendRows(
        metric=metric,
        organization=organization,
        months=tuple(value for _, value in by_month),
        days=tuple((value.day, value.last) for _, value in by_day if value.day >= period.first_day),
        peaks=tuple((value.day, value.highest) for _, value in by_day),
        zone=zone_of(history, id_),
        as_of=_counted_at(history, id_, metric.value),
    )


def _counted_at(history: History, organization: int, name: str) -> datetime | None:
    (last,) = history.read(Query("Last snapshot", LAST, {"organization": organization}, lambda row: int(row.number)))
    return dict(history.read(counted_at(organization, last))).get(name)


def contract_of(history: History, product: KnownProduct | None) -> Contract | None:
    """What was entered for the subscription of a product."""
    subscription = product.subscription if product else None
    return next((each for each in contracts(history) if each.subscription == subscription), None)


def _first_day_of_peaks(period: Period, months: int) -> date:
    return min(period.first, period.last.plus(1 - months)).first_day


def _last_months(history: History, organization: int, months: int) -> Period:
    """So many months up to the organization's last poll."""
    (day,) = history.read(
        Query("Last day with polls", LAST_DAY, {"organization": organization}, lambda row: str(row.day))
    )
    last = Month.stored(day)
    return Period(last.plus(1 - months), last)
