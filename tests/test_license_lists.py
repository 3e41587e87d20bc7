"""How long an empty list is doubted, and a list that lost half is spoken of: to the second."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from webexhist.license_lists import EMPTY, is_emptiness_believed, limited_units, standing_fall, stands_without_list
from webexhist.snapshot import FallenList, ListSize

BEGAN = datetime(2026, 11, 23, 15, tzinfo=UTC)
SECOND = timedelta(seconds=1)
FALL = replace(EMPTY, error="the list of licenses lost 6 of its 10 rows")


@pytest.mark.parametrize(
    ("entry", "began_at", "after", "believed"),
    [
        (EMPTY, BEGAN, timedelta(hours=24) - SECOND, False),
        (EMPTY, BEGAN, timedelta(hours=24), True),
        (EMPTY, None, timedelta(hours=48), False),
        (FALL, BEGAN, timedelta(hours=48), False),
        (None, BEGAN, timedelta(hours=48), False),
    ],
)
def test_an_empty_list_is_believed_after_a_day_on_end(entry, began_at, after, believed):
    assert is_emptiness_believed(entry, began_at, BEGAN + after) is believed


def test_a_fall_is_spoken_of_for_a_week_and_emptiness_until_there_is_a_list():
    fallen, week = FallenList(BEGAN, ListSize(10, 500)), timedelta(days=7)
    assert standing_fall(fallen, BEGAN + week - SECOND) == fallen
    assert standing_fall(fallen, BEGAN + week) is None
    assert [stands_without_list(each, fallen, BEGAN + week) for each in (EMPTY, FALL, None)] == [True, False, False]


@pytest.mark.parametrize(
    ("purchased", "units"), [([10, 5], 15), ([10, -1], 10), ([-1], None), ([], None), ([10, None], None), ([0], 0)]
)
def test_units_of_a_list_are_those_with_a_limit(purchased, units):
    assert limited_units(purchased) == units
