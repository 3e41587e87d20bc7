"""What is stored of seats, what the view shows of it, and what becomes of it with the rest of the history."""

import json
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path

import pytest
from histories import ACME, license_of, quick_database, usage
from killed import killed_at_every_line
from reading import read

from webexhist.metrics import Metric
from webexhist.seat_counts import AccountPeople, GroupSeats, SeatCounts, SeatSweep
from webexhist.snapshot import Count, Organization, Snapshot
from webexhist.store import engine as engine_module
from webexhist.store.mending.copying import copy
from webexhist.store.mending.corrections import Author, Subject, undo, void
from webexhist.store.mending.deletion import delete_organization
from webexhist.store.mending.prune import prune
from webexhist.store.mending.trim import trim
from webexhist.store.names.licenses import stored_licenses
from webexhist.store.opening.database import open_database
from webexhist.store.rows.last_polls import last_polls
from webexhist.store.saving import save as save_module
from webexhist.store.saving import seats as seats_module
from webexhist.store.saving.save import save
from webexhist.store.seals.damage import find_damage

OTHER = Organization("Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi9nbG9iZXg", "Globex")
CALLING, SUITE, FREE = license_of("Calling"), license_of("Suite"), license_of("Free", counted=False)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
PEOPLE = (
    AccountPeople(CALLING.subscription_id, None, 2, 60, 1, 3),
    AccountPeople("Sub2", "EE · Sub2", 2, 7, None, None),
)
COUNTED = "SELECT taken_epoch, subscription, people FROM seat_people WHERE org_id = 1 ORDER BY 1, 2"
ROWS = "SELECT taken_at, license, seat_group, active, idle_90, external FROM seat_activity WHERE org_id = 1"
KNOWN = "SELECT taken_epoch, license, active FROM seat_activity WHERE org_id = 1 ORDER BY 1, 2, seat_group"


def poll(engine, at, seats, organization=ACME):
    taken = Snapshot(
        organization=organization,
        taken_at=at,
        seconds=1.0,
        requests=3,
        counts=(Count(Metric.PEOPLE, 30),),
        licenses=tuple(usage(each, (50, 40)) for each in (CALLING, SUITE, FREE)),
        collections=(),
        seats=None if seats is None else SeatSweep(at, "department", seats, PEOPLE),
    )
    save(engine, taken)


def used(active):
    return (
        GroupSeats(CALLING.webex_id, "Sales", SeatCounts(active=active, idle_30=9, idle_90=4)),
        GroupSeats(CALLING.webex_id, "others", SeatCounts(active=1, external=None)),
        GroupSeats(FREE.webex_id, "others", SeatCounts(active=2)),
        GroupSeats("a license that no poll listed yet", "others", SeatCounts(active=2)),
    )


@pytest.fixture
def engine(tmp_path: Path, sqlite_template: Path):
    """Polls on four days; seats were counted on all but the second."""
    engine = quick_database(sqlite_template, tmp_path / "seats.db")
    for day, seats in enumerate((used(10), None, used(11), used(12))):
        poll(engine, NOON + timedelta(days=day), seats)
        poll(engine, NOON + timedelta(days=day), seats, OTHER)
    yield engine
    engine.dispose()


def test_a_row_a_license_and_group_and_nothing_of_a_day_without_a_sweep(engine, rows):
    first = f"{ROWS} AND taken_at = '2026-11-20 12:00:00' ORDER BY 2, 3"
    assert rows(engine, first) == [
        ("2026-11-20 12:00:00", "Calling", "Sales", 10, 4, 0),
        ("2026-11-20 12:00:00", "Calling", "others", 1, 0, None),
        ("2026-11-20 12:00:00", "Free", "others", 2, 0, 0),
    ]
    assert rows(engine, "SELECT DISTINCT product, license_id FROM seat_activity WHERE org_id = 1 ORDER BY 2") == [
        ("CALLING", CALLING.webex_id),
        (None, FREE.webex_id),
    ]
    days = rows(engine, "SELECT DISTINCT taken_at FROM seat_activity ORDER BY 1")
    assert [at[:10] for (at,) in days] == ["2026-11-20", "2026-11-22", "2026-11-23"]
    assert read(engine, last_polls)[uuid(engine)].swept_at == NOON + timedelta(days=3)


def uuid(engine):
    return next(iter(read(engine, last_polls)))


def test_what_is_set_aside_is_unknown_until_that_is_undone(engine, rows):
    (calling,) = (
        each for each in read(engine, stored_licenses) if each.name == "Calling" and each.organization == ACME.name
    )
    author = Author("Anna", NOON, "wrong")
    third = NOON + timedelta(days=2)
    on_third = (
        "SELECT license, active, hidden, external FROM seat_activity"
        " WHERE org_id = 1 AND taken_at = '2026-11-22 12:00:00' ORDER BY 1, seat_group"
    )
    number = void(engine, Subject(license=calling, organization=1), third, third, author)
    assert rows(engine, on_third) == [("Calling", None, None, None), ("Calling", None, None, None), ("Free", 2, 0, 0)]
    # How many people have its subscription is then as little known as who has it.
    of_third = f"SELECT subscription, people FROM ({COUNTED}) p WHERE taken_epoch = {int(third.timestamp())}"
    assert rows(engine, of_third) == [("Sub100001", None), ("Sub2", 7)]
    undo(engine, number, author)
    void(engine, Subject(organization=1), third, third, author)
    assert {active for _, active, *_ in rows(engine, on_third)} == {None}
    assert find_damage(engine) == ()


def test_what_is_trimmed_and_pruned_of_polls_goes_with_them(engine, rows):
    assert (len(rows(engine, KNOWN)), len(rows(engine, COUNTED))) == (9, 6)
    trim(engine, NOON + timedelta(days=2), None, None, NOON)
    assert [active for _, _, active in rows(engine, KNOWN)] == [10, 1, 2, 11, 1, 2]
    poll(engine, NOON + timedelta(days=3), used(13))
    prune(engine, date(2026, 11, 22), None, None, NOON)
    assert [active for _, _, active in rows(engine, KNOWN)] == [11, 1, 2, 13, 1, 2]
    assert len(rows(engine, COUNTED)) == 4
    assert find_damage(engine) == ()


def test_a_copy_has_them_and_an_organization_that_is_deleted_takes_its_own_along(
    engine, rows, tmp_path, sqlite_template
):
    target = quick_database(sqlite_template, tmp_path / "copy.db")
    copy(engine, target)
    everything = "SELECT * FROM seat_activity ORDER BY org, taken_at, license, seat_group"
    everybody = "SELECT * FROM seat_people ORDER BY org, taken_at, subscription"
    assert rows(target, everything) == rows(engine, everything)
    assert rows(target, everybody) == rows(engine, everybody) != []
    poll(engine, NOON + timedelta(days=4), used(14))
    copy(engine, target)
    assert rows(target, everything) == rows(engine, everything)
    delete_organization(target, 1, None)
    assert rows(target, "SELECT DISTINCT org FROM seat_activity") == [("Globex",)]
    assert rows(target, "SELECT DISTINCT org FROM seat_people") == [("Globex",)]
    assert (find_damage(engine), find_damage(target)) == ((), ())
    target.dispose()


def test_both_engines_give_the_same(postgres_location, engine, rows):
    server = open_database(postgres_location)
    copy(engine, server)
    query = (
        "SELECT license, product, seat_group, active, idle_90, external, taken_epoch FROM seat_activity"
        " ORDER BY org, taken_epoch, 1, 3"
    )
    assert json.dumps(rows(server, query)) == json.dumps(rows(engine, query))
    server.dispose()


@pytest.mark.slow
def test_a_sweep_killed_at_any_line_is_whole_with_its_snapshot_or_not_there(engine):
    engine.dispose()

    def sweep() -> None:
        own = open_database(engine.url.database)
        poll(own, NOON + timedelta(days=9), used(13))
        own.dispose()

    seen = set()
    kills = killed_at_every_line(sweep, [save_module, seats_module, engine_module], 9)
    for _ in chain(kills, ["not killed"]):
        assert find_damage(engine) == ()
        with engine.connect() as connection:
            counts = (
                "SELECT count(*) FROM snapshot",
                "SELECT count(*) FROM seat_sweep",
                "SELECT count(*) FROM seat_count",
            )
            snapshots, sweeps, seats = (connection.exec_driver_sql(count).scalar_one() for count in counts)
        engine.dispose()
        assert (sweeps, seats) == (snapshots - 2, 3 * (snapshots - 2)), "all but the two polls without a sweep"
        seen.add(snapshots)
    assert {8, 9} <= seen, "killed before it was stored and afterwards, where the next one is one more"
