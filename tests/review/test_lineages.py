"""A license that continues another has one history with it: the figures of a renewal, worked out by hand."""

import re
import shlex
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html import unescape

import pytest
from entering import enter, set_price
from histories import Poller, license_of
from reading import read

from webexhist.agent.document import plugin_document
from webexhist.contract_kinds import ContractKind
from webexhist.months import Month
from webexhist.report.writer import write_report
from webexhist.review.bridge import Movement
from webexhist.review.checksum import checksum
from webexhist.review.trends import trend_of
from webexhist.reviewing import review_month
from webexhist.snapshot import License
from webexhist.store.entered.contracts import Contract
from webexhist.store.entered.notes import add_note
from webexhist.store.entered.successions import decide, stored_successions
from webexhist.store.names.licenses import find_license, stored_licenses
from webexhist.store.rows.latest import latest
from webexhist.store.rows.trends import trend_rows
from webexhist.successions import SuccessionState

SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)
NOW = datetime(2026, 10, 31, 20, tzinfo=UTC)
ROOMS = license_of("Webex Room Kit")


def calling(id_, subscription, name="Webex Calling") -> License:
    return License(id_, name, "BCSTD", subscription, None, None, counted=True)


A, B, C, D = (calling(f"id{letter}", f"Sub{n}00") for letter, n in (("A", 1), ("B", 2), ("C", 3), ("D", 4)))


def weekly(poller, first, last, licenses):
    """A poll a week from the first day, and one on the last."""
    day, end = (datetime.fromisoformat(f"{day} 06:00").replace(tzinfo=UTC) for day in (first, last))
    while day < end:
        poller.poll(day, licenses)
        day += timedelta(days=7)
    poller.poll(end, licenses)


def reviewed(engine, month=OCTOBER, now=NOW):
    (organization,) = read(engine, review_month, month, 13, now).organizations
    return organization


def only(review, license_):
    (found,) = [each for each in review.licenses if each.license.webex_id == license_.webex_id]
    return found


@pytest.fixture
def renewed(engine):
    """13 months: Sub100 with 500/431, a peak of 450 in May; from 1 October on Sub200 with 500/441."""
    poller = Poller(engine)
    weekly(poller, "2025-10-01", "2026-04-30", {ROOMS: (10, 1), A: (500, 431)})
    poller.poll("2026-05-10 06:00", {ROOMS: (10, 1), A: (500, 450)})
    weekly(poller, "2026-05-20", "2026-09-30", {ROOMS: (10, 1), A: (500, 431)})
    former = read(engine, find_license, "idA")
    set_price(engine, former, Decimal("12.00"), "EUR")
    add_note(engine, date(2026, 5, 10), "a fair", former)
    enter(engine, [Contract("Sub100", ContractKind.EA, date(2023, 10, 1), 36, name="Flex")])
    weekly(poller, "2026-10-01", "2026-10-31", {ROOMS: (10, 1), B: (500, 441)})
    return engine


def test_a_renewal_with_a_new_id_breaks_nothing(renewed):
    review = reviewed(renewed)
    assert [each.license for each in review.licenses if each.license != ROOMS] == [B]
    suite = only(review, B)
    assert (suite.change, suite.purchased_change, suite.is_new, suite.peak) == (10, 0, False, 450)
    assert review.units_change == 10
    assert len(suite.months) == 13
    assert suite.former == (A,)
    product = next(each for each in review.products if suite.product == each.product)
    assert product.judgment.cost.purchased == Decimal("6000.00")
    assert [note.text for note in suite.notes] == ["a fair"]
    contract = suite.contract
    assert (contract.name, contract.starts, contract.handed_from) == ("Flex", date(2026, 10, 1), "Sub100")
    (line,) = [line for line in review.bridge.changed if line.license == B]
    assert (line.purchased, line.assigned, line.replaced) == (
        Movement(500, 0, 0, 500),
        Movement(431, 10, 0, 441),
        (A,),
    )


def test_the_pages_and_the_terminal_say_so(renewed, tmp_path):
    report = read(renewed, write_report, tmp_path / "out", month=OCTOBER, now=NOW)
    index = report.index.read_text()
    assert "10 more than at the end of September 2026" in " ".join(index.split())
    assert "took the place of" in index
    (page,) = report.index.parent.glob("license-webex-calling-*.html")
    assert "One history with" in page.read_text()
    assert "The contract was handed on by" in page.read_text()


def test_the_command_of_a_handed_on_contract_is_one_whatever_the_subscription_is_called(engine, tmp_path):
    called = "Sub2; rm -rf ~ $(id) 'x' \u202e"
    poller = Poller(engine)
    weekly(poller, "2026-09-01", "2026-09-30", {ROOMS: (10, 1), A: (500, 431)})
    enter(engine, [Contract("Sub100", ContractKind.EA, date(2023, 10, 1), 36)])
    weekly(poller, "2026-10-01", "2026-10-31", {ROOMS: (10, 1), calling("idB", called): (500, 441)})
    report = read(engine, write_report, tmp_path / "out", month=OCTOBER, now=NOW)
    (page,) = report.index.parent.glob("license-webex-calling-*.html")
    text = unescape(re.sub("<[^>]+>", "", page.read_text()))
    (command,) = re.findall("until (webexhist contract set .*) says another", text)
    assert shlex.split(command) == ["webexhist", "contract", "set", called.removesuffix("\u202e")]


@pytest.mark.parametrize("name", ["Webex Calling", "sub100", "Sub200", "idA"])
def test_history_by_any_of_its_names_is_the_whole_one(renewed, name):
    (trend,) = [trend_of(rows, NOW) for rows in read(renewed, trend_rows, name, 13, 26)]
    assert [month.last for month in trend.months] == [431] * 12 + [441]
    assert [month.highest for month in trend.months if month.month == Month(2026, 5)] == [450]
    assert set(trend.purchased) == {500}


def test_the_month_before_is_the_same_to_the_byte(engine):
    poller = Poller(engine)
    weekly(poller, "2026-08-01", "2026-09-30", {ROOMS: (10, 1), A: (500, 431)})
    before = checksum(read(engine, review_month, SEPTEMBER, 13, NOW))
    poller.poll("2026-10-01 06:00", {ROOMS: (10, 1), B: (500, 441)})
    assert checksum(read(engine, review_month, SEPTEMBER, 13, NOW)) == before


def test_on_the_day_of_the_change_nothing_is_counted_twice(engine):
    poller = Poller(engine)
    poller.poll("2026-10-01 06:00", {ROOMS: (10, 1), A: (500, 431)})
    poller.poll("2026-10-01 18:00", {ROOMS: (10, 1), B: (500, 441)})
    (day,) = only(reviewed(engine), B).days
    assert (day.last, day.lowest, day.highest, day.purchased) == (441, 431, 441, 500)
    (month,) = only(reviewed(engine), B).months
    assert (month.mean, month.utilization) == (436.0, pytest.approx(88.2))


def test_several_that_continue_in_one_are_its_history(engine):
    poller = Poller(engine)
    poller.poll("2026-09-15 06:00", {ROOMS: (10, 1), A: (500, 431), C: (100, 90)})
    poller.poll("2026-09-30 06:00", {ROOMS: (10, 1), A: (500, 430), C: (100, None)})
    poller.poll("2026-10-01 06:00", {ROOMS: (10, 1), B: (450, 440)})
    review = reviewed(engine)
    suite = only(review, B)
    assert [(month.last, month.highest, month.purchased) for month in suite.months] == [
        (521, 521, 600),
        (440, 440, 450),
    ]
    (line,) = [line for line in review.bridge.changed if line.license == B]
    assert (line.purchased, line.assigned) == (Movement(600, 0, 150, 450), Movement(520, 0, 80, 440))
    assert line.replaced == (A, C)


def test_people_who_move_between_two_ids_are_neither_assigned_nor_released(engine):
    poller = Poller(engine)
    for day, moved in (("2026-09-30", 0), ("2026-10-05", 200), ("2026-10-10", 500)):
        poller.poll(f"{day} 06:00", {ROOMS: (10, 1), A: (500, 500 - moved), B: (500, moved)})
    poller.poll("2026-10-20 06:00", {ROOMS: (10, 1), B: (500, 500)})
    (line,) = [line for line in reviewed(engine).bridge.changed if line.license == B]
    assert (line.purchased, line.assigned) == (Movement(1000, 0, 500, 500), Movement(500, 0, 0, 500))


def test_a_proposal_changes_nothing_until_a_person_joins_it_and_then_the_month_says_so(engine):
    poller = Poller(engine)
    poller.poll("2026-09-30 06:00", {ROOMS: (10, 1), A: (500, 431)})
    poller.poll("2026-10-01 06:00", {ROOMS: (10, 1), B: (500, 441), D: (5, 1)})
    poller.poll("2026-11-01 06:00", {ROOMS: (10, 1), B: (500, 445), D: (5, 1)})
    later = datetime(2026, 11, 5, 12, tzinfo=UTC)
    before = reviewed(engine, now=later)
    assert (only(before, B).is_new, before.rebuilt) == (True, ())
    every = read(engine, lambda history: stored_successions(history, stored_licenses(history)))
    (one,) = [each for each in every if each.succession.successor_id == "idB"]
    decide(engine, one, SuccessionState.JOINED, later, "Kim")
    after = reviewed(engine, now=later)
    assert (only(after, B).is_new, only(after, B).change) == (False, 10)
    assert after.rebuilt == ("Kim joined the histories of Webex Calling and Webex Calling on 2026-11-05",)
    assert reviewed(engine, Month(2026, 11), later).rebuilt == ()


def test_a_license_renamed_is_one_history_under_either_name(engine):
    poller = Poller(engine)
    old = replace(A, name="Webex Calling Basic")
    weekly(poller, "2025-12-01", "2026-01-25", {ROOMS: (10, 1), old: (500, 431)})
    january = datetime(2026, 1, 25, 20, tzinfo=UTC)
    before = checksum(read(engine, review_month, Month(2025, 12), 13, january))
    poller.poll("2026-01-26 06:00", {ROOMS: (10, 1), A: (500, 440)})
    message = plugin_document(read(engine, latest))["msg"]
    assert "license renamed: Webex Calling Basic is called Webex Calling now" in message
    now = datetime(2026, 2, 1, tzinfo=UTC)
    for name in ("webex calling basic", "Webex Calling"):
        (trend,) = [trend_of(rows, now) for rows in read(engine, trend_rows, name, 13, 26)]
        assert [month.last for month in trend.months] == [431, 440]
    (line,) = [line for line in reviewed(engine, Month(2026, 1), now).bridge.changed if line.license == A]
    assert line.former_name == "Webex Calling Basic"
    assert checksum(read(engine, review_month, Month(2025, 12), 13, now)) == before


def sited(id_, site, subscription="Sub100"):
    return License(id_, "Webex Meetings", "EE", subscription, site, None, counted=True)


def purchased(review):
    return {line.license.webex_id: line.purchased for line in review.bridge.lines}


SITE_A, SITE_B = sited("idX", "a.webex.com"), sited("idY", "b.webex.com")


def test_units_moved_between_sites_on_one_day_are_a_redistribution(engine):
    poller = Poller(engine)
    poller.poll("2026-09-30 06:00", {SITE_A: (100, 70), SITE_B: (50, 50)})
    poller.poll("2026-10-05 06:00", {SITE_A: (80, 70), SITE_B: (50, 50)})
    poller.poll("2026-10-05 18:00", {SITE_A: (80, 70), SITE_B: (70, 50)})
    review = reviewed(engine)
    assert purchased(review) == {
        "idX": Movement(100, 0, 0, 80, redistributed=-20),
        "idY": Movement(50, 0, 0, 70, redistributed=20),
    }
    assert review.bridge.purchased == Movement(150, 0, 0, 150)


@pytest.mark.parametrize(
    ("second", "day", "expected"),
    [
        (sited("idY", "b.webex.com", "Sub200"), "05", (Movement(100, 0, 20, 80), Movement(50, 20, 0, 70))),
        (SITE_B, "06", (Movement(100, 0, 20, 80), Movement(50, 20, 0, 70))),
    ],
)
def test_another_subscription_or_another_day_is_a_purchase_and_a_reduction(engine, second, day, expected):
    poller = Poller(engine)
    poller.poll("2026-09-30 06:00", {SITE_A: (100, 70), second: (50, 50)})
    poller.poll("2026-10-05 06:00", {SITE_A: (80, 70), second: (70 if day == "05" else 50, 50)})
    poller.poll("2026-10-06 06:00", {SITE_A: (80, 70), second: (70, 50)})
    assert purchased(reviewed(engine)) == {"idX": expected[0], "idY": expected[1]}


def test_what_was_bought_beside_a_redistribution_is_bought(engine):
    poller = Poller(engine)
    poller.poll("2026-09-30 06:00", {SITE_A: (100, 70), SITE_B: (50, 50)})
    poller.poll("2026-10-05 06:00", {SITE_A: (80, 70), SITE_B: (100, 50)})
    assert purchased(reviewed(engine)) == {
        "idX": Movement(100, 0, 0, 80, redistributed=-20),
        "idY": Movement(50, 30, 0, 100, redistributed=20),
    }


def test_a_trial_beside_a_purchase_hides_no_shortage_and_its_end_reduces_nothing(engine):
    poller = Poller(engine)
    trial = calling("idT", "trialSub7")
    poller.poll("2026-09-30 06:00", {A: (50, 49), trial: (100, 20)})
    poller.poll("2026-10-05 06:00", {A: (50, 49), trial: (100, 20)})
    before = reviewed(engine)
    assert (before.units_purchased, before.units_assigned) == (50, 49)
    assert only(before, trial).not_judged.value == "on trial: nothing is purchased"
    poller.poll("2026-10-20 06:00", {A: (50, 49)})
    after = reviewed(engine)
    assert purchased(after) == {"idA": Movement(50, 0, 0, 50)}
    assert only(after, trial).not_judged.value == "no longer listed"


def test_a_trial_that_is_bought_is_a_purchase_with_the_history_of_its_people(engine):
    poller = Poller(engine)
    poller.poll("2026-09-30 06:00", {ROOMS: (10, 1), calling("idT", "trialSub7"): (100, 30)})
    poller.poll("2026-10-01 06:00", {ROOMS: (10, 1), A: (50, 40)})
    review = reviewed(engine)
    (line,) = [line for line in review.bridge.changed if line.license == A]
    assert (line.purchased, line.assigned) == (Movement(0, 50, 0, 50), Movement(30, 10, 0, 40))
