"""Event windows join into chains: what another poll has counted is left out, what nobody can count is reported."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from reading import read
from sqlalchemy import text

from webexhist.metrics import Metric
from webexhist.snapshot import CollectionStatus
from webexhist.store.errors import OvertakenError
from webexhist.store.rows.latest import latest
from webexhist.store.saving.parts import keep_part
from webexhist.store.saving.save import save
from webexhist.store.saving.windows import event_windows
from webexhist.store.seals.damage import find_damage


def messages(engine) -> int | None:
    with_name = {count.metric: count for count in read(engine, latest)[0].counts}
    return with_name["messages_created"].value


def chain_end(engine, source: str = "events") -> datetime:
    ((_, end),) = [item for item in read(engine, event_windows).items() if item[0][1] == source]
    return end


def test_the_first_window_opens_the_chain(engine, taken, window, rows):
    assert read(engine, event_windows) == {}
    first = window("events", "2026-11-23 14:58:00", "2026-11-23 14:58:00.250")
    save(engine, taken("2026-11-23 15:00", messages_created=0, windows=[first]))
    assert read(engine, event_windows) == {("acme", "events"): datetime(2026, 11, 23, 14, 58, 0, 250_000, tzinfo=UTC)}
    assert rows(engine, "SELECT opened_at, counted_until FROM event_window") == [
        (1_795_445_880_000, 1_795_445_880_250)
    ]
    assert read(engine, latest)[0].collections == (), "no gap lies before the first window"


def test_the_next_window_opens_where_the_last_one_ended(engine, taken, window, rows):
    opens, middle, end = "2026-11-23 14:58", "2026-11-23 15:03:00.123", "2026-11-23 15:08"
    save(engine, taken("2026-11-23 15:05", messages_created=7, windows=[window("events", opens, middle)]))
    save(engine, taken("2026-11-23 15:10", messages_created=5, windows=[window("events", middle, end)]))
    assert messages(engine) == 12
    assert read(engine, latest)[0].collections == ()
    assert rows(engine, "SELECT opened_at, counted_until FROM event_window") == [
        (1_795_445_880_000, 1_795_446_480_000)
    ]


def test_a_window_that_another_poll_has_counted_is_left_out(engine, taken, window):
    """Two polls read the same chain end; the second to be saved counted what the first has counted."""
    save(
        engine,
        taken(
            "2026-11-23 15:00", messages_created=7, windows=[window("events", "2026-11-23 14:50", "2026-11-23 14:58")]
        ),
    )
    save(
        engine,
        taken(
            "2026-11-23 15:05", messages_created=5, windows=[window("events", "2026-11-23 14:58", "2026-11-23 15:03")]
        ),
    )
    save(
        engine,
        taken(
            "2026-11-23 15:06",
            people=3,
            messages_created=6,
            memberships_deleted=1,
            admin_audit_events=2,
            windows=[
                window("events", "2026-11-23 14:58", "2026-11-23 15:04"),
                window("audit", "2026-11-23 14:58", "2026-11-23 15:04"),
            ],
        ),
    )
    (stored,) = read(engine, latest)
    assert {count.metric: count.value for count in stored.counts} == {
        "people": 3,
        "messages_created": 7 + 5,
        "memberships_deleted": None,
        "admin_audit_events": 2,
    }
    (report,) = stored.collections
    assert (report.collector, report.status) == ("events window", CollectionStatus.NOT_USED)
    assert report.error == (
        "another poll has counted the events from 2026-11-23 14:58:00.000 to 2026-11-23 15:03:00.000"
    )
    assert chain_end(engine) == datetime(2026, 11, 23, 15, 3, tzinfo=UTC)

    save(
        engine,
        taken(
            "2026-11-23 15:10", messages_created=4, windows=[window("events", "2026-11-23 15:03", "2026-11-23 15:08")]
        ),
    )
    assert messages(engine) == 7 + 5 + 4
    assert read(engine, latest)[0].collections == ()


def test_a_gap_in_the_chain_is_reported_and_what_follows_is_counted(engine, taken, window):
    """After an outage longer than Webex remembers events, the window opens later than the last one ended."""
    save(
        engine,
        taken(
            "2026-01-01 12:00", messages_created=7, windows=[window("events", "2026-01-01 11:50", "2026-01-01 11:58")]
        ),
    )
    save(
        engine,
        taken(
            "2026-11-23 15:00", messages_created=5, windows=[window("events", "2026-08-27 15:00", "2026-11-23 14:58")]
        ),
    )
    assert messages(engine) == 12
    (report,) = read(engine, latest)[0].collections
    assert report.status == CollectionStatus.GAP
    assert report.error == (
        "the events from 2026-01-01 11:58:00.000 to 2026-08-27 15:00:00.000 can no longer be counted"
    )
    assert chain_end(engine) == datetime(2026, 11, 23, 14, 58, tzinfo=UTC)


def test_a_chain_whose_end_something_else_changed_is_told_once_and_goes_on(engine, taken, window, rows):
    opens, middle, end = "2026-11-23 14:58", "2026-11-23 15:03", "2026-11-23 15:08"
    save(engine, taken("2026-11-23 15:05", messages_created=7, windows=[window("events", opens, middle)]))
    with engine.begin() as connection:
        connection.execute(text("UPDATE event_window SET counted_until = counted_until - 60000"))
    changed = window("events", "2026-11-23 15:02", end)
    assert not keep_part(engine, "acme", changed, {Metric.MESSAGES_CREATED: 5})
    save(engine, taken("2026-11-23 15:10", messages_created=5, windows=[changed]))
    (told,) = read(engine, latest)[0].collections
    assert (told.collector, told.status) == ("events window", CollectionStatus.NOTICE)
    assert told.error == (
        "something else than webexhist changed until when events are counted, 2026-11-23 15:02:00.000 now:"
        " some may be counted twice, or not at all"
    )
    assert find_damage(engine) == ()
    save(engine, taken("2026-11-23 15:15", messages_created=1, windows=[window("events", end, "2026-11-23 15:13")]))
    assert (read(engine, latest)[0].collections, messages(engine)) == ((), 13)


def test_two_first_polls_at_once_leave_no_gap(engine, taken, window):
    first, second, end = "2026-11-23 14:58:00.250", "2026-11-23 14:58:00.252", "2026-11-23 15:03"
    for opened in (first, second):
        windows = [window("events", opened, opened)]
        save(engine, taken("2026-11-23 15:00", messages_created=0, windows=windows))
    assert read(engine, latest)[0].collections == ()
    save(engine, taken("2026-11-23 15:05", messages_created=5, windows=[window("events", first, end)]))
    assert messages(engine) == 5
    assert read(engine, latest)[0].collections == ()


def test_sources_have_chains_of_their_own(engine, taken, window):
    save(
        engine,
        taken(
            "2026-11-23 15:00",
            room_messages_created=7,
            admin_audit_events=2,
            windows=[
                window("rooms", "2026-11-23 14:50", "2026-11-23 14:58"),
                window("audit", "2026-11-23 14:50", "2026-11-23 14:57"),
            ],
        ),
    )
    assert chain_end(engine, "rooms") == datetime(2026, 11, 23, 14, 58, tzinfo=UTC)
    assert chain_end(engine, "audit") == datetime(2026, 11, 23, 14, 57, tzinfo=UTC)


def test_a_snapshot_that_was_overtaken_moves_no_chain(engine, taken, window):
    first = window("events", "2026-11-23 14:50", "2026-11-23 14:58")
    save(engine, taken("2026-11-23 15:05", messages_created=7, windows=[first]))
    with pytest.raises(OvertakenError):
        save(
            engine,
            taken(
                "2026-11-23 15:00",
                seconds=300,
                messages_created=5,
                windows=[window("events", "2026-11-23 14:58", "2026-11-23 15:03")],
            ),
        )
    assert chain_end(engine) == datetime(2026, 11, 23, 14, 58, tzinfo=UTC)


def test_a_chain_goes_back_to_where_nothing_later_is_counted_alone(engine, taken, window):
    """Three messages were found after 12:00, none after 12:10: clocks that show 11:59 are wrong, 12:07 may be."""
    end = "2026-11-23 11:58"
    for minutes, found in ("00", 0), ("05", 1), ("10", 2):
        opened_at, end = end, f"2026-11-23 12:{minutes}"
        now = f"2026-11-23 12:{minutes}:30"
        save(engine, taken(now, messages_created=found, windows=[window("events", opened_at, end)]))
    for now, shown, status, stands in (
        ("2026-11-23 12:15", "2026-11-23 11:59", CollectionStatus.NOTICE, end),
        ("2026-11-23 12:20", "2026-11-23 12:07", CollectionStatus.GAP, "2026-11-23 12:07"),
    ):
        back = replace(window("events", shown, shown), future_end=chain_end(engine))
        save(engine, taken(now, messages_created=0, windows=[back]))
        assert messages(engine) == 3
        assert [each.status for each in read(engine, latest)[0].collections] == [status]
        assert chain_end(engine) == datetime.fromisoformat(f"{stands}+00:00")
