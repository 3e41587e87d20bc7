"""What is carried out of a history is of its own snapshot, not of a later one."""

import pytest

from webexhist.importing import counts_of_collectors
from webexhist.snapshot import Collection, CollectionStatus
from webexhist.store.carrying.carry_out import carried_out
from webexhist.store.opening.history import reading
from webexhist.store.saving.save import save


@pytest.mark.slow
def test_a_notice_is_carried_from_the_snapshot_that_first_had_it(sqlite_engine, taken):
    people = Collection("people", CollectionStatus.OK, 1, 0.5)
    notice = Collection("pollers", CollectionStatus.FAILED, 0, 0.0, "another poller counts this too")
    for minute, runs in (
        (0, [people]),
        (5, [people]),
        (10, [people, notice]),
        (15, [people, notice]),
        (20, [people]),
    ):
        save(sqlite_engine, taken(f"2026-11-23 15:{minute:02}", people=3, collections=runs))
    with reading(sqlite_engine) as history:
        carried = list(carried_out(history, counts_of_collectors(), 1))
    assert [sorted(run.collector for run in each.collections) for each in carried] == [
        ["people"],
        ["people"],
        ["people", "pollers"],
        ["people", "pollers"],
        ["people"],
    ]
