"""Everything that a review of one organization is made of, as rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from webexhist.metrics import Metric
from webexhist.not_judged import without_holders
from webexhist.store.entered.contracts import Contract
from webexhist.store.entered.decision_states import EnteredState
from webexhist.store.entered.notes import Note
from webexhist.store.entered.orders import Order
from webexhist.store.entered.prices import Price
from webexhist.store.entered.settlements import Settlement
from webexhist.store.entered.successions import Succession
from webexhist.store.opening.history import History
from webexhist.store.query import grouped
from webexhist.store.rows.collection_log import CollectionSpan
from webexhist.store.rows.corrections import Correction
from webexhist.store.rows.counts import DailyActivity
from webexhist.store.rows.imported import ImportedSpan
from webexhist.store.rows.known_licenses import KnownLicense
from webexhist.store.rows.license_lists import LastList
from webexhist.store.rows.lineages import LineageRows, lineage_queries, lineages_of_several, read_lineage
from webexhist.store.rows.movements import LicenseMovements, PurchasedChange
from webexhist.store.rows.organization_queries import Extent, OrganizationQueries, organization_queries
from webexhist.store.rows.organization_units import OrganizationUnits, units_in_views
from webexhist.store.rows.polls import PolledOrganization
from webexhist.store.rows.seats import PeopleAt, SeatsAt
from webexhist.store.seals.closed_periods import are_counts_changed
from webexhist.store.seals.damage import damaged_days
from webexhist.store.seals.days import DamagedSpan, are_other_days_missing, damaged_spans
from webexhist.store.seals.sweeps import changed_sweeps
from webexhist.store.seals.tables import damaged_tables_of
from webexhist.store.times import seconds_of
from webexhist.store.values import DailyUsage, DailyValue, MonthlyUsage, MonthlyValue


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationRows:
    """What the queries read."""

    organization: PolledOrganization
    queries: OrganizationQueries
    licenses: tuple[KnownLicense, ...]
    former_licenses: tuple[KnownLicense, ...]
    listed: frozenset[str]
    without_holders: frozenset[str]
    """Those of the listed ones of which Webex names no users and no workspaces, where it does of others."""
    last_list: LastList | None
    """Whether the month's last snapshot knew the list; None where no snapshot says so."""
    licenses_by_day: Mapping[str, tuple[DailyUsage, ...]]
    """By the license's id at Webex."""
    licenses_by_month: Mapping[str, tuple[MonthlyUsage, ...]]
    """By the license's id at Webex."""
    movements: tuple[LicenseMovements, ...]
    purchases: tuple[PurchasedChange, ...]
    """Of the month, by day."""
    gauges_by_day: Mapping[Metric, tuple[DailyValue, ...]]
    gauges_by_month: Mapping[Metric, tuple[MonthlyValue, ...]]
    activity_by_day: Mapping[Metric, tuple[DailyActivity, ...]]
    poll_times: tuple[datetime, ...]
    imported: int
    """How many snapshots of the month were brought in from elsewhere."""
    imports: tuple[ImportedSpan, ...]
    polls_by_day: tuple[tuple[date, int], ...]
    counted_at: Mapping[str, datetime]
    """When the values that stand at the end of the month were counted, by the names of counts."""
    collections: tuple[CollectionSpan, ...]
    corrections: tuple[Correction, ...]
    damaged_days: tuple[date, ...]
    """Days of UTC of the period of which something was changed since it was stored."""
    damaged_tables: tuple[str, ...]
    """Tables that change rarely, of which something was changed by something else."""
    contracts: tuple[Contract, ...]
    prices: tuple[Price, ...]
    orders: tuple[Order, ...]
    settlements: tuple[Settlement, ...]
    notes: tuple[Note, ...]
    successions: tuple[Succession, ...]
    """What was seen up to the end of the month."""
    decision_states: tuple[EnteredState, ...]
    seats_by_day: tuple[SeatsAt, ...]
    seats_by_group: tuple[SeatsAt, ...]
    """At the last sweep of all people of the month."""
    people_with_seats: tuple[PeopleAt, ...]
    """Since the first day of licenses, oldest first."""
    lineages: tuple[LineageRows, ...]
    """Licenses that continue each other: those of several."""


def damaged_seats(history: History, organization: PolledOrganization, extent: Extent) -> tuple[str, ...]:
    """The table of counts of seats, where those that are read were changed since they were stored."""
    since = seconds_of(extent.zone.month_begins_at(extent.licenses_since))
    return ("seat_count",) if changed_sweeps(history.connection, organization.id, since) else ()


def damaged_polls(
    extent: Extent, poll_times: Iterable[datetime], polls_by_day: Iterable[tuple[date, int]]
) -> tuple[str, ...]:
    """The table of snapshots, where others are found by their times than the days of the period have.

    SQLite finds them by an index, and no checksum of a day looks there.
    """
    begin = extent.zone.month_begins_at(extent.period.first)
    found = sum(at >= begin for at in poll_times)
    return ("snapshot",) if found != sum(polls for _, polls in polls_by_day) else ()


def damaged_counts(history: History, organization: PolledOrganization, extent: Extent) -> tuple[str, ...]:
    """The tables that keep counts, where those of the period are not what the readings give."""
    if not extent.gauges:
        return ()
    period = extent.period
    spans = {
        "count_day": (str(period.first_day), str(period.last_day)),
        "count_month": (str(period.first), str(period.last)),
    }
    return tuple(
        table
        for table, (first, last) in spans.items()
        if are_counts_changed(history.connection, organization.id, table, extent.gauges, first, last)
    )


def damaged_tables_of_review(
    history: History, organization: PolledOrganization, extent: Extent, spans: Iterable[DamagedSpan]
) -> tuple[str, ...]:
    """The names of the tables that a review rests on and that something else has changed."""
    own_tables = damaged_tables_of(history.connection, organization.id)
    if "day" not in own_tables and are_other_days_missing(spans, extent.numbers_read):
        own_tables = ("day", *own_tables)
    return (
        *own_tables,
        *damaged_seats(history, organization, extent),
        *damaged_counts(history, organization, extent),
    )


def lineage_rows(
    history: History,
    organization: PolledOrganization,
    extent: Extent,
    licenses: Iterable[KnownLicense],
    lineages: Iterable[tuple[str, tuple[str, ...]]],
) -> tuple[LineageRows, ...]:
    """Reads lineages: each is the id of the license that stands for all, and the ids of the others."""
    counted = {known.license.webex_id for known in licenses if known.license.counted}
    return tuple(
        read_lineage(
            history,
            license_id,
            former_ids,
            lineage_queries(
                organization.id,
                (license_id, *former_ids),
                extent.license_days,
                extent.license_months,
                extent.numbers,
                counted=license_id in counted,
            ),
        )
        for license_id, former_ids in lineages
    )


def organization_rows(
    history: History, organization: PolledOrganization, extent: Extent, units: OrganizationUnits | None = None
) -> OrganizationRows:
    """Reads the rows of one organization, and what people entered for it and of all.

    `units` are those of its licenses, which are read through the views unless they are given.
    """
    units = units or units_in_views(history, organization.id, extent.license_days, extent.license_months)
    queries = replace(
        organization_queries(organization.id, extent),
        licenses_by_day=units.query,
    )
    licenses, successions = history.read(queries.licenses), history.read(queries.successions)
    on_list = history.read(queries.listed)
    listed = frozenset(each.webex_id for each in on_list)
    spans = damaged_spans(history.connection, organization.id)
    poll_times, polls_by_day = history.read(queries.poll_times), history.read(queries.polls_by_day)
    return OrganizationRows(
        organization=organization,
        queries=queries,
        licenses=licenses,
        former_licenses=history.read(queries.former_licenses),
        listed=listed,
        without_holders=without_holders({each.webex_id: each.has_holders for each in on_list}),
        last_list=next(iter(history.read(queries.last_list)), None),
        licenses_by_day=units.by_day(),
        licenses_by_month=grouped(history.read(queries.licenses_by_month)),
        movements=history.read(queries.movements),
        purchases=history.read(queries.purchases),
        gauges_by_day=grouped(history.read(queries.gauges_by_day)) if extent.gauges else {},
        gauges_by_month=grouped(history.read(queries.gauges_by_month)) if extent.gauges else {},
        activity_by_day=grouped(history.read(queries.activity_by_day)) if extent.counters else {},
        imported=history.read(queries.imported)[0],
        imports=history.read(queries.imports),
        poll_times=poll_times,
        polls_by_day=polls_by_day,
        counted_at=dict(history.read(queries.counted_at)),
        collections=history.read(queries.collections),
        corrections=history.read(queries.corrections),
        damaged_days=damaged_days(history.connection, organization.id, extent.numbers_read, spans),
        damaged_tables=(
            *damaged_tables_of_review(history, organization, extent, spans),
            *(() if spans else damaged_polls(extent, poll_times, polls_by_day)),
        ),
        contracts=history.read(queries.contracts),
        prices=history.read(queries.prices),
        orders=history.read(queries.orders),
        settlements=history.read(queries.settlements),
        notes=history.read(queries.notes),
        successions=successions,
        decision_states=history.read(queries.decision_states),
        seats_by_day=history.read(queries.seats_by_day),
        seats_by_group=history.read(queries.seats_by_group),
        people_with_seats=history.read(queries.people_with_seats),
        lineages=lineage_rows(
            history, organization, extent, licenses, lineages_of_several(licenses, successions, listed)
        ),
    )
