"""Which history may be copied into another database: one whose rows are as they were stored."""

from collections.abc import Iterable

from sqlalchemy import Connection

from webexhist.changed_rows import were_changed
from webexhist.store.errors import RESTORE, DamagedDatabaseError
from webexhist.store.organization_labels import organization_labels
from webexhist.store.seals.differences import ALL_PARTS
from webexhist.store.seals.sealing import WORKED_OUT, changed_windows
from webexhist.store.seals.shown import changed_days, changed_days_by_themselves, changed_figures, changed_tables


def require_unchanged(reading: Connection, place: str, organization_id: int | None) -> None:
    """Raises `DamagedDatabaseError` where something else changed what would be copied, of one organization or all.

    An earlier copy may be the only one that still has it as it was, and what concerns all is sealed anew in a copy of
    one organization. `place` is how messages name the source.
    """
    changed = (
        *changed_days(reading, organization_id, None, None, ALL_PARTS),
        *changed_tables(reading, organization_id),
        *_changed_windows(reading, organization_id),
    ) or changed_figures(reading, WORKED_OUT, organization_id)
    _refuse(place, changed)


def require_own_checksums(reading: Connection, place: str, spans: Iterable[tuple[int, int, int]]) -> None:
    """The same of days that are carried together with their checksums, which may have changed places.

    `spans` are an organization's id, and the first and the last of its snapshots.
    """
    _refuse(place, changed_days_by_themselves(reading, spans))


def _refuse(place: str, changed: tuple[str, ...]) -> None:
    if changed:
        raise DamagedDatabaseError(
            f"nothing was copied: in the database {place} {were_changed(changed)} by something else than webexhist",
            f"see webexhist db check; {RESTORE}",
        )


def _changed_windows(reading: Connection, organization_id: int | None) -> tuple[str, ...]:
    return tuple(
        f"until when {source} of {name} are counted"
        for each, name in organization_labels(reading).items()
        if organization_id in (None, each)
        for source in changed_windows(reading, each)
    )
