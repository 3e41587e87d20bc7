"""Several series read as one."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from webexhist.simulator.world.scripted_events import ScriptedEvents
from webexhist.simulator.world.series import ListedSeries, newest_first, oldest_first

UNHURRIED = settings(deadline=None)  # how fast the machine is, is not the question here


SERIES = st.lists(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 9)), unique=True).map(sorted), max_size=4)


@UNHURRIED
@given(lists=SERIES, low=st.integers(0, 7), high=st.integers(0, 7), stop=st.integers(0, 30))
def test_reading_goes_on_from_any_position_as_if_it_had_not_stopped(lists, low, high, stop):
    series = [ListedSeries(entries) for entries in lists]
    everything = sorted(
        (ms, place, number) for place, entries in enumerate(lists) for ms, number in entries if low <= ms < high
    )
    for in_order, whole in ((oldest_first, everything), (newest_first, everything[::-1])):
        assert list(in_order(series, low, high)) == whole
        if stop < len(whole):
            assert list(in_order(series, low, high, whole[stop])) == whole[stop + 1 :]


def test_events_that_are_added_later_are_not_in_a_series_taken_before():
    scripted, noon = ScriptedEvents(), datetime(2026, 5, 4, 12, tzinfo=UTC)
    scripted.post_message(noon, room=2)
    series = [*scripted.series().values(), scripted.series_of_room(2)]
    scripted.post_message(noon - timedelta(hours=1), room=2)
    assert [len(one.entries) for one in series] == [1, 1]
