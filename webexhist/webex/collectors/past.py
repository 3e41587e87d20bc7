"""Counts what happened before the first poll, day by day: in events, or in the daily totals of analytics."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from webexhist.metrics import Metric
from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.errors import BadAnswer
from webexhist.webex.api.json_values import whole_number
from webexhist.webex.auth.scopes import ADMINISTRATOR, Permission, Scope
from webexhist.webex.collectors.events import EVENT_LIST, METRIC_OF_EVENT
from webexhist.webex.collectors.interface import Question
from webexhist.webex.collectors.windows import MILLISECOND, Span, server_now

ANALYTICS = Scope(
    "analytics:read_all",
    "thirteen months of daily message totals at once; your organization needs the Pro Pack",
    "the past is counted from events, 89 days back at most",
    option="--analytics",
)
QUESTIONS = (Question(name="analytics", permission=Permission((ANALYTICS,), ADMINISTRATOR)),)

ANALYTICS_DAYS = 396
"""Thirteen months, as far as analytics is known to reach."""
PATH = "/v1/analytics/messagingMetrics/dailyTotals"


def span_of_day(day: date, until: datetime, now: datetime) -> Span:
    """A UTC day as a window, cut off at `until`. Its first millisecond is part of it, so it opens one before."""
    midnight = datetime.combine(day, time(), UTC)
    last = midnight + timedelta(days=1) - MILLISECOND
    return Span(midnight - MILLISECOND, min(last, until), now)


def count_day(client: WebexClient, day: date, until: datetime) -> Mapping[Metric, int]:
    """Every kind of event on a UTC day up to `until`, the counts of what did not happen included.

    Events without a time belong to no day of the past: polls count those that they meet.
    """
    span = span_of_day(day, until, server_now(client))
    seen = EVENT_LIST.count(client, replace(span, met=None), lambda _page: None).amounts
    return {metric: seen[metric] for metric in METRIC_OF_EVENT.values()}


def daily_messages(client: WebexClient, first: date, last: date) -> Mapping[date, int]:
    """Messages sent by UTC day, in one call; days that analytics does not give are missing.

    Raises:
        NotPermitted: the token may not read analytics, or the organization has no Pro Pack.
        BadAnswer: the totals cannot be read; the whole answer is refused then.
    """
    body = client.get_analytics(PATH, **{"from": first.isoformat(), "to": last.isoformat()})
    metrics = body.get("metrics") if isinstance(body, dict) else None
    if not isinstance(metrics, dict):
        raise BadAnswer(f"GET {PATH} answered no metrics")
    totals = dict(read_totals(listed(metrics.get("dates")), listed(metrics.get("totalMessagesSent"))))
    return {day: amount for day, amount in totals.items() if first <= day <= last}


def listed(value: object) -> list[object]:
    """An array, which comes as such or as text that holds one."""
    try:
        array = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        array = None
    if not isinstance(array, list):
        raise BadAnswer(f"GET {PATH} answered no array")
    return array


def read_totals(days: list[object], amounts: list[object]) -> Iterator[tuple[date, int]]:
    """The amounts by the days that stand at their places: neither order nor completeness is promised."""
    if len(days) != len(amounts):
        raise BadAnswer(f"GET {PATH} answered {len(days)} days and {len(amounts)} amounts")
    for day, value in zip(days, amounts, strict=True):
        amount = whole_number(value)
        if amount is None or amount < 0:
            continue
        try:
            yield date.fromisoformat(str(day)[:10]), amount
        except ValueError as error:
            raise BadAnswer(f"GET {PATH} answered a day that is no date") from error
