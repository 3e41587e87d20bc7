"""Webex's JSON is looser than its documentation; what cannot be read is unknown, never zero."""

import base64
from datetime import UTC, datetime

import pytest

from webexhist.webex.api.errors import BadAnswer
from webexhist.webex.api.json_values import (
    created_at,
    identifier,
    items_of,
    license_code,
    moment,
    query_time,
    uuid_of,
    whole_number,
)


@pytest.mark.parametrize(
    ("value", "number"),
    [(0, 0), (250, 250), ("250", 250), (" 7 ", 7), ("-1", -1), (-1, -1), (3.0, 3)],
)
def test_counts_come_as_numbers_and_as_strings(value, number):
    assert whole_number(value) == number


@pytest.mark.parametrize(
    "value",
    [None, "", "many", "1.5", 1.5, True, False, [], {}, [3], "²", float("nan"), float("inf"), 10**18, "9" * 5000],
)
def test_what_is_no_count_is_unknown(value):
    assert whole_number(value) is None


@pytest.mark.parametrize(
    "form",
    [
        "2026-09-23T10:06:45.000Z",
        "2026-09-23T10:06:45Z",
        "2026-09-23T10:06:45+00:00",
        "2026-09-23T12:06:45+02:00",
        "2026-09-23 10:06:45",
    ],
)
def test_every_form_of_a_time_is_read_as_utc(form):
    assert moment(form) == datetime(2026, 9, 23, 10, 6, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    "value", [None, "", "yesterday", 7, {}, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"]
)
def test_what_is_no_time_is_none(value):
    assert moment(value) is None


def test_an_event_without_a_time_cannot_be_counted():
    with pytest.raises(BadAnswer, match="GET /v1/events listed an event without a time"):
        created_at({"created": "soon"}, "GET /v1/events")


def test_times_are_asked_for_in_milliseconds():
    assert query_time(datetime(2026, 1, 2, 3, 4, 5, 6999, tzinfo=UTC)) == "2026-01-02T03:04:05.006Z"


@pytest.mark.parametrize(
    "body", [None, [], "x", {}, {"items": None}, {"items": {}}, {"items": [1]}, {"items": ["x"]}]
)
def test_a_body_without_a_list_is_no_empty_list(body):
    with pytest.raises(BadAnswer, match="GET /v1/rooms answered JSON without a list of items"):
        items_of(body, "items", "GET /v1/rooms")


@pytest.mark.parametrize(
    "value", [None, "", 7, ["x"], "a\nb", "a\0b", "\ud800", "caf\N{LATIN SMALL LETTER E WITH ACUTE}"]
)
def test_what_no_request_can_carry_is_no_id(value):
    assert identifier(value) is None


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_ids_of_all_forms_come_down_to_one_uuid():
    uuid = "0b9c1d52-7a34-4e0f-9a41-5d1f2c3b4a60"
    forms = [uuid, uuid.upper(), encoded(uuid), encoded(f"ciscospark://us/ORGANIZATION/{uuid}")]
    assert {uuid_of(form) for form in [*forms, forms[-1].rstrip("=")]} == {uuid}


@pytest.mark.parametrize(
    ("decoded", "code"),
    [
        ("ciscospark://us/LICENSE/0b9c:MS_1d2c", "MS"),
        ("ciscospark://us/LICENSE/0b9c:EE_1d2c_acme.webex.com", "EE"),
        ("ciscospark://us/LICENSE/1d2c", ""),
        ("ciscospark://urn:TEAM:us-east-2_a/LICENSE/1d2c", ""),
    ],
)
def test_the_products_code_is_read_from_the_license_id(decoded, code):
    assert license_code(encoded(decoded)) == code
