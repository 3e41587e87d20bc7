"""Warns of rows behind what a command showed that something else than webexhist changed."""

from datetime import datetime
from typing import TYPE_CHECKING

from webexhist.cli.output import print_warning

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from webexhist.store.opening.history import History
    from webexhist.store.seals.differences import SealedPart


def warn_of_changed_tables(history: "History") -> None:
    """Warns where a table that changes rarely was changed: what is entered, which licenses there are."""
    from webexhist.store.seals.shown import changed_tables

    _warn(changed_tables(history.connection))


def warn_of_changed_rows(
    history: "History",
    organization_id: int | None,
    first: datetime | None,
    last: datetime | None,
    parts: "Collection[SealedPart]",
    kept: "Collection[str]",
) -> None:
    """Warns of that too, and of days of UTC of which a part that is shown was changed; `None` sets no limit.

    `kept` are the tables of figures that were worked out and kept, and are shown.
    """
    from webexhist.store.seals.shown import changed_days, changed_figures, changed_tables

    connection = history.connection
    tables = changed_tables(connection, organization_id)
    changed = (*changed_days(connection, organization_id, first, last, parts), *tables)
    _warn(changed or changed_figures(connection, kept, organization_id))


def warn_of_changed_last_values(history: "History") -> None:
    """The same of what stands now, whenever it was stored: a hundredth of the work of looking at every day."""
    from webexhist.store.seals.shown import changed_days_of_last_values, changed_tables

    connection = history.connection
    _warn((*changed_days_of_last_values(connection), *changed_tables(connection)))


def warn_of_changed_rows_behind(
    history: "History", reads: "Iterable[tuple[str, str | None]] | None", query: str
) -> None:
    """Warns of changed tables, and of the days that tables may be of which a query read, each for a view."""
    from webexhist.store.seals.shown import changed_days_behind, changed_figures, changed_tables, kept_behind

    connection = history.connection
    changed = (*changed_days_behind(connection, reads, query), *changed_tables(connection))
    _warn(changed or changed_figures(connection, kept_behind(reads, query)))


def _warn(changed: tuple[str, ...]) -> None:
    from webexhist.changed_rows import warning_of

    if changed:
        print_warning(warning_of(changed))
