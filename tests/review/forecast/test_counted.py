"""What a history did in so many weeks, counted."""

from itertools import pairwise

import pytest

from webexhist.review.forecast.counted import AHEADS, counted

STAIRS = [week // 10 * 2.0 for week in range(60)]
"""Two units more every ten weeks."""


def test_rises_are_counted_over_the_weeks_that_were_nearest_to_today():
    of_stairs = counted(STAIRS, 1.0)
    assert list(of_stairs.aheads) == list(AHEADS)
    # 47 weeks have 13 after them. Seven of ten are counted, the 33 nearest to the last level of 10: the weeks 20 to
    # 46 and 10 to 15. Of these 29 and 39 are the last ones before a rise.
    assert of_stairs.rises[0] == [0.0] * 31 + [2.0] * 2
    # Within four weeks: the four weeks before each of these rises, and the first of the four before the next one.
    assert of_stairs.rises[2] == [0.0] * 24 + [2.0] * 9


def test_a_chance_is_the_share_of_weeks_and_a_little_for_what_never_came():
    of_stairs = counted(STAIRS, 1.0)
    assert of_stairs.passed(1.5, 28) == pytest.approx(9 / 33, abs=0.02)
    assert of_stairs.passed(1.5, 7) == pytest.approx(2 / 33, abs=0.03)
    assert of_stairs.passed(1.5, 14) < of_stairs.passed(1.5, 21) < of_stairs.passed(1.5, 28)
    # No four weeks brought three units.
    assert 0 < of_stairs.passed(3, 28) < 1 / 35
    assert of_stairs.passed(300, 28) < of_stairs.passed(30, 28) / 10


def test_a_chance_never_falls_with_days_nor_rises_with_the_distance():
    uneven = [100 + (week * 7) % 11 + week // 9 for week in range(70)]
    found = counted(uneven, 1.0)
    for distance in (0.5, 2, 5, 9, 40):
        chances = [found.passed(distance, day) for day in range(500)]
        assert all(later >= earlier - 1e-12 for earlier, later in pairwise(chances))
    for day in (1, 7, 30, 91, 200):
        chances = [found.passed(distance / 4, day) for distance in range(1, 200)]
        assert all(farther <= nearer for nearer, farther in pairwise(chances))


def test_beyond_the_weeks_counted_rises_go_on():
    growing = counted([3.0 * week for week in range(60)], 1.0)
    # 13 weeks bring 39 units, 26 weeks 78.
    assert growing.passed(77, 7 * 26) > 0.9
    assert growing.passed(79, 7 * 26) < 0.1


def test_moves_are_handed_on_as_parts_of_their_weight_and_mean():
    for days in (3, 7, 30, 91, 182):
        parts = counted([3.0 * week for week in range(60)], 1.0).normals(days, 0.4, 0.25)
        assert sum(part.weight for part in parts) == pytest.approx(0.4)
        assert sum(part.weight * part.mean for part in parts) / 0.4 == pytest.approx(3 * days / 7)
        # Every 7 days brought the same: on a day that lies between two numbers of weeks one of both.
        assert min(part.deviation for part in parts) == pytest.approx(0.5)


def test_few_weeks_are_hardly_believed():
    assert counted([1.0, 1.0], 1.0) is None
    few, many = counted([1.0] * 10, 1.0), counted([1.0] * 100, 1.0)
    # 8 weeks with two after them of 8 + 13; 87 of 87 + 13: less than half at the most.
    assert few.weight / many.weight == pytest.approx((8 / 21) / (87 / 100))
    assert many.weight < 0.5
    assert counted([1.0] * 100, 0.0).weight == 0
