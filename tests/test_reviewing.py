"""Which months and organizations a review has: names over time, days of a zone, who is not polled, who is retired."""

import re
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from histories import ACME, Poller, license_of
from reading import read
from sqlalchemy import text

from webexhist.contract_kinds import ContractKind
from webexhist.metrics import Metric
from webexhist.months import Month
from webexhist.report.writer import write_report
from webexhist.review.checksum import checksum
from webexhist.review.judgment.decisions.values import DecisionKind
from webexhist.review.monthly import NothingToReviewError
from webexhist.reviewing import latest_reviews, plan_month, review_latest, review_month, silent_now
from webexhist.snapshot import Organization
from webexhist.store.entered.changes import Signature
from webexhist.store.entered.contracts import Contract
from webexhist.store.entered.entering import enter
from webexhist.store.entered.organizations import enter_timezone, resume, retire
from webexhist.store.opening.database import open_database
from webexhist.store.opening.history import reading
from webexhist.time_zones import TimeZone

SUITE = license_of("Webex Suite")
BETA = Organization("Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi9iZXRh", "Beta Example")
SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER = (Month(2026, number) for number in range(9, 13))


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def every_day(poller, first, last, assigned=50, every=1):
    """Polls at noon from a day to a day, one unit more each day."""
    days = (at(last) - at(first)).days + 1
    for day in range(0, days, every):
        poller.poll(at(first) + timedelta(days=day, hours=12), {SUITE: (100, assigned + day)})


def pages(engine, folder, month, now):
    """The files of a month's report, and what they hold."""
    with reading(engine) as history:
        written = write_report(history, folder, month=month, now=now)
    return {file.relative_to(folder).as_posix(): file.read_text() for file in written.files if file.suffix != ".xlsx"}


class TestRenamed:
    """The organization is renamed on 15 November."""

    NOW = at("2026-12-10 00:00")

    @pytest.fixture
    def october(self, poller, tmp_path):
        """The pages of October and their checksum as they are on 1 November, before Acme becomes another."""
        every_day(poller, "2026-09-28", "2026-10-31", every=3)
        now = at("2026-11-01 06:00")
        before = (
            pages(poller.engine, tmp_path / "october", OCTOBER, now),
            checksum(read(poller.engine, review_month, OCTOBER, 13, now)),
        )
        every_day(poller, "2026-11-01", "2026-11-14", 84, every=3)
        holding = Poller(poller.engine, Organization(ACME.webex_id, "Acme Holding"))
        every_day(holding, "2026-11-15", "2026-12-09", 90, every=3)
        return before

    def test_a_finished_month_stays_the_same_to_the_byte(self, poller, october, tmp_path):
        later = pages(poller.engine, tmp_path / "again", OCTOBER, self.NOW)
        assert (later, checksum(read(poller.engine, review_month, OCTOBER, 13, self.NOW))) == october
        assert "Acme Holding" not in "".join(later.values())

    def test_the_month_of_the_rename_says_both_names_and_later_ones_the_new_one(self, poller, october, tmp_path):
        november = pages(poller.engine, tmp_path / "november", NOVEMBER, self.NOW)["index.html"]
        assert ">Acme Holding</bdi></h1>" in november
        assert "Until November 2026 it was named <bdi>Acme Example</bdi>." in november
        december = pages(poller.engine, tmp_path / "december", DECEMBER, self.NOW)["index.html"]
        assert "Acme Holding" in december
        assert "Acme Example" not in december


BETA_SINCE_JUNE = [(BETA.name, at("2026-06-09 12:00"))]


class TestNotPolled:
    """Acme is polled every week; Beta was every day until 9 June. Retired on 12 November, taken back later."""

    @pytest.fixture
    def polled(self, poller):
        every_day(poller, "2026-06-01", "2026-12-19", 10, every=7)
        every_day(Poller(poller.engine, BETA), "2026-06-01", "2026-06-09")
        return poller.engine

    @pytest.fixture
    def retired(self, polled):
        retire(polled, 2, Signature(at("2026-11-12 08:00"), "Anna"))
        return polled

    @staticmethod
    def silent(engine, month, now):
        review = read(engine, review_month, month, 13, now)
        return [(each.name, each.last_polled_at) for each in review.silent]

    def test_it_is_shown_in_every_month_until_it_is_retired(self, retired):
        now = at("2026-12-01 06:00")
        assert self.silent(retired, OCTOBER, now) == BETA_SINCE_JUNE
        assert self.silent(retired, NOVEMBER, now) == []
        june = read(retired, review_month, Month(2026, 6), 13, now)
        assert [(review.name, review.silent_since) for review in june.organizations] == [
            (ACME.name, None),
            (BETA.name, at("2026-06-09 12:00")),
        ]

    def test_what_was_retired_neither_alarms_nor_counts_from_then_on(self, polled):
        now = at("2026-11-12 08:00")
        assert [(review.name, bool(review.silent_since)) for review in read(polled, review_latest, now)] == [
            (ACME.name, False),
            (BETA.name, True),
        ]
        with reading(polled) as history:
            assert [review.name for review in latest_reviews(history, now, only=2)] == [BETA.name]
        retire(polled, 2, Signature(now, "Anna"))
        assert [review.name for review in read(polled, review_latest, now)] == [ACME.name]
        assert read(polled, silent_now, now) == ()

    def test_a_month_before_keeps_it_to_the_byte_and_so_does_the_month_of_its_retirement(self, polled, tmp_path):
        october = pages(polled, tmp_path / "october", OCTOBER, at("2026-11-01 06:00"))
        assert f"<bdi>{BETA.name}</bdi> is not polled any more since 9 Jun 2026 12:00 UTC" in october["index.html"]
        retire(polled, 2, Signature(at("2026-11-12 08:00"), "Anna"))
        november = pages(polled, tmp_path / "november", NOVEMBER, at("2026-12-01 06:00"))
        assert BETA.name not in november["index.html"]
        resume(polled, 2, Signature(at("2026-12-05 08:00"), "Anna"))
        later = at("2026-12-20 06:00")
        assert pages(polled, tmp_path / "october again", OCTOBER, later) == october
        assert pages(polled, tmp_path / "november again", NOVEMBER, later) == november
        assert self.silent(polled, DECEMBER, later) == BETA_SINCE_JUNE

    def test_polls_that_come_back_count_as_if_nothing_had_been(self, retired):
        resume(retired, 2, Signature(at("2026-12-05 08:00"), "Anna"))
        every_day(Poller(retired, BETA), "2026-12-18", "2026-12-19")
        review = read(retired, review_month, DECEMBER, 13, at("2026-12-20 06:00"))
        assert ([each.name for each in review.organizations], review.silent) == ([ACME.name, BETA.name], ())

    def test_where_all_are_retired_there_is_nothing_to_review(self, polled):
        for organization in (1, 2):
            retire(polled, organization, Signature(at("2026-05-31 08:00"), "Anna"))
        with pytest.raises(NothingToReviewError, match="every organization is retired"):
            read(polled, review_month, None, 13, at("2026-12-20 06:00"))


@pytest.mark.parametrize(("after", "silent"), [(timedelta(days=22), False), (timedelta(days=22, seconds=1), True)])
def test_three_usual_intervals_and_a_day_are_awaited(poller, after, silent):
    for week in range(4):
        poller.poll(at("2026-09-01 12:00") + timedelta(weeks=week), {SUITE: (100, 50)})
    last = at("2026-09-22 12:00")
    assert bool(read(poller.engine, silent_now, last + after)) is silent


@pytest.fixture(scope="module")
def tokyo(tmp_path_factory, sqlite_template):
    """Polls every twelve hours from September to November; the days are entered as those of Tokyo."""
    engine = open_database(shutil.copy(sqlite_template, tmp_path_factory.mktemp("tokyo") / "history.db"))
    poller = Poller(engine)
    for half_day in range(2 * 63):
        poller.poll(at("2026-09-01 03:00") + timedelta(hours=12 * half_day), {SUITE: (1000, half_day)})
    enter_timezone(engine, 1, TimeZone("Asia/Tokyo"), Signature(at("2026-10-20 00:00"), "Anna"))
    yield engine
    engine.dispose()


class TestTokyo:
    """Early in the morning of the first of November, when it is still October for others."""

    NOW = at("2026-10-31 21:00")
    """1 November, 06:00 there."""

    def test_the_last_month_is_the_one_that_is_complete_there(self, tokyo):
        (review,) = read(tokyo, review_month, None, 13, self.NOW).organizations
        assert (review.month, review.is_complete, review.known_until) == (OCTOBER, True, at("2026-10-31 03:00"))
        before = read(tokyo, review_month, None, 13, at("2026-10-31 14:59")).organizations
        assert [review.month for review in before] == [SEPTEMBER]

    def test_its_figures_are_those_of_its_own_days(self, tokyo):
        (review,) = read(tokyo, review_month, OCTOBER, 13, self.NOW).organizations
        (license_,) = review.licenses
        # The first poll of October there is that of 30 September 15:00 UTC, the 60th since 1 September 03:00.
        first, last = 2 * 29 + 1, 2 * 29 + 1 + 2 * 31 - 1
        assert (license_.closing.lowest, license_.closing.last) == (first, last)
        assert (license_.opening.last, license_.change) == (first - 1, last - first + 1)
        assert [(polled.polls, polled.missed) for polled in review.polling] == [(2 * 29 + 1, 0), (2 * 31, 0)]
        assert len(license_.days) == 30 + 31

    def test_a_finished_month_says_that_it_was_rebuilt_and_pages_whose_days_they_are(self, tokyo, tmp_path):
        september = pages(tokyo, tmp_path / "september", SEPTEMBER, self.NOW)["index.html"]
        assert (
            "Rebuilt since the month ended: <bdi>Anna entered the time zone Asia/Tokyo on 2026-10-20</bdi>."
            in september
        )
        october = pages(tokyo, tmp_path / "october", OCTOBER, self.NOW)["index.html"]
        assert "Rebuilt" not in october
        assert "All times are UTC; days and months are those of Asia/Tokyo." in october

    def test_beside_one_whose_month_still_runs_the_finished_one_is_taken(self, tokyo, poller):
        acme = Poller(poller.engine, ACME)
        acme.poll("2026-10-31 20:00", {SUITE: (100, 50)})
        beta = Poller(poller.engine, BETA)
        beta.poll("2026-10-31 09:00", {SUITE: (100, 50)})
        enter_timezone(poller.engine, 2, TimeZone("Asia/Tokyo"), Signature(self.NOW, "Anna"))
        review = read(poller.engine, review_month, None, 13, self.NOW)
        assert (review.month, [each.is_complete for each in review.organizations]) == (OCTOBER, [False, True])


def test_a_month_that_was_finished_before_a_contract_was_entered_says_so(poller, tmp_path):
    every_day(poller, "2026-09-28", "2026-10-31", every=3)
    now = at("2026-11-10 06:00")
    before = pages(poller.engine, tmp_path / "before", OCTOBER, now)
    enter(
        poller.engine,
        [Contract(SUITE.subscription_id, ContractKind.NAMED)],
        Signature(at("2026-11-05 00:00"), "Anna"),
    )
    after = pages(poller.engine, tmp_path / "after", OCTOBER, now)
    assert "Rebuilt" not in before["index.html"]
    said = f"<bdi>Anna entered the contract {SUITE.subscription_id} on 2026-11-05</bdi>."
    assert f"Rebuilt since the month ended: {said}" in after["index.html"]


def test_days_that_something_else_changed_are_named_on_the_page(poller, tmp_path):
    every_day(poller, "2026-10-01", "2026-10-03")
    with poller.engine.begin() as connection:
        connection.execute(text("UPDATE day SET last_number = 3 WHERE day = '2026-10-02'"))
    page = pages(poller.engine, tmp_path / "october", OCTOBER, at("2026-11-01 06:00"))["index.html"]
    told = "Figures may be wrong: what was stored on 2026-10-02 was changed by something else than webexhist."
    assert told in re.sub("<[^>]+>", "", page)


def test_a_decision_s_day_is_one_of_the_zone(poller):
    poller.poll("2026-10-31 16:00", {SUITE: (100, 50)})
    enter_timezone(poller.engine, 1, TimeZone("Asia/Tokyo"), Signature(at("2026-11-20 00:00"), "Anna"))
    (review,) = read(poller.engine, review_latest, at("2026-11-20 00:00"))
    (decision,) = [each for each in review.decisions if each.kind is DecisionKind.NOT_POLLED]
    assert str(decision.since) == "2026-11-01"


def test_a_report_says_that_a_customers_days_are_gone_though_others_have_some(poller):
    for other in (poller, Poller(poller.engine, BETA)):
        every_day(other, "2026-09-28", "2026-11-20", every=3)
    with poller.engine.begin() as connection:
        connection.execute(text("DELETE FROM day WHERE organization_id = 2 AND CAST(day AS TEXT) LIKE '2026-10-%'"))
    now = at("2026-12-01 06:00")
    acme = read(poller.engine, review_month, OCTOBER, 1, now).organizations
    assert [(each.name, each.damaged_tables) for each in acme] == [(ACME.name, ("day",))]
    beta = read(poller.engine, review_month, SEPTEMBER, 1, now).organizations[1]
    assert (beta.name, beta.damage) == (BETA.name, "what is kept in day was changed")
    with (
        reading(poller.engine) as history,
        pytest.raises(NothingToReviewError, match="of 2026-10 is gone: see webexhist db"),
    ):
        plan_month(history, OCTOBER, 1, now, only=2)


def test_a_day_before_the_first_poll_of_its_month_sees_nothing_of_that_month(poller):
    poller.poll("2026-10-31 12:00", {SUITE: (100, 50)})
    poller.poll("2026-11-01 12:00", {SUITE: (100, 110)})
    with reading(poller.engine) as history:
        (review,) = review_latest(history, at("2026-11-01 06:00"))
    assert (review.month, review.decisions, review.products[0].closing.last) == (OCTOBER, (), 50)


def test_a_time_within_a_day_sees_what_was_known_by_then(poller):
    """Twenty units are given back at 18:00: at 12:00 sixty of fifty are assigned, ten too many; later none."""
    poller.poll("2026-10-09 18:00", {SUITE: (50, 55)})
    poller.poll("2026-10-10 06:00", {SUITE: (50, 60)})
    poller.poll("2026-10-10 18:00", {SUITE: (50, 40)})
    with reading(poller.engine) as history:
        over = {
            hour: [each.units for each in review.decisions if each.kind is DecisionKind.OVER]
            for hour in ("05:00", "12:00", "20:00")
            for review in review_latest(history, at(f"2026-10-10 {hour}"))
        }
    assert over == {"05:00": [5], "12:00": [10], "20:00": []}


def test_a_time_within_a_day_shows_no_counts_that_the_day_brought_later(poller):
    """People rise from 400 to 450 and twenty messages are counted at 18:00; at 12:00 the day before is the last."""
    for day, hour, people, messages in ((9, 6, 400, 3), (9, 18, 400, 5), (10, 6, 410, 7), (10, 18, 450, 20)):
        poller.poll(f"2026-10-{day:02} {hour:02}:00", {SUITE: (50, 40)}, {Metric.PEOPLE: people}, messages=messages)
    with reading(poller.engine) as history:
        seen = {}
        for hour in ("12:00", "23:59:59"):
            (review,) = review_month(history, OCTOBER, 1, at(f"2026-10-10 {hour}")).organizations
            people = next(gauge for gauge in review.gauges if gauge.metric is Metric.PEOPLE)
            days = [(each.day.day, each.amount) for amounts in review.amounts for each in amounts.days]
            seen[hour] = (people.months[-1].last, [each.day.day for each in people.days], days)
    assert seen == {"12:00": (400, [9], [(9, 8)]), "23:59:59": (450, [9, 10], [(9, 8), (10, 27)])}
