"""Remembers which organizations the token of a configuration listed, and when.

A poll that cannot list them counts these, never those that another poller stored in the same database. The
configuration stands for the owner of its token: renewals leave it as it is, and another login or another token in it
begins a new memory.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from webexhist.config import Settings
from webexhist.snapshot import ListedBefore, Organization
from webexhist.state.private_files import make_private_folder, write_private
from webexhist.state.token_file import origin_of
from webexhist.state.trusted_files import opened_to_read
from webexhist.webex_ids import uuid_of

NAME = "organizations.json"
LARGEST_FILE = 8_000_000
"""Bytes; ten thousand organizations take a quarter."""
KEPT = timedelta(days=31)
"""For how long an organization is remembered that no token lists any more."""
FORMER = ""
"""Stands for the token before the last login."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An organization that a token listed."""

    webex_id: str
    name: str
    origin: str
    """Whose token it was: a fingerprint of service and configuration."""
    at: str
    """When it was last listed (UTC)."""
    is_current: bool
    """Whether it is on the last list of that token."""
    is_own: bool = False
    """Whether Webex told that it is the organization of that token's owner."""


@dataclass(frozen=True, slots=True)
class Listings:
    """What the polls with this state folder learned of organizations."""

    origin: str
    """The fingerprint of the configuration that is asked about."""
    entries: tuple[Listed, ...] = ()

    @property
    def last_at(self) -> str:
        """When this configuration's token last listed any; empty where it never did."""
        return max((entry.at for entry in self.entries if self.has_on_last_list(entry)), default="")

    @property
    def before(self) -> ListedBefore:
        """What this configuration's token listed, and which of these is its owner's."""
        of_token = [entry for entry in self.entries if entry.origin == self.origin]
        return ListedBefore(
            tuple(Organization(entry.webex_id, entry.name) for entry in of_token if entry.is_current),
            frozenset(uuid_of(entry.webex_id) for entry in of_token),
            next((uuid_of(entry.webex_id) for entry in of_token if entry.is_own), ""),
        )

    def has_on_last_list(self, entry: Listed) -> bool:
        """Whether this configuration's token listed it the last time it could."""
        return entry.origin == self.origin and entry.is_current

    def left_out(self, listed: Iterable[Organization]) -> tuple[str, ...]:
        """The names of those that were polled before and are not among those listed now.

        Left aside are those of another configuration that polls too: it listed them since this one last did.
        """
        uuids = {uuid_of(organization.webex_id) for organization in listed}
        return tuple(
            dict.fromkeys(
                entry.name
                for entry in self.entries
                if uuid_of(entry.webex_id) not in uuids
                and (entry.origin == self.origin or not self.last_at or entry.at <= self.last_at)
            )
        )

    def with_own(self, own: str) -> "Listings":
        """The same with the UUID of the one that is the token's owner's ("": unknown)."""
        entries = (
            replace(entry, is_own=uuid_of(entry.webex_id) == own) if entry.origin == self.origin else entry
            for entry in self.entries
        )
        return Listings(self.origin, tuple(entries))

    def renewed(self, listed: Iterable[Organization], at: datetime) -> "Listings":
        """The same after this configuration's token listed these; which of them is its owner's `with_own` says."""
        now = at.isoformat(timespec="seconds")
        new = {uuid_of(one.webex_id): Listed(one.webex_id, one.name, self.origin, now, True) for one in listed}
        oldest = (at - KEPT).isoformat(timespec="seconds")
        kept = (
            replace(entry, is_current=entry.is_current and entry.origin != self.origin)
            for entry in self.entries
            if entry.at > oldest and not (uuid_of(entry.webex_id) in new and entry.origin in (self.origin, FORMER))
        )
        return Listings(self.origin, (*new.values(), *kept))


def remembered_listings(settings: Settings) -> Listings:
    """What is remembered; nothing where it cannot be read."""
    origin = origin_of(settings)
    try:
        with opened_to_read(settings.state_dir / NAME) as file:
            entries = [Listed(**entry) for entry in json.loads(file.read(LARGEST_FILE))]
        readable = all(
            isinstance(text, str)
            for entry in entries
            for text in (entry.webex_id, entry.name, entry.origin, entry.at)
        ) and all(isinstance(said, bool) for entry in entries for said in (entry.is_current, entry.is_own))
    except (OSError, ValueError, TypeError, RecursionError):
        return Listings(origin)
    return Listings(origin, tuple(entries)) if readable else Listings(origin)


def remember_listings(settings: Settings, listings: Listings) -> None:
    """Remembers them. What cannot be written is not worth failing for: the next list is."""
    content = json.dumps([asdict(entry) for entry in listings.entries]).encode()
    with suppress(OSError):
        make_private_folder(settings.state_dir)
        write_private(settings.state_dir / NAME, content)


def begin_anew(settings: Settings) -> None:
    """Lets a new login begin without what the token before it listed."""
    known = remembered_listings(settings)
    entries = [replace(entry, origin=FORMER) if entry.origin == known.origin else entry for entry in known.entries]
    if entries:
        remember_listings(settings, Listings(known.origin, tuple(entries)))
