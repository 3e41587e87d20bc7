"""Snapshots that travel through a text file: out of one database, or from elsewhere, and into another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from webexhist.errors import WebexhistError
from webexhist.seat_counts import SeatSweep
from webexhist.snapshot import CollectionStatus, License

NOTHING_STORED = "nothing was stored"


class RefusedLineError(WebexhistError):
    """A line of a history that cannot be brought in; nothing of its file is."""

    def __init__(self, number: int, problem: str, next_step: str) -> None:
        super().__init__(f"line {number}: {problem}", f"{next_step}; {NOTHING_STORED}")


IMPORTED = "import"
"""The source of a snapshot whose line names none."""


class CarriedLicense(NamedTuple):
    """A row of a list of licenses; what is not known is None."""

    license: License
    purchased: int | None
    """Negative means unlimited."""
    assigned: int | None
    assigned_to_users: int | None
    assigned_to_workspaces: int | None


class CarriedCollection(NamedTuple):
    """How one collector fared."""

    collector: str
    status: CollectionStatus
    error: str | None
    as_of: datetime | None = None
    """When its values were counted, where that was earlier: they are held."""


@dataclass(frozen=True, slots=True)
class CarriedSnapshot:
    """What is known of one organization at one time."""

    organization_id: str
    """Its id at Webex, in any of its forms."""
    organization_name: str | None
    """None where the line does not say."""
    taken_at: datetime
    """UTC, to the second."""
    counts: Mapping[str, int | None]
    """By their names: gauges as they stood, counters by what happened since they were last known; None is unknown."""
    licenses: tuple[CarriedLicense, ...] | None
    """Every license listed; None where the list is unknown."""
    collections: tuple[CarriedCollection, ...]
    source: str | None
    """Where it comes from; None where it does not say."""
    seats: SeatSweep | None = None
    """How seats were used, where all people were swept then."""


class CarriedLine(NamedTuple):
    """A snapshot and the line that holds it."""

    number: int
    snapshot: CarriedSnapshot
