"""Every event is counted by exactly one poll, whatever happens to polls, clocks and pages."""

import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from clients import BusyClient, FixedToken
from handed_time import SkippedTime
from histories import quick_database
from hypothesis import given, settings
from hypothesis import strategies as st
from polling import NOON
from reading import read
from searching import examples

from webexhist.metrics import Metric
from webexhist.simulator import Faults, SimulatedWebex, Trouble, VirtualClock, World
from webexhist.simulator.faults.switches import EventOrder, Status
from webexhist.snapshot import Snapshot
from webexhist.store.errors import OvertakenError
from webexhist.store.rows.latest import latest
from webexhist.store.saving.save import save
from webexhist.store.saving.windows import event_windows, unplaced_events
from webexhist.store.times import moment_of_milliseconds
from webexhist.webex.api.client import Services
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.transport import Transport
from webexhist.webex.api.workers import Workers
from webexhist.webex.attempts import attempt
from webexhist.webex.collectors.events import EVENTS
from webexhist.webex.collectors.events_or_rooms import EVENTS_OR_ROOM_MESSAGES
from webexhist.webex.collectors.interface import Target
from webexhist.webex.collectors.organizations import list_organizations
from webexhist.webex.collectors.rooms import ROOM_MESSAGES

SETTLE = timedelta(seconds=120)
BUSY_PAGES = 30
SOURCES = {"auto": EVENTS_OR_ROOM_MESSAGES, "events": EVENTS, "rooms": ROOM_MESSAGES}
"""By the setting messages_source."""


@dataclass
class Chain:
    """Polls of the messages of one service, and everything that was posted there."""

    server: SimulatedWebex
    clock: VirtualClock
    source: str
    engine: object = None
    posted: list[datetime] = field(default_factory=list)
    first_opened: datetime | None = None

    def post(self, ago: timedelta = timedelta()) -> None:
        """Posts a message that is listed a little after it was created, but before it is settled."""
        at = self.clock() - ago
        at = at.replace(microsecond=at.microsecond // 1000 * 1000)
        self.posted.append(at)
        self.server.scripted.post_message(at, room=len(self.posted) % 3)

    def collect(self, skew: timedelta) -> Snapshot:
        """What a poll sees whose own clock differs from the service's."""
        deadline = Deadline(30, SkippedTime(step=0.00137))
        token = FixedToken(self.server.access_token)
        with (
            Transport((self.server.base_url,), token, deadline, 2, lambda: self.clock() + skew) as transport,
            Workers(2) as workers,
        ):
            client = BusyClient(Services(*[self.server.base_url] * 3), transport, workers)
            (organization,) = list_organizations(client)
            client.busy_pages, client.meanwhile = BUSY_PAGES, self.post
            ends = {source: end for (_, source), end in read(self.engine, event_windows).items()}
            taken_at = self.clock() + skew
            unplaced = {source: events for (_, source), events in read(self.engine, unplaced_events).items()}
            target = Target(organization, (), ends, lambda: taken_at, None, SETTLE, unplaced)
            outcome = attempt(SOURCES[self.source], client, target)
        gathered = outcome.gathered
        return Snapshot(
            organization, taken_at, 1.0, 1, gathered.counts, None, (outcome.collection,), gathered.windows
        )

    def counted(self, metric: Metric) -> tuple[int, datetime, datetime]:
        """How many messages were counted in all, and from when to when."""
        (last,) = read(self.engine, latest)
        end = next(iter(read(self.engine, event_windows).values()))
        with self.engine.connect() as connection:
            row = connection.exec_driver_sql("SELECT opened_at FROM event_window").one()
            total = connection.exec_driver_sql(
                "SELECT max(r.value) FROM reading r JOIN metric m ON m.id = r.metric_id WHERE m.name = ?", (metric,)
            ).scalar_one()
        assert last
        return total, moment_of_milliseconds(row.opened_at), end


def minutes(most: float) -> st.SearchStrategy[timedelta]:
    return st.floats(-most, most).map(lambda some: timedelta(minutes=some))


MINUTES = st.floats(0, 25).map(lambda minutes: timedelta(minutes=minutes))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("post"), st.floats(0, 100).map(lambda seconds: timedelta(seconds=seconds))),
        st.tuples(st.just("post twins"), st.none()),
        st.tuples(st.just("wait"), MINUTES),
        st.tuples(st.just("poll"), minutes(10)),
        st.tuples(st.just("poll without Webex's time"), minutes(23 * 60)),
        st.tuples(st.just("poll that fails"), st.integers(0, 2)),
        st.tuples(st.just("poll that is killed"), st.none()),
        st.tuples(st.just("outage"), st.integers(1, 40).map(lambda hours: timedelta(hours=hours))),
    ),
    min_size=4,
    max_size=14,
)
SWITCHES = st.builds(
    Faults,
    page_limits=st.just({"/v1/events": 3, "/v1/messages": 2}),
    event_order=st.sampled_from(EventOrder),
    from_inclusive=st.booleans(),
    to_inclusive=st.booleans(),
)


def take(chain: Chain, step: str, detail) -> None:
    match step:
        case "post":
            chain.post(detail)
        case "post twins":
            for _twin in range(4):
                chain.post()
        case "wait" | "outage":
            chain.clock.advance(detail)
        case "poll":
            with suppress(OvertakenError):  # not stored: the next poll counts what this one did
                save(chain.engine, chain.collect(detail))
        case "poll without Webex's time":
            chain.server.faults.date_header = False
            take(chain, "poll", detail)
            chain.server.faults.date_header = True
        case "poll that fails":
            troubles = chain.server.faults.troubles
            path = "/v1/events" if chain.source == "events" else "/v1/messages"
            troubles.append(Trouble(Status(403), path=path, skip=detail))
            take(chain, "poll", timedelta())
            troubles.clear()
        case "poll that is killed":
            chain.collect(timedelta())


def run_schedule(template: Path, source: str, metric: Metric, schedule, faults: Faults) -> None:
    clock = VirtualClock(NOON)
    with SimulatedWebex(World(), clock, faults) as server, tempfile.TemporaryDirectory() as folder:
        chain = Chain(server, clock, source, quick_database(template, Path(folder) / "webexhist.db"))
        take(chain, "poll", timedelta())
        for step, detail in schedule:
            take(chain, step, detail)
        clock.advance(timedelta(minutes=30))
        take(chain, "poll", timedelta())
        total, opened, end = chain.counted(metric)
        assert abs(end - (clock() - SETTLE)) < timedelta(seconds=20)  # the service's clock runs on during a poll
        assert total == sum(opened < at <= end for at in chain.posted)
        chain.engine.dispose()


@given(STEPS, SWITCHES)
@settings(max_examples=examples(6, 25))
def test_events_are_counted_exactly_once(sqlite_template, schedule, faults):
    run_schedule(sqlite_template, "events", Metric.MESSAGES_CREATED, schedule, faults)


@given(STEPS, SWITCHES)
@settings(max_examples=examples(4, 15))
def test_messages_in_rooms_are_counted_exactly_once(sqlite_template, schedule, faults):
    run_schedule(sqlite_template, "rooms", Metric.ROOM_MESSAGES_CREATED, schedule, faults)


@pytest.mark.parametrize("from_inclusive", [True, False])
@pytest.mark.parametrize("to_inclusive", [True, False])
def test_an_event_on_the_very_edge_of_a_window_is_counted_once(sqlite_template, from_inclusive, to_inclusive):
    clock = VirtualClock(NOON)
    faults = Faults(from_inclusive=from_inclusive, to_inclusive=to_inclusive)
    with SimulatedWebex(World(), clock, faults) as server, tempfile.TemporaryDirectory() as folder:
        chain = Chain(server, clock, "events", quick_database(sqlite_template, Path(folder) / "webexhist.db"))
        take(chain, "poll", timedelta())
        for millisecond in range(2_000):  # the first window ends at one of them, the second opens there
            server.scripted.post_message(NOON + timedelta(milliseconds=millisecond))
        clock.advance(SETTLE)
        take(chain, "poll", timedelta())
        _, _, edge = chain.counted(Metric.MESSAGES_CREATED)
        assert NOON <= edge < NOON + timedelta(seconds=2)
        clock.advance(SETTLE)
        take(chain, "poll", timedelta())
        total, opened, end = chain.counted(Metric.MESSAGES_CREATED)
        assert total == 2_000 + sum(opened < at <= end for at in chain.posted)
        chain.engine.dispose()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "metric"), [("events", Metric.MESSAGES_CREATED), ("rooms", Metric.ROOM_MESSAGES_CREATED)]
)
def test_messages_are_counted_exactly_once_in_a_long_search(sqlite_template, source, metric):
    @given(STEPS, SWITCHES)
    @settings(max_examples=200)
    def search(schedule, faults):
        run_schedule(sqlite_template, source, metric, schedule, faults)

    search()
