"""Turns right answers into the odd ones that have been seen."""

from webexhist.demo.exchange import Json, Page
from webexhist.demo.faults import DataFault


def distorted(page: Page, faults: set[DataFault]) -> Json | list[Json]:
    """The body of a page, with the oddities that are switched on."""
    return {**page.around, page.key: page.items}
