from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain, pairwise

import pytest

from webexhist.simulator import Faults, World, sized_world
from webexhist.simulator.faults.switches import EventOrder
from webexhist.simulator.world.rhythm import EvenSpread


@pytest.fixture
def world(now):
    return sized_world(now, people=40, rooms=9, messages=5_000, messages_a_day_from_now=200)


def moment_of(event):
    return datetime.fromisoformat(event["created"])


def test_windows_that_touch_hold_every_event_once(visit, world, now, iso):
    visitor = visit(world)
    edges = [now - timedelta(days=80), now - timedelta(days=30, seconds=7), now - timedelta(days=3), now]
    whole = visitor.ids("/v1/events", from_=iso(edges[0]), to=iso(edges[-1]), max=1000)
    parts = [visitor.ids("/v1/events", from_=iso(start), to=iso(end), max=90) for start, end in pairwise(edges)]
    assert list(chain(*reversed(parts))) == whole
    assert len(set(whole)) == len(whole) > 1_000


def test_a_window_holds_exactly_the_events_between_its_ends(visit, world, now, iso):
    visitor = visit(world)
    events = visitor.items("/v1/events", from_=iso(now - timedelta(days=20)), max=1000)
    start, end = moment_of(events[170]), moment_of(events[40])
    expected = [event["id"] for event in events if start <= moment_of(event) < end]
    assert visitor.ids("/v1/events", from_=iso(start), to=iso(end), max=33) == expected
    assert len(expected) == 130


@pytest.mark.parametrize(
    ("from_inclusive", "to_inclusive", "texts"),
    [(True, False, "ab"), (True, True, "abc"), (False, False, "b"), (False, True, "bc")],
)
def test_the_ends_of_a_window_may_belong_to_it_or_not(visit, now, iso, from_inclusive, to_inclusive, texts):
    visitor = visit(faults=Faults(from_inclusive=from_inclusive, to_inclusive=to_inclusive))
    for hours, text in ((3, "a"), (2, "b"), (1, "c")):
        visitor.webex.scripted.post_message(now - timedelta(hours=hours), text)
    window = {"from_": iso(now - timedelta(hours=3)), "to": iso(now - timedelta(hours=1))}
    found = visitor.items("/v1/events", **window)
    assert "".join(sorted(event["data"]["text"] for event in found)) == texts


def test_events_of_one_millisecond_are_paged_without_loss(visit, now, iso):
    visitor = visit()
    at = now - timedelta(minutes=30)
    for number in range(25):
        visitor.webex.scripted.post_message(at, f"text {number}")
        visitor.webex.scripted.record_event("memberships", "created", at, person=number)
    ids = visitor.ids("/v1/events", from_=iso(at), max=7)
    assert len(ids) == len(set(ids)) == 50


def test_events_that_are_added_while_pages_are_read_shift_none_of_them(visit, world, now, iso):
    visitor = visit(world)
    start = now - timedelta(days=2)
    before = visitor.ids("/v1/events", from_=iso(start), max=1000)
    read = []
    for page in visitor.pages("/v1/events", from_=iso(start), max=20):
        read += [event["id"] for event in page.json()["items"]]
        visitor.webex.scripted.post_message(now)
        visitor.webex.scripted.record_event("rooms", "created", now)
    assert read == before
    assert len(visitor.ids("/v1/events", from_=iso(start), max=1000)) == len(before) + 2 * -(-len(before) // 20)


def test_an_event_that_arrives_late_is_in_its_place(visit, world, now, iso):
    visitor = visit(world)
    pages = visitor.pages("/v1/events", from_=iso(now - timedelta(days=9)), max=50)
    read = next(pages).json()["items"]
    visitor.webex.scripted.post_message(now - timedelta(days=8), "late")
    read += [event for page in pages for event in page.json()["items"]]
    assert [event["data"].get("text") for event in read].count("late") == 1
    assert [event["created"] for event in read] == sorted((event["created"] for event in read), reverse=True)


def test_oldest_first_is_the_same_list_the_other_way_round(visit, world, now, iso):
    window = {"from_": iso(now - timedelta(days=9)), "max": 60}
    newest = visit(world).ids("/v1/events", **window)
    oldest = visit(world, Faults(event_order=EventOrder.OLDEST_FIRST)).ids("/v1/events", **window)
    assert oldest == newest[::-1]
    mixed = visit(world, Faults(event_order=EventOrder.NONE)).ids("/v1/events", **window)
    assert sorted(mixed) == sorted(newest)
    assert mixed not in (newest, oldest)


def test_nearly_newest_first_no_event_stands_behind_one_that_is_an_hour_older(visit, world, now, iso):
    window = {"from_": iso(now - timedelta(days=9)), "max": 60}
    faults = Faults(event_order=EventOrder.NEARLY_NEWEST_FIRST)
    listed = [
        datetime.fromisoformat(event["created"]) for event in visit(world, faults).items("/v1/events", **window)
    ]
    assert listed != sorted(listed, reverse=True)
    hour = timedelta(hours=1)
    assert all(later < at + hour for number, at in enumerate(listed) for later in listed[number:])
    assert len(listed) == len(visit(world).ids("/v1/events", **window))


def test_events_can_be_seen_only_after_their_lag(visit, now, clock, iso):
    visitor = visit(faults=Faults(event_lag=timedelta(seconds=90)))
    visitor.webex.scripted.post_message(now)
    seen = []
    for _ in range(4):
        seen.append(len(visitor.ids("/v1/events", from_=iso(now - timedelta(hours=1)))))
        clock.advance(timedelta(seconds=45))
    assert seen == [0, 0, 1, 1]


@pytest.mark.parametrize(("days", "status"), [(89, 200), (90, 200), (91, 403), (96, 403)])
def test_events_older_than_ninety_days_are_refused(visit, now, iso, days, status):
    assert visit().get("/v1/events", from_=iso(now - timedelta(days=days))).status_code == status


def test_a_window_that_ends_in_the_future_is_refused(visit, now, iso):
    window = {"from_": iso(now - timedelta(days=1)), "to": iso(now + timedelta(seconds=3))}
    assert visit().get("/v1/events", **window).status_code == 400
    assert visit(faults=Faults(clock_skew=timedelta(seconds=5))).get("/v1/events", **window).status_code == 200


def test_resource_and_type_choose_and_a_misspelt_one_finds_nothing(visit, world, now, iso):
    visitor = visit(world)
    window = {"from_": iso(now - timedelta(days=60)), "max": 1000}
    everything = visitor.items("/v1/events", **window)
    for resource in ("messages", "memberships"):
        for kind in ("created", "updated", "deleted"):
            chosen = [one["id"] for one in everything if (one["resource"], one["type"]) == (resource, kind)]
            assert visitor.ids("/v1/events", resource=resource, type=kind, **window) == chosen
            assert chosen
    assert visitor.ids("/v1/events", resource="mesages", **window) == []


def test_an_actor_chooses_his_own(visit, world, now, iso):
    visitor = visit(world)
    window = {"from_": iso(now - timedelta(days=60)), "max": 50}
    everything = visitor.items("/v1/events", **window)
    actor = everything[3]["actorId"]
    assert visitor.ids("/v1/events", actorId=actor, **window) == [
        event["id"] for event in everything if event["actorId"] == actor
    ]


def test_the_events_and_the_messages_of_every_room_agree(visit, now, clock, iso):
    start, end = now - timedelta(days=60), now
    visitor = visit(
        World(
            rooms=13,
            opened=(now - timedelta(days=80)).date(),
            messages_a_day=EvenSpread(2_000, start.date(), end.date(), 0),
        )
    )
    scripted = visitor.webex.scripted
    for number in range(20):
        sent = scripted.post_message(now - timedelta(days=2, minutes=number), room=number % 3)
        if number % 4 == 0:
            scripted.delete_message(sent, now - timedelta(days=1))
    created = visitor.items("/v1/events", resource="messages", type="created", from_=iso(start), max=1000)
    deleted = visitor.items("/v1/events", resource="messages", type="deleted", from_=iso(start), max=1000)
    read = [
        message["id"]
        for room in visitor.ids("/v1/rooms")
        for message in visitor.items("/v1/messages", roomId=room, max=60)
        if moment_of(message) >= start
    ]
    gone = {event["data"]["id"] for event in deleted}
    assert sorted(read) == sorted({event["data"]["id"] for event in created} - gone)
    assert len(read) == len(set(read)) > 1_800
    assert len(gone) > 15


def test_rooms_of_others_are_in_the_events_and_not_in_the_list_of_rooms(visit, now, iso):
    world = World(
        rooms=6,
        rooms_of_others=3,
        opened=(now - timedelta(days=10)).date(),
        messages_a_day=EvenSpread(900, (now - timedelta(days=9)).date(), (now - timedelta(days=1)).date(), 0),
        deleted_every=0,
    )
    visitor = visit(world)
    events = visitor.items("/v1/events", resource="messages", type="created", from_=iso(now - timedelta(days=10)))
    rooms = {event["data"]["roomId"] for event in events}
    mine = set(visitor.ids("/v1/rooms"))
    assert len(rooms) == 9
    assert len(mine) == 6
    (other, *_) = rooms - mine
    assert visitor.get("/v1/messages", roomId=other).status_code == 200  # a compliance officer's token
    assert len(events) == 900


def test_last_activity_is_the_latest_message_of_the_room(visit, world, now):
    visitor = visit(replace(world, deleted_every=0))
    visitor.webex.scripted.post_message(now - timedelta(seconds=5), room=4)
    for room in visitor.items("/v1/rooms"):
        newest = visitor.get("/v1/messages", roomId=room["id"], max=1).json()["items"][0]
        assert room["lastActivity"] == newest["created"]


def test_an_edited_message_is_one_created_and_one_updated(visit, now, clock, iso):
    visitor = visit()
    sent = visitor.webex.scripted.post_message(now - timedelta(minutes=9), "first")
    visitor.webex.scripted.edit_message(sent, now - timedelta(minutes=4), "second")
    events = visitor.items("/v1/events", from_=iso(now - timedelta(hours=1)))
    assert [(event["type"], event["data"]["text"]) for event in events] == [
        ("updated", "second"),
        ("created", "first"),
    ]
    (message,) = visitor.items("/v1/messages", roomId=visitor.ids("/v1/rooms")[0])
    assert message["updated"] == iso(now - timedelta(minutes=4))


def test_messages_before_a_time_or_a_message(visit, now, iso):
    visitor = visit()
    for minutes in range(10):
        visitor.webex.scripted.post_message(now - timedelta(minutes=minutes), f"{minutes}")
    room = visitor.ids("/v1/rooms")[0]
    before = visitor.items("/v1/messages", roomId=room, before=iso(now - timedelta(minutes=6)), max=2)
    assert [message["text"] for message in before] == ["7", "8", "9"]
    after = visitor.items("/v1/messages", roomId=room, beforeMessage=before[0]["id"])
    assert [message["text"] for message in after] == ["8", "9"]


def test_the_list_of_audit_events(visit, now, iso):
    world = sized_world(now, audit_events=450)
    visitor = visit(world)
    visitor.webex.scripted.record_audit_event(now - timedelta(hours=1), "Somebody bought licenses", "LICENSE")
    organization = visitor.ids("/v1/organizations")[0]
    year = {"orgId": organization, "from_": iso(now - timedelta(days=366)), "to": iso(now)}
    events = visitor.items("/v1/adminAudit/events", max=1000, **year)
    assert [len(page.json()["items"]) for page in visitor.pages("/v1/adminAudit/events", max=1000, **year)] == [
        200,
        200,
        51,
    ]
    assert len({event["id"] for event in events}) == 451
    assert events[0]["data"]["actionText"] == "Somebody bought licenses"
    chosen = visitor.items("/v1/adminAudit/events", eventCategories="license", max=50, **year)
    assert {event["data"]["eventCategory"] for event in chosen} == {"LICENSE"}
    assert len(chosen) == 1 + 75  # every sixth of 450
    too_long = year | {"from_": iso(now - timedelta(days=367))}
    assert visitor.get("/v1/adminAudit/events", **too_long).status_code == 400


def test_daily_totals_agree_with_the_events(visit, world, now, iso):
    visitor = visit(world)
    body = visitor.get("/v1/analytics/messagingMetrics/dailyTotals", from_="2026-11-09").json()
    metrics = body["metrics"]
    assert (body["startDate"], body["endDate"]) == ("2026-11-09", "2026-11-22")
    created = visitor.items("/v1/events", resource="messages", type="created", from_="2026-11-09T00:00:00Z", max=1000)
    days = [event["created"][:10] for event in created]
    assert metrics["totalMessagesSent"] == [days.count(day) for day in metrics["dates"]]
    assert sum(metrics["totalMessagesSent"]) == 193  # two weeks of 5,000 in 52 weeks and a Sunday: 192.2


def test_daily_totals_of_yesterday_of_a_day_and_of_thirteen_months_at_most(visit, world):
    visitor = visit(world)
    path = "/v1/analytics/messagingMetrics/dailyTotals"
    assert visitor.get(path).json()["metrics"]["dates"] == ["2026-11-22"]
    assert visitor.get(path, to="2026-11-03").json()["metrics"]["dates"] == ["2026-11-03"]
    assert visitor.get(path, from_="2026-11-21", to="2026-11-25").json()["endDate"] == "2026-11-22"
    assert visitor.get(path, from_="2020-01-01").json()["startDate"] == "2025-11-23"
    assert visitor.get(path, from_="someday").status_code == 400


def test_a_single_event_is_found_by_its_id(visit, world, now, iso):
    visitor = visit(world)
    visitor.webex.scripted.post_message(now - timedelta(minutes=1), "posted")
    events = visitor.items("/v1/events", from_=iso(now - timedelta(days=9)), max=1000)
    for event in (events[0], events[1], events[-1]):
        assert visitor.get(f"/v1/events/{event['id']}").json() == event
    visitor.clock.advance(timedelta(days=-10))
    assert visitor.get(f"/v1/events/{events[0]['id']}").status_code == 404
