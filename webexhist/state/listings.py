"""Remembers which organizations a token's owner was told of, and when.

A poll that cannot list them counts these, never those that another poller stored in the same database. Renewals of a
token leave its owner as it is; another login, another token in the configuration, or other tokens put into their file
begin a new memory.
"""

import json
from collections.abc import Callable, Iterable
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
"""For how long an organization is remembered that no token lists any more, unless it is its owner's."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An organization that a token listed."""

    webex_id: str
    name: str
    origin: str
    """By which configuration: a fingerprint of its service and tokens."""
    at: str
    """When it was last listed (UTC)."""
    is_current: bool
    """Whether it is on the last list of that token."""
    is_own: bool = False
    """Whether Webex told that it is the organization of that token's owner."""
    owner: str = ""
    """Whose token it was: a fingerprint of his first ones."""


@dataclass(frozen=True, slots=True)
class Listings:
    """What the polls with this state folder learned of organizations."""

    origin: str
    """The fingerprint of the configuration that is asked about ..."""
    owner: str
    """... and that of the owner of its token."""
    entries: tuple[Listed, ...] = ()

    @property
    def last_at(self) -> str:
        """When this token last listed any; empty where it never did."""
        return max((entry.at for entry in self.entries if self.is_of_token(entry) and entry.is_current), default="")

    @property
    def before(self) -> ListedBefore:
        """What this token listed, and which of these is its owner's."""
        of_token = [entry for entry in self.entries if self.is_of_token(entry)]
        return ListedBefore(
            tuple(Organization(entry.webex_id, entry.name) for entry in of_token if entry.is_current),
            frozenset(uuid_of(entry.webex_id) for entry in of_token),
            next((uuid_of(entry.webex_id) for entry in of_token if entry.is_own), ""),
        )

    def is_of_token(self, entry: Listed) -> bool:
        """Whether this token listed it."""
        return (entry.origin, entry.owner) == (self.origin, self.owner)

    def left_out(self, listed: Iterable[Organization], at: datetime) -> tuple[str, ...]:
        """The names of those that were polled lately and are not among those listed now.

        Left aside are those of another configuration that polls too: it listed them since this one last did.
        """
        uuids, oldest = {uuid_of(organization.webex_id) for organization in listed}, oldest_kept(at)
        return tuple(
            dict.fromkeys(
                entry.name
                for entry in self.entries
                if uuid_of(entry.webex_id) not in uuids
                and entry.at > oldest
                and (entry.origin == self.origin or not self.last_at or entry.at <= self.last_at)
            )
        )

    def with_own(self, own: str) -> "Listings":
        """The same with the UUID of the one that is the token's owner's ("": unknown)."""
        entries = (
            replace(entry, is_own=uuid_of(entry.webex_id) == own) if self.is_of_token(entry) else entry
            for entry in self.entries
        )
        return replace(self, entries=tuple(entries))

    def renewed(self, listed: Iterable[Organization], at: datetime) -> "Listings":
        """The same after this token listed these; which of them is its owner's `with_own` says.

        What was told earlier of one of these to another owner, with this configuration, is needed no more.
        """
        now = at.isoformat(timespec="seconds")
        new = {
            uuid_of(one.webex_id): Listed(one.webex_id, one.name, self.origin, now, True, owner=self.owner)
            for one in listed
        }
        oldest = oldest_kept(at)
        kept = (
            replace(entry, is_current=entry.is_current and not self.is_of_token(entry))
            for entry in self.entries
            if (entry.at > oldest or entry.is_own)
            and not (uuid_of(entry.webex_id) in new and entry.origin == self.origin and self.is_outdated(entry, now))
        )
        return replace(self, entries=(*new.values(), *kept))

    def is_outdated(self, entry: Listed, now: str) -> bool:
        """Whether it is this token's, or was listed before now: somebody may have logged in and polled meanwhile."""
        return self.is_of_token(entry) or entry.at <= now


def oldest_kept(at: datetime) -> str:
    """When what is remembered at that time was listed at the earliest."""
    return (at - KEPT).isoformat(timespec="seconds")


def remembered_listings(settings: Settings, owner: str) -> Listings:
    """What is remembered, for a token of that owner to be asked about; nothing where it cannot be read."""
    nothing = Listings(origin_of(settings), owner)
    try:
        with opened_to_read(settings.state_dir / NAME) as file:
            entries = [Listed(**entry) for entry in json.loads(file.read(LARGEST_FILE))]
        readable = all(
            isinstance(text, str)
            for entry in entries
            for text in (entry.webex_id, entry.name, entry.origin, entry.at, entry.owner)
        ) and all(isinstance(said, bool) for entry in entries for said in (entry.is_current, entry.is_own))
    except (OSError, ValueError, TypeError, RecursionError):
        return nothing
    return replace(nothing, entries=tuple(entries)) if readable else nothing


def listed_before(settings: Settings) -> Callable[[str], ListedBefore]:
    """Gives what a token's owner was told of organizations before."""
    return lambda owner: remembered_listings(settings, owner).before


def remember_listings(settings: Settings, listings: Listings) -> None:
    """Remembers them. What cannot be written is not worth failing for: the next list is."""
    content = json.dumps([asdict(entry) for entry in listings.entries]).encode()
    with suppress(OSError):
        make_private_folder(settings.state_dir)
        write_private(settings.state_dir / NAME, content)
