"""The story of a review: which months were polled → the rows of every organization → its figures."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from webexhist.metrics import Metric
from webexhist.months import Month
from webexhist.organization_names import distinct_labels
from webexhist.review.activity import AMOUNTS, GAUGES
from webexhist.review.judgment.decisions.silence import not_polled
from webexhist.review.judgment.decisions.states import with_states
from webexhist.review.judgment.decisions.subjects import Subject
from webexhist.review.judgment.decisions.values import Decision
from webexhist.review.monthly import (
    default_month,
    is_retired_in,
    nothing_known_by,
    nothing_to_review,
    organization_review,
    polled_months,
    read_together,
)
from webexhist.review.planned_reviews import PlannedMonth, PlannedReview
from webexhist.review.reviewed_time import A_SECOND, reviewed_time
from webexhist.review.reviews import MonthlyReview, OrganizationReview
from webexhist.review.silence import LOOKED_AT, SilentOrganization, is_silent
from webexhist.review.until import rows_until, sums_until
from webexhist.store.entered.decision_states import every_decision_state
from webexhist.store.opening.history import History
from webexhist.store.rows.organization_rows import organization_rows
from webexhist.store.rows.organization_units import ReadUnits, units_as_stored, units_in_views, units_up_to
from webexhist.store.rows.polls import (
    PolledOrganization,
    is_stored_in,
    last_polls_by,
    polled_by,
    polled_organizations,
)

COUNTS = (*GAUGES, *AMOUNTS)
"""Those that pages show beside licenses."""


def plan_month(
    history: History,
    month: Month | None,
    months: int,
    now: datetime,
    *,
    only: int | None = None,
    against: Month | None = None,
) -> PlannedMonth:
    """What a review of a month is of, looking back over so many months, that one included.

    Without a month: the last complete one with polls, else the running one; `now` only says which are complete.
    `only` is the row of the one organization that is asked for, `against` the month that this one is held against.

    Raises:
        NothingToReviewError: the month, or that other one, has no polls by now.
    """
    every = organizations_by(history, now)
    wanted = [each for each in every if only in (None, each.id)]
    month = month or default_month(wanted, now)
    judged = [each for each in every if not is_retired_in(each, month, now)]
    polled = [each for each in judged if each.was_polled_in(month)]
    days_gone = [each for each in judged if each not in polled and is_stored_in(history, each, month)]
    if not any(each in wanted for each in polled):
        raise nothing_to_review(month, wanted, now, days_gone=any(each in wanted for each in days_gone))
    if against is not None and not any(each.was_polled_in(against) for each in wanted):
        raise nothing_to_review(against, wanted, now)
    silent = silent_organizations(
        history,
        [
            (each, min(each.zone.month_ends_at(month) - A_SECOND, now))
            for each in judged
            if each.months[0].month <= month
        ],
    )
    names = {each.webex_id: each.name_in(month) for each in polled}
    labels = distinct_labels({each.webex_id: each.name for each in silent} | names)
    silent_by_id = {each.webex_id: replace(each, name=labels[each.webex_id]) for each in silent}
    not_reviewed = tuple(each for each in silent_by_id.values() if each.webex_id not in names and only is None)
    days = {each.webex_id: last_day(each, month, now) for each in judged}
    return PlannedMonth(
        month=month,
        months=months,
        now=now,
        organizations=tuple(
            PlannedReview(each, labels[each.webex_id], silent_by_id.get(each.webex_id))
            for each in sorted(polled, key=lambda each: (names[each.webex_id], each.webex_id))
            if each in wanted
        ),
        silent=not_reviewed,
        decisions_about_silent=decisions_about_silent(history, not_reviewed, days),
        against=against,
        are_days_gone=bool(days_gone),
    )


def review_planned(
    history: History,
    plan: PlannedMonth,
    planned: PlannedReview,
    counts: Collection[Metric] = COUNTS,
    read_units: ReadUnits = units_in_views,
) -> OrganizationReview:
    """The review of one of the organizations of a month; where its days are shown, units are read in views."""
    review = review_organization(
        history,
        planned.organization,
        plan.month,
        plan.months,
        plan.now,
        name=planned.name,
        silent=planned.silent,
        said_on=last_day(planned.organization, plan.month, plan.now),
        counts=counts,
        read_units=read_units,
    )
    if plan.are_days_gone and "day" not in review.damaged_tables:
        return replace(review, damaged_tables=("day", *review.damaged_tables))
    return review


def review_before(history: History, plan: PlannedMonth, planned: PlannedReview) -> OrganizationReview | None:
    """The review of the month that an organization's is held against; None where it was not polled then."""
    month = plan.against
    if month is None or not planned.organization.was_polled_in(month):
        return None
    on = last_day(planned.organization, month, plan.now)
    return review_organization(
        history, planned.organization, month, 1, plan.now, name=planned.name, silent=None, said_on=on, counts=()
    )


def review_month(history: History, month: Month | None, months: int, now: datetime) -> MonthlyReview:
    """The review of a month of all organizations. Arguments and errors are those of `plan_month`."""
    plan = plan_month(history, month, months, now)
    reviews = tuple(review_planned(history, plan, each) for each in plan.organizations)
    return MonthlyReview(plan.month, reviews, plan.silent, plan.decisions_about_silent)


def last_day(organization: PolledOrganization, month: Month, now: datetime) -> date:
    """The last day of a month there, or today while it runs."""
    return min(month.last_day, organization.zone.day_of(now))


def decisions_about_silent(
    history: History, silent: Sequence[SilentOrganization], days: Mapping[str, date]
) -> tuple[Decision, ...]:
    """The decisions about organizations that are not polled any more, by their ids, in the states of given days."""
    states = every_decision_state(history) if silent else {}
    return tuple(
        decision
        for each in silent
        for decision in with_states(
            [not_polled(Subject(each.name, each.webex_id), each.last_polled_on)],
            states.get(each.webex_id, ()),
            days[each.webex_id],
        )
    )


def review_latest(history: History, now: datetime) -> tuple[OrganizationReview, ...]:
    """What `latest_reviews` yields of all organizations."""
    return tuple(latest_reviews(history, now))


def latest_reviews(history: History, now: datetime, *, only: int | None = None) -> Iterator[OrganizationReview]:
    """Yields every organization that is not retired, in the last month in which it was polled, which may still run.

    `only` is the row of the one organization that is asked for. No other is read.

    Raises:
        NothingToReviewError: the database holds no polls by now, or none of the one.
    """
    organizations = organizations_by(history, now)
    if not any(only in (None, each.id) for each in organizations):
        raise nothing_known_by(now)
    judged = [each for each in organizations if not each.known.is_retired_on(each.zone.day_of(now))]
    labels = distinct_labels({each.webex_id: each.known.name for each in judged})
    for each in judged:
        if only in (None, each.id):
            silent = next(iter(silent_organizations(history, [(each, now)])), None)
            yield review_organization(
                history,
                each,
                each.months[-1].month,
                1,
                now,
                name=labels[each.webex_id],
                silent=silent,
                said_on=each.zone.day_of(now),
            )


def organizations_by(history: History, now: datetime) -> tuple[PolledOrganization, ...]:
    """Every organization with polls by now, and its months until then. Raises NothingToReviewError: there is none."""
    every = polled_organizations(history)
    known = polled_by(history, every, now)
    if not known:
        raise nothing_known_by(now) if every else nothing_to_review(Month.of(now.date()), (), now)
    return known


def decisions_of(reviews: Iterable[OrganizationReview]) -> tuple[Decision, ...]:
    """The decisions of several organizations, the most urgent first."""
    found = [decision for review in reviews for decision in review.decisions]
    return tuple(sorted(found, key=lambda decision: decision.urgency))


def silent_now(history: History, now: datetime, *, only: int | None = None) -> tuple[SilentOrganization, ...]:
    """The organizations that are not polled any more, and that nobody retired: of all, or whether `only` that row."""
    organizations = polled_organizations(history)
    labels = distinct_labels({each.webex_id: each.known.name for each in organizations})
    judged = [each for each in organizations if not each.known.is_retired_on(each.zone.day_of(now))]
    silent = silent_organizations(history, [(each, now) for each in judged if only in (None, each.id)])
    return tuple(replace(each, name=labels[each.webex_id]) for each in silent)


def silent_organizations(
    history: History, looked_at: Iterable[tuple[PolledOrganization, datetime]]
) -> list[SilentOrganization]:
    """The organizations that were not polled any more at the moment that stands beside each."""
    found = []
    for organization, until in looked_at:
        polls = history.read(last_polls_by(organization.id, until, LOOKED_AT))
        if polls and is_silent([poll.taken_at for poll in polls], until):
            name = organization.known.name_at(polls[0].number)
            last = polls[0].taken_at
            found.append(SilentOrganization(organization.webex_id, name, last, organization.zone.day_of(last)))
    return found


def reviewable_months(history: History, now: datetime, *, only: int | None = None) -> tuple[Month, ...]:
    """Every month with polls of any organization, or of the row `only`, not retired at its end, oldest first.

    Raises:
        NothingToReviewError: there is none.
    """
    organizations = [each for each in organizations_by(history, now) if only in (None, each.id)]
    months = polled_months(organizations, now)
    if not months:
        raise nothing_to_review(Month.of(now.date()), organizations, now)
    return months


def review_organization(
    history: History,
    organization: PolledOrganization,
    month: Month,
    months: int,
    now: datetime,
    *,
    name: str,
    silent: SilentOrganization | None,
    said_on: date,
    counts: Collection[Metric] = COUNTS,
    read_units: ReadUnits = units_as_stored,
) -> OrganizationReview:
    """The review of an organization: its rows first, then the sums of what is judged together.

    Of counts those are read that are asked for, and units as `read_units` does. Where a day within the month stands
    for now, what is stored of later ones is left out; of what people say of decisions, what was said after `said_on`.
    """
    time = reviewed_time(organization, month, months, now)
    last = next(iter(history.read(last_polls_by(organization.id, now, 1))), None)
    is_past = last is not None and time.numbers.first <= last.number < time.numbers.last
    if last is not None and is_past:
        time = time.up_to(last.number)
    extent = time.extent.with_counts(counts)
    read = partial(units_up_to, number=time.numbers.last) if is_past else read_units
    units = read(history, organization.id, extent.license_days, extent.license_months)
    rows = organization_rows(history, organization, extent, units)
    rows = rows_until(rows, time, units) if is_past else rows
    sums = {product: units.sums_of(licenses) for product, licenses in read_together(rows, time).items()}
    return organization_review(
        rows, sums_until(sums, time.as_of) if is_past else sums, time, name=name, silent=silent, said_on=said_on
    )
