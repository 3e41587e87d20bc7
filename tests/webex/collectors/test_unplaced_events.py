"""Events without a time: counted once, where they are first met, and never in the way of the others."""

import json
from datetime import timedelta

import pytest
from polling import collection_of, value_of
from sqlalchemy import text

from webexhist.metrics import Metric
from webexhist.simulator import Trouble
from webexhist.simulator.faults.switches import Body
from webexhist.snapshot import CollectionStatus
from webexhist.store.opening.database import open_database


def event(webex_id, created=None, kind="created", resource="messages"):
    return {"id": webex_id, "resource": resource, "type": kind, "created": created}


def poll(polled, events, path="/v1/events", **options):
    polled.server.faults.troubles[:] = [Trouble(Body(json.dumps({"items": events}).encode()), path=path)]
    snapshot = polled.poll(**options)
    polled.later(minutes=5)
    return snapshot


def at(polled, **ago):
    return (polled.clock() - timedelta(**ago)).isoformat()


@pytest.mark.slow
@pytest.mark.parametrize("created", [None, "", "soon", 7, {}])
def test_an_event_without_a_time_is_counted_once_though_every_poll_meets_it(simulated, created):
    polled = simulated()
    poll(polled, [])
    totals = []
    for number in range(4):
        placed = event(f"placed {number}", at(polled, minutes=4))
        snapshot = poll(polled, [placed, event("odd", created)])
        totals.append(value_of(snapshot, Metric.MESSAGES_CREATED))
        assert collection_of(snapshot, "events").status is CollectionStatus.OK
    assert totals == [2, 3, 4, 5]


def test_one_that_gets_its_time_later_is_not_counted_again(simulated):
    polled = simulated()
    poll(polled, [])
    assert value_of(poll(polled, [event("odd")]), Metric.MESSAGES_CREATED) == 1
    assert value_of(poll(polled, [event("odd", at(polled, minutes=4))]), Metric.MESSAGES_CREATED) == 1


def test_a_poll_after_an_outage_of_days_counts_it_once(simulated):
    polled = simulated()
    poll(polled, [])
    polled.later(days=5)
    assert value_of(poll(polled, [event("odd"), event("even")]), Metric.MESSAGES_CREATED) == 2


def test_what_is_remembered_is_no_id_and_is_forgotten(simulated):
    polled = simulated()
    for events in ([], [event("odd")], []):
        poll(polled, events)
    engine = open_database(polled.folder / "webexhist.db")

    def remembered():
        with engine.connect() as connection:
            return connection.execute(text("SELECT source, event FROM unplaced_event")).all()

    ((source, fingerprint),) = remembered()
    assert (source, len(fingerprint)) == ("events", 32)
    assert "odd" not in fingerprint
    polled.later(days=401)
    poll(polled, [])
    assert remembered() == []
    engine.dispose()


def test_an_event_that_does_not_say_what_happened_stops_nothing_and_is_reported(simulated):
    polled = simulated()
    poll(polled, [])
    odd = [event("odd", at(polled, minutes=4), kind=None), event("even", at(polled, minutes=4), resource=None)]
    snapshot = poll(polled, [*odd, event("right", at(polled, minutes=4))])
    assert value_of(snapshot, Metric.MESSAGES_CREATED) == 1
    assert collection_of(snapshot, "odd events").error == "2 events that do not say what happened, not counted"


def test_audit_events_without_a_time_are_counted_once(simulated):
    polled = simulated()
    path = "/v1/adminAudit/events"
    poll(polled, [], path)
    assert value_of(poll(polled, [{"id": "odd"}], path), Metric.ADMIN_AUDIT_EVENTS) == 1
    assert value_of(poll(polled, [{"id": "odd", "created": None}], path), Metric.ADMIN_AUDIT_EVENTS) == 1


def test_messages_without_a_time_are_counted_by_their_place_in_the_room(simulated):
    polled = simulated()
    options = {"path": "/v1/messages", "messages_source": "rooms"}
    one_room = Trouble(Body(b'{"items": [{"id": "R1"}]}'), path="/v1/rooms")

    def read(messages):
        body = json.dumps({"items": messages}).encode()
        polled.server.faults.troubles[:] = [one_room, Trouble(Body(body), path=options["path"])]
        snapshot = polled.poll(messages_source="rooms")
        polled.later(minutes=5)
        return value_of(snapshot, Metric.ROOM_MESSAGES_CREATED)

    read([])
    old = {"id": "old", "created": at(polled, days=3)}
    older = {"id": "odd and older", "created": None}
    assert read([{"id": "odd"}, {"id": "new", "created": at(polled, minutes=4)}, old, older]) == 2
    assert read([{"id": "newer", "created": at(polled, minutes=4)}, {"id": "odd"}, old, older]) == 3
