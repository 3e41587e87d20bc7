"""Lists of licenses that are hard to believe: empty and shrunken ones are confirmed, impossible numbers unknown."""

import json

import pytest
from polling import collection_of

from webexhist.agent.document import plugin_document
from webexhist.simulator import Trouble, World
from webexhist.simulator.faults.switches import Body, Status
from webexhist.snapshot import CollectionStatus

PATH = "/v1/licenses"
NAMES = ("A", "B", "C", "D")


def row(name, total=100, consumed=90, **others):
    return {"id": name, "name": name, "totalUnits": total, "consumedUnits": consumed, "subscriptionId": "S1"} | others


def listing(*rows, **where):
    return Trouble(Body(json.dumps({"items": rows}).encode()), path=PATH, **where)


@pytest.fixture
def polled(simulated):
    polled = simulated(World())
    polled.server.faults.troubles[:] = [listing(*map(row, NAMES))]
    assert len(polled.poll().licenses) == 4
    polled.later(minutes=5)
    return polled


def poll(polled, *troubles, minutes=5):
    polled.server.faults.troubles[:] = troubles
    polled.server.requests.clear()
    snapshot = polled.poll()
    polled.later(minutes=minutes)
    return snapshot


def asked(polled):
    return polled.server.requests.by_path()[PATH]


def lists(snapshot):
    return [run for run in snapshot.collections if run.collector == "license list"]


def test_an_empty_list_after_a_full_one_is_unknown_until_it_was_given_for_a_day(polled):
    hours = 0
    while hours < 24:
        snapshot = poll(polled, listing(), minutes=360)
        assert (snapshot.licenses, snapshot.vanished) == (None, ())
        run = collection_of(snapshot, "licenses")
        assert run.status is CollectionStatus.FAILED
        assert run.error == "GET /v1/licenses lists none, the last list held 4: believed after 24 hours"
        assert "licenses: GET /v1/licenses lists none" in plugin_document([snapshot])["msg"]
        hours += 6
    believed = poll(polled, listing())
    assert (believed.licenses, {gone.name for gone in believed.vanished}) == ((), set(NAMES))
    assert poll(polled, listing()).licenses == ()


def test_a_list_that_is_whole_again_begins_the_day_anew(polled):
    poll(polled, listing(), minutes=60 * 20)
    assert len(poll(polled, listing(*map(row, NAMES))).licenses) == 4
    assert poll(polled, listing(), minutes=60 * 20).licenses is None
    assert poll(polled, listing(), minutes=60 * 20).licenses is None
    assert poll(polled, listing()).licenses == ()


def test_a_request_that_fails_does_not_end_the_day(polled):
    poll(polled, listing(), minutes=60 * 12)
    refused = poll(polled, Trouble(Status(403), path=PATH), minutes=60 * 12)
    assert collection_of(refused, "licenses").status is CollectionStatus.NOT_PERMITTED
    assert poll(polled, listing()).licenses == ()


def test_the_first_list_of_all_may_be_empty(simulated):
    polled = simulated(World())
    snapshot = poll(polled, listing())
    assert (snapshot.licenses, asked(polled)) == ((), 1)


@pytest.mark.parametrize(
    ("rows", "notice"),
    [
        ([row("A")], "the list of licenses lost 3 of its 4 rows; it was asked for twice"),
        ([row(name, 45) for name in NAMES], "the list of licenses lost 220 of its 400 units; it was asked for twice"),
    ],
)
def test_a_list_that_lost_more_than_half_is_asked_for_twice_and_reported(polled, rows, notice):
    snapshot = poll(polled, listing(*rows))
    assert asked(polled) == 2
    assert [(run.status, run.error) for run in lists(snapshot)] == [(CollectionStatus.NOTICE, notice)]
    assert len(snapshot.licenses) == len(rows)
    assert notice in plugin_document([snapshot])["msg"]
    assert plugin_document([snapshot])["Collection Errors"] == 0
    again = poll(polled, listing(*rows))
    assert asked(polled) == 1
    assert [run.error for run in lists(again)] == [notice], "it stands"
    assert notice in plugin_document([again])["msg"]
    assert lists(poll(polled, listing(*map(row, NAMES)))) == []


def test_the_fall_of_a_list_is_reported_until_it_has_its_size_again(polled):
    problem = "the list of licenses lost {} of its 4 rows; it was asked for twice"
    for names, lost in (("A", 3), ("AB", 2), ("ABC", 1), ("A", 3)):
        snapshot = poll(polled, listing(*map(row, names)))
        assert [run.error for run in lists(snapshot)] == [problem.format(lost)]
    for trouble in (Trouble(Status(403), path=PATH), Trouble(Status(429, "3600"), path=PATH)):
        unknown = poll(polled, trouble, minutes=15)  # it is not asked for ten minutes at most
        assert [run.error for run in lists(unknown)] == [problem.format(3)], "nothing new is known"
    assert lists(poll(polled, listing(*map(row, "ABXY")))) == []
    assert lists(poll(polled, listing(*map(row, "ABX")))) == [], "less than half is nothing to tell"


@pytest.mark.slow
def test_the_fall_of_a_list_is_reported_for_seven_days_at_most(polled):
    first = poll(polled, listing(row("A")), minutes=60 * 24)
    for _ in range(6):
        assert lists(poll(polled, listing(row("A")), minutes=60 * 24))
    last = poll(polled, listing(row("A")))
    assert (last.taken_at - first.taken_at).days == 7
    assert lists(last) == []
    assert lists(poll(polled, Trouble(Status(403), path=PATH))) == []


def test_an_empty_list_that_is_believed_is_reported_as_a_fall_from_what_was_before_it(polled):
    poll(polled, listing(), minutes=60 * 24)
    for _ in range(2):
        (problem,) = lists(poll(polled, listing()))
        assert problem.error == "the list of licenses lost 4 of its 4 rows; it was asked for twice"


def test_the_second_answer_counts(polled):
    snapshot = poll(polled, listing(row("A"), times=1), listing(*map(row, NAMES)))
    assert (asked(polled), len(snapshot.licenses), lists(snapshot)) == (2, 4, [])
    empty = poll(polled, listing(times=1), listing(*map(row, NAMES)))
    assert (asked(polled), len(empty.licenses)) == (2, 4)


def test_a_shrunken_list_that_cannot_be_confirmed_is_unknown(polled):
    snapshot = poll(polled, listing(row("A"), times=1), Trouble(Status(403), path=PATH))
    assert (asked(polled), snapshot.licenses) == (2, None)


def test_a_shrunken_list_that_is_not_confirmed_in_time_leaves_the_last_one(polled):
    snapshot = poll(polled, listing(row("A"), times=1), Trouble(Status(429, "3600"), path=PATH))
    assert (len(snapshot.licenses), snapshot.vanished, lists(snapshot)) == (4, (), [])
    assert collection_of(snapshot, "licenses").status is CollectionStatus.OUT_OF_TIME


@pytest.mark.parametrize(
    "rows", [[row("A"), row("B")], [row(name, 50) for name in NAMES], [row(n, -1) for n in NAMES]]
)
def test_half_of_a_list_and_licenses_without_a_limit_are_believed_at_once(polled, rows):
    snapshot = poll(polled, listing(*rows))
    assert (asked(polled), lists(snapshot), len(snapshot.licenses)) == (1, [], len(rows))


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        ({"consumedUnits": -3}, "consumedUnits of Suite is negative"),
        ({"consumedUnits": "-3"}, "consumedUnits of Suite is negative"),
        ({"consumedByUsers": -1}, "consumedByUsers of Suite is negative"),
        ({"consumedUnits": 10**12}, "consumedUnits of Suite is more than any organization has"),
        ({"totalUnits": 10**12}, "totalUnits of Suite is more than any organization has"),
        ({"totalUnits": 2.5}, "totalUnits of Suite is no whole number"),
        ({"totalUnits": [1]}, "totalUnits of Suite is no whole number"),
        ({"totalUnits": None}, "totalUnits of Suite is missing"),
        ({"consumedUnits": None}, "consumedUnits of Suite is missing"),
    ],
)
def test_a_number_that_cannot_be_is_unknown_with_its_reason(simulated, odd, reason):
    snapshot = poll(simulated(World()), listing({**row("Suite", consumedByUsers=9), **odd}, row("Other")))
    (field,) = odd
    ours = {"totalUnits": "purchased", "consumedUnits": "assigned", "consumedByUsers": "assigned_to_users"}[field]
    suite, other = (change.usage for change in snapshot.licenses)
    assert getattr(suite, ours) is None
    assert (other.purchased, other.assigned) == (100, 90)
    run = collection_of(snapshot, "license units")
    assert (run.status, run.error) == (CollectionStatus.FAILED, f"unknown, for {reason}")
    document = plugin_document([snapshot])
    if field != "consumedByUsers":
        assert "License Utilization" not in document
        assert document["msg"].startswith("license usage unknown")


def test_numbers_of_a_license_that_is_listed_twice_with_others_are_unknown(simulated):
    rows = (row("A"), row("B"), row("A", total=200), row("B", total="100"), row("A"))
    snapshot = poll(simulated(World()), listing(*rows))
    first, second = (change.usage for change in snapshot.licenses)
    assert (first.purchased, first.assigned) == (None, 90)
    assert (second.purchased, second.assigned) == (100, 90)
    run = collection_of(snapshot, "license units")
    assert run.error == "unknown, for totalUnits of A is two numbers at once"


def test_unlimited_is_no_negative_number_and_absent_parts_have_no_reason(simulated):
    rows = [row("Suite", -1, 300), row("Calling", 10, 9, consumedByUsers=None)]
    snapshot = poll(simulated(World()), listing(*rows))
    assert [change.usage.purchased for change in snapshot.licenses] == [-1, 10]
    assert not [run for run in snapshot.collections if run.collector == "license units"]
    assert plugin_document([snapshot])["msg"] == "9 of 10 licenses assigned"


def test_one_row_without_an_id_makes_the_whole_list_unknown(polled):
    snapshot = poll(polled, listing(row("A"), row(None), row("B"), row("C")))
    assert snapshot.licenses is None
    assert "without an id" in collection_of(snapshot, "licenses").error
