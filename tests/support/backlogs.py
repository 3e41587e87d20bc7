"""A backlog of events of one organization, and the polls that shorten it, by requests that take a second each."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum, auto
from pathlib import Path

from clients import BusyClient, FixedToken
from handed_time import TimeByRequests
from histories import quick_database
from polling import NOON
from reading import read

from webexhist.config import load_settings
from webexhist.metrics import Metric
from webexhist.simulator import Faults, SimulatedWebex, Trouble, VirtualClock, World
from webexhist.simulator.faults.switches import EventOrder, Status
from webexhist.snapshot import LastPoll, Snapshot
from webexhist.state.bookmark_file import BookmarkFile
from webexhist.store.rows.latest import latest
from webexhist.store.saving.parts import keep_part
from webexhist.store.saving.save import save
from webexhist.store.saving.windows import ahead_of_windows, event_windows, part_lengths
from webexhist.webex.api.client import Services
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.transport import Transport
from webexhist.webex.api.workers import Workers
from webexhist.webex.attempts import attempt
from webexhist.webex.before import Before
from webexhist.webex.collectors.events import EVENTS
from webexhist.webex.collectors.interface import AskedOnce
from webexhist.webex.collectors.organizations import list_organizations
from webexhist.webex_ids import uuid_of

PAGE = 20
"""Events on a page; every request takes a second of the time that is handed in."""
POLL_SETTINGS = load_settings({}, None, {})
SETTLE = timedelta(seconds=120)
OWNER = "the owner of the one token"
BUSY_PAGES = 5
WAITED = 5
"""How many pages fewer fit into a poll that Webex asks to wait for two seconds."""


class KilledError(BaseException):
    """Stands for kill -9: nobody catches it."""


class Killing:
    """Kills a poll before or after it has stored something for the n-th time; None: never."""

    def __init__(self, after: int | None) -> None:
        self.left = after

    def may_be_now(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise KilledError


class WatchedBookmarks(BookmarkFile):
    """Bookmarks beside whose writing a poll can be killed."""

    killing = Killing(None)

    def save(self, bookmarks):
        self.killing.may_be_now()
        is_kept = super().save(bookmarks)
        self.killing.may_be_now()
        return is_kept


class Meanwhile(Enum):
    """What else happens while a poll counts."""

    NOTHING = auto()
    POSTS = auto()
    """A message is posted with each of some pages."""
    DELETIONS = auto()
    """With each of some pages the message is deleted that was posted last."""
    WAIT = auto()
    """Webex asks to wait."""
    CLOCK_AHEAD = auto()
    """The host's clock is five hours ahead."""


class Backlog:
    """A chain of windows of one organization, and the polls that shorten it."""

    def __init__(self, server: SimulatedWebex, clock: VirtualClock, folder: Path, template: Path) -> None:
        self.server, self.clock = server, clock
        self.engine = quick_database(template, folder / "webexhist.db")
        self.messages: list[int] = []
        """The numbers of those that were posted and are not deleted."""
        self.posted = 0
        self.last: dict[str, LastPoll] = {}
        self.settings = replace(POLL_SETTINGS, state_dir=folder)
        self.keeps_place = True
        """Whether a poll leaves to the next where it left a list."""

    def post(self, at: datetime | None = None) -> None:
        at = at or self.clock()
        at = at.replace(microsecond=at.microsecond // 1000 * 1000)
        self.messages.append(self.server.scripted.post_message(at))
        self.posted += 1

    def delete(self) -> None:
        if self.messages:
            self.server.scripted.delete_message(self.messages.pop(), self.clock())

    def poll(self, pages: int, killed_after: int | None = None, meanwhile: Meanwhile = Meanwhile.NOTHING) -> Snapshot:
        """A poll whose budget is so many pages; it can be killed beside its storing, before or after it."""
        waits = [Trouble(Status(429, "2"), path="/v1/events", skip=2, times=1, since=self.clock())]
        self.server.faults.troubles = waits if meanwhile is Meanwhile.WAIT else []
        return self.poll_as_it_is(pages, killed_after, meanwhile)

    def poll_as_it_is(
        self, pages: int, killed_after: int | None = None, meanwhile: Meanwhile = Meanwhile.NOTHING
    ) -> Snapshot:
        """The same with the troubles that the service has."""
        ahead = timedelta(hours=5 * (meanwhile is Meanwhile.CLOCK_AHEAD))
        time = TimeByRequests(lambda: self.server.requests.by_path().total())
        deadline = Deadline(pages + 1, time)
        killing = Killing(killed_after)

        def keep(organization, window, amounts):
            killing.may_be_now()
            is_kept = keep_part(self.engine, organization.webex_id, window, amounts)
            killing.may_be_now()
            return is_kept

        def bookmarks(uuid, source):
            watched = WatchedBookmarks(self.settings, OWNER, uuid, source)
            watched.killing = killing
            return watched

        token = FixedToken(self.server.access_token)
        base = self.server.base_url
        with (
            Transport((base,), token, deadline, 1, lambda: self.clock() + ahead) as transport,
            Workers(1) as workers,
        ):
            client = BusyClient(Services(base, base, base), transport, workers)
            (organization,) = list_organizations(client)
            ends, lengths = read(self.engine, event_windows), read(self.engine, part_lengths)
            beyond = read(self.engine, ahead_of_windows)
            before = Before(
                self.last,
                counted_until=ends,
                part_lengths=lengths,
                ahead=beyond,
                keep=keep,
                bookmarks=bookmarks if self.keeps_place else None,
            )
            target = before.target(organization, POLL_SETTINGS, lambda: self.clock() + ahead, AskedOnce())
            happens = {Meanwhile.POSTS: self.post, Meanwhile.DELETIONS: self.delete}
            client.busy_pages, client.meanwhile = BUSY_PAGES, happens.get(meanwhile, client.meanwhile)
            outcome = attempt(EVENTS, client, target)
        self.clock.advance(timedelta(seconds=30))
        gathered = outcome.gathered
        runs = (outcome.collection, *gathered.checks)
        taken = Snapshot(organization, self.clock(), 1.0, 1, gathered.counts, None, runs, gathered.windows)
        save(self.engine, taken)
        self.last = {uuid_of(organization.webex_id): LastPoll(taken.taken_at, taken.collections, None)}
        return taken

    def bookmark_file(self) -> BookmarkFile:
        """Where the place of its list is kept."""
        (uuid,) = self.last
        return BookmarkFile(self.settings, OWNER, uuid, "events")

    def has_all(self) -> bool:
        """Whether whatever is settled by now is counted."""
        return self.lies_back() < SETTLE + timedelta(minutes=5)

    def lies_back(self) -> timedelta:
        (end,) = read(self.engine, event_windows).values()
        return self.clock() - end

    def counted(self, metric: Metric = Metric.MESSAGES_CREATED) -> int | None:
        (last,) = read(self.engine, latest)
        return next(count.value for count in last.counts if count.metric is metric)


@contextmanager
def begun_backlog(template: Path, folder: Path, order: EventOrder) -> Iterator[Backlog]:
    """A chain of windows that begins at noon, with nothing to count yet, of a service whose lists have this order."""
    clock = VirtualClock(NOON)
    faults = Faults(page_limits={"/v1/events": PAGE}, event_order=order)
    with SimulatedWebex(World(), clock, faults) as server:
        backlog = Backlog(server, clock, folder, template)
        backlog.poll(pages=10)
        yield backlog
        backlog.engine.dispose()
