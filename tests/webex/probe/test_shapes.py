"""What is kept of an answer: its shape, and nothing that it says of anybody."""

import base64

import pytest

from webexhist.webex.probe.shapes import MOST_FIELDS, kind_of, shape_of


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


def test_a_field_that_is_new_to_us_is_kept_where_it_is_no_single_object_s():
    assert "items[].brandNew" in shape_of({"items": [{"brandNew": 1}, {"brandNew": 2}]})
    assert shape_of({"AnnaMiller": 1}) == {"": {"object": 1}, "an unknown field": {"number of 1 digit": 1}}
    by_mail = {"items": [{"anna@acme.example": 1}, {"anna@acme.example": 2}]}
    assert "anna" not in str(shape_of(by_mail))


def test_totals_and_lengths_of_pages_are_kept_and_no_other_number():
    assert shape_of({"totalResults": 1_204, "itemsPerPage": 100, "totalUnits": 250}) == {
        "": {"object": 1},
        "itemsPerPage": {"100": 1},
        "totalResults": {"1204": 1},
        "totalUnits": {"number of 3 digits": 1},
    }


def test_no_answer_is_too_deep_or_too_wide():
    deep: object = "x"
    for _ in range(500):
        deep = {"data": [deep]}
    assert len(shape_of(deep)) < 20
    wide = {"items": [{"data": {f"x{chr(97 + n % 26)}{chr(97 + n // 26)}": 1 for n in range(600)}}] * 2}
    assert len(shape_of(wide)) <= MOST_FIELDS
