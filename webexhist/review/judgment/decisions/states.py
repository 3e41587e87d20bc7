"""What people said of decisions: accepted or muted until a day or as long as it gets no worse, or open again."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from webexhist.review.judgment.decisions.values import Decision
from webexhist.store.entered.decision_states import DecisionState, EnteredState


def with_states(decisions: Iterable[Decision], entered: Iterable[EnteredState], day: date) -> tuple[Decision, ...]:
    """The decisions in the states that hold on a day, the most urgent open ones first.

    What was said later than on that day does not count, so that a finished month stays as it was.
    """
    last = {each.decision: each for each in entered if each.since <= day}
    stated = (_with_state(decision, last.get(decision.id), day) for decision in decisions)
    return tuple(sorted(stated, key=lambda decision: decision.urgency))


def _with_state(decision: Decision, said: EnteredState | None, day: date) -> Decision:
    if said is None or is_over(said, decision.units, day):
        return replace(decision, state=DecisionState.OPEN, until=None, said=said)
    return replace(decision, state=said.state, until=said.until, said=said)


def is_over(said: EnteredState, concerned: int | None, day: date) -> bool:
    """Whether what was said holds no more: its last day is past, or the decision concerns more units than it was to.

    What is to be bought now and was to be reduced then, or the other way round, is another matter.
    """
    if said.until and day > said.until:
        return True
    if said.up_to is None or concerned is None:
        return False
    turned = said.units is not None and said.units * concerned < 0
    return turned or abs(concerned) > said.up_to
