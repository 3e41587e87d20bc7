"""Chances and days as they are said."""

from datetime import date

import pytest

from webexhist.review.judgment.words import odds, spoken_range, units


@pytest.mark.parametrize(
    ("chance", "said"),
    [
        (0.0, "less than 1 in 20"),
        (0.0499, "less than 1 in 20"),
        (0.05, "1 in 10"),
        (0.149, "1 in 10"),
        (0.151, "2 in 10"),
        (0.74, "7 in 10"),
        (0.949, "9 in 10"),
        (0.95, "more than 19 in 20"),
        (1.0, "more than 19 in 20"),
    ],
)
def test_a_chance_is_said_in_tenths_and_never_surer_than_it_can_be(chance, said):
    assert odds(chance) == said


@pytest.mark.parametrize(
    ("earliest", "latest", "said"),
    [
        (date(2027, 1, 3), date(2027, 2, 20), "3 January to 20 February 2027"),
        (date(2026, 12, 3), date(2027, 2, 20), "3 December 2026 to 20 February 2027"),
        (date(2027, 1, 3), date(2027, 1, 3), "3 January 2027"),
        (date(2027, 1, 3), None, "3 January 2027 or later"),
    ],
)
def test_a_range_names_its_year_once(earliest, latest, said):
    assert spoken_range(earliest, latest) == said


def test_one_unit_is_one():
    assert (units(1), units(2400)) == ("1 unit", "2,400 units")
