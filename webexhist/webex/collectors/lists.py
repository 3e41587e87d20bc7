"""Gauges that are the length of one list."""

from collections.abc import Iterable

from webexhist.metrics import Metric
from webexhist.snapshot import Count
from webexhist.webex.api.items import Page, number_of
from webexhist.webex.collectors.interface import Gathered


def length(metric: Metric, pages: Iterable[Page]) -> Gathered:
    """The number of distinct items in all pages."""
    return Gathered((Count(metric, number_of(pages)),))
