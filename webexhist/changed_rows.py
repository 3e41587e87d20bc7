"""How rows that something else than webexhist changed are named: on pages, in lists and in the terminal."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from webexhist.quantities import quantity

A_DAY = timedelta(days=1)
MOST_NAMED = 3
"""So many runs of days are named; `webexhist db check` names every day."""


def on_days(days: Iterable[date]) -> str:
    """ "2026-11-02 to 2026-11-05, 2026-11-09 and 12 more days"."""
    runs = list(_runs(days))
    named = ", ".join(str(first) if first == last else f"{first} to {last}" for first, last in runs[:MOST_NAMED])
    more = sum((last - first).days + 1 for first, last in runs[MOST_NAMED:])
    return f"{named} and {quantity(more, 'more day')}" if more else named


def _runs(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    """The first and the last of days that follow each other."""
    first = last = None
    for day in sorted(days):
        if first is None or last is None:
            first = last = day
        elif day - last > A_DAY:
            yield first, last
            first = last = day
        else:
            last = day
    if first and last:
        yield first, last


def kept_in(*tables: str) -> str:
    """Names tables that change rarely."""
    return f"what is kept in {', '.join(tables)}"


def stored_and_kept(days: Iterable[date], tables: Iterable[str]) -> tuple[str, ...]:
    """Names days, and such tables, as far as there are any."""
    on, kept = on_days(days), tuple(tables)
    return (*((f"what was stored on {on}",) if on else ()), *((kept_in(*kept),) if kept else ()))


def were_changed(what: Iterable[str]) -> str:
    """Says it of days and tables, on a page and in a list."""
    return f"{' and '.join(what)} was changed"


def warning_of(what: Iterable[str]) -> str:
    """Says it in a line of the terminal, with what to do."""
    return f"{were_changed(what)} by something else than webexhist: see webexhist db check"
