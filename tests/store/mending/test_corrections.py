"""Corrections: readings that are set aside are unknown, and come back exactly as they were."""

import shutil
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from histories import Poller, license_of
from hypothesis import given, settings
from hypothesis import strategies as st
from killed import killed_at_every_line
from reading import read
from searching import examples
from sqlalchemy import text

from webexhist.errors import UsageError
from webexhist.metrics import Metric
from webexhist.store.mending import corrections as corrections_module
from webexhist.store.mending import rewriting
from webexhist.store.mending.corrections import Author, Subject, undo, void
from webexhist.store.names.licenses import find_license
from webexhist.store.opening.database import open_database
from webexhist.store.opening.history import History
from webexhist.store.rows.corrections import corrections
from webexhist.store.saving.save import save
from webexhist.store.seals.damage import find_damage

BEGIN = datetime(2026, 10, 1, 21, tzinfo=UTC)
ANNA = Author("anna", datetime(2026, 11, 1, 8, 30, tzinfo=UTC), "a wrong answer")
SUITE = license_of("Webex Suite")


def hour(number: int) -> datetime:
    return BEGIN + timedelta(hours=number)


def column(engine, query: str) -> list[object]:
    with engine.connect() as connection:
        return list(connection.scalars(text(query)))


def test_one_wrong_reading_leaves_peak_and_month_as_if_it_had_not_been(poller):
    for number, assigned in enumerate((450, 4990, 450)):
        poller.poll(hour(number), {SUITE: (600, assigned)})
    with poller.engine.connect() as connection:
        license_ = find_license(History(connection), "Webex Suite")
    number = void(poller.engine, Subject(license=license_), hour(1), hour(1), ANNA)
    assert column(poller.engine, "SELECT assigned FROM license_usage ORDER BY snapshot") == [450, None, 450]
    assert column(poller.engine, "SELECT assigned_max FROM monthly_licenses") == [450]
    assert column(poller.engine, "SELECT samples FROM monthly_licenses") == [2]
    assert find_damage(poller.engine) == ()
    undo(poller.engine, number, ANNA)
    assert column(poller.engine, "SELECT assigned FROM license_usage ORDER BY snapshot") == [450, 4990, 450]


def test_what_a_counter_counted_in_a_voided_poll_is_taken_out_of_its_total(poller):
    for number, messages in enumerate((5, 1000, 7, 8)):
        poller.poll(hour(number), {}, messages=messages)
    subject = Subject(metric=Metric.MESSAGES_CREATED)
    number = void(poller.engine, subject, hour(1), hour(1), ANNA)
    totals = "SELECT value FROM counts WHERE metric = 'messages_created' ORDER BY snapshot"
    assert column(poller.engine, totals) == [5, None, 12, 20]
    poller.poll(hour(4), {}, messages=1)
    undo(poller.engine, number, ANNA)
    assert column(poller.engine, totals) == [5, 1005, 1012, 1020, 1021]
    assert find_damage(poller.engine) == ()


def test_a_voided_snapshot_is_unknown_and_a_vanished_license_stays_vanished(poller):
    gone = license_of("Webex Events")
    poller.poll(hour(0), {SUITE: (600, 450), gone: (10, 4)}, {Metric.PEOPLE: 430})
    poller.poll(hour(1), {SUITE: (600, 451)}, {Metric.PEOPLE: 431})
    poller.poll(hour(2), {SUITE: (600, 452)}, {Metric.PEOPLE: 432})
    void(poller.engine, Subject(), hour(2), hour(2), ANNA)
    rows = "SELECT license || ' ' || coalesce(assigned, -1) FROM license_usage WHERE snapshot = 3"
    assert column(poller.engine, rows) == ["Webex Suite -1"]
    assert column(poller.engine, "SELECT value FROM counts WHERE metric = 'people' ORDER BY snapshot") == [
        430,
        431,
        None,
    ]


@pytest.mark.parametrize("is_voided_first", [False, True])
def test_whether_a_license_vanished_is_known_as_far_as_the_list_that_says_so_stands(poller, is_voided_first):
    gone = license_of("Webex Events")
    listed = "SELECT license FROM license_usage WHERE snapshot = {} ORDER BY license"
    poller.poll(hour(0), {SUITE: (600, 450), gone: (10, 4)})
    poller.poll(hour(1), {SUITE: (600, 451)})
    if is_voided_first:
        number = void(poller.engine, Subject(), hour(1), hour(1), ANNA)
    poller.poll(hour(2), None)
    poller.poll(hour(3), {SUITE: (600, 452)})
    if not is_voided_first:
        number = void(poller.engine, Subject(), hour(1), hour(1), ANNA)
    for snapshot, names in (
        (2, ["Webex Events", "Webex Suite"]),
        (3, ["Webex Events", "Webex Suite"]),
        (4, ["Webex Suite"]),
    ):
        assert column(poller.engine, listed.format(snapshot)) == names
    undo(poller.engine, number, ANNA)
    for snapshot in (2, 3, 4):
        assert column(poller.engine, listed.format(snapshot)) == ["Webex Suite"]
    assert find_damage(poller.engine) == ()


def test_corrections_are_kept_with_who_when_and_why(poller):
    poller.poll(hour(0), {SUITE: (600, 450)})
    number = void(poller.engine, Subject(), hour(0), hour(0), ANNA)
    undo(poller.engine, number, Author("ben", ANNA.at + timedelta(days=1), ""))
    (made,) = read(poller.engine, corrections)
    assert (made.number, made.made_by, made.made_at, made.note) == (1, "anna", ANNA.at, "a wrong answer")
    assert (made.undone_by, made.undone_at) == ("ben", ANNA.at + timedelta(days=1))
    assert (made.first_at, made.last_at, made.readings) == (hour(0), hour(0), 1)


def test_what_cannot_be_meant_changes_nothing(poller):
    poller.poll(hour(0), {SUITE: (600, 450)}, {Metric.PEOPLE: 430})
    void(poller.engine, Subject(metric=Metric.PEOPLE), hour(0), hour(0), ANNA)
    before = column(poller.engine, "SELECT value FROM reading ORDER BY metric_id, number")
    for subject, moment, reason in (
        (Subject(), hour(9), "nothing that could be set aside"),
        (Subject(metric=Metric.ROOMS), hour(0), "nothing that could be set aside"),
        (Subject(), hour(0), "set aside by correction 1 already"),
    ):
        with pytest.raises(UsageError, match=reason):
            void(poller.engine, subject, moment, moment, ANNA)
    with pytest.raises(UsageError, match="no correction 2"):
        undo(poller.engine, 2, ANNA)
    undo(poller.engine, 1, ANNA)
    with pytest.raises(UsageError, match="was undone by anna"):
        undo(poller.engine, 1, ANNA)
    assert before == [
        None if value == 430 else value
        for value in column(poller.engine, "SELECT value FROM reading ORDER BY metric_id, number")
    ]


def test_a_changed_value_that_is_set_aside_is_healed(poller):
    for number in range(3):
        poller.poll(hour(number), {SUITE: (600, 450 + number)}, {Metric.PEOPLE: 430 + number})
    with poller.engine.begin() as connection:
        connection.execute(text("UPDATE reading SET value = 95 WHERE value = 431"))
    assert len(find_damage(poller.engine)) == 1
    number = void(poller.engine, Subject(metric=Metric.PEOPLE), hour(1), hour(1), ANNA)
    assert find_damage(poller.engine) == ()
    undo(poller.engine, number, ANNA)
    assert column(poller.engine, "SELECT value FROM counts WHERE metric = 'people'") == [430, 431, 432]


def test_a_day_that_is_set_aside_whole_is_damaged_no_more(poller):
    for number in range(5):
        poller.poll(hour(number), {SUITE: (600, 450 + number)}, {Metric.PEOPLE: 430 + number})
    with poller.engine.begin() as connection:
        connection.execute(text("UPDATE reading SET value = value + 7 WHERE number = 4"))
    assert [(damage.day, damage.table) for damage in find_damage(poller.engine)] == [("2026-10-02", "reading")]
    void(poller.engine, Subject(), datetime(2026, 10, 2, tzinfo=UTC), hour(9), ANNA)
    assert find_damage(poller.engine) == ()


@pytest.mark.slow
@pytest.mark.parametrize("every", [8])
def test_a_void_and_its_undoing_killed_at_any_line_are_whole_or_not_there(poller, every):
    for number in range(6):
        poller.poll(hour(number), {SUITE: (600, 450 + number)}, {Metric.PEOPLE: 430}, messages=number)
    file = Path(poller.engine.url.database)
    seen = set()

    def void_and_undo() -> None:
        engine = open_database(file)
        undo(engine, void(engine, Subject(), hour(1), hour(3), ANNA), ANNA)
        engine.dispose()

    poller.engine.dispose()
    for _ in killed_at_every_line(void_and_undo, [corrections_module, rewriting], every):
        assert find_damage(poller.engine) == ()
        standing = column(poller.engine, "SELECT count(*) FROM correction WHERE undone_at IS NULL")[0]
        assigned = column(poller.engine, "SELECT assigned FROM license_usage ORDER BY snapshot")
        assert assigned == ([450, None, None, None, 454, 455] if standing else [450, 451, 452, 453, 454, 455])
        seen.add(standing)
        if standing:
            (number,) = column(poller.engine, "SELECT number FROM correction WHERE undone_at IS NULL")
            undo(poller.engine, number, ANNA)
        poller.engine.dispose()
    assert seen == {0, 1}


SPANS = st.tuples(st.integers(0, 11), st.integers(0, 3))
STEPS = st.one_of(
    st.tuples(st.just("poll"), st.one_of(st.none(), st.integers(0, 3)), st.one_of(st.none(), st.integers(0, 2))),
    st.tuples(st.sampled_from(["void people", "void messages", "void snapshots"]), SPANS, st.none()),
    st.tuples(st.just("undo"), st.integers(1, 5), st.none()),
)


@given(st.lists(STEPS, min_size=4, max_size=24))
@settings(max_examples=examples(6, 100))
def test_any_corrections_in_any_order_give_what_going_through_the_polls_gives(
    tmp_path_factory, sqlite_template, steps
):
    file = Path(shutil.copy(sqlite_template, tmp_path_factory.mktemp("corrections") / "history.db"))
    engine = open_database(file)
    poller = Poller(engine)
    polls: list[tuple[int | None, int | None]] = []
    standing: dict[int, tuple[str, range]] = {}
    made = 0
    for what, argument, messages in steps:
        if what == "poll":
            since = hour(len(polls)) - timedelta(minutes=30)
            poller.poll(hour(len(polls)), {}, {Metric.PEOPLE: argument}, messages=messages, since=since)
            polls.append((argument, messages))
        elif what == "undo":
            if argument in standing:
                undo(engine, argument, ANNA)
                del standing[argument]
        else:
            first, length = argument
            subject = {
                "void people": Subject(metric=Metric.PEOPLE),
                "void messages": Subject(metric=Metric.MESSAGES_CREATED),
                "void snapshots": Subject(),
            }[what]
            try:
                made = void(engine, subject, hour(first), hour(first + length), ANNA)
            except UsageError:
                continue
            standing[made] = (what, range(first, min(first + length + 1, len(polls))))

    def aside(number: int, of: str) -> bool:
        return any(number in span and what in (f"void {of}", "void snapshots") for what, span in standing.values())

    people = [None if aside(number, "people") else value for number, (value, _) in enumerate(polls)]
    totals: list[int | None] = []
    total = 0
    for number, (_, amount) in enumerate(polls):
        known = amount is not None and not aside(number, "messages")
        total += amount if known else 0
        totals.append(total if known else None)
    totals = totals[next((index for index, (_, amount) in enumerate(polls) if amount is not None), len(polls)) :]
    query = "SELECT value FROM counts WHERE metric = '{}' ORDER BY snapshot"
    assert column(engine, query.format("people")) == people
    assert column(engine, query.format("messages_created")) == totals
    assert find_damage(engine) == ()
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT metric_id, number, value FROM reading ORDER BY 1, 2")).all()
    assert [one for one, two in pairwise(rows) if one[0] == two[0] and one[2] == two[2]] == []
    engine.dispose()


def test_corrections_on_a_server(postgres_engine, taken):
    for minute, people in enumerate((3, 400, 3)):
        save(postgres_engine, taken(f"2026-10-01 15:0{minute}", people=people))
    moment = datetime(2026, 10, 1, 15, 1, tzinfo=UTC)
    number = void(postgres_engine, Subject(metric=Metric.PEOPLE), moment, moment, ANNA)
    assert column(postgres_engine, "SELECT value FROM counts ORDER BY snapshot") == [3, None, 3]
    assert find_damage(postgres_engine) == ()
    undo(postgres_engine, number, ANNA)
    assert column(postgres_engine, "SELECT value FROM counts ORDER BY snapshot") == [3, 400, 3]
    assert find_damage(postgres_engine) == ()
