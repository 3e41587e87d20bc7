"""What was said of a decision holds until a day, and as long as it gets no worse."""

from dataclasses import replace
from datetime import UTC, date, datetime

from webexhist.review.judgment.decisions.states import with_states
from webexhist.review.judgment.decisions.subjects import Subject
from webexhist.review.judgment.decisions.values import DecisionKind
from webexhist.store.entered.changes import Signature
from webexhist.store.entered.decision_states import DecisionState, EnteredState

SUBJECT = Subject("Acme Example", "acme")
OVER = SUBJECT.decision(DecisionKind.OVER, "is over", "BCSTD 2026-10-10", units=3)
RENEWAL = SUBJECT.decision(DecisionKind.RENEWAL, "renews", "BCSTD Sub1 2027-01-01", units=-40)
UNKNOWN = SUBJECT.decision(DecisionKind.UNKNOWN, "has unknown licenses", "2026-10-24")
SAID_ON = date(2026, 11, 3)


def said(decision, state=DecisionState.ACCEPTED, *, on=SAID_ON, until=None, up_to=None, note="Budgeted"):
    signed = Signature(datetime(2026, 11, 3, 12, tzinfo=UTC), "Kim")
    return EnteredState(
        decision=decision.id,
        state=state,
        since=on,
        until=until,
        up_to=up_to,
        units=decision.units,
        sentence=decision.sentence,
        note=note,
        signed=signed,
    )


def stated(decision, *entered, day=SAID_ON):
    (found,) = with_states([decision], entered, day)
    return found


def test_it_counts_from_its_own_day_to_its_last_one_and_the_last_that_was_said_counts():
    muted = said(OVER, DecisionState.MUTED, until=date(2026, 11, 20))
    days = [date(2026, 11, 2), SAID_ON, date(2026, 11, 20), date(2026, 11, 21)]
    assert [str(stated(OVER, muted, day=day).state) for day in days] == ["open", "muted", "muted", "open"]
    assert [stated(OVER, muted, day=day).until for day in days[1:]] == [date(2026, 11, 20)] * 2 + [None]
    again = said(OVER, DecisionState.OPEN, on=date(2026, 11, 5), note="The order was withdrawn")
    assert [stated(OVER, muted, again, day=date(2026, 11, day)).is_open for day in (4, 5)] == [False, True]
    assert stated(UNKNOWN, muted).is_open


def test_it_is_open_again_with_more_units_than_were_said_or_where_more_became_less():
    accepted = said(OVER, up_to=3)
    units = {3: False, 1: False, 4: True, None: False}
    assert {count: stated(replace(OVER, units=count), accepted).is_open for count in units} == units
    assert not stated(replace(OVER, units=9_000), said(OVER, DecisionState.MUTED)).is_open
    reduced = said(RENEWAL, up_to=40)
    changes = {-40: False, -12: False, -41: True, 12: True}
    assert {change: stated(replace(RENEWAL, units=change), reduced).is_open for change in changes} == changes


def test_open_ones_stand_first():
    found = with_states([UNKNOWN, OVER, RENEWAL], [said(OVER), said(UNKNOWN)], SAID_ON)
    assert [each.kind.value for each in found] == ["renewal", "over", "unknown"]


def test_who_said_it_and_why_is_shown_also_where_it_holds_no_more():
    both = said(OVER, until=date(2026, 12, 31), up_to=3)
    words = "by Kim on 3 November 2026 until 31 December 2026 and up to 3 units: Budgeted"
    assert stated(OVER, both).said_in_words == f"Accepted {words}"
    assert stated(replace(OVER, units=4), both).said_in_words == f"Open again; accepted {words}"
    assert stated(OVER, said(OVER, DecisionState.MUTED)).said_in_words == "Muted by Kim on 3 November 2026: Budgeted"
    reopened = stated(OVER, said(OVER, DecisionState.OPEN, note="Withdrawn"))
    assert reopened.said_in_words == "Opened again by Kim on 3 November 2026: Withdrawn"
    assert OVER.said_in_words is None
