"""Two runs at once send one digest."""

from datetime import UTC, datetime

import pytest
from histories import license_of

from webexhist.delivery.errors import NotDeliveredError
from webexhist.digesting import NothingToSend, send_once
from webexhist.store.saving.digests import mark_as_sent

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture
def engine(poller):
    for day in ("10-30", "11-01"):
        poller.poll(f"2026-{day} 06:00", {license_of("Suite"): (10, 5)})
    return poller.engine


def test_what_another_run_marks_in_the_meantime_is_not_handed_over(engine):
    handed_over = []

    def prepared(due):
        mark_as_sent(engine, "anna", due.about, NOW)
        return lambda: handed_over.append(due)

    assert send_once(engine, "anna", NOW, prepared, again=False) == NothingToSend("2026-10", NOW)
    assert handed_over == []


def test_what_nobody_took_is_sent_by_the_next_run_and_then_no_more(engine):
    handed_over = []

    def refused():
        raise NotDeliveredError("nobody took it", "the next run tries again")

    with pytest.raises(NotDeliveredError):
        send_once(engine, "anna", NOW, lambda due: refused, again=False)
    for _ in range(2):
        send_once(engine, "anna", NOW, lambda due: lambda: handed_over.append(due.month.month), again=False)
    assert [str(month) for month in handed_over] == ["2026-10"]
