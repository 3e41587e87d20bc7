"""What is known of units: unlimited purchases, what is left, and sums with unknown parts."""

from decimal import Decimal

import pytest

from webexhist.units import (
    available,
    greatest_known,
    in_words,
    is_unlimited,
    purchased_together,
    sum_known,
    sum_known_of_any,
    utilization,
)


@pytest.mark.parametrize(
    ("purchased", "assigned", "left", "percent", "shown"),
    [
        (250, 231, 19, 92.4, 250),
        (100, 120, -20, 120.0, 100),
        (0, 3, -3, None, 0),
        (-1, 77, None, None, "unlimited"),
        (-1, None, None, None, "unlimited"),
        (None, 5, None, None, None),
        (50, None, None, None, 50),
    ],
)
def test_what_is_left_of_a_purchase(purchased, assigned, left, percent, shown):
    assert available(purchased, assigned) == left
    assert utilization(purchased, assigned) == percent
    assert in_words(purchased) == shown
    assert is_unlimited(purchased) is (shown == "unlimited")


@pytest.mark.parametrize(
    ("values", "total"), [([3, 4], 7), ([3, None], None), ([None, 3], None), ([], 0), ([0, 0], 0), ([-2, 1], -1)]
)
def test_a_sum_is_unknown_if_a_part_is(values, total):
    assert sum_known(values) == total
    assert sum_known_of_any(values) == (total if values else None)
    amounts = [None if value is None else Decimal(value) / 4 for value in values]
    assert sum_known(amounts) == (None if total is None else Decimal(total) / 4)


def test_a_purchase_of_several_is_unlimited_where_one_is_and_unknown_where_one_is():
    assert purchased_together([10, 5]) == 15
    assert purchased_together([10, -1, 5]) == -1
    assert purchased_together([10, None]) is None
    assert purchased_together([-1, None]) is None


def test_the_greatest_is_unknown_where_one_is():
    assert (greatest_known([3, 7, 0]), greatest_known([3, None]), greatest_known([])) == (7, None, 0)
