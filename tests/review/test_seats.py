"""What follows from counts of seats: what could be taken back, what it costs, and where it is shown."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from entering import set_price
from histories import ACME, license_of, quick_database, usage
from reading import read
from sqlalchemy import text

from webexhist.export.workbook.licenses_xlsx import licenses_xlsx
from webexhist.export.workbook.part import part_of
from webexhist.months import Month
from webexhist.review.judgment.decisions.values import DecisionKind
from webexhist.reviewing import review_month
from webexhist.seat_counts import GroupSeats, SeatCounts, SeatSweep
from webexhist.snapshot import Snapshot
from webexhist.store.names.licenses import stored_licenses
from webexhist.store.saving.save import save

CALLING, SUITE, FREE = license_of("Calling"), license_of("Suite"), license_of("Free", counted=False)
NOW = datetime(2026, 10, 30, 12, tzinfo=UTC)


def used(idle):
    """Calling: 20 of Sales, 12 of Service, 3 others and 2 from outside; Suite in one group; Free is no seat."""
    return (
        GroupSeats(CALLING.webex_id, "Sales", SeatCounts(active=20 - idle, idle_30=idle, idle_90=idle)),
        GroupSeats(CALLING.webex_id, "Service", SeatCounts(active=9, never_active=1, disabled=1, hidden=1)),
        GroupSeats(CALLING.webex_id, "others", SeatCounts(active=3, external=2)),
        GroupSeats(SUITE.webex_id, "others", SeatCounts(active=40)),
        GroupSeats(FREE.webex_id, "others", SeatCounts(idle_30=9, idle_90=9)),
    )


@pytest.fixture(scope="module")
def engine(sqlite_template, tmp_path_factory):
    """Two months of polls every twelve hours; seats were counted at the end of September and of October."""
    engine = quick_database(sqlite_template, tmp_path_factory.mktemp("seats") / "seats.db")
    began = NOW - timedelta(days=60)
    for half_day in range(121):
        at = began + timedelta(hours=12 * half_day)
        seats = {date(2026, 9, 28): 5, date(2026, 10, 29): 7}.get(at.date()) if at.hour == 12 else None
        save(
            engine,
            Snapshot(
                organization=ACME,
                taken_at=at,
                seconds=1.0,
                requests=3,
                counts=(),
                licenses=(usage(CALLING, (30, 37)), usage(SUITE, (50, 40)), usage(FREE, (99, 99))),
                collections=(),
                seats=None if seats is None else SeatSweep(at, "department", used(seats)),
            ),
        )
    calling = next(each for each in read(engine, stored_licenses) if each.name == "Calling")
    set_price(engine, calling, Decimal("12.00"), "EUR")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def october(engine):
    return read(engine, lambda history: review_month(history, Month(2026, 10), 2, NOW))


def test_what_could_be_taken_back_is_shown_by_product_with_its_price_and_month_by_month(october):
    seats = october.organizations[0].seats
    assert seats.taken_at == datetime(2026, 10, 29, 12, tzinfo=UTC)
    calling, suite = seats.products
    assert (calling.name, calling.counts.people, calling.counts.units, calling.counts.reclaimable) == (
        "Calling",
        35,
        37,
        9,
    )
    assert (calling.money_a_year, calling.currency) == (Decimal("1296.00"), "EUR")
    assert calling.months == ((Month(2026, 9), 7), (Month(2026, 10), 9))
    assert (suite.counts.reclaimable, suite.money_a_year) == (0, None)
    assert [(total.currency, total.purchased) for total in seats.a_year] == [("EUR", Decimal("1296.00"))]


def test_each_group_costs_what_its_seats_do(october):
    calling = october.organizations[0].seats.products[0]
    assert [(use.group, use.counts.units, use.counts.reclaimable, use.cost_a_month) for use in calling.groups] == [
        ("Sales", 20, 7, Decimal("240.00")),
        ("Service", 12, 2, Decimal("144.00")),
        ("others", 5, 0, Decimal("60.00")),
    ]


def test_a_group_is_charged_for_all_that_it_holds_where_every_price_is_known(october):
    totals = october.organizations[0].seats.groups
    assert [(each.group, each.units, each.reclaimable) for each in totals] == [
        ("others", 45, 0),
        ("Sales", 20, 7),
        ("Service", 12, 2),
    ]
    others, sales, _ = totals
    assert others.costs_a_month is None  # 40 of them are of the suite, which has no price
    assert [(each.currency, each.purchased) for each in sales.costs_a_month] == [("EUR", Decimal("240.00"))]


def test_a_decision_that_freed_seats_would_ease_says_so_and_keeps_its_id(october):
    (over,) = [each for each in october.organizations[0].decisions if each.kind is DecisionKind.OVER]
    assert over.sentence.endswith("; 9 seats that are not used could be freed first.")
    assert (over.units, over.id) == (7, replace(over, reason="").id)


def test_a_month_without_a_sweep_knows_nothing_of_seats(engine):
    august = read(engine, lambda history: review_month(history, Month(2026, 8), 1, NOW)).organizations[0]
    assert august.seats is None
    before = read(
        engine, lambda history: review_month(history, Month(2026, 10), 1, datetime(2026, 10, 20, tzinfo=UTC))
    )
    assert before.organizations[0].seats is None


def test_a_workbook_has_a_sheet_of_them_where_there_are_any(engine, october):
    def names(review):
        content = licenses_xlsx(review.month, [part_of(each) for each in review.organizations], (), ())
        return ZipFile(BytesIO(content)).read("xl/workbook.xml").decode()

    rows = part_of(october.organizations[0]).seats
    assert [(row[1], row[3], row[5], row[16]) for row in rows] == [
        ("Calling", "Sales", 20, 7),
        ("Calling", "Service", 12, 2),
        ("Calling", "others", 5, 0),
        ("Suite", "others", 40, 0),
    ]
    assert 'name="Seats"' in names(october)
    august = read(engine, lambda history: review_month(history, Month(2026, 8), 1, NOW))
    assert 'name="Seats"' not in names(august)


@pytest.mark.parametrize("sweeps", ["taken_at > 0", "taken_at < 1790812800"], ids=["all", "before the month"])
def test_a_page_says_that_the_counts_were_changed_by_something_else(engine, sweeps):
    of_sales = f"WHERE seat_group = 'Sales' AND {sweeps}"
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE seat_count SET idle_90 = idle_90 + 1 {of_sales}"))
    changed = read(engine, lambda history: review_month(history, Month(2026, 10), 1, NOW)).organizations[0]
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE seat_count SET idle_90 = idle_90 - 1 {of_sales}"))
    whole = read(engine, lambda history: review_month(history, Month(2026, 10), 1, NOW)).organizations[0]
    assert (changed.damaged_tables, whole.damaged_tables) == (("seat_count",), ())
