"""One organization's line on the pages over several of them, or over several months."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webexhist.review.checksum import checksum_of
from webexhist.review.comparison import Comparison, compared
from webexhist.review.evidence import MonthlyEvidence
from webexhist.review.reviews import OrganizationReview
from webexhist.review.summary import Summary, summary_of
from webexhist.store.query import Query


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL that was run, as it is printed."""

    title: str
    printed: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What those pages show of an organization: whole reviews of all would be too much to hold."""

    webex_id: str
    name: str
    former_names: tuple[str, ...]
    is_complete: bool
    silent_since: datetime | None
    zone: str
    has_contract_days: bool
    """Whether the calendar has a day of it."""
    evidence: MonthlyEvidence
    summary: Summary
    utilization: float | None
    comparison: Comparison | None
    """With another month, where one is asked for."""
    checksum: str
    damage: str | None
    """What of the rows that its figures rest on was changed by something else, as its own pages say it."""
    warning: str | None
    """The same for the terminal."""
    statements: tuple[Statement, ...]
    """What read them; none where it stands on the organization's own page alone."""
    statements_before: tuple[Statement, ...]
    """What read the other month; likewise."""


def entry_of(review: OrganizationReview, before: OrganizationReview | None, *, with_statements: bool) -> Entry:
    """The line of an organization; `before` is the month that it is held against."""
    sources = review.queries
    queries = (sources.licenses, sources.listed, sources.licenses_by_month, sources.poll_times)
    other = before and before.queries
    queries_before = (other.licenses, other.listed, other.licenses_by_month) if other else ()
    return Entry(
        webex_id=review.webex_id,
        name=review.name,
        former_names=review.former_names,
        is_complete=review.is_complete,
        silent_since=review.silent_since,
        zone=review.zone.name,
        has_contract_days=review.has_contract_days,
        evidence=review.evidence,
        summary=summary_of(review),
        utilization=review.utilization,
        comparison=compared(review, before) if before else None,
        checksum=checksum_of(review),
        damage=review.damage,
        warning=f"{review.name}, {review.warning}" if review.warning else None,
        statements=_as_printed(queries) if with_statements else (),
        statements_before=_as_printed(queries_before) if with_statements else (),
    )


def _as_printed(queries: Iterable[Query[Any]]) -> tuple[Statement, ...]:
    return tuple(Statement(each.title, each.printed) for each in queries)
