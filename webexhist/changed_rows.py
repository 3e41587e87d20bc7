"""How rows that something else than webexhist changed are named: on pages, in lists and in the terminal."""

from collections.abc import Iterable
from datetime import date


def kept_in(*tables: str) -> str:
    """Names tables that change rarely."""
    return f"what is kept in {', '.join(tables)}"


def stored_and_kept(days: Iterable[date], tables: Iterable[str]) -> tuple[str, ...]:
    """Names days, and such tables, as far as there are any."""
    on, kept = ", ".join(map(str, days)), tuple(tables)
    return (*((f"what was stored on {on}",) if on else ()), *((kept_in(*kept),) if kept else ()))


def were_changed(what: Iterable[str]) -> str:
    """Says it of days and tables, on a page and in a list."""
    return f"{' and '.join(what)} was changed"


def warning_of(what: Iterable[str]) -> str:
    """Says it in a line of the terminal, with what to do."""
    return f"{were_changed(what)} by something else than webexhist: see webexhist db check"
