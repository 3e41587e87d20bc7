"""Lists whose length is counted."""

from collections.abc import Callable, Iterable, Sized
from typing import TypeVar

from webexhist.license_lists import is_less_than_half
from webexhist.metrics import Metric
from webexhist.snapshot import Count
from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.errors import OutOfTime
from webexhist.webex.api.items import Page, distinct
from webexhist.webex.collectors.interface import Gathered, Target

S = TypeVar("S", bound=Sized)


def asked_twice(client: WebexClient, target: Target, metrics: Iterable[Metric], ask: Callable[[], S]) -> S:
    """What `ask` brings, of which these are the numbers; where it lost more than half, what it brings again.

    The first answer stands where no time is left for a second one.
    """
    first = ask()
    if not is_less_than_half(len(first), target.expected(*metrics)) or not client.has_time():
        return first
    try:
        return ask()
    except OutOfTime:
        return first


def length(client: WebexClient, target: Target, metric: Metric, pages: Callable[[], Iterable[Page]]) -> Gathered:
    """The number of distinct items in all pages of a list."""
    items = asked_twice(client, target, [metric], lambda: distinct(pages(), lambda _item: None))
    return Gathered((Count(metric, len(items)),))
