"""Lists whose length is counted."""

from collections.abc import Callable, Iterable, Sized
from typing import TypeVar

from webexhist.license_lists import is_less_than_half
from webexhist.metrics import Metric
from webexhist.snapshot import Count
from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.errors import ListTooLong
from webexhist.webex.api.items import Page, distinct
from webexhist.webex.collectors.interface import Gathered, Target

T = TypeVar("T")
S = TypeVar("S", bound=Sized)


def confirmed(client: WebexClient, ask: Callable[[], T], has_collapsed: Callable[[T], bool]) -> T:
    """What `ask` brings; where that lost more than half, what it brings again: one such answer alone is not believed.

    Raises:
        OutOfTime: it could not be asked again in time, so that what was known before stands.
    """
    first = ask()
    if not has_collapsed(first):
        return first
    try:
        return ask()
    except ListTooLong as error:  # it may fit where it is asked for once
        raise client.out_of_time(error.problem) from error


def asked_twice(client: WebexClient, target: Target, metrics: Iterable[Metric], ask: Callable[[], S]) -> S:
    """What `ask` brings, of which these are the numbers; where it lost more than half, what it brings again."""
    expected = target.expected(*metrics)
    return confirmed(client, ask, lambda found: is_less_than_half(len(found), expected))


def length(client: WebexClient, target: Target, metric: Metric, pages: Callable[[], Iterable[Page]]) -> Gathered:
    """The number of distinct items in all pages of a list."""
    items = asked_twice(client, target, [metric], lambda: distinct(pages(), lambda _item: None))
    return Gathered((Count(metric, len(items)),))
