"""How many people an agreement has: by sweeps of all people, each of whom counts once; by bounds where none is known.

Every case is a customer with Calling 90 of 100 and Meetings 90 of 100 in one subscription, entered as a suite whose
year began on 15 November 2025, polled every other evening up to the end of October 2026, unless it says something
else. 115 may be assigned.
"""

import csv
import json
import shutil
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from imported_histories import history, seats
from openpyxl import load_workbook
from typed import Typed

LATE, ON_THE_DAY = "2026-10-30", "2026-10-12"


def swept(people, licenses=2, product=None, outside=(0, 0)):
    """What a line says of a sweep that counted so many people."""
    least, most = outside
    account = {"product": product, "licenses": licenses, "people": people}
    return account | {"external_least": least, "external_most": most}


def suite(subscription, meetings=90, calling=90):
    return [
        seats(100, meetings, code="EE", name="Webex Meetings Suite", subscription=subscription),
        seats(100, calling, subscription=subscription),
    ]


def sites(subscription):
    return [
        seats(13, 15, code="EE", name="Webex Meetings Suite", subscription=subscription, site="b.webex.com"),
        seats(7, 10, code="EE", name="Webex Meetings Suite", subscription=subscription, site="a.webex.com"),
    ]


CASES = {
    "counted": (suite, {LATE: swept(130)}),
    "not counted": (suite, {}),
    "within": (suite, {LATE: swept(110)}),
    "from outside": (suite, {LATE: swept(125, outside=(3, 8))}),
    "outside unknown": (suite, {LATE: swept(130, outside=(None, None))}),
    "too long ago": (suite, {"2026-10-22": swept(130)}),
    "a license added": (suite, {LATE: swept(130, licenses=1)}),
    "fewer since": (suite, {LATE: swept(181)}),
    "on the day": (suite, {ON_THE_DAY: swept(130), LATE: swept(112)}),
    "after the day": (suite, {"2026-10-16": swept(130), LATE: swept(112)}),
    "two sites": (sites, dict.fromkeys((ON_THE_DAY, LATE), swept(22, product="EE · two-sites"))),
}
KINDS = {"two sites": "ea"}


def lines():
    for number, (name, (rows, sweeps)) in enumerate(CASES.items(), start=1):
        subscription = name.replace(" ", "-")
        customer = {"id": str(UUID(int=number)), "name": name}
        for line in history(
            "2026-08-31 18:00",
            "2026-10-31 18:00",
            lambda _, rows=rows, subscription=subscription: rows(subscription),
            every=timedelta(days=2),
            organization=customer,
        ):
            snapshot = json.loads(line)
            if account := sweeps.get(snapshot["taken_at"][:10]):
                snapshot["seats"] = {"people": [account | {"subscription": subscription}]}
            yield json.dumps(snapshot)


@pytest.fixture(scope="module")
def october(sqlite_template, tmp_path_factory):
    typed = Typed(tmp_path_factory.mktemp("suites"), datetime(2026, 11, 1, tzinfo=UTC))
    shutil.copy(sqlite_template, typed.database)
    return typed.entered(
        lines(),
        *(
            f"contract set {name.replace(' ', '-')} --kind {kind} --starts 2025-11-15 --term 36"
            for name, kind in (dict.fromkeys(CASES, "suite-ea") | KINDS).items()
        ),
    )


@pytest.fixture(scope="module")
def decided(october):
    found = {name: [] for name in CASES}
    for each in october("decisions", "--month", "2026-10", "--json").json:
        found[each["organization"]].append(each)
    return found


def test_an_agreement_is_over_by_people_each_of_whom_counts_once(decided):
    found = {
        name: [
            (each["kind"], each["units"], each["units_at_most"], each["people"])
            for each in of_case
            if each["kind"] in ("over", "true_forward")
        ]
        for name, of_case in decided.items()
    }
    assert found == {
        "counted": [("over", 15, 30, 130)],
        "not counted": [],
        "within": [],
        # 128 at least, 133 at most: who is outside the list may hold one license or two.
        "from outside": [("over", 13, 28, 128)],
        "outside unknown": [("over", 15, 65, 130)],
        "too long ago": [],
        "a license added": [],
        "fewer since": [],
        "on the day": [("true_forward", 15, 30, 112)],
        "after the day": [],
        # 25 units where 24 are allowed, and 22 people.
        "two sites": [],
    }


def test_the_sentence_says_how_many_people_when_they_were_counted_and_what_was_measured(decided):
    over, forward = decided["counted"][0], decided["on the day"][0]
    assert (over["people_at_most"], over["people_counted_on"]) == (130, "2026-10-30")
    assert over["sentence"] == (
        "Webex Calling - Professional is over the allowance by 15 units: 130 people, counted on 30 October 2026,"
        " hold licenses of it, and 100 units are purchased, 30 above the purchase, of which 15% allows 15."
    )
    assert (
        "on 14 October 2026, with 130 people, counted on 12 October 2026, for 100 purchased units, 30 above"
        in (forward["sentence"])
    )
    assert "since then 18 units released" in forward["sentence"]
    assert "128 to 133 people, counted on" in decided["from outside"][0]["sentence"]
    assert "at least 130 people, counted on" in decided["outside unknown"][0]["sentence"]


def test_people_stand_beside_units_and_are_null_where_they_are_not_known(october):
    def people(row):
        return row["people"], row["people_at_most"], row["people_counted_on"], row["limit"]

    rows = {(row["organization"], row["license"]): people(row) for row in october("licenses", "--json").json}
    assert rows["counted", "Webex Calling - Professional"] == (130, 130, "2026-10-30", 115)
    assert rows["counted", "Webex Meetings Suite"] == (None, None, None, None)
    assert rows["not counted", "Webex Calling - Professional"] == (None, None, None, 115)
    shown = " ".join(october("licenses").stdout.split())
    assert "130 people, counted on 30 October 2026, hold licenses of counted, each counted once." in shown
    assert "Webex Calling - Professional: at least 90 people, at most 180 in not-counted; seats counts them." in shown


@pytest.mark.slow
def test_the_plan_needs_as_many_units_as_there_are_people(october):
    plans = {each["subscription"]: each for each in october("plan", "--json").json}
    counted, unknown = plans["counted"], plans["not-counted"]
    assert (counted["people"], counted["assigned"], unknown["people"]) == (130, 90, None)
    assert counted["suffice"]["50"] >= 130 > unknown["suffice"]["50"]


@pytest.mark.slow
def test_page_workbook_and_csv_say_the_same(october):
    assert october("report", "--month", "2026-10", "--out", "pages").code == 0
    head, *rows = load_workbook(october.folder / "pages" / "licenses.xlsx")["Products"].iter_rows(values_only=True)
    of_book = {row[0]: dict(zip(head, row, strict=True)) for row in rows if row[1] == "Webex Calling - Professional"}
    columns = ("People", "People at most", "People counted on")
    assert [of_book["counted"][column] for column in columns] == [130, 130, datetime(2026, 10, 30)]  # noqa: DTZ001 - a day
    assert [of_book["outside unknown"][column] for column in columns][:2] == [130, None]
    assert [of_book["not counted"][column] for column in columns] == [None, None, None]
    with (october.folder / "pages" / "licenses.csv").open(encoding="utf-8-sig", newline="") as file:
        of_csv = [
            row for row in csv.DictReader(file) if (row["organization"], row["month"]) == ("counted", "2026-10")
        ]
    people = [(row["people"], row["people_at_most"], row["people_counted_on"]) for row in of_csv]
    assert sorted(people) == [("", "", ""), ("130", "130", "2026-10-30")]
    pages = {file.parent.name: file.read_text("utf-8") for file in october.folder.glob("pages/*/index.html")}
    text = " ".join(pages[next(name for name in pages if name.startswith("counted"))].split())
    assert "<small>130 people, counted on 30 October 2026</small>" in text
    plain = text.replace("<bdi>", "").replace("</bdi>", "")
    assert "<p>Webex Calling - Professional: 130 people, counted on 30 October 2026.</p>" in plain
    unknown = " ".join(pages[next(name for name in pages if name.startswith("not"))].split())
    assert "at least 90 people, at most 180; how many is not known" in unknown
