"""Time for saving is set aside by how busy the machine is."""

import pytest
from clients import FixedToken
from polling import NOON

from webexhist.config import load_settings
from webexhist.snapshot import ListedBefore
from webexhist.webex.api.busyness import Busyness
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.collect import Asking


@pytest.mark.parametrize(
    ("passed", "worked", "times"), [(2.0, 0.2, 10.0), (0.2, 0.2, 1.0), (0.19, 0.2, 1.0), (3.0, 0.04, 1.0)]
)
def test_busy_is_by_how_much_the_processor_was_waited_for_where_there_was_work(passed, worked, times):
    begun, done = iter([100.0, 100.0 + passed]), iter([7.0, 7.0 + worked])
    assert Busyness(lambda: next(begun), lambda: next(done)).times_as_long() == pytest.approx(times)


@pytest.mark.parametrize(("times", "seconds"), [(1.0, 0.01), (3.0, 0.01), (12.0, 0.04)])
def test_what_saving_takes_grows_with_how_much_longer_all_takes_than_usual(times, seconds):
    asking = Asking(load_settings({}, None, {}), FixedToken("token"), Deadline(25), lambda: NOON, ListedBefore())
    asking.others_take(times)
    assert asking.saving_seconds == pytest.approx(seconds)
