"""How seats are counted: cases worked out by hand."""

import pytest

from webexhist.seat_counts import (
    Account,
    AccountPeople,
    GroupSeats,
    HolderState,
    SeatCounts,
    SeatHolder,
)
from webexhist.seat_tally import SeatTally

SEEN, NEVER, HIDDEN = HolderState.SEEN, HolderState.NEVER_ACTIVE, HolderState.HIDDEN


def count_seats(holders, assigned_to_users, *, grouped=True):
    tally = SeatTally()
    for holder in holders:
        tally.add(holder)
    return tally.of_licenses(assigned_to_users, grouped)


def people(number: int, group: str, idle_days: int | None, state: HolderState = SEEN, *licenses: str):
    return [SeatHolder(licenses or ("calling",), group, state, idle_days)] * number


@pytest.mark.parametrize(
    ("idle_days", "counted"),
    [
        (0, {"active": 1}),
        (29, {"active": 1}),
        (30, {"idle_30": 1}),
        (59, {"idle_30": 1}),
        (60, {"idle_30": 1, "idle_60": 1}),
        (90, {"idle_30": 1, "idle_60": 1, "idle_90": 1}),
        (179, {"idle_30": 1, "idle_60": 1, "idle_90": 1}),
        (180, {"idle_30": 1, "idle_60": 1, "idle_90": 1, "idle_180": 1}),
    ],
)
def test_who_was_idle_for_90_days_was_so_for_30_and_60_too(idle_days, counted):
    (found,) = count_seats(people(1, "all", idle_days), {"calling": 1}, grouped=False)
    assert found == GroupSeats("calling", "all", SeatCounts(**counted))


def test_what_is_not_known_is_neither_active_nor_idle_and_all_adds_up_to_what_users_hold():
    holders = [
        *people(12, "all", 3),
        *people(6, "all", 95),
        *people(1, "all", None, NEVER),
        *people(2, "all", None, HolderState.PENDING),
        *people(1, "all", None, HolderState.DISABLED),
        *people(3, "all", None, HIDDEN),
    ]
    (found,) = count_seats(holders, {"calling": 27}, grouped=False)
    assert found.counts == SeatCounts(
        active=12, idle_30=6, idle_60=6, idle_90=6, never_active=1, pending=2, disabled=1, hidden=3, external=2
    )
    assert found.counts.people + found.counts.external == 27


def test_a_group_of_fewer_than_five_is_among_the_others_and_so_are_seats_of_people_outside_the_list():
    holders = [*people(5, "Sales", 3), *people(4, "Legal", 95), *people(2, "Board", 0)]
    # Six others: nobody can tell how many of them are whose.
    assert count_seats(holders, {"calling": 14}) == (
        GroupSeats("calling", "Sales", SeatCounts(active=5)),
        GroupSeats("calling", "others", SeatCounts(active=2, idle_30=4, idle_60=4, idle_90=4, external=3)),
    )


@pytest.mark.parametrize(
    ("sizes", "named"),
    [
        ({"Sales": 20, "Service": 9, "Legal": 3}, {"Sales": 20, "others": 12}),
        ({"Sales": 20, "Service": 9, "Legal": 4, "Board": 1}, {"Sales": 20, "Service": 9, "others": 5}),
        ({"Sales": 6, "Legal": 1}, {"others": 7}),
        ({"Sales": 6, "Service": 5}, {"Sales": 6, "Service": 5}),
        ({"Legal": 3}, {"others": 3}),
        ({"SALES": 2, "Sales": 3, "sales": 1, "Legal": 5}, {"Sales": 6, "Legal": 5}),
    ],
)
def test_neither_the_others_nor_all_less_the_named_groups_are_fewer_than_five(sizes, named):
    holders = [each for name, number in sizes.items() for each in people(number, name, 3)]
    found = count_seats(holders, {"calling": len(holders)})
    assert {each.group: each.counts.people for each in found} == named


def test_who_holds_several_licenses_of_an_account_is_one_person():
    """90 with Meetings, 90 with Calling, 50 of them with both; agents are bought elsewhere."""
    suite = Account("Sub1", None, ("meetings", "calling"))
    sites = Account("Sub1", "EE · Sub1", ("meetings", "meetings at b"))
    tally = SeatTally([suite, sites])
    for held, number in (("meetings",), 40), (("calling", "agents"), 40), (("meetings", "calling", "calling"), 50):
        for holder in people(number, "Sales", 3, SEEN, *held):
            tally.add(holder)
    of_suite, of_sites = tally.of_accounts({"meetings": 93, "calling": 95, "meetings at b": 2})
    # From outside 3 with Meetings and 5 with Calling: five people, where three of them hold both, or eight.
    assert of_suite == AccountPeople("Sub1", None, 2, 130, external_least=5, external_most=8)
    assert of_sites == AccountPeople("Sub1", "EE · Sub1", 2, 90, external_least=3, external_most=5)
    (unknown, _) = tally.of_accounts({"meetings": None, "calling": 95, "meetings at b": 0})
    assert (unknown.people, unknown.external_least, unknown.external_most) == (130, None, None)


def test_a_group_is_small_where_few_of_it_hold_that_license():
    holders = [*people(6, "Sales", 3), *people(3, "Sales", 95, SEEN, "calling", "agents")]
    assert count_seats(holders, {"calling": 9, "agents": 3}) == (
        GroupSeats("calling", "Sales", SeatCounts(active=6, idle_30=3, idle_60=3, idle_90=3)),
        GroupSeats("agents", "others", SeatCounts(idle_30=3, idle_60=3, idle_90=3)),
    )


def test_where_nobody_at_all_was_seen_it_is_not_known_who_never_was_active():
    """The administrator who asks hides his own status: then Webex shows nobody's."""
    holders = [*people(3, "all", None, NEVER), *people(2, "all", None, HIDDEN)]
    (hidden,) = count_seats(holders, {"calling": 5}, grouped=False)
    assert hidden.counts == SeatCounts(hidden=5)
    (told, *_) = count_seats([*holders, *people(1, "all", 200, SEEN, "agents")], {"calling": 5}, grouped=False)
    assert told.counts == SeatCounts(never_active=3, hidden=2)


def test_a_group_that_is_called_others_is_among_them():
    holders = [*people(3, "others", 3), *people(2, "Others", 3), *people(1, "Legal", 3)]
    assert count_seats(holders, {"calling": 7}) == (
        GroupSeats("calling", "others", SeatCounts(active=6, external=1)),
    )


def test_a_license_that_nobody_holds_has_no_row_and_one_held_by_others_alone_has_one():
    assert count_seats([], {"rooms": 0, "routes": None, "meetings": 4}) == (
        GroupSeats("meetings", "others", SeatCounts(external=4)),
    )


def test_where_the_units_of_users_are_unknown_so_are_those_of_people_outside_the_list():
    found = count_seats(people(5, "Sales", 3), {"calling": None})
    assert found == (
        GroupSeats("calling", "Sales", SeatCounts(active=5)),
        GroupSeats("calling", "others", SeatCounts(external=None)),
    )


def test_people_hold_no_more_than_all_units_and_a_license_that_is_not_listed_is_not_counted():
    holders = people(6, "all", 3, SEEN, "calling", "gone", "calling")
    assert count_seats(holders, {"calling": 5}, grouped=False) == (
        GroupSeats("calling", "all", SeatCounts(active=6)),
    )
