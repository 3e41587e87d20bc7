"""How the collectors fared."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, text

from webexhist.review.evidence import CollectorFailure, CollectorReview
from webexhist.review.numbers import NumberRange
from webexhist.snapshot import CollectionStatus
from webexhist.store.times import read_moment

OUTCOMES = """
SELECT collector, snapshot, status, error, taken_at, polls FROM collection_log
WHERE org_id = :organization AND snapshot <= :last_number ORDER BY collector, snapshot
"""
"""One row for every stretch of polls with the same outcome."""


def collector_reviews(
    connection: Connection, organization: int, period: NumberRange, month: NumberRange
) -> tuple[CollectorReview, ...]:
    """Every collector that ran in the period, those that failed most in it first."""
    outcomes = connection.execute(text(OUTCOMES), {"organization": organization, "last_number": month.last})
    reviews = [
        collector_review(collector, list(stretches), period, month)
        for collector, stretches in groupby(outcomes, key=lambda outcome: outcome.collector)
    ]
    return tuple(sorted((review for review in reviews if review.runs), key=lambda review: -review.failures))


def collector_review(
    collector: str, outcomes: Sequence[Row[Any]], period: NumberRange, month: NumberRange
) -> CollectorReview:
    """One collector's runs and failures."""
    failures = [outcome for outcome in outcomes if CollectionStatus(outcome.status).is_trouble]
    in_period = [failure for failure in failures if polls_within(period, failure)]
    return CollectorReview(
        collector=collector,
        runs=sum(polls_within(period, outcome) for outcome in outcomes),
        failures=sum(polls_within(period, failure) for failure in failures),
        runs_in_month=sum(polls_within(month, outcome) for outcome in outcomes),
        failures_in_month=sum(polls_within(month, failure) for failure in failures),
        last_failure=collector_failure(in_period[-1]) if in_period else None,
    )


def collector_failure(outcome: Row[Any]) -> CollectorFailure:
    return CollectorFailure(read_moment(outcome.taken_at), outcome.status, outcome.error)


def polls_within(numbers: NumberRange, outcome: Row[Any]) -> int:
    """How many polls of a stretch lie within a range of snapshots."""
    last: int = min(outcome.snapshot + outcome.polls - 1, numbers.last)
    first: int = max(outcome.snapshot, numbers.first)
    return max(last - first + 1, 0)
