"""The columns that others rely on: a view keeps those of every release, and gets new ones at its end alone."""

import pytest
from golden_databases import columns_of, recorded, versions

Columns = dict[str, list[str]]


def broken(released: Columns, real: Columns) -> list[str]:
    """The views that do not begin with what was released."""
    return [view for view, columns in released.items() if real.get(view, [])[: len(columns)] != columns]


@pytest.mark.parametrize("version", versions())
def test_views_have_the_columns_of_every_release_in_their_order(sqlite_engine, version):
    released = {view: answer["columns"] for view, answer in recorded(version).items()}
    assert broken(released, columns_of(sqlite_engine)) == [], "columns of a released view are only added, at its end"


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
