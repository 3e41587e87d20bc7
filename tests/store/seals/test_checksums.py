"""What checksums are made of."""

import pytest

from webexhist.store.seals.checksums import collection_term, held_term, of_readings, of_window, weight


@pytest.mark.parametrize(("metric_id", "number"), [("2026-10-01 06:00:00", 1), (1, "2026-10-01 06:00:00"), (1.5, 1)])
def test_what_is_no_number_has_no_weight_and_takes_no_memory(metric_id, number):
    with pytest.raises(TypeError):
        weight(0, metric_id, number)


def test_a_weight_is_never_zero():
    assert min(weight(index, 0, 0) for index in (0, 1)) >= 1


def test_no_value_of_a_row_can_change_without_its_term():
    """A collection, a hold, a window and a reading: each value once another, and unknown once known."""
    rows = {
        collection_term: [("people", 3, "failed", 2, 0.5, "503"), ("rooms", 4, "ok", 3, 0.25, None)],
        held_term: [(7, 3, 2, 3600), (8, 4, None, None)],
        lambda row: of_window(row[0], row[1], row[2:]): [(1, "events", 10, 20, None), (2, "audit", 11, 21, 60)],
        lambda row: of_readings([row]): [(7, 3, 0), (8, 4, None)],
    }
    for term, (stored, other) in rows.items():
        changed = [(*stored[:place], other[place], *stored[place + 1 :]) for place in range(len(stored))]
        assert len({term(row) for row in (stored, *changed)}) == 1 + len(stored)
