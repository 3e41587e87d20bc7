"""Two runs at once send one digest."""

from datetime import UTC, datetime

import pytest
from histories import license_of
from sqlalchemy import text

from webexhist.delivery.errors import NotDeliveredError, UnconfirmedError
from webexhist.digesting import NothingToSend, send_once
from webexhist.state.begun import Sending
from webexhist.store.engine import writing
from webexhist.store.errors import DatabaseError
from webexhist.store.saving.digests import mark_as_sent

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture
def anna(tmp_path):
    return Sending(tmp_path / "state", "anna")


@pytest.fixture
def engine(poller):
    for day in ("10-30", "11-01"):
        poller.poll(f"2026-{day} 06:00", {license_of("Suite"): (10, 5)})
    return poller.engine


def test_what_another_run_marks_in_the_meantime_is_not_handed_over(engine, anna):
    handed_over = []

    def prepared(due):
        mark_as_sent(engine, "anna", due.about, NOW)
        return lambda: handed_over.append(due)

    assert send_once(engine, "anna", NOW, prepared, anna, again=False) == NothingToSend("2026-10", NOW)
    assert handed_over == []


def test_what_nobody_took_is_sent_by_the_next_run_and_then_no_more(engine, anna):
    handed_over = []

    def refused():
        raise NotDeliveredError("nobody took it", "the next run tries again")

    with pytest.raises(NotDeliveredError):
        send_once(engine, "anna", NOW, lambda due: refused, anna, again=False)
    for _ in range(2):
        send_once(engine, "anna", NOW, lambda due: lambda: handed_over.append(due.month.month), anna, again=False)
    assert [str(month) for month in handed_over] == ["2026-10"]


def test_of_what_a_run_marked_that_was_ended_every_later_one_tells_until_it_is_sent_again(engine, anna):
    handed_over = []

    def ended():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send_once(engine, "anna", NOW, lambda due: ended, anna, again=False)
    for _ in range(2):
        with pytest.raises(UnconfirmedError, match="2026-10 is marked as sent, but the run that began"):
            send_once(engine, "anna", NOW, lambda due: lambda: handed_over.append(due), anna, again=False)
    assert handed_over == []
    send_once(engine, "anna", NOW, lambda due: lambda: handed_over.append(due), anna, again=True)
    assert len(handed_over) == 1
    nothing = send_once(engine, "anna", NOW, lambda due: ended, anna, again=False)
    assert nothing == NothingToSend("2026-10", NOW)


def test_of_marks_that_could_not_be_taken_back_every_later_run_tells(engine, anna):
    def refused_while_the_database_goes():
        with writing(engine) as connection:
            connection.execute(text("ALTER TABLE digest RENAME TO gone"))
        raise NotDeliveredError("nobody took it", "the next run tries again")

    with pytest.raises(DatabaseError):
        send_once(engine, "anna", NOW, lambda due: refused_while_the_database_goes, anna, again=False)
    with writing(engine) as connection:
        connection.execute(text("ALTER TABLE gone RENAME TO digest"))
    with pytest.raises(UnconfirmedError, match="2026-10 is marked as sent, but the run that began"):
        send_once(engine, "anna", NOW, lambda due: refused_while_the_database_goes, anna, again=False)
