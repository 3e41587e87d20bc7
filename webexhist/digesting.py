"""The story of a digest: what a recipient was sent → the month's decisions, or what is urgent since → sent once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from webexhist.delivery.errors import NotDeliveredError, UnconfirmedError
from webexhist.months import Month
from webexhist.review.digest import Digest
from webexhist.review.judgment.decisions.states import with_states
from webexhist.review.judgment.decisions.values import Decision, Severity
from webexhist.review.monthly import default_month
from webexhist.review.reviews import MonthlyReview, OrganizationReview
from webexhist.reviewing import decisions_of, organizations_by, review_latest, review_month
from webexhist.state.begun import Sending
from webexhist.store.entered.decision_states import every_decision_state
from webexhist.store.opening.history import History, reading
from webexhist.store.rows.digests import sent_to
from webexhist.store.rows.polls import PolledOrganization
from webexhist.store.saving.digests import mark_as_sent, take_marks_back

MONTHS = 13
"""How many months the report looks back over that goes along."""


@dataclass(frozen=True, slots=True)
class NothingToSend:
    """The recipient has all of it already."""

    turn: str
    """The last digest of a month, by that month."""
    sent_at: datetime
    """When that was marked as sent."""


def due_digest(history: History, recipient: str, now: datetime, *, again: bool) -> Digest | NothingToSend:
    """What a recipient is to be sent now: once the digest of the month, then only what is urgent and new.

    `again` sends the digest of the month whatever was sent before.

    Raises:
        NothingToReviewError: the database holds no polls.
    """
    organizations = organizations_by(history, now)
    sent = sent_to(history, recipient)
    latest = review_latest(history, now)
    current = [each for each in decisions_of(latest) if each.is_open]
    urgent = {word_for(each): each for each in current if each.severity is Severity.CRITICAL}
    month = default_month(organizations, now)
    turn = turn_of(organizations, month, now)
    if again or turn not in sent:
        review = review_month(history, month, MONTHS, now)
        decisions = still_open(history, organizations, review, now)
        known = {each.id for each in decisions}
        return Digest(
            month=review,
            decisions=decisions,
            # What cannot wait for the next month, and what nobody would hear of where polls have ended.
            since=tuple(each for each in current if each.severity is not Severity.WARNING and each.id not in known),
            about=frozenset({turn, *urgent} - sent.keys()),
            warnings=warnings_of((*latest, *review.organizations)),
        )
    new = {word: each for word, each in urgent.items() if word not in sent}
    if not new:
        return NothingToSend(turn, sent[turn])
    return Digest(
        month=None, decisions=(), since=tuple(new.values()), about=frozenset(new), warnings=warnings_of(latest)
    )


def warnings_of(reviews: Iterable[OrganizationReview]) -> tuple[str, ...]:
    """Which rows of each organization something else changed, by the last of its reviews that rests on any."""
    return tuple({each.webex_id: f"{each.name}, {each.warning}" for each in reviews if each.warning}.values())


def turn_of(organizations: Iterable[PolledOrganization], month: Month, now: datetime) -> str:
    """The name by which a monthly digest is marked: the month that is over, polled or not; else the running one."""
    over = max(Month.of(each.zone.day_of(now)).plus(-1) for each in organizations)
    return str(over) if month <= over else f"{month} so far"


def still_open(
    history: History, organizations: Iterable[PolledOrganization], review: MonthlyReview, now: datetime
) -> tuple[Decision, ...]:
    """The decisions of a month without those that were accepted or muted since."""
    states = every_decision_state(history)
    found: list[Decision] = []
    for each in organizations:
        own = [decision for decision in review.decisions if decision.organization_id == each.webex_id]
        found += with_states(own, states.get(each.webex_id, ()), each.zone.day_of(now))
    return tuple(sorted((each for each in found if each.is_open), key=lambda each: each.urgency))


def word_for(decision: Decision) -> str:
    """What marks that it was sent; one that is open again, because it got worse or a person said so, is another."""
    said = decision.said
    return decision.id if said is None else f"{decision.id} after {said.signed.at:%Y-%m-%d %H:%M:%S}"


def send_once(
    engine: Engine,
    recipient: str,
    now: datetime,
    prepared: Callable[[Digest], Callable[[], None]],
    sending: Sending,
    *,
    again: bool,
) -> Digest | NothingToSend:
    """Sends a recipient what is due, and marks it as sent before it is handed over; returns what that was.

    `prepared` makes what is sent, and gives what hands it over; `sending` notes it meanwhile. Whatever ends this
    program in between, nothing is sent twice; where it was not delivered for certain the marks are taken back, so
    that the next run sends it.

    Raises:
        NothingToReviewError: the database holds no polls.
        NotDeliveredError: nobody took it.
        UnconfirmedError: it may have arrived, and stays marked; or a run that marked it has not said how it ended.
    """
    with reading(engine) as history:
        due = due_digest(history, recipient, now, again=again)
        if isinstance(due, NothingToSend):
            require_confirmed(due, sending)
            return due
        hand_over = prepared(due)
    with sending.noted(told_by=(NotDeliveredError, UnconfirmedError)):
        return handed_over(engine, recipient, now, due, hand_over)


def require_confirmed(nothing: NothingToSend, sending: Sending) -> None:
    """Raises UnconfirmedError where a run marked what it sends and was ended, or is still at it."""
    begun_at = sending.begun_at()
    if begun_at:
        raise UnconfirmedError(
            f"{nothing.turn} is marked as sent, but the run that began at {begun_at:%Y-%m-%d %H:%M} UTC"
            " has not said how it ended",
            "look whether it arrived, and send it with --again if it did not",
        )


def handed_over(
    engine: Engine, recipient: str, now: datetime, due: Digest, hand_over: Callable[[], None]
) -> Digest | NothingToSend:
    """Marks what is due, then hands it over; raises as `send_once`."""
    marked = mark_as_sent(engine, recipient, due.about, now)
    if marked != due.about:  # another run is sending the same just now
        take_marks_back(engine, recipient, marked)
        return NothingToSend(min(due.about), now)
    try:
        hand_over()
    except NotDeliveredError:
        take_marks_back(engine, recipient, marked)
        raise
    return due
