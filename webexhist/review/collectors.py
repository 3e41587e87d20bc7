"""How the collectors fared."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from webexhist.review.evidence import CollectorFailure, CollectorReview
from webexhist.store.numbers import NumberRange
from webexhist.store.rows.collection_log import CollectionSpan


def collector_reviews(
    spans: Iterable[CollectionSpan], period: NumberRange, month: NumberRange
) -> tuple[CollectorReview, ...]:
    """Every collector that ran in the period, those that failed most in it first; the spans are by collector."""
    reviews = [
        collector_review(collector, list(of_collector), period, month)
        for collector, of_collector in groupby(spans, key=lambda span: span.collector)
    ]
    return tuple(sorted((review for review in reviews if review.collections), key=lambda review: -review.failures))


def collector_review(
    collector: str, spans: Sequence[CollectionSpan], period: NumberRange, month: NumberRange
) -> CollectorReview:
    """One collector's collections and failures."""
    failures = [span for span in spans if span.status.is_trouble]
    in_period = [failure for failure in failures if polls_within(period, failure)]
    return CollectorReview(
        collector=collector,
        collections=sum(polls_within(period, span) for span in spans),
        failures=sum(polls_within(period, failure) for failure in failures),
        collections_in_month=sum(polls_within(month, span) for span in spans),
        failures_in_month=sum(polls_within(month, failure) for failure in failures),
        last_failure=collector_failure(in_period[-1]) if in_period else None,
    )


def collector_failure(span: CollectionSpan) -> CollectorFailure:
    """What a span of polls in which a collector failed says."""
    return CollectorFailure(span.began_at, span.status, span.error)


def polls_within(numbers: NumberRange, span: CollectionSpan) -> int:
    """How many polls of a span lie within a range of snapshots."""
    last = min(span.numbers.last, numbers.last)
    first = max(span.numbers.first, numbers.first)
    return max(last - first + 1, 0)
