"""Notes: what people write of a day, drawn on the charts."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine, Row, delete, insert

from webexhist.errors import UsageError
from webexhist.store.names.licenses import StoredLicense
from webexhist.store.opening.history import History
from webexhist.store.query import Query
from webexhist.store.schema import note
from webexhist.store.seals.writing import changing


@dataclass(frozen=True, slots=True)
class Note:
    """What a person wrote of a day, to be drawn on the charts."""

    id: int
    day: date
    text: str
    license_id: str | None
    """The id at Webex of the license it is about; None for all of them."""
    step: bool
    """Whether the trend before that day says nothing about the trend after it."""
    organization: str | None
    """The id at Webex of the organization it is about; None for all of them."""


def _note(row: Row[Any]) -> Note:
    return Note(row.id, date.fromisoformat(row.day), row.text, row.license_id, bool(row.step), row.organization)


_NOTES = """
SELECT note.id, day, text, license.webex_id AS license_id, step, organization.webex_id AS organization
FROM note
LEFT JOIN license ON license.organization_id = note.organization_id AND license.id = note.license_id
LEFT JOIN organization ON organization.id = note.organization_id"""
NOTES = Query("Notes", f"{_NOTES} ORDER BY day, note.id", {}, _note)


def notes(history: History) -> tuple[Note, ...]:
    """Every note, oldest day first."""
    return history.read(NOTES)


def notes_of(organization: int) -> Query[Note]:
    """The notes about an organization, and about all."""
    own = (
        f"{_NOTES}\nWHERE note.organization_id = :organization OR note.organization_id IS NULL\nORDER BY day, note.id"
    )
    return Query("Notes", own, {"organization": organization}, _note)


def add_note(engine: Engine, day: date, text: str, license_: StoredLicense | None = None) -> int:
    """Stores a note; returns its number."""
    return _add_note(engine, day, text, license_, step=0)


def add_step(engine: Engine, day: date, text: str, license_: StoredLicense | None = None) -> int:
    """Stores a note on a day that breaks the trend; returns its number."""
    return _add_note(engine, day, text, license_, step=1)


def remove_note(engine: Engine, number: int) -> None:
    """Forgets a note. Raises UsageError where there is none of that number."""
    with changing(engine, note) as connection:
        if not connection.execute(delete(note).where(note.c.id == number)).rowcount:
            raise UsageError(f"there is no note {number}", "see webexhist note list")


def _add_note(engine: Engine, day: date, text: str, license_: StoredLicense | None, step: int) -> int:
    about = {
        "organization_id": license_.organization_id if license_ else None,
        "license_id": license_.id if license_ else None,
    }
    values = {"day": day.isoformat(), "text": text, "step": step, **about}
    with changing(engine, note) as connection:
        return int(connection.scalars(insert(note).values(**values).returning(note.c.id)).one())
