"""`webexhist seats`: the people whose seats are not used, live; what is counted of them; and who is left out."""

import csv
import json
import os
import stat
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from entering import set_price
from polling import NOON
from reading import read

from webexhist.reviewing import review_latest
from webexhist.simulator import Faults, OrganizationPlan, Trouble, World
from webexhist.simulator.faults.switches import Body, DataFault, Status
from webexhist.simulator.world.directory import item_id
from webexhist.simulator.world.habits import DAY_MS, Habits
from webexhist.simulator.world.plans import LicensePlan
from webexhist.store.names.licenses import stored_licenses
from webexhist.store.opening.database import open_database

PEOPLE = "/v1/people"


def habits(number, now_ms):
    """Of Sales 6 of 10 were not active for 95 to 100 days; of Legal one never was, one is hidden, one is disabled."""
    if number < 10:
        days = 1 if number < 4 else 91 + number
        return Habits("Sales", None, "inactive", now_ms - days * DAY_MS)
    return {
        10: Habits("Legal", None, "unknown", None),
        11: Habits("Legal", None, None, None),
        12: Habits("Legal", None, "inactive", now_ms, login_enabled=False),
        13: Habits("Legal", None, "pending", None, invite_pending=True),
    }.get(number, Habits("Sales", None, "active", now_ms))


CALLING = LicensePlan("Webex Calling - Professional", "BCSTD", 40, 20, 0, "Sub1")
MESSAGING = LicensePlan("Advanced Messaging", "MS", 40, 7, 0, "Sub1")
FREE = LicensePlan("Basic Messaging", "FMS", 20, 20)
WORLD = World(organizations=(OrganizationPlan(people=20, licenses=(CALLING, MESSAGING, FREE), habits=habits),))
IDLE = [f"person.{number:04}@acme.example" for number in (9, 8, 7, 6, 5, 4)]


@pytest.fixture
def asked(simulated, webexhist, monkeypatch):
    """A service of twenty people with one poll stored, and the command against it."""
    polled = simulated(WORLD, Faults(page_limits={PEOPLE: 7}))
    own = polled.settings()
    for key in ("base_url", "access_token", "state_dir"):
        monkeypatch.setenv(f"WEBEXHIST_{key.upper()}", str(getattr(own, key)))
    webexhist.go_by(polled.clock)
    polled.poll()
    return polled


def test_people_who_do_not_use_a_seat_are_listed_the_dearest_first_with_what_they_give_back(asked, webexhist):
    engine = open_database(asked.folder / "webexhist.db")
    calling = next(each for each in read(engine, stored_licenses) if each.name.startswith("Webex Calling"))
    set_price(engine, calling, Decimal("12.00"), "EUR")
    engine.dispose()
    found = webexhist("seats", "--json").json
    of_calling = [each for each in found["seats"] if each["license"] == CALLING.name]
    assert [each["address"] for each in of_calling] == [
        "person.0010@acme.example",
        "person.0012@acme.example",
        *IDLE,
    ]
    assert [each["state"] for each in of_calling] == ["never active", "disabled", *["idle"] * 6]
    assert [each["idle_days"] for each in of_calling] == [None, None, 100, 99, 98, 97, 96, 95]
    assert {each["money_a_year"] for each in of_calling} == {144.0}
    assert found["seats"][: len(of_calling)] == of_calling
    assert FREE.name not in {each["license"] for each in found["seats"]}
    frees = found["frees"][0]
    assert (frees["units"], frees["assigned"], frees["money_a_year"]) == (8, 20, 8 * 144.0)
    assert frees["suffice_90_days"]["then"] >= frees["suffice_90_days"]["now"]
    printed = webexhist("seats", "--license", "calling", "--by", "department").stdout
    assert "frees 8 of 20 assigned, 1,152.00 EUR a year; then" in printed
    assert "Not listed: 1 seat of people of whom it is not known and 1 seat of people who did not accept" in printed
    assert "Presence is not billing use" in printed


def test_where_the_hosts_clock_is_found_to_be_of_1970_seats_have_their_money_all_the_same(asked, webexhist):
    asked.ahead = datetime(1970, 1, 2, tzinfo=UTC) - NOON
    webexhist.go_by(asked.host_clock)
    asked.later(minutes=5)
    asked.poll()
    assert webexhist("contract", "price", CALLING.name, "12", "--currency", "EUR").code == 0
    found = webexhist("seats", "--json", "--license", "calling").json
    assert {each["money_a_year"] for each in found["seats"]} == {144.0}


def test_a_seat_costs_what_its_license_does_and_one_of_a_bundle_once(simulated, webexhist, monkeypatch):
    """Everybody holds Calling of two subscriptions at 12 and at 5, and two products of a third for 40 together."""
    bought = (("BCSTD", "Sub1"), ("BCSTD", "Sub2"), ("EE", "Sub3"), ("MS", "Sub3"))
    licenses = tuple(LicensePlan(code, code, 30, 20, 0, subscription) for code, subscription in bought)
    organization = OrganizationPlan(people=20, licenses=licenses, habits=habits)
    polled = simulated(World(organizations=(organization,)))
    own = polled.settings()
    for key in ("base_url", "access_token", "state_dir"):
        monkeypatch.setenv(f"WEBEXHIST_{key.upper()}", str(getattr(own, key)))
    webexhist.go_by(polled.clock)
    polled.poll(seats="on")
    for bought, amount in (("BCSTD Sub1", 12), ("BCSTD Sub2", 5), ("Sub3", 40)):
        assert webexhist("contract", "price", bought, amount, "--currency", "EUR").code == 0
    found = webexhist("seats", "--json").json
    costs = Counter((each["subscription"], each["money_a_year"]) for each in found["seats"])
    assert costs == {("Sub1", 144.0): 8, ("Sub2", 60.0): 8, ("Sub3", 480.0): 8, ("Sub3", 0.0): 8}
    assert [(each["units"], each["money_a_year"]) for each in found["frees"]] == [(8, 3840.0), (16, 1632.0), (8, 0.0)]
    engine = open_database(polled.folder / "webexhist.db")
    (review,) = read(engine, lambda history: review_latest(history, polled.clock()))
    engine.dispose()
    assert [(each.money_a_year, each.cost_a_month) for each in review.seats.products] == [
        (Decimal(3840), Decimal(800)),
        (Decimal(1632), Decimal(340)),
        (Decimal(0), Decimal(0)),
    ]
    assert webexhist("contract", "set", "--not-counted", "MS").code == 0
    assert {each["license"] for each in webexhist("seats", "--json").json["seats"]} == {"BCSTD", "EE"}


def test_an_agreement_is_eased_by_people_who_keep_none_of_its_licenses(asked, webexhist, monkeypatch):
    monkeypatch.setenv("WEBEXHIST_SEATS", "on")
    assert webexhist("contract", "set", "Sub1", "--kind", "suite-ea", "--allowance", "0").code == 0
    asked.later(minutes=5)
    webexhist("seats", "collect")
    # Of 20 people 8 do not use their Calling, and 3 of these hold Messaging as well.
    (all_licenses,) = webexhist("seats", "--json").json["frees"]
    assert (all_licenses["units"], all_licenses["people"]) == (8, 8)
    (one_license,) = webexhist("seats", "--license", "calling", "--json").json["frees"]
    assert (one_license["units"], one_license["people"]) == (8, 0)
    assert one_license["suffice_90_days"]["then"] == one_license["suffice_90_days"]["now"]


@pytest.mark.slow
def test_csv_and_a_file_of_ones_own_are_all_that_names_people(asked, webexhist, monkeypatch):
    monkeypatch.setenv("WEBEXHIST_SEATS", "on")
    monkeypatch.setenv("WEBEXHIST_SEATS_BY", "department")
    asked.later(minutes=5)
    webexhist("poll")
    webexhist("report", "--out", asked.folder / "report")
    assert "Could be reclaimed" in (asked.folder / "report" / "index.html").read_text()
    rows = list(csv.DictReader(StringIO(webexhist("seats", "--csv", "--idle", "97", "--license", "BCSTD").stdout)))
    assert [row["address"] for row in rows if row["state"] == "idle"] == IDLE[:4]
    assert {row["department"] for row in rows} == {"Sales", "Legal"}
    for file in asked.folder.rglob("*"):
        held = file.read_bytes() if file.is_file() else b""
        for planted in (b"person.0009", b"Person 0009", item_id("PEOPLE", 9).encode()):
            assert planted not in held, (file, planted)
    out = asked.folder / "seats.csv"
    assert webexhist("seats", "--out", out, "--license", "calling").code == 0
    assert len(out.read_text().splitlines()) == 9
    assert stat.S_IMODE(os.stat(out).st_mode) == 0o600
    webexhist("seats", "--json", "--out", out)
    assert len(json.loads(out.read_text())["seats"]) == 8


def test_half_a_list_is_an_error_and_names_that_nobody_has_are_refused(asked, webexhist):
    asked.server.faults.troubles.append(Trouble(Status(403), path=PEOPLE, skip=1))
    failed = webexhist("seats")
    assert (failed.code, failed.stdout) == (1, "")
    assert "webexhist login as full or read-only administrator, allowing spark-admin:people_read and" in failed.line
    asked.server.faults.troubles[:] = [
        Trouble(Body(json.dumps({"items": [{"id": "a", "licenses": []}]}).encode()), path=PEOPLE)
    ]
    assert webexhist("seats").line.startswith(
        "GET /v1/people lists fewer than half of the 20 people who were counted"
    )
    asked.server.faults.troubles.clear()
    asked.server.faults.data.add(DataFault.PRESENCE_HIDDEN)
    assert "Acme Example: Webex says of nobody when he was last active." in webexhist("seats").stdout
    asked.server.faults.data.clear()
    assert webexhist("seats", "--license", "Contact").line.startswith("no license is called 'Contact'")
    assert webexhist("seats", "--by", "shoe size").code == 2
    assert webexhist("seats", "--org", "Globex").line.startswith("the token lists no organization 'Globex'")


def test_who_is_left_out_is_neither_listed_nor_counted_and_not_kept_by_name(asked, webexhist, monkeypatch):
    assert webexhist("seats", "exclude", "--remove").line.startswith("nobody is named")
    assert webexhist("seats", "exclude", "Person.0009@ACME.example").stdout.startswith("Left out from now on")
    webexhist("seats", "exclude", "Person 0008")
    webexhist("seats", "exclude", item_id("PEOPLE", 7))
    webexhist("seats", "exclude", "*.0006@acme.example")
    webexhist("seats", "exclude", "department=Leg*")
    refused = webexhist("seats", "exclude", "location=Lyon")
    assert (refused.code, refused.line) == (
        2,
        "nobody is left out by location: write department=NAME or title=NAME",
    )
    kept = (asked.folder / "seat_exclusions.json").read_text()
    assert "0009" not in kept.replace("*.0006@acme.example", "") and "person 0008" not in kept.lower()
    assert webexhist("seats", "exclude").stdout == (
        "Left out: 3 people, whose names are not kept.\nLeft out: *.0006@acme.example\nLeft out: department=leg*\n"
    )
    found = webexhist("seats", "--license", "calling", "--json").json
    assert [each["address"] for each in found["seats"]] == IDLE[4:]
    assert found["hidden"] == 4 + 4
    monkeypatch.setenv("WEBEXHIST_SEATS", "on")
    assert webexhist("seats", "collect").code == 0
    counted = asked.stored("SELECT idle_90, hidden FROM seat_activity WHERE license LIKE 'Webex Calling%'")
    assert counted == [(2, 8)]
    assert webexhist("seats", "exclude", "person 0008", "--remove").stdout == "They are looked at again.\n"
    assert webexhist("seats", "exclude", "person 0008", "--remove").stdout.startswith("Nothing is changed")
    (asked.folder / "seat_exclusions.json").write_text("damaged")
    assert webexhist("seats").line.startswith("cannot read who is left out of seats")


def test_they_are_counted_by_a_run_of_its_own_that_refuses_where_the_setting_is_off(asked, webexhist, monkeypatch):
    refused = webexhist("seats", "collect")
    assert (refused.code, refused.line.split(":")[0]) == (2, "seats is off, so that nothing is counted of them")
    monkeypatch.setenv("WEBEXHIST_SEATS", "on")
    asked.later(minutes=5)
    done = webexhist("seats", "collect")
    assert done.stdout == "Acme Example: how seats are used is counted, as of 2026-11-23 12:05 UTC.\n"
    asked.later(minutes=5)
    asked.server.requests.clear()
    assert webexhist("seats", "collect").stdout == done.stdout
    assert asked.server.requests.by_path()[PEOPLE] == 0
    asked.server.faults.troubles.append(Trouble(Status(403), path=PEOPLE))
    asked.later(days=1)
    failed = webexhist("seats", "collect")
    assert failed.code == 1
    assert "Acme Example: " in failed.line
    assert "allowing spark-admin:people_read and spark-admin:licenses_read" in failed.line
    assert len(asked.stored("SELECT DISTINCT taken_at FROM seat_activity")) == 1


@pytest.mark.slow
def test_before_the_first_poll_they_are_listed_without_money(simulated, webexhist, monkeypatch):
    polled = simulated(replace(WORLD))
    for key, value in (("BASE_URL", polled.server.base_url), ("ACCESS_TOKEN", polled.server.access_token)):
        monkeypatch.setenv(f"WEBEXHIST_{key}", value)
    webexhist.go_by(lambda: NOON + timedelta(0))
    first = webexhist("seats", "--license", "BCSTD", "--json").json
    assert len(first["seats"]) == 8
    assert {each["money_a_year"] for each in first["seats"]} == {None}
    open_database("state/webexhist.db").dispose()  # as a poll leaves it that failed
    assert webexhist("seats", "--license", "BCSTD", "--json").json == first


def test_the_document_and_the_metrics_show_what_was_counted_lately_and_nothing_where_it_is_off(
    asked, webexhist, monkeypatch
):
    assert "Idle Seats" not in str(webexhist("poll", "--stored").json | {"tabs": ""})
    assert "seats" not in webexhist("metrics").stdout
    monkeypatch.setenv("WEBEXHIST_SEATS", "on")
    asked.later(minutes=5)
    assert webexhist("poll").json["Idle Seats 90 Days"] == 6  # not those of the free license
    lines = webexhist("metrics").stdout.splitlines()
    (calling,) = {line.split('license_id="')[1].split('"')[0] for line in lines if 'license="Webex Calling' in line}
    samples = {
        line.rpartition(" ")[0]: line.rpartition(" ")[2]
        for line in lines
        if line.startswith("webexhist_license_seats")
    }
    of_calling = {name.split('use="')[1].split('"')[0]: value for name, value in samples.items() if calling in name}
    assert (of_calling["idle_90"], of_calling["hidden"], of_calling["external"]) == ("6.0", "1.0", "0.0")
    monkeypatch.setenv("WEBEXHIST_SEATS", "off")
    assert "license_seats" not in webexhist("metrics").stdout
    assert "Idle Seats 90 Days" not in webexhist("poll", "--stored").json
    monkeypatch.setenv("WEBEXHIST_SEATS", "on")
    assert webexhist("poll", "--stored").json["Idle Seats 90 Days"] == 6
    asked.later(minutes=5)
    no_list = Trouble(Status(403), path="/v1/licenses")
    asked.server.faults.troubles.append(no_list)
    assert "Idle Seats 90 Days" not in webexhist("poll").json, "which licenses are judged is unknown"
    asked.server.faults.troubles.remove(no_list)
    asked.later(days=4)
    asked.server.faults.troubles.append(Trouble(Status(403), path=PEOPLE))
    assert "Idle Seats 90 Days" not in webexhist("poll").json


def test_what_was_counted_can_be_deleted_and_the_history_of_licenses_stays(asked, webexhist, monkeypatch):
    monkeypatch.setenv("WEBEXHIST_SEATS", "on")
    asked.later(minutes=5)
    webexhist("seats", "collect")
    usage = asked.stored("SELECT * FROM license_usage")
    assert asked.stored("SELECT people FROM seat_people") == [(20,)]
    assert webexhist("seats", "delete", "--org", "Globex", "--yes").code == 2
    assert webexhist("seats", "delete", "--org", "", "--yes").line.startswith("--org is empty")
    deleted = webexhist("seats", "delete", "--org", "Acme Example", "--yes")
    assert deleted.stdout == (
        "Deleted: the counts of 1 sweep of all people.\n"
        "The next poll of a day counts again: set seats = off to have none of it.\n"
    )
    for table in ("seat_sweep", "seat_count", "account_people"):
        assert asked.stored(f"SELECT * FROM {table}") == []
    assert asked.stored("SELECT * FROM license_usage") == usage
    assert webexhist("db", "check").code == 0
    monkeypatch.setenv("WEBEXHIST_SEATS", "off")
    assert webexhist("seats", "delete", "--yes").stdout == "Deleted: the counts of 0 sweeps of all people.\n"
