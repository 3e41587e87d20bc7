"""The forms of times."""

import pytest

from webexhist.simulator.world.times import iso, parse_time


def test_times_are_read_in_every_form_and_written_in_one():
    ms = parse_time("2026-09-23T10:06:45.423Z")
    assert iso(ms) == "2026-09-23T10:06:45.423Z"
    assert iso(ms - 423) == "2026-09-23T10:06:45.000Z"
    assert parse_time("2026-09-23T12:06:45.423+02:00") == ms
    assert iso(parse_time("2026-09-23")) == "2026-09-23T00:00:00.000Z"
    with pytest.raises(ValueError, match="names no time zone"):
        parse_time("2026-09-23T10:06:45")
