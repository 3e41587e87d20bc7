"""How long an empty list is doubted, and a list that lost half is spoken of: to the second."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from webexhist.license_lists import (
    EMPTY,
    is_emptiness_believed,
    limited_units,
    shrinkage,
    standing_fall,
    stands_without_list,
)
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


@pytest.mark.parametrize(
    ("before", "now", "lost"),
    [
        (ListSize(2, 150), ListSize(1, 50), "100 of its 150 units"),  # one of two rows is no more than half
        (ListSize(5, 100), ListSize(2, 90), "3 of its 5 rows"),
        (ListSize(5, 100), ListSize(2, 40), "3 of its 5 rows"),
        (ListSize(1, 100), ListSize(1, 40), "60 of its 100 units"),
    ],
)
def test_a_fall_is_named_by_what_more_than_half_is_lost_of_however_long_it_stands(before, now, lost):
    first = [each.error for each in shrinkage(now, before, None)]
    assert first == [f"the list of licenses lost {lost}"]
    assert [each.error for each in shrinkage(now, now, FallenList(BEGAN, before))] == first


def test_what_came_back_in_part_is_named_by_what_is_missing():
    (said,) = shrinkage(ListSize(4, 80), ListSize(2, 40), FallenList(BEGAN, ListSize(5, 80)))
    assert said.error == "the list of licenses lost 1 of its 5 rows"
