"""The statements that read what a review of one organization is made of, and how much of its history is read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from webexhist.metrics import Metric
from webexhist.months import Month, Period
from webexhist.store.entered.contracts import Contract, contracts_of
from webexhist.store.entered.decision_states import EnteredState, decision_states
from webexhist.store.entered.notes import Note, notes_of
from webexhist.store.entered.orders import Order, orders_of
from webexhist.store.entered.prices import Price, prices_of
from webexhist.store.entered.settlements import Settlement, settlements_of
from webexhist.store.entered.successions import Succession, successions_until
from webexhist.store.numbers import NumberRange
from webexhist.store.query import Query
from webexhist.store.rows.collection_log import CollectionSpan, collections_until
from webexhist.store.rows.corrections import Correction, standing_corrections
from webexhist.store.rows.counted import counted_at
from webexhist.store.rows.counts import DailyActivity, activity_by_day, gauges_by_day, gauges_by_month
from webexhist.store.rows.imported import ImportedSpan, imported_snapshots, imported_spans
from webexhist.store.rows.known_licenses import KnownLicense, known_licenses
from webexhist.store.rows.license_lists import LastList, last_list
from webexhist.store.rows.movements import LicenseMovements, PurchasedChange, license_movements, purchased_changes
from webexhist.store.rows.polls import poll_times, polls_by_day
from webexhist.store.rows.seats import PeopleAt, SeatsAt, people_with_seats, seats_by_day, seats_by_group
from webexhist.store.rows.usage import ListedLicense, licenses_by_day, licenses_by_month, listed_licenses
from webexhist.store.values import DailyValue, MonthlyUsage, MonthlyValue
from webexhist.time_zones import TimeZone


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much of an organization's history is read."""

    period: Period
    """Of counts, activity and polls."""
    numbers: NumberRange
    """The snapshots of the period's last month."""
    numbers_read: NumberRange
    """The snapshots of all months of which something is read."""
    licenses_since: Month
    """The first month of licenses; their last is that of the period."""
    gauges: Sequence[Metric]
    counters: Sequence[Metric]
    counters_since: date
    """The first day of counters; their last is that of the period."""
    zone: TimeZone
    """By which days and months are counted."""
    seen_until: datetime | None = None
    """When the last succession was seen that counts; None for the end of the period."""

    @property
    def license_days(self) -> tuple[date, date]:
        """The first and the last day of licenses."""
        return self.licenses_since.first_day, self.period.last_day

    @property
    def license_months(self) -> tuple[Month, Month]:
        """The first and the last of their months."""
        return self.licenses_since, self.period.last

    def with_counts(self, counts: Collection[Metric]) -> "Extent":
        """The same with these counts alone."""
        return replace(
            self,
            gauges=tuple(each for each in self.gauges if each in counts),
            counters=tuple(each for each in self.counters if each in counts),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationQueries:
    """What reads the rows of one organization, and is printed beside the figures made of them."""

    licenses: Query[KnownLicense]
    """Up to the end of the month."""
    former_licenses: Query[KnownLicense]
    """Up to the end of the month before."""
    listed: Query[ListedLicense]
    last_list: Query[LastList]
    licenses_by_day: Query[Any]
    """Its rows are the days, or what they follow from."""
    licenses_by_month: Query[tuple[str, MonthlyUsage]]
    movements: Query[LicenseMovements]
    purchases: Query[PurchasedChange]
    gauges_by_day: Query[tuple[Metric, DailyValue]]
    gauges_by_month: Query[tuple[Metric, MonthlyValue]]
    activity_by_day: Query[tuple[Metric, DailyActivity]]
    poll_times: Query[datetime]
    imported: Query[int]
    imports: Query[ImportedSpan]
    polls_by_day: Query[tuple[date, int]]
    counted_at: Query[tuple[str, datetime]]
    collections: Query[CollectionSpan]
    corrections: Query[Correction]
    contracts: Query[Contract]
    prices: Query[Price]
    orders: Query[Order]
    settlements: Query[Settlement]
    notes: Query[Note]
    successions: Query[Succession]
    decision_states: Query[EnteredState]
    seats_by_day: Query[SeatsAt]
    seats_by_group: Query[SeatsAt]
    people_with_seats: Query[PeopleAt]


def organization_queries(organization: int, extent: Extent) -> OrganizationQueries:
    """The queries for the organization with that row."""
    period, numbers = extent.period, extent.numbers
    return OrganizationQueries(
        licenses=known_licenses(organization, numbers.last),
        former_licenses=known_licenses(organization, numbers.first - 1),
        listed=listed_licenses(organization, numbers.last),
        last_list=last_list(organization, numbers.last),
        licenses_by_day=licenses_by_day(organization, *extent.license_days),
        licenses_by_month=licenses_by_month(organization, *extent.license_months),
        movements=license_movements(organization, numbers),
        purchases=purchased_changes(organization, numbers),
        gauges_by_day=gauges_by_day(organization, extent.gauges, period.first_day, period.last_day),
        gauges_by_month=gauges_by_month(organization, extent.gauges, period.first, period.last),
        activity_by_day=activity_by_day(organization, extent.counters, extent.counters_since, period.last_day),
        imported=imported_snapshots(organization, numbers),
        imports=imported_spans(organization),
        poll_times=poll_times(organization, period, extent.zone),
        polls_by_day=polls_by_day(organization, period),
        counted_at=counted_at(organization, numbers.last),
        collections=collections_until(organization, numbers.last),
        corrections=standing_corrections(
            organization, extent.zone.month_begins_at(period.first), extent.zone.month_ends_at(period.last)
        ),
        contracts=contracts_of(organization),
        prices=prices_of(organization),
        orders=orders_of(organization),
        settlements=settlements_of(organization),
        notes=notes_of(organization),
        successions=successions_until(organization, extent.seen_until or extent.zone.month_ends_at(period.last)),
        decision_states=decision_states(organization),
        seats_by_day=seats_by_day(organization, extent.zone.month_begins_at(period.first), numbers.last),
        seats_by_group=seats_by_group(organization, extent.zone.month_begins_at(period.last), numbers.last),
        people_with_seats=people_with_seats(
            organization, extent.zone.month_begins_at(extent.licenses_since), numbers.last
        ),
    )
