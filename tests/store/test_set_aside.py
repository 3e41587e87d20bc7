"""A reading that is set aside takes along what later snapshots only held of it, and brings it back."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from histories import license_of
from sqlalchemy import text

from webexhist.errors import UsageError
from webexhist.metrics import Metric
from webexhist.snapshot import LICENSES_HELD, LicenseUsage
from webexhist.store.mending.corrections import Author, Subject, undo, void
from webexhist.store.mending.trim import trim
from webexhist.store.names.licenses import find_license
from webexhist.store.opening.history import History
from webexhist.store.saving.save import save
from webexhist.store.seals.damage import find_damage
from webexhist.store.set_aside import times_set_aside

SUITE = license_of("Webex Suite")
ANNA = Author("anna", datetime(2026, 11, 1, tzinfo=UTC), "one poll said 4,990")
HELD = frozenset({"people", LICENSES_HELD})
PEOPLE = "SELECT value FROM counts WHERE metric = 'people' ORDER BY snapshot"
ASSIGNED = "SELECT assigned FROM license_usage ORDER BY snapshot"


def at(minute: int) -> datetime:
    return datetime(2026, 10, 1, 15, minute, tzinfo=UTC)


@pytest.fixture
def wrong(engine, taken):
    """450, 4,990 that two polls held, 451 that one held; messages are counted by all: 1, 2, 3, 4, 5, 6."""
    for place, units in enumerate((450, 4990, None, None, 451, None)):
        usage = () if units is None else (LicenseUsage(SUITE, 600, units, units, 0),)
        counts = {"messages_created": place + 1} | ({} if units is None else {"people": units})
        seen = taken(f"2026-10-01 15:0{place}", licenses=usage if usage else None, **counts)
        save(engine, seen if usage else replace(seen, held=HELD))
    return engine


def column(engine, query: str) -> list[object]:
    with engine.connect() as connection:
        return list(connection.scalars(text(query)))


def suite(engine) -> Subject:
    with engine.connect() as connection:
        return Subject(license=find_license(History(connection), "Webex Suite"))


def test_a_wrong_snapshot_takes_along_what_was_held_of_it(wrong):
    assert column(wrong, PEOPLE) == column(wrong, ASSIGNED) == [450, 4990, 4990, 4990, 451, 451]
    number = void(wrong, Subject(), at(1), at(1), ANNA)
    assert column(wrong, PEOPLE) == column(wrong, ASSIGNED) == [450, None, None, None, 451, 451]
    assert column(wrong, "SELECT value FROM counts WHERE metric = 'messages_created' ORDER BY snapshot") == [
        *(1, None, 1 + 3, 1 + 3 + 4),
        *(1 + 3 + 4 + 5, 1 + 3 + 4 + 5 + 6),
    ]
    assert column(wrong, "SELECT max FROM monthly_counts WHERE metric = 'people'") == [451]
    assert column(wrong, "SELECT assigned_max FROM monthly_licenses") == [451]
    assert find_damage(wrong) == ()
    undo(wrong, number, ANNA)
    assert column(wrong, PEOPLE) == column(wrong, ASSIGNED) == [450, 4990, 4990, 4990, 451, 451]
    assert find_damage(wrong) == ()


def test_a_license_and_a_count_take_along_only_their_own(wrong):
    of_license = void(wrong, suite(wrong), at(1), at(1), ANNA)
    assert column(wrong, ASSIGNED) == [450, None, None, None, 451, 451]
    assert column(wrong, PEOPLE) == [450, 4990, 4990, 4990, 451, 451]
    of_count = void(wrong, Subject(metric=Metric.PEOPLE), at(0), at(0), ANNA)
    assert column(wrong, PEOPLE) == [None, 4990, 4990, 4990, 451, 451]
    undo(wrong, of_license, ANNA)
    undo(wrong, of_count, ANNA)
    assert column(wrong, PEOPLE) == column(wrong, ASSIGNED) == [450, 4990, 4990, 4990, 451, 451]


def test_what_was_held_can_be_set_aside_alone_and_then_nothing_else_is(wrong):
    void(wrong, Subject(metric=Metric.PEOPLE), at(2), at(2), ANNA)
    assert column(wrong, PEOPLE) == [450, 4990, None, 4990, 451, 451]
    with pytest.raises(UsageError, match="set aside by correction 1 already"):
        void(wrong, Subject(metric=Metric.PEOPLE), at(1), at(1), ANNA)


def test_what_is_aside_with_a_reading_is_not_set_aside_again(wrong):
    void(wrong, Subject(metric=Metric.PEOPLE), at(1), at(1), ANNA)
    with pytest.raises(UsageError, match="set aside by correction 1 already"):
        void(wrong, Subject(metric=Metric.PEOPLE), at(3), at(4), ANNA)
    with wrong.connect() as connection:
        spans = [(number, last - first) for number, first, last in times_set_aside(connection, 1)]
    assert spans == [(1, 2 * 60)]


def test_later_polls_and_a_trim_leave_the_right_part_to_bring_back(wrong, taken):
    number = void(wrong, Subject(metric=Metric.PEOPLE), at(4), at(4), ANNA)
    assert column(wrong, PEOPLE) == [450, 4990, 4990, 4990, None, None]
    save(wrong, taken("2026-10-01 15:06", people=452))
    undo(wrong, number, ANNA)
    assert column(wrong, PEOPLE) == [450, 4990, 4990, 4990, 451, 451, 452]
    number = void(wrong, Subject(metric=Metric.PEOPLE), at(1), at(1), ANNA)
    trim(wrong, at(2), None, None, ANNA.at)
    assert column(wrong, PEOPLE) == [450, None, None]
    undo(wrong, number, ANNA)
    assert column(wrong, PEOPLE) == [450, 4990, 4990]
    assert find_damage(wrong) == ()


def test_by_a_pace_as_well(engine, taken):
    """Counted once an hour: at 15:00, and at 16:00 again."""
    for moment, people in (("15:00", 4990), ("15:20", None), ("15:40", None), ("16:00", 450), ("16:20", None)):
        counts = {} if people is None else {"people": people}
        held = frozenset() if counts else frozenset({"people"})
        save(engine, replace(taken(f"2026-10-01 {moment}", **counts), held=held, paces={"people": 3600}))
    assert column(engine, PEOPLE) == [4990, 4990, 4990, 450, 450]
    number = void(engine, Subject(metric=Metric.PEOPLE), at(0), at(0), ANNA)
    assert column(engine, PEOPLE) == [None, None, None, 450, 450]
    undo(engine, number, ANNA)
    assert column(engine, PEOPLE) == [4990, 4990, 4990, 450, 450]
    assert find_damage(engine) == ()
