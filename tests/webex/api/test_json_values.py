"""Webex's JSON is looser than its documentation; what cannot be read is unknown, never zero."""

from datetime import UTC, datetime

import pytest

from webexhist.webex.api.bodies import parsed_json
from webexhist.webex.api.errors import BadAnswer
from webexhist.webex.api.json_values import (
    identifier,
    items_of,
    moment,
    query_time,
    text,
    whole_number,
)


@pytest.mark.parametrize(
    ("value", "number"),
    [(0, 0), (250, 250), ("250", 250), (" 7 ", 7), ("0\x1f", 0), ("-1", -1), (-1, -1), (3.0, 3)],
)
def test_counts_come_as_numbers_and_as_strings(value, number):
    assert whole_number(value) == number


@pytest.mark.parametrize(
    "value",
    [None, "", "many", "1.5", 1.5, True, False, [], {}, [3], "²", float("nan"), float("inf"), 10**18, "9" * 5000],
)
def test_what_is_no_count_is_unknown(value):
    assert whole_number(value) is None


@pytest.mark.parametrize("absurd", ["9" * 5_000, "-" + "9" * 5_000, "1e400", "NaN"])
def test_a_number_beyond_all_numbers_is_unknown_and_leaves_the_others_known(absurd):
    body = parsed_json(f'{{"assigned": 231, "purchased": {absurd}}}'.encode(), "GET /v1/licenses")
    assert (whole_number(body["assigned"]), whole_number(body["purchased"])) == (231, None)


@pytest.mark.parametrize(
    "content",
    [
        '{"items": [{"id": "A"}], "items": []}',
        '{"items": [{"id": "A"}], "\\u0069tems": [{"id": "B"}]}',
        '{"items": [], "errors": [], "errors": [{"code": 1}]}',
        '{"items": [{"id": "A", "totalUnits": 10, "name": "x", "totalUnits": 1}]}',
        '{"totalResults": 10, "totalResults": 11}',
        '{"items": [{"id": "A", "of": {"id": "B", "id": null}}]}',
        '{"items": [{"totalUnits": 1, "totalUnits": NaN}]}',
    ],
)
def test_a_body_that_says_two_things_under_one_name_is_no_answer(content):
    with pytest.raises(BadAnswer, match="did not answer JSON"):
        parsed_json(content.encode(), "GET /v1/licenses")


def test_what_is_said_twice_is_said():
    content = b'{"items": [{"id": "A", "id": "A", "units": 1, "units": 1.0}], "items": [{"id": "A", "units": 1}]}'
    assert parsed_json(content, "GET /v1/licenses") == {"items": [{"id": "A", "units": 1}]}


def test_a_text_is_what_a_database_can_hold():
    assert [text(value) for value in ("Suite", "a\0b\ud83dc\udc00", "\ud83d\ude00", "", None, 7)] == [
        "Suite", "a\ufffdb\ufffdc\ufffd", "\ufffd\ufffd", None, None, None
    ]  # fmt: skip


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


def test_times_are_asked_for_in_milliseconds():
    assert query_time(datetime(2026, 1, 2, 3, 4, 5, 6999, tzinfo=UTC)) == "2026-01-02T03:04:05.006Z"


@pytest.mark.parametrize(
    "body", [None, [], "x", {}, {"items": None}, {"items": {}}, {"items": [1]}, {"items": ["x"]}]
)
def test_a_body_without_a_list_is_no_empty_list(body):
    with pytest.raises(BadAnswer, match="GET /v1/rooms answered JSON without a list of items"):
        items_of(body, "items", "GET /v1/rooms")


@pytest.mark.parametrize("errors", [[{"description": "x"}], {"code": 1}, "x"])
def test_a_list_beside_errors_may_be_a_part(errors):
    with pytest.raises(BadAnswer, match="GET /v1/rooms answered errors beside a list of items"):
        items_of({"items": [{"id": "a"}], "errors": errors}, "items", "GET /v1/rooms")
    assert items_of({"items": [], "errors": []}, "items", "GET /v1/rooms") == []


@pytest.mark.parametrize(
    "value", [None, "", 7, ["x"], "a\nb", "a\0b", "\ud800", "caf\N{LATIN SMALL LETTER E WITH ACUTE}"]
)
def test_what_no_request_can_carry_is_no_id(value):
    assert identifier(value) is None
