"""Every event once, and every held value with its own time: whatever is asked when, by two pollers, killed or not."""

import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from handed_time import SkippedTime
from hypothesis import given, settings
from hypothesis import strategies as st
from polling import NOON
from reading import read
from searching import examples
from sqlalchemy import Engine, event, text

from webexhist.config import Settings, load_settings
from webexhist.poll import poll_into
from webexhist.simulator import Faults, LicensePlan, OrganizationPlan, SimulatedWebex, VirtualClock, World
from webexhist.store.opening.database import open_database
from webexhist.store.saving.windows import event_windows
from webexhist.store.seals.damage import find_damage
from webexhist.store.times import moment_of_milliseconds
from webexhist.webex.api.deadline import Deadline

SETTLE = timedelta(seconds=120)
WORLD = World(
    organizations=(
        OrganizationPlan(people=9, devices=2, licenses=(LicensePlan("Messaging", "MS", 9, 5, 0, "Sub1"),)),
        OrganizationPlan(name="Beta Example", people=3, devices=1),
    ),
    teams=1,
    memberships_per_team=1,
    rooms=1,
)


class KilledError(BaseException):
    """Ends a poll where it stands, as kill -9 does."""


@dataclass
class Pollers:
    """Two pollers of one database."""

    server: SimulatedWebex
    clock: VirtualClock
    folder: Path
    posted: list[datetime] = field(default_factory=list)

    @property
    def file(self) -> Path:
        return self.folder / "webexhist.db"

    def settings(self, poller: str, every: str) -> Settings:
        own = {"base_url": self.server.base_url, "access_token": self.server.access_token, "every": every}
        return load_settings(own | {"state_dir": str(self.folder / poller), "messages_source": "events"}, None, {})

    def poll(self, poller: str, only: tuple[str, ...], every: str, engine: Engine | None = None) -> None:
        used = engine or open_database(self.file)
        try:
            poll_into(used, self.settings(poller, every), self.clock, Deadline(60, SkippedTime()), frozenset(only))
        finally:
            used.dispose()

    def killed(self, poller: str, only: tuple[str, ...], every: str, statement: int) -> None:
        """The poll ends before its statement of that number."""
        engine, left = open_database(self.file), statement

        @event.listens_for(engine, "before_cursor_execute")
        def count(*_arguments: object) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise KilledError

        with suppress(KilledError):
            self.poll(poller, only, every, engine)

    def overlapping(self, only: tuple[str, ...], every: str) -> None:
        """The second poller polls from begin to end while the first has collected and not yet stored."""
        engine, waiting = open_database(self.file), [True]

        @event.listens_for(engine, "before_cursor_execute")
        def let_the_other_poll(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
            if statement.startswith("BEGIN IMMEDIATE") and waiting:
                waiting.clear()
                self.poll("second", (), "")

        self.poll("first", only, every, engine)


ONLY = st.sampled_from([(), (), (), ("people",), ("events",), ("licenses", "devices")])
EVERY = st.sampled_from(["", "", "events:900", "people:3600, licenses:3600, devices:600"])
POLLER = st.sampled_from(["first", "first", "second"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("post"), st.floats(0, 100)),
        st.tuples(st.just("wait"), st.sampled_from([1.0, 5.0, 5.0, 14.5, 60.0, 26 * 60.0])),
        st.tuples(st.just("poll"), POLLER, ONLY, EVERY),
        st.tuples(st.just("killed"), POLLER, ONLY, EVERY, st.integers(0, 80)),
        st.tuples(st.just("overlapping"), ONLY, EVERY),
    ),
    min_size=4,
    max_size=14,
)


def take(pollers: Pollers, step: str, *details) -> None:
    match step:
        case "post":
            at = pollers.clock() - timedelta(seconds=details[0])
            pollers.posted.append(at.replace(microsecond=at.microsecond // 1000 * 1000))
            pollers.server.scripted.post_message(pollers.posted[-1], room=0)
        case "wait":
            pollers.clock.advance(timedelta(minutes=details[0]))
        case "poll":
            pollers.poll(*details)
        case "killed":
            pollers.killed(*details)
        case "overlapping":
            take(pollers, "post", 0.0)
            take(pollers, "wait", 5.0)
            pollers.overlapping(*details)


HELD = """
SELECT d.org_id, d.metric, d.taken_at, d.as_of, d.value, d.change, (SELECT c.value FROM counts c
  WHERE c.org_id = d.org_id AND c.metric = d.metric AND c.taken_at = d.as_of) AS counted
FROM count_deltas d WHERE d.as_of <> d.taken_at
"""
PEAKS = """
SELECT p.org_id, p.metric, p.day, p.min, p.max, (SELECT min(c.value) FROM counts c WHERE c.org_id = p.org_id
    AND c.metric = p.metric AND c.as_of = c.taken_at
    AND substr(CAST(c.taken_at AS TEXT), 1, 10) = CAST(p.day AS TEXT)) AS least,
  (SELECT max(c.value) FROM counts c WHERE c.org_id = p.org_id AND c.metric = p.metric AND c.as_of = c.taken_at
    AND substr(CAST(c.taken_at AS TEXT), 1, 10) = CAST(p.day AS TEXT)) AS most
FROM daily_counts p
"""
NUMBERS = (
    "SELECT org_id, count(*) AS polls, min(snapshot) AS first, max(snapshot) AS last FROM snapshots GROUP BY org_id"
)
MESSAGES = """
SELECT max(r.value) FROM reading r JOIN metric m ON m.organization_id = r.organization_id AND m.id = r.metric_id
WHERE m.name = 'messages_created'
"""


def check(pollers: Pollers) -> None:
    engine = open_database(pollers.file)
    assert find_damage(engine) == ()
    ends = [end for (_, source), end in read(engine, event_windows).items() if source == "events"]
    with engine.connect() as connection:
        (opened,) = connection.scalars(text("SELECT opened_at FROM event_window WHERE source = 'events'")).all()
        begin = moment_of_milliseconds(opened)
        counted = connection.scalar(text(MESSAGES))
        assert counted == sum(begin < at <= max(ends) for at in pollers.posted)
        for row in connection.execute(text(HELD)):
            assert (row.value, row.change) == (row.counted, None), row
            age = datetime.fromisoformat(row.taken_at) - datetime.fromisoformat(row.as_of)
            assert timedelta() < age <= timedelta(days=1), row
        for row in connection.execute(text(PEAKS)):
            assert (row.min, row.max) == (row.least, row.most), row
        assert all(row.first == 1 and row.last == row.polls for row in connection.execute(text(NUMBERS)))
    engine.dispose()


def run(schedule) -> None:
    clock = VirtualClock(NOON)
    with (
        SimulatedWebex(WORLD, clock, Faults(page_limits={"/v1/events": 3})) as server,
        tempfile.TemporaryDirectory() as folder,
    ):
        pollers = Pollers(server, clock, Path(folder))
        pollers.poll("first", (), "")
        for step in schedule:
            take(pollers, *step)
        clock.advance(timedelta(minutes=30))
        pollers.poll("first", (), "")
        check(pollers)


@pytest.mark.slow
@given(STEPS)
@settings(max_examples=examples(3, 60))
def test_events_are_counted_once_and_held_values_keep_their_time(schedule):
    run(schedule)
