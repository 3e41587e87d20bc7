"""How rows that something else changed are named."""

from datetime import date, timedelta

from webexhist.changed_rows import on_days

FIRST = date(2026, 10, 30)


def days(*after: int) -> list[date]:
    return [FIRST + timedelta(days=number) for number in after]


def test_days_that_follow_each_other_are_one_run_and_of_many_runs_three_are_named():
    assert on_days(days(0)) == "2026-10-30"
    assert on_days(days(3, 0, 1, 2)) == "2026-10-30 to 2026-11-02"
    assert on_days(days(0, 2, 3, 5)) == "2026-10-30, 2026-11-01 to 2026-11-02, 2026-11-04"
    assert on_days(days(0, 2, 4, 6)) == "2026-10-30, 2026-11-01, 2026-11-03 and 1 more day"
    assert on_days(days(0, 2, 4, 6, 7, 9)) == "2026-10-30, 2026-11-01, 2026-11-03 and 3 more days"
