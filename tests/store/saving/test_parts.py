"""Parts of windows that are stored before their snapshot: the next snapshot takes them, and each counts once."""

from dataclasses import replace
from datetime import UTC, datetime

from reading import read

from webexhist.metrics import Metric
from webexhist.snapshot import CollectionStatus, TimeSpan
from webexhist.store.rows.latest import latest
from webexhist.store.saving.parts import keep_part
from webexhist.store.saving.save import save
from webexhist.store.saving.windows import ahead_of_windows, event_windows, part_lengths

CREATED = Metric.MESSAGES_CREATED


def begin(engine, taken, window):
    """A first poll whose window ends at 14:58 with 7 messages."""
    save(
        engine,
        taken(
            "2026-11-23 15:00", messages_created=7, windows=[window("events", "2026-11-23 14:50", "2026-11-23 14:58")]
        ),
    )


def messages(engine):
    (last,) = read(engine, latest)
    return next((count.value, count.change) for count in last.counts if count.metric is CREATED)


def test_a_part_moves_the_end_and_waits_for_its_snapshot(engine, taken, window):
    begin(engine, taken, window)
    assert keep_part(engine, "acme", window("events", "2026-11-23 14:58", "2026-11-23 16:00"), {CREATED: 20})
    assert keep_part(engine, "acme", window("events", "2026-11-23 16:00", "2026-11-23 17:00"), {CREATED: 5})
    assert read(engine, event_windows) == {("acme", "events"): datetime(2026, 11, 23, 17, 0, tzinfo=UTC)}
    assert messages(engine) == (7, None)
    rest = window("events", "2026-11-23 17:00", "2026-11-23 17:03")
    save(engine, taken("2026-11-23 17:05", messages_created=2, windows=[rest]))
    assert messages(engine) == (34, 27)
    save(engine, taken("2026-11-23 17:10", messages_created=1))
    assert messages(engine) == (35, 1)


def test_a_part_that_does_not_open_at_the_end_of_the_chain_is_another_poll_s(engine, taken, window):
    assert not keep_part(engine, "acme", window("events", "2026-11-23 14:58", "2026-11-23 16:00"), {CREATED: 20})
    begin(engine, taken, window)
    assert not keep_part(engine, "acme", window("events", "2026-11-23 14:57", "2026-11-23 16:00"), {CREATED: 20})
    assert not keep_part(engine, "acme", window("audit", "2026-11-23 14:58", "2026-11-23 16:00"), {CREATED: 20})
    assert messages(engine) == (7, None)
    assert read(engine, event_windows) == {("acme", "events"): datetime(2026, 11, 23, 14, 58, tzinfo=UTC)}


def test_a_snapshot_that_does_not_know_the_count_leaves_the_part_to_the_next(engine, taken, window):
    begin(engine, taken, window)
    assert keep_part(engine, "acme", window("events", "2026-11-23 14:58", "2026-11-23 16:00"), {CREATED: 20})
    save(engine, taken("2026-11-23 16:05", messages_created=None))
    assert messages(engine) == (None, None)
    save(engine, taken("2026-11-23 16:10", messages_created=0))
    assert messages(engine) == (27, 20)


def test_a_poll_that_began_before_a_part_was_stored_adds_nothing_to_it(engine, taken, window):
    begin(engine, taken, window)
    assert keep_part(engine, "acme", window("events", "2026-11-23 14:58", "2026-11-23 16:00"), {CREATED: 20})
    same = window("events", "2026-11-23 14:58", "2026-11-23 16:03")
    save(engine, taken("2026-11-23 16:05", messages_created=23, windows=[same]))
    assert messages(engine) == (27, 20)
    (report,) = [run for run in read(engine, latest)[0].collections if run.collector == "events window"]
    assert report.status is CollectionStatus.NOT_USED


def test_how_long_a_part_fitted_is_remembered_until_a_window_fits_whole(engine, taken, window):
    begin(engine, taken, window)
    assert read(engine, part_lengths) == {}
    cut = window("events", "2026-11-23 14:58", "2026-11-23 15:10", next_part=900)
    save(engine, taken("2026-11-23 17:00", messages_created=4, windows=[cut]))
    assert {key: length.total_seconds() for key, length in read(engine, part_lengths).items()} == {
        ("acme", "events"): 900
    }
    whole = window("events", "2026-11-23 15:10", "2026-11-23 17:03")
    save(engine, taken("2026-11-23 17:05", messages_created=4, windows=[whole]))
    assert read(engine, part_lengths) == {}


def test_what_is_counted_beyond_the_end_is_counted_by_one_poll(engine, taken, window):
    begin(engine, taken, window)
    night = TimeSpan(datetime(2026, 11, 23, 18, tzinfo=UTC), datetime(2026, 11, 24, 6, tzinfo=UTC))
    read_so_far = replace(window("events", "2026-11-23 14:58", "2026-11-23 14:58"), ahead=night)
    assert keep_part(engine, "acme", read_so_far, {CREATED: 20})
    assert read(engine, ahead_of_windows) == {("acme", "events"): night}
    assert not keep_part(engine, "acme", read_so_far, {CREATED: 20})
    save(engine, taken("2026-11-24 06:02", messages_created=21, windows=[replace(read_so_far, ahead=None)]))
    (report,) = [run for run in read(engine, latest)[0].collections if run.collector == "events window"]
    assert report.status is CollectionStatus.NOT_USED
    assert messages(engine) == (27, 20)
    rest = replace(window("events", "2026-11-23 14:58", "2026-11-24 06:00"), found_ahead=night)
    save(engine, taken("2026-11-24 06:05", messages_created=3, windows=[rest]))
    assert (messages(engine), read(engine, ahead_of_windows)) == ((30, 3), {})
