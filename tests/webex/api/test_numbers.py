"""How many items a list holds."""

import tracemalloc
from collections.abc import Iterator
from typing import Any

from webexhist.webex.api.items import number_of


def pages(number: int) -> Iterator[list[dict[str, Any]]]:
    """Items of ten kilobytes; each page repeats the last item of the one before."""
    for page in range(number):
        yield [{"id": str(item), "text": "x" * 10_000} for item in range(10 * page, 10 * page + 11)]


def test_items_are_counted_once_and_not_kept():
    tracemalloc.start()
    try:
        assert number_of(pages(100)) == 1001
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 1_000_000  # all of them would be ten times that
