"""Whether a line says what is stored of its time already."""

from dataclasses import dataclass

from webexhist.carried import CarriedLicense, CarriedLine, RefusedLineError
from webexhist.snapshot import License
from webexhist.store.carrying.ledger import Ledger
from webexhist.store.carrying.series import UNITS
from webexhist.store.carrying.stored_state import StoredState
from webexhist.store.times import in_words


@dataclass(frozen=True, slots=True)
class Spans:
    """Times of readings that a person set aside, the first and the last second of each correction."""

    corrections: tuple[tuple[int, int, int], ...]
    """The number, from when, and until when."""

    def around(self, taken_at: int) -> int | None:
        """The correction that a time lies in, if any."""
        return next((number for number, first, last in self.corrections if first <= taken_at <= last), None)

    def require_outside(self, taken_at: int, line: int) -> None:
        """Raises RefusedLineError where a new snapshot would lie among readings that are set aside."""
        if self.corrections and (number := self.around(taken_at)) is not None:
            raise RefusedLineError(
                line,
                f"{in_words(taken_at)} UTC lies among readings that correction {number} set aside",
                f"webexhist db void --undo {number}, import, and set them aside again",
            )


def require_agreement(
    ledger: Ledger, stored: StoredState, line: CarriedLine, taken_at: int, *, is_set_aside: bool
) -> None:
    """Raises RefusedLineError where a line contradicts the stored snapshot of its time.

    What the line leaves out contradicts nothing, nor does what a person set aside.
    """
    snapshot = line.snapshot
    for name, value in snapshot.counts.items():
        series = ledger.counts.get(name)
        known = stored.amount(series) if series else None
        _require(line, taken_at, name, value, known, is_set_aside=is_set_aside)
    if snapshot.licenses is None:
        return
    listed = stored.listed(ledger)
    if listed is None:
        if snapshot.licenses and not is_set_aside:
            raise _contradiction(line, taken_at, "the list of licenses", "known", "unknown")
        return
    rows = {row.license.webex_id: row for row in snapshot.licenses}
    for webex_id in sorted(rows.keys() ^ listed.keys()):
        if not is_set_aside:
            says = ("listed", "not") if webex_id in rows else ("not listed", "is")
            raise _contradiction(line, taken_at, f"the license {webex_id}", *says)
    for webex_id, row in rows.items():
        if webex_id in listed:
            _require_license(line, taken_at, row, listed[webex_id], is_set_aside=is_set_aside)


def _require_license(
    line: CarriedLine,
    taken_at: int,
    row: CarriedLicense,
    stored: tuple[License | None, tuple[int | None, ...]],
    *,
    is_set_aside: bool,
) -> None:
    description, units = stored
    if description is not None:
        for name in ("name", "code", "subscription_id", "site_url"):
            given, known = getattr(row.license, name), getattr(description, name)
            if given != known:
                raise _contradiction(line, taken_at, f"{name} of {row.license.webex_id}", given, known)
    for name, value, known in zip(UNITS, row[1:], units, strict=True):
        _require(line, taken_at, f"{name} of {row.license.name}", value, known, is_set_aside=is_set_aside)


def _require(
    line: CarriedLine, taken_at: int, what: str, given: int | None, known: int | None, *, is_set_aside: bool
) -> None:
    if given is None or given == known or (known is None and is_set_aside):
        return
    raise _contradiction(line, taken_at, what, given, known)


def _contradiction(line: CarriedLine, taken_at: int, what: str, given: object, known: object) -> RefusedLineError:
    return RefusedLineError(
        line.number,
        f"it contradicts what is stored of {in_words(taken_at)} UTC:"
        f" {what} is {given}, stored is {'unknown' if known is None else known}",
        "correct or leave out the line",
    )
