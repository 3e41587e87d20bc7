"""The columns that others rely on: a view keeps those that were recorded, and gets new ones at its end alone."""

import pytest
from view_columns import broken, columns_of, recorded_columns

from webexhist.store.views import VIEWS

RECORD_ANEW = "columns are added at the end; until the release: python tests/support/view_columns.py"


def test_views_have_the_recorded_columns_in_their_order(sqlite_engine):
    assert broken(recorded_columns(), columns_of(sqlite_engine)) == [], RECORD_ANEW


def test_every_view_is_recorded():
    assert list(recorded_columns()) == list(VIEWS), RECORD_ANEW


@pytest.mark.parametrize(
    ("real", "found"),
    [
        (["org", "day", "value", "more"], []),
        (["org", "more", "day", "value"], ["a"]),
        (["org", "value"], ["a"]),
        (["org", "day", "amount"], ["a"]),
        ([], ["a"]),
    ],
)
def test_only_an_addition_at_the_end_leaves_a_view_as_it_was(real, found):
    assert broken({"a": ["org", "day", "value"]}, {"a": real}) == found
