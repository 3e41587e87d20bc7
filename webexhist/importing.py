"""The story of an import: lines → sorted on disk → joined to what is stored, all of them or none."""

from collections.abc import Iterable

from webexhist.carried import CarriedLine
from webexhist.errors import WebexhistError
from webexhist.store.carrying.bring import Brought, Importer, Track, bring_in
from webexhist.store.carrying.staged import staging
from webexhist.store.opening.database import open_database
from webexhist.webex.collectors import all_collectors
from webexhist.webex.holding import names_of


def bring_history_in(
    location: str, lines: Iterable[CarriedLine], signed: Importer, track: Track
) -> tuple[Brought, ...]:
    """Brings the lines into the database at that location, which is made where there is none.

    Raises:
        RefusedLineError: a line cannot be meant, or contradicts another one or what is stored; nothing is stored.
        DatabaseError: the database cannot be used.
    """
    with staging() as staged:
        staged.add(lines)
        if not staged.organizations:
            raise WebexhistError("there is no snapshot in it", "see docs/import.md for what a line holds")
        engine = open_database(location)
        try:
            return bring_in(engine, staged, counts_of_collectors(), signed, track)
        finally:
            engine.dispose()


def counts_of_collectors() -> dict[str, tuple[str, ...]]:
    """What each collector counts, by its name, as what is held is named."""
    return {collector.name: tuple(names_of(collector)) for collector in all_collectors()}
