"""What was sent is marked before it is handed over, once."""

from datetime import UTC, datetime

from reading import read

from webexhist.store.rows.digests import sent_to
from webexhist.store.saving.digests import mark_as_sent, take_marks_back
from webexhist.store.seals.damage import find_damage

FIRST, LATER = datetime(2026, 11, 1, 6, tzinfo=UTC), datetime(2026, 11, 2, 6, tzinfo=UTC)


def test_of_two_runs_only_one_marks_what_is_sent_and_what_was_not_sent_is_forgotten_again(engine):
    assert mark_as_sent(engine, "anna", {"2026-10", "over-1"}, FIRST) == {"2026-10", "over-1"}
    assert mark_as_sent(engine, "anna", {"2026-10", "over-2"}, LATER) == {"over-2"}
    assert mark_as_sent(engine, "bert", {"2026-10"}, LATER) == {"2026-10"}
    take_marks_back(engine, "anna", {"over-2"})
    assert read(engine, sent_to, "anna") == {"2026-10": FIRST, "over-1": FIRST}
    assert read(engine, sent_to, "bert") == {"2026-10": LATER}
    assert find_damage(engine) == ()
