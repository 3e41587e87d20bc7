"""The plugin document: names that users have alerts on, values that are never made up, limits that the agent sets."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from polling import NOON

from webexhist.agent import document
from webexhist.agent.document import plugin_document
from webexhist.agent.failure import PLUGIN_VERSION, failure_document
from webexhist.errors import WebexhistError
from webexhist.metrics import PLUGIN_CHANGES, PLUGIN_VALUES, Metric
from webexhist.not_judged import NotJudged
from webexhist.simulator import LicensePlan, OrganizationPlan, Trouble, World, partner_world
from webexhist.simulator.faults.switches import Status
from webexhist.snapshot import Collection, CollectionStatus, License, LicenseUsage, Organization
from webexhist.stored_snapshot import CountChange, LicenseChange, StoredSnapshot

SEED_NAMES = (
    "Admin - Org Count",
    "Admin - Teams Count",
    "Admin - Devices Count",
    "People Count",
    "Hybrid - Clusters Count",
    "Hybrid - Connectors Count",
    "Admin - Rooms Count",
    "Places Count",
    "Admin - Roles Count",
    "Total Messages Exchanged",
    "Room - Memberships Count",
    "Admin Audit Events",
    "Resource Group Membership Active",
    "Resource Group Membership Pending",
    "Resource Group Membership Error",
)
RESERVED = {"plugin_version", "heartbeat_required", "msg", "units", "tabs", "status"}
AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def usage(name, total, assigned, *, counted=True, site=None, subscription="Sub1", change=0):
    license_ = License(f"id {name} {site} {subscription}", name, "MS", subscription, site, None, counted)
    return LicenseChange(LicenseUsage(license_, total, assigned, assigned, 0), 0, change, AT - timedelta(minutes=5))


def stored(licenses=(), counts=(), collections=(), appeared=(), vanished=(), name="Acme"):
    return StoredSnapshot(
        Organization(f"id {name}", name),
        number=2,
        taken_at=AT,
        day=AT.date(),
        previous_at=AT - timedelta(minutes=5),
        seconds=2.44,
        requests=36,
        counts=tuple(counts),
        licenses=None if licenses is None else tuple(licenses),
        appeared=tuple(appeared),
        vanished=tuple(vanished),
        collections=tuple(collections),
    )


def test_two_polls_print_the_whole_document(simulated):
    plan = OrganizationPlan(
        licenses=(
            LicensePlan("Suite", "EE", 250, 231, 0, "Sub1", "acme.webex.com"),
            LicensePlan("Free", "FMS", 100, 100),
        )
    )
    polled = simulated(World(organizations=(plan,)))
    polled.poll()
    polled.server.scripted.post_message(NOON + timedelta(minutes=1))
    polled.later(minutes=5)
    printed = plugin_document(polled.polls())
    assert {name: printed[name] for name in ("People Count", "Admin - Teams Count", "Places Count")} == {
        "People Count": 100,
        "Admin - Teams Count": 4,
        "Places Count": 9,
    }
    assert (printed["Messages Since Last Poll"], printed["Total Messages Exchanged"]) == (1, 1)
    assert printed["Seconds Since Last Poll"] == 300
    assert printed["Licenses"] == [
        {
            "name": "Suite · acme.webex.com",
            "Total": 250,
            "Consumed": 231,
            "Free": 19,
            "Utilization": 92.4,
            "Change": 0,
        }
    ]
    assert (printed["License Total Units"], printed["License Free Units"], printed["License Utilization"]) == (
        250,
        19,
        92.4,
    )
    assert "status" not in printed
    assert set(SEED_NAMES) <= set(printed)


def test_names_and_their_number_keep_to_the_agents_limits(simulated):
    polled = simulated()
    polled.poll()
    polled.later(minutes=5)
    names = set(plugin_document(polled.polls())) - RESERVED
    assert len(names) <= 50
    assert {name for name in names if len(name) > 25} == {name for name in SEED_NAMES if len(name) > 25}


def test_the_plugin_version_rises_when_names_or_units_change():
    names = sorted(
        {
            *PLUGIN_VALUES,
            *PLUGIN_CHANGES,
            *document.LICENSE_TOTALS,
            *document.LICENSE_CHANGES,
            *document.OF_THE_POLL,
            document.IDLE_SEATS,
        }
    )
    printed = json.dumps([names, document.UNITS], sort_keys=True)
    fingerprint = hashlib.sha256(printed.encode()).hexdigest()[:12]
    assert (PLUGIN_VERSION, fingerprint) == (100, "87c49f93653a"), "raise PLUGIN_VERSION with this fingerprint"


def test_each_license_may_be_a_monitor_of_its_own(simulated):
    printed = plugin_document(simulated().polls())
    (table,) = printed["s247config"]["childdiscovery"]
    names = [row["name"] for row in printed[table]]
    assert len(set(names)) == len(names)


def test_a_row_keeps_its_name_through_renames_newcomers_and_other_orders(simulated):
    """Each may be a monitor with a history of its own."""
    soon = NOON + timedelta(hours=1)
    plans = (
        LicensePlan("Meeting 25 party", "CF", 100, 10, subscription="Sub1", renamed=(soon, "Space Meetings")),
        LicensePlan("Calling", "BCSTD", 50, 40, subscription="Sub1"),
        LicensePlan("Calling", "BCSTD", 60, 60, subscription="Sub2", listed_from=soon),
    )
    polled = simulated(World(organizations=(OrganizationPlan(licenses=plans),)))
    before = [row["name"] for row in plugin_document(polled.polls())["Licenses"]]
    polled.later(hours=2)
    after = {row["name"]: row["Total"] for row in plugin_document(polled.polls())["Licenses"]}
    assert before == ["Calling", "Meeting 25 party"]
    assert after == {"Calling · Sub2": 60, "Calling": 50, "Meeting 25 party": 100}


def test_what_is_unknown_is_left_out_and_reported(simulated):
    polled = simulated()
    polled.server.faults.troubles.append(Trouble(Status(403), path="/v1/devices"))
    printed = plugin_document(polled.polls())
    assert "Admin - Devices Count" not in printed
    assert printed["Collection Errors"] == 1
    assert "devices: GET /v1/devices answered 403" in printed["msg"]
    assert None not in printed.values()


def test_several_organizations_are_summed_and_unknown_when_one_is(simulated):
    printed = plugin_document(simulated(partner_world(NOON)).polls())
    assert printed["Admin - Org Count"] == 3
    assert "People Count" not in printed
    assert "License Total Units" not in printed
    assert "devices (Gamma Example): GET /v1/devices answered 403" in printed["msg"]
    assert {row["name"].rpartition(" · ")[2] for row in printed["Licenses"]} == {"Acme Example", "Beta Example"}


def test_totals_leave_out_free_rows_and_licenses_without_a_limit():
    printed = plugin_document(
        [
            stored(
                [usage("A", 100, 95), usage("B", 50, 10), usage("Free", 500, 500, counted=False), usage("C", -1, 77)]
            )
        ]
    )
    assert (printed["License Total Units"], printed["License Consumed Units"]) == (150, 105)
    assert (printed["License Utilization"], printed["Licenses Over 90 Percent"]) == (70.0, 1)
    assert printed["Licenses"][-1] == {"name": "C", "Consumed": 77, "Change": 0}


def test_totals_leave_out_what_pages_do_not_judge_and_say_so():
    trials = [
        replace(usage(name, 50, 49, subscription="trialSub9", change=7), not_judged=NotJudged.TRIAL) for name in "BC"
    ]
    printed = plugin_document([stored([usage("A", 100, 60, change=1), *trials])])
    assert printed["msg"] == "60 of 100 licenses assigned; not judged, on trial: nothing is purchased: 2 licenses"
    assert (printed["License Total Units"], printed["License Consumed Units"]) == (100, 60)
    assert (printed["Licenses Over 90 Percent"], printed["Consumed Units Change"]) == (0, 1)
    assert [row["name"] for row in printed["Licenses"]] == ["B", "C", "A"], "each may be a monitor all the same"


def test_nothing_purchased_divides_by_nothing():
    printed = plugin_document([stored([usage("Expired", 0, 3)])])
    assert "License Utilization" not in printed
    assert printed["Licenses"] == [
        {"name": "Expired", "Total": 0, "Consumed": 3, "Free": -3, "Change": 0, "Days To Run Out": 0}
    ]


def test_text_totals_and_table_follow_one_rule():
    printed = plugin_document([stored([usage("A", 10, 12), usage("B", 15, 9), usage("C", 0, 3)])])
    assert printed["msg"] == "24 of 25 licenses assigned"
    assert (printed["License Consumed Units"], printed["License Total Units"]) == (24, 25)
    assert sum(row["Consumed"] for row in printed["Licenses"]) == 24
    assert sum(row["Total"] for row in printed["Licenses"]) == 25


def test_a_part_is_reported_as_a_part():
    known = stored([usage("A", 500, 400), usage("B", 250, 208), usage("Free", 9, 9, counted=False)])
    printed = plugin_document([known, stored(None, name="Beta")])
    assert printed["msg"] == "608 of 750 licenses assigned in 1 of 2 organizations"
    assert not {name for name in printed if name.startswith("License ")}
    half_known = stored([usage("A", 100, 95), usage("B", None, 10, change=None)], name="Beta")
    assert plugin_document([known, half_known])["msg"] == printed["msg"]
    nothing = stored([usage("Free", 9, 9, counted=False)], name="Beta")
    assert plugin_document([known, nothing])["msg"] == "608 of 750 licenses assigned"
    assert plugin_document([stored(None), stored(None, name="Beta")])["msg"] == "license usage unknown"


def test_one_unknown_part_makes_the_sum_unknown():
    printed = plugin_document([stored([usage("A", 100, 95), usage("B", None, 10, change=None)])])
    assert not {"License Total Units", "License Consumed Units", "License Utilization"} & set(printed)
    assert "Consumed Units Change" not in printed


def test_a_count_that_one_organization_was_never_asked_for_is_unknown_unless_webex_answers_once_a_token():
    people, rooms = CountChange(Metric.PEOPLE, 501, 1, AT), CountChange(Metric.ROOMS, 10, 2, AT)
    printed = plugin_document([stored(counts=[people, rooms]), stored(name="Beta")])
    assert not {"People Count", "People Change"} & set(printed)
    assert (printed["Admin - Rooms Count"], printed["Rooms Change"]) == (10, 2)
    both = plugin_document([stored(counts=[people, rooms]), stored(counts=[people], name="Beta")])
    assert (both["People Count"], both["People Change"]) == (1_002, 2)


def test_a_license_that_appears_is_reported_by_name_not_as_seats():
    new = usage("New", 250, 5, change=None)
    printed = plugin_document([stored([usage("A", 10, 4, change=2), new], appeared=[new.usage.license])])
    assert printed["Consumed Units Change"] == 2
    assert "new license: New" in printed["msg"]


def test_rows_are_the_fullest_twenty_five_under_names_of_their_own():
    many = [usage("Suite", 100, number, subscription=f"Sub{number // 2}", site="s") for number in range(60)]
    rows = plugin_document([stored(many)])["Licenses"]
    assert [row["Utilization"] for row in rows] == [float(100 * number // 100) for number in range(59, 34, -1)]
    assert len({row["name"] for row in rows}) == 25


def test_messages_follow_the_source_that_counted_them():
    events = CountChange(Metric.MESSAGES_CREATED, None, None, AT - timedelta(days=1))
    rooms = CountChange(Metric.ROOM_MESSAGES_CREATED, 40, 7, AT - timedelta(minutes=5))
    printed = plugin_document([stored(counts=[events, rooms])])
    assert (printed["Total Messages Exchanged"], printed["Messages Since Last Poll"]) == (40, 7)


def test_the_change_after_the_source_was_switched_is_unknown():
    events = CountChange(Metric.MESSAGES_CREATED, 900, 500, AT - timedelta(days=1))
    rooms = CountChange(Metric.ROOM_MESSAGES_CREATED, None, None, AT - timedelta(minutes=5))
    printed = plugin_document([stored(counts=[events, rooms])])
    assert printed["Total Messages Exchanged"] == 900
    assert "Messages Since Last Poll" not in printed


def test_a_change_that_reaches_back_further_says_since_when():
    late = CountChange(Metric.PEOPLE, 40, 3, AT - timedelta(hours=1))
    assert "people: change since 2026-11-23 11:00 UTC" in plugin_document([stored(counts=[late])])["msg"]


@pytest.mark.parametrize(
    ("name", "in_a_row"),
    [
        ('A"B\\<script>\n\u2028 💸', 'A"B\\<script> 💸'),
        ("Suite \u202e003 fo 203", "Suite 003 fo 203"),
        ("\x1b]0;title\x07", "]0;title"),
        ("\u2066 \x00", "id None Sub1"),
        ("\u200b\u3164", "id \u200b\u3164 None Sub1"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_names_of_rows_stand_on_one_line_that_nothing_turns_around(name, in_a_row):
    printed = json.loads(json.dumps(plugin_document([stored([usage(name, 10, 1)])])))
    assert printed["Licenses"][0]["name"] == in_a_row


def test_names_that_look_alike_in_rows_are_told_apart():
    alike = [usage("Suite", 10, 1, subscription=None), usage("\u202eSuite\n", 10, 2, subscription=None)]
    assert [row["name"] for row in plugin_document([stored(alike)])["Licenses"]] == ["Suite (2)", "Suite"]


@pytest.mark.parametrize("trouble", [CollectionStatus.FAILED, CollectionStatus.OUT_OF_TIME, CollectionStatus.GAP])
def test_every_trouble_is_an_error_and_a_word(trouble):
    printed = plugin_document([stored(collections=[Collection("events", trouble, 1, 0.1, "reason " * 200)])])
    assert printed["Collection Errors"] == 1
    assert len(printed["msg"]) == 500


def test_a_poll_that_failed_altogether_is_down_with_the_reason():
    printed = failure_document(WebexhistError("no token", "webexhist login"))
    assert printed == {
        "plugin_version": PLUGIN_VERSION,
        "heartbeat_required": "true",
        "status": 0,
        "msg": "no token: webexhist login",
    }
