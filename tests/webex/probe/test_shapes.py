"""What is kept of an answer: its shape, and nothing that it says of anybody."""

import base64

import pytest

from webexhist.webex.probe.shapes import MOST_FIELDS, MOST_VALUES, kind_of, shape_of
from webexhist.webex.probe.words import PARTS_OF_NAMES


def webex_id(text: str) -> str:
    return base64.b64encode(text.encode()).decode().rstrip("=")


UUID = "0b9c1d52-7a34-4e0f-9a41-5d1f2c3b4a60"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "null"),
        (True, "true"),
        (0, "0"),
        (-1, "negative number of 1 digit"),
        (4_711, "number of 4 digits"),
        (0.5, "fraction"),
        ("", "empty text"),
        ("true", '"true"'),
        ("250", "number as text"),
        ("inactive", '"inactive"'),
        ("Control Hub managed site", '"Control Hub managed site"'),
        ("2026-09-23T10:06:45.423Z", "time 0000-00-00T00:00:00.000Z"),
        ("2015-10-18T14:26:16+00:00", "time 0000-00-00T00:00:00+00:00"),
        ("2020-03-24 17:13:39", "time 0000-00-00 00:00:00"),
        (UUID, "UUID"),
        (webex_id(f"ciscospark://us/PEOPLE/{UUID}"), "id of PEOPLE"),
        (webex_id(f"ciscospark://urn:TEAM:us-east-2_a/DEVICE/{UUID}"), "id of DEVICE in a urn"),
        (webex_id(f"ciscospark://us/ANNA/{UUID}"), "id of another type"),
        (webex_id(UUID), "id of a bare UUID"),
        (",".join([webex_id(f"ciscospark://us/LICENSE/{UUID}")] * 2), "several ids in one text"),
        ("anna@acme.example", "address"),
        ("https://acme.webex.com/x", "address"),
        ("Anna Miller", "text"),
        ("+1 555 0100", "text"),
        ("{surprising}", "text"),
    ],
)
def test_a_value_is_described_by_its_kind(value, kind):
    assert kind_of(value) == kind


def test_fields_are_counted_by_their_place():
    people = [{"id": UUID, "loginEnabled": True}, {"id": UUID, "loginEnabled": "true", "licenses": []}]
    assert shape_of({"items": people}) == {
        "": {"object": 1},
        "items": {"list": 1},
        "items[]": {"object": 2},
        "items[].id": {"UUID": 2},
        "items[].licenses": {"empty list": 1},
        "items[].loginEnabled": {"true": 1, '"true"': 1},
    }


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("newSeatCount", "items[].an unknown field"),
        ("consumedByDevices", "items[].consumedByDevices"),
        ("total_units", "items[].total_units"),
        ("anna", "items[].an unknown field"),
        ("AnnaMiller", "items[].an unknown field"),
        ("annaRoom", "items[].an unknown field"),
        ("max", "items[].an unknown field"),
        ("room-anna", "items[].an unknown field"),
        ("anna@acme.example", "items[].an unknown field"),
        (UUID, "items[].an unknown field"),
        ("x" * 50_000, "items[].an unknown field"),
        ("", "items[].an unknown field"),
    ],
)
def test_a_field_that_is_new_to_us_is_kept_where_its_words_are_webex_s(name, shown):
    assert sorted(shape_of({"items": [{name: 1}, {name: 2}]})) == ["", "items", "items[]", shown]


def test_totals_and_lengths_of_pages_are_kept_and_no_other_number():
    answer = {"totalResults": 1_204, "itemsPerPage": 100, "totalUnits": 250, "data": {"totalResults": 7}}
    assert shape_of(answer | {"startIndex": 4_915_550_100}) == {
        "": {"object": 1},
        "data": {"object": 1},
        "data.totalResults": {"number of 1 digit": 1},
        "itemsPerPage": {"100": 1},
        "startIndex": {"number of 10 digits": 1},
        "totalResults": {"1204": 1},
        "totalUnits": {"number of 3 digits": 1},
    }


def test_no_answer_is_too_deep_too_wide_or_too_long():
    words = sorted(PARTS_OF_NAMES - {"_"})[:40]
    deep: object = "x"
    for _ in range(500):
        deep = {"data": [deep]}
    assert len(shape_of(deep)) < 20
    wide = {"items": [{f"{one}{two.capitalize()}": 1 for one in words for two in words}]}
    assert len(shape_of(wide)) == MOST_FIELDS
    long = {"items": [{}] * (MOST_VALUES + 5)}
    assert shape_of(long)["items[]"] == {"empty object": MOST_VALUES - 2}
