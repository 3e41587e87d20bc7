"""How the collectors fared."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from webexhist.review.evidence import CollectorFailure, CollectorReview
from webexhist.store.numbers import NumberRange
from webexhist.store.rows.collection_log import CollectionStretch


def collector_reviews(
    stretches: Iterable[CollectionStretch], period: NumberRange, month: NumberRange
) -> tuple[CollectorReview, ...]:
    """Every collector that ran in the period, those that failed most in it first; the stretches are by collector."""
    reviews = [
        collector_review(collector, list(of_collector), period, month)
        for collector, of_collector in groupby(stretches, key=lambda stretch: stretch.collector)
    ]
    return tuple(sorted((review for review in reviews if review.collections), key=lambda review: -review.failures))


def collector_review(
    collector: str, stretches: Sequence[CollectionStretch], period: NumberRange, month: NumberRange
) -> CollectorReview:
    """One collector's collections and failures."""
    failures = [stretch for stretch in stretches if stretch.status.is_trouble]
    in_period = [failure for failure in failures if polls_within(period, failure)]
    return CollectorReview(
        collector=collector,
        collections=sum(polls_within(period, stretch) for stretch in stretches),
        failures=sum(polls_within(period, failure) for failure in failures),
        collections_in_month=sum(polls_within(month, stretch) for stretch in stretches),
        failures_in_month=sum(polls_within(month, failure) for failure in failures),
        last_failure=collector_failure(in_period[-1]) if in_period else None,
    )


def collector_failure(stretch: CollectionStretch) -> CollectorFailure:
    return CollectorFailure(stretch.began_at, stretch.status, stretch.error)


def polls_within(numbers: NumberRange, stretch: CollectionStretch) -> int:
    """How many polls of a stretch lie within a range of snapshots."""
    last = min(stretch.numbers.last, numbers.last)
    first = max(stretch.numbers.first, numbers.first)
    return max(last - first + 1, 0)
