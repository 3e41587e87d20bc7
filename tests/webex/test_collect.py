"""What a poll asks at once, and what becomes of what was asked for nothing."""

import json
import time
from datetime import timedelta

import pytest
from handed_time import PATIENCE
from polling import NOON, Polled, value_of
from sqlalchemy import text

from webexhist.metrics import Metric
from webexhist.simulator import SimulatedWebex, Trouble, VirtualClock, partner_world
from webexhist.simulator.faults.delays import Delays
from webexhist.simulator.faults.switches import Body, Slow
from webexhist.simulator.world.plans import organization_id
from webexhist.store.opening.history import open_history

LIST = "/v1/organizations"


@pytest.fixture
def polled(simulated):
    polled = simulated(partner_world(NOON))
    polled.polls()
    polled.later(minutes=5)
    polled.server.requests.clear()
    return polled


def lists_only(*numbers_and_names):
    items = [{"id": organization_id(number), "displayName": name} for number, name in numbers_and_names]
    return Trouble(Body(json.dumps({"items": items}).encode()), path=LIST)


class Delayed(Delays):
    """Keeps a slow answer back until a number of requests has come."""

    def __init__(self):
        super().__init__()
        self.requests, self.wanted = None, 0

    def wait(self, seconds):
        end = time.monotonic() + PATIENCE
        while len(self.requests) < self.wanted and time.monotonic() < end:
            super().wait(0.002)


def test_what_is_known_is_asked_for_while_the_organizations_are_listed(tmp_path, sqlite_template):
    clock, delays = VirtualClock(NOON), Delayed()
    with SimulatedWebex(partner_world(NOON), clock, delays=delays) as server:
        delays.requests = server.requests
        polled = Polled(server, clock, tmp_path, sqlite_template)
        polled.polls()
        polled.later(minutes=5)
        server.requests.clear()
        delays.wanted = 9  # the list, and as much as eight workers do beside it
        server.faults.troubles.append(Trouble(Slow(1), path=LIST))
        assert len(polled.polls()) == 3
        assert server.requests.by_path()[LIST] == 1


def test_what_was_asked_for_an_organization_that_is_no_longer_listed_is_thrown_away(polled):
    polled.server.scripted.post_message(NOON + timedelta(minutes=1))
    polled.server.faults.troubles.append(lists_only((1, "Beta Example")))
    (beta,) = polled.polls()
    assert (beta.organization.name, beta.number) == ("Beta Example", 2)
    with open_history(str(polled.folder / "webexhist.db")) as history:
        last = history.connection.execute(text("SELECT org, count(*) FROM snapshots GROUP BY org")).all()
    assert dict(map(tuple, last)) == {"Acme Example": 1, "Beta Example": 2, "Gamma Example": 1}


def test_an_organization_that_is_new_on_the_list_is_asked_for_with_the_others(polled):
    polled.server.faults.troubles[:] = [lists_only((0, "Acme Example"))]
    polled.polls()
    polled.later(minutes=5)
    polled.server.faults.troubles.clear()
    names = {snapshot.organization.name: value_of(snapshot, Metric.DEVICES) for snapshot in polled.polls()}
    assert sorted(names) == ["Acme Example", "Beta Example", "Gamma Example"]
    assert names["Beta Example"] is not None


def test_a_snapshot_bears_the_name_that_is_listed_now(polled):
    polled.server.faults.troubles[:] = [lists_only((0, "Acme Renamed"))]
    (snapshot,) = polled.polls()
    assert (snapshot.organization.name, snapshot.number) == ("Acme Renamed", 2)
    assert value_of(snapshot, Metric.TEAMS) is not None
