"""How many of something there are, in words."""

from webexhist.quantities import quantity


def test_one_is_said_as_one_and_all_else_as_several():
    assert [quantity(number, "row") for number in (0, 1, 2, 1_234)] == ["0 rows", "1 row", "2 rows", "1,234 rows"]
    assert [quantity(number, "person", "people") for number in (1, 1_000)] == ["1 person", "1,000 people"]
