"""How many lines the rows of the one sheet take on paper."""

import pytest

from webexhist.report.pages.executive import clauses_on_paper, lines_on_paper


@pytest.mark.parametrize(
    ("rows_left", "products_with_place", "decisions", "lines"),
    [
        (0, 2, 7, (1, 1)),  # a full sheet
        (6, 2, 4, (2, 3)),  # ten lines more: one each for two places, two for each of four decisions
        (1, 2, 3, (1, 1)),  # one line more is not enough for both places, nor for three decisions
        (15, 0, 2, (1, 5)),  # no decision is longer
        (20, 0, 0, (1, 5)),
    ],
)
def test_rows_take_more_lines_where_fewer_of_them_leave_room(rows_left, products_with_place, decisions, lines):
    assert lines_on_paper(rows_left, products_with_place, decisions) == lines


def test_of_a_long_decision_whole_clauses_stand_on_paper_the_first_in_any_case():
    first, second, third = (
        "is over by 4 units: 104 of 100",
        "60 less are purchased since 2 May",
        "tell the kind of it",
    )
    reason = "; ".join((first, second, third))
    assert clauses_on_paper("Calling", reason, 46) == (first, f"; {second}; {third}")
    assert clauses_on_paper("Calling", reason, 94) == (reason, "")
    assert clauses_on_paper("Calling", reason, 93) == (f"{first}; {second}", f"; {third}")
    assert clauses_on_paper("Calling" * 20, reason, 46) == (first, f"; {second}; {third}")
    assert clauses_on_paper("Calling", first, 46) == (first, "")
