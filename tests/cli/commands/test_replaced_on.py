"""A day within the month in which a license is gone that another continues: it is judged as it stood on that day."""

from datetime import timedelta

import pytest
from customer_cases import Case, at, calling, database, named


def rows(moment):
    moved = min(280, 8 * max(0, (moment - at("2026-09-01")).days))
    old, new = calling(300, 280 - moved), calling(300, moved, subscription="Sub2", id="successor")
    return [*([old] if moment < at("2026-10-20") else []), *([new] if moment >= at("2026-09-01") else [])]


@pytest.fixture(scope="module")
def typed(sqlite_template, tmp_path_factory):
    cases = {"moving": Case(rows, *named(), first="2026-07-01 18:00", every=timedelta(days=1))}
    return database(sqlite_template, tmp_path_factory.mktemp("replaced"), cases)


@pytest.mark.parametrize(("day", "kinds"), [("2026-10-10", ["succession"]), ("2026-10-25", [])])
def test_a_replacement_is_in_progress_until_the_day_on_which_the_old_one_is_gone(typed, day, kinds):
    assert [each["kind"] for each in typed("decisions", "--on", day, "--json").json] == kinds
