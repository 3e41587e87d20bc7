"""What checksums are made of."""

import pytest

from webexhist.store.seals.checksums import weight


@pytest.mark.parametrize(("metric_id", "number"), [("2026-10-01 06:00:00", 1), (1, "2026-10-01 06:00:00"), (1.5, 1)])
def test_what_is_no_number_has_no_weight_and_takes_no_memory(metric_id, number):
    with pytest.raises(TypeError):
        weight(0, metric_id, number)


def test_a_weight_is_never_zero():
    assert min(weight(index, 0, 0) for index in (0, 1)) >= 1
