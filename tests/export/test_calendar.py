"""renewals.ics: days worked out by hand, and the file as a calendar reads it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from entering import enter
from histories import Poller, license_of
from icalendar import Calendar

from webexhist.contract_kinds import ContractKind, Renewal
from webexhist.export.calendar import contract_days, renewals_ics
from webexhist.months import Month
from webexhist.report.writer import write_report
from webexhist.reviewing import review_month
from webexhist.store.entered.contracts import Contract
from webexhist.store.opening.history import reading

EA = {"kind": ContractKind.EA, "term": 36}
OCTOBER = date(2026, 10, 31)


@pytest.mark.parametrize(
    ("terms", "as_of", "expected"),
    [
        (
            EA | {"starts": date(2025, 11, 15)},
            OCTOBER,
            ["2028-11-15 renews", "2028-10-01 last day for notice", "2027-10-14 True Forward is measured",
             "2026-11-15 True Forward is due", "2027-11-15 True Forward is due"],
        ),
        (
            EA | {"starts": date(2026, 1, 15), "notice": 30, "renews": Renewal.NO},
            OCTOBER,
            ["2029-01-15 ends", "2026-12-14 True Forward is measured", "2027-01-15 True Forward is due"],
        ),
        # In the last year the anniversary is the renewal, and nothing is billed; the notice day is past.
        (
            EA | {"starts": date(2024, 11, 15), "term": 24, "notice": 60},
            date(2026, 9, 30),
            ["2026-11-15 renews", "2026-10-14 True Forward is measured"],
        ),
        # Before its first day: what it follows ends then, and nothing of it is measured yet.
        (
            EA | {"starts": date(2027, 2, 1)},
            OCTOBER,
            ["2027-02-01 renews", "2026-12-18 last day for notice", "2027-12-31 True Forward is measured",
             "2028-02-01 True Forward is due"],
        ),
        (
            {"kind": ContractKind.NAMED, "starts": date(2026, 2, 1)},
            OCTOBER,
            ["2027-02-01 renews", "2026-12-18 last day for notice"],
        ),
        ({"kind": ContractKind.EA}, OCTOBER, []),
    ],
)  # fmt: skip
def test_the_days_of_a_contract_that_are_to_come(terms, as_of, expected):
    found = contract_days(Contract("Sub1", **terms), as_of)
    assert [f"{each.day} {each.what}" for each in found] == expected


@pytest.fixture
def calendar(poller: Poller):
    """The file of October 2026, of a license whose name ends lines, with what was entered for the contract."""

    def made(**terms):
        enter(poller.engine, [Contract("Sub100001", **terms)])
        with reading(poller.engine) as history:
            return renewals_ics(review_month(history, Month(2026, 10), 1, datetime(2026, 11, 2, tzinfo=UTC)))

    poller.poll("2026-10-31 18:00", {license_of("Suite;\r\nATTENDEE:mailto:x@example.com"): (250, 231)})
    return made


def test_events_are_whole_days_that_leave_the_day_free_and_keep_their_ids(calendar):
    assert calendar(kind=ContractKind.NAMED) is None
    text = calendar(starts=date(2026, 2, 1), name="Voice; EMEA")
    assert text.startswith("BEGIN:VCALENDAR\r\n") and "\r\nATTENDEE" not in text
    assert "DTSTART;VALUE=DATE:20270201\r\nDTEND;VALUE=DATE:20270202\r\n" in text
    notice, renewal = Calendar.from_ical(text).walk("VEVENT")
    assert (renewal["dtstart"].dt, renewal["dtend"].dt - renewal["dtstart"].dt) == (
        date(2027, 2, 1),
        timedelta(days=1),
    )
    assert notice["summary"] == "Acme Example: Sub100001 (Voice; EMEA) last day for notice"
    assert "231 of 250 units assigned\nAs of 31 October 2026." in renewal["description"]
    assert (renewal["transp"], renewal["dtstamp"].dt) == ("TRANSPARENT", datetime(2026, 10, 31, 18, tzinfo=UTC))
    # The calendar's last day has none after it.
    (_, last) = Calendar.from_ical(calendar(starts=date(9999, 12, 31))).walk("VEVENT")
    assert (last["dtstart"].dt, "dtend" in last) == (date(9999, 12, 31), False)
    calendar(starts=date(2026, 2, 1))
    # A day that is corrected moves its event.
    moved, same = Calendar.from_ical(calendar(notice=30)).walk("VEVENT")
    assert (moved["uid"], same["uid"]) == (notice["uid"], renewal["uid"])
    assert (notice["dtstart"].dt, moved["dtstart"].dt) == (date(2026, 12, 18), date(2027, 1, 2))
    assert len({notice["uid"], renewal["uid"]}) == 2


def test_it_lies_beside_the_pages_which_link_it(poller, calendar, tmp_path):
    calendar(starts=date(2026, 2, 1))
    with reading(poller.engine) as history:
        report = write_report(history, tmp_path / "out", month=Month(2026, 10), now=datetime(2026, 11, 2, tzinfo=UTC))
    assert tmp_path / "out" / "renewals.ics" in report.files
    assert 'href="renewals.ics"' in report.index.read_text()
