"""What counts of one person, by his row in the list of people, where several things hold of him too."""

from datetime import UTC, datetime, timedelta

import pytest

from webexhist.seat_counts import HolderState
from webexhist.seat_exclusions import Exclusions
from webexhist.snapshot import Organization
from webexhist.webex.collectors.interface import Target
from webexhist.webex.collectors.seats import group_name, holder_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TARGET = Target(Organization("acme", "Acme"), (), {}, time=lambda: NOW, before=None, settle=timedelta(0))
SEEN, HIDDEN, DISABLED = HolderState.SEEN, HolderState.HIDDEN, HolderState.DISABLED
PENDING, NEVER = HolderState.PENDING, HolderState.NEVER_ACTIVE


def ago(days, seconds=0):
    return f"{NOW - timedelta(days=days, seconds=seconds):%Y-%m-%dT%H:%M:%S.000Z}"


def holder(person, left_out=None, group_of=lambda person: "all"):
    return holder_of(person, TARGET, {"calling": "calling"}, group_of, left_out or Exclusions())


@pytest.mark.parametrize(
    ("person", "state", "idle_days"),
    [
        ({}, HIDDEN, None),
        *(({"lastActivity": ago(days)}, SEEN, days) for days in (0, 30, 60, 90, 180)),
        *(({"lastActivity": ago(days, -1)}, SEEN, days - 1) for days in (30, 60, 90, 180)),
        # 30 days of 24 hours, though clocks were set back in between: 13:00 in Berlin is 12:00 UTC in November.
        ({"lastActivity": "2026-10-24T14:00:00.000+02:00"}, SEEN, 30),
        ({"lastActivity": "2026-10-24T14:00:01.000+02:00"}, SEEN, 29),
        ({"lastActivity": ago(-3)}, SEEN, 0),
        ({"lastActivity": ago(5), "status": "unknown"}, SEEN, 5),
        ({"status": "meeting"}, SEEN, 0),
        ({"status": "DoNotDisturb"}, SEEN, 0),
        ({"status": "inactive"}, HIDDEN, None),
        ({"status": "OutOfOffice"}, HIDDEN, None),
        ({"status": "unknown"}, NEVER, None),
        ({"status": "pending", "created": ago(90)}, NEVER, None),
        # Who came yesterday did not leave a seat unused.
        ({"status": "unknown", "created": ago(90, -1)}, HIDDEN, None),
        ({"status": "unknown", "lastActivity": "some day"}, HIDDEN, None),
        ({"loginEnabled": False, "lastActivity": ago(0), "status": "active"}, DISABLED, None),
        ({"loginEnabled": "false", "invitePending": True}, DISABLED, None),
        ({"invitePending": "TRUE", "lastActivity": ago(200)}, PENDING, None),
        ({"invitePending": None, "loginEnabled": "perhaps", "lastActivity": ago(200)}, SEEN, 200),
        ({"type": "person", "lastActivity": ago(200)}, SEEN, 200),
        ({"type": "bot", "lastActivity": ago(200)}, HIDDEN, None),
        ({"type": "AppUser", "status": "unknown", "loginEnabled": False}, HIDDEN, None),
    ],
    ids=str,
)
def test_a_person_counts_once_by_the_first_that_holds(person, state, idle_days):
    found = holder(person)
    assert (found.state, found.idle_days) == (state, idle_days)


@pytest.mark.parametrize(
    "pattern",
    [
        "Ana.Lopez@acme.example",
        "*@acme.example",
        "ANA LOPEZ",
        "5c7e2d10-91af-4b0a-8f7d-2b6a1c9e0d31",
        "department=Works Council",
        "department = works*",
        "title=Clerk",
    ],
)
def test_of_who_is_left_out_nothing_counts_but_the_seat(pattern):
    ana = {
        "id": "Y2lzY29zcGFyazovL3VzL1BFT1BMRS81YzdlMmQxMC05MWFmLTRiMGEtOGY3ZC0yYjZhMWM5ZTBkMzE",
        "emails": ["second@other.example", "Ana.Lopez@ACME.example"],
        "displayName": "Ana Lopez",
        "department": "Works Council",
        "title": "Clerk",
        "loginEnabled": False,
        "licenses": ["calling"],
    }
    keyed = Exclusions(key=b"key")
    one = frozenset({keyed.hash_of(pattern)}) if keyed.names_one(pattern) else frozenset()
    left_out = Exclusions(b"key", one, () if one else (pattern,))
    found = holder(ana, left_out)
    assert (found.state, found.idle_days, found.license_ids) == (HIDDEN, None, ("calling",))
    assert holder(
        ana | {"emails": [], "id": "x", "displayName": "", "department": "", "title": ""}, left_out
    ).state is (DISABLED)


@pytest.mark.parametrize(
    ("person", "pattern"),
    [
        ({"department": "Sales [EMEA]"}, "department=Sales [EMEA]"),
        ({"department": "Sales\u200bEMEA \n Lyon"}, "department=salesemea lyon"),
        ({"department": "Sales\u200bEMEA"}, "department=Sales\u200bEMEA"),
        ({"department": "x" * 150}, "department=" + "x" * 80),
        ({"department": "x" * 150}, "department=" + "x" * 150),
        ({"department": "B\u00fcro"}, "department=Bu\u0308ro"),
        ({"title": "R&D = Research"}, "title=R&D = Research"),
        ({"displayName": "Ana [Ext] L\u00f3pez"}, "ana [ext] lo\u0301pez"),
        ({"displayName": "\u202aAna\u202c Lopez"}, "Ana Lopez"),
        ({"emails": ["a=b@acme.example"]}, "a=b@acme.example"),
    ],
    ids=str,
)
def test_who_is_left_out_may_be_written_as_he_is_shown(person, pattern):
    keyed = Exclusions(key=b"key")
    one = frozenset({keyed.hash_of(pattern)}) if keyed.names_one(pattern) else frozenset()
    left_out = Exclusions(b"key", one, () if one else (pattern,))
    assert bool(one) is not any(field in person for field in ("department", "title"))
    assert holder(person | {"loginEnabled": False}, left_out).state is HIDDEN
    assert (
        holder({"loginEnabled": False, "department": "E", "displayName": "Ana E Lopez"}, left_out).state is DISABLED
    )


@pytest.mark.parametrize(
    ("department", "group"),
    [
        (None, "no department"),
        ("", "no department"),
        ("  \u200b\u202e ", "no department"),
        (17, "no department"),
        (["Sales"], "no department"),
        ("  Sales \n EMEA\t", "Sales EMEA"),
        ("\u202eselaS", "selaS"),
        ("\u05de\u05db\u05d9\u05e8\u05d5\u05ea", "\u05de\u05db\u05d9\u05e8\u05d5\u05ea"),
        ("=1+1", "=1+1"),
        ("x" * 150, "x" * 80),
    ],
)
def test_a_group_is_one_line_that_can_be_printed(department, group):
    assert group_name(department, "department") == group
