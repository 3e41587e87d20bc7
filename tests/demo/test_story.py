from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest

from webexhist.demo import story


@pytest.fixture
def figures(now):
    """What a license plan of the story reads so many days ago: total and assigned."""

    def read(code, days, site=None):
        moment = now - timedelta(days=days)
        for plan in story.licenses(now):
            if (plan.code, plan.site_url) == (code, site) and plan.is_listed(moment):
                by_workspaces = plan.by_workspaces(moment) if callable(plan.by_workspaces) else plan.by_workspaces
                assigned = plan.by_users(moment) if callable(plan.by_users) else plan.by_users
                total = plan.total(moment) if callable(plan.total) else plan.total
                return total, assigned + by_workspaces
        return None

    return read


def test_people_grow_from_430_to_520_with_a_dip_at_the_reorganization(now):
    people = story.world(now).own.people
    assert people(now - timedelta(days=396)) == pytest.approx(430, abs=3)
    assert people(now - timedelta(days=151)) - people(now - timedelta(days=139)) == pytest.approx(18, abs=4)
    assert people(now) == pytest.approx(520, abs=3)


def test_seats_were_bought_and_others_freed(figures):
    assert [figures("MS", days)[0] for days in (191, 189)] == [500, 600]
    assert [figures("BCSTD", days)[0] for days in (191, 189)] == [150, 200]
    before, after = figures("EE", 152, "acme-emea.webex.com")[1], figures("EE", 140, "acme-emea.webex.com")[1]
    assert before - after == pytest.approx(36, abs=4)


def test_one_license_runs_out_within_some_weeks(figures):
    now_used, month_ago = (figures("EE", days, "acme.webex.com")[1] for days in (0, 60))
    days_left = (250 - now_used) / ((now_used - month_ago) / 60)
    assert 14 < days_left < 90


def test_one_license_is_over_used_one_appeared_and_one_vanished(figures):
    total, assigned = figures("CJPSTD", 0)
    assert total < assigned < 1.2 * total
    assert [figures("RTT", days) is None for days in (200, 100)] == [True, False]
    assert [figures("SFDSK", days) is None for days in (100, 80)] == [False, True]
    assert figures("SD", 0) == (24, 19)


def test_one_license_bears_a_new_name(visit, now, clock):
    visitor = visit(story.world(now))
    ids = {}
    for days in (241, 239):
        clock.set(now - timedelta(days=days))
        ids |= {one["name"]: one["id"] for one in visitor.items("/v1/licenses")}
    assert ids["Meeting 25 party"] == ids["Advanced Space Meetings"]


def test_every_consumed_seat_has_a_holder_throughout(now):
    world = story.world(now)
    for days in range(0, 396, 9):
        moment = now - timedelta(days=days)
        for plan in story.licenses(now):
            if callable(plan.by_users):
                assert plan.by_users(moment) <= world.own.people(moment)


def test_polls_come_once_a_day_since_last_month_twice_and_not_on_some(now):
    times = story.poll_times(13, now)
    assert 400 <= len(times) <= 500
    assert times == sorted(set(times))
    assert times[-1] - times[-2] == timedelta(minutes=5)
    assert times[-1] == now
    assert now - times[0] == pytest.approx(timedelta(days=396), abs=timedelta(days=1))
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert sum(gap > timedelta(days=2) for gap in gaps) == 3
    by_day = Counter(at.date() for at in times)
    lately = [by_day[day] for day in (date(2026, 10, 1), date(2026, 11, 21), date(2026, 11, 22))]
    before = [by_day[day] for day in (date(2026, 9, 30), date(2026, 3, 7), date(2025, 12, 1))]
    assert (lately, before) == ([2, 2, 2], [1, 1, 1])
    assert {(at.hour, at.minute, at.second) for at in times[:-2]} == {(6, 0, 0), (18, 0, 0)}


def test_fewer_months_are_the_last_ones(now):
    assert story.poll_times(3, now) == [at for at in story.poll_times(13, now) if at >= story.poll_times(3, now)[0]]


def test_the_same_clock_has_the_same_story_and_devices_are_refused_on_one_day(visit, now, clock):
    first, second = (visit(story.world(now), story.faults(now)) for _ in range(2))
    refused = set()
    for at in story.poll_times(4, now)[::3]:
        clock.set(at)
        assert first.get("/v1/licenses").content == second.get("/v1/licenses").content
        if first.get("/v1/devices").status_code == 403:
            refused.add(at.date())
    assert len(refused) <= 1
    (trouble,) = story.faults(now).troubles
    assert trouble.until - trouble.since == timedelta(days=1)
    assert trouble.since.weekday() < 5
    assert sum(trouble.since <= at < trouble.until for at in story.poll_times(13, now)) == 2


def test_messages_have_the_rhythm_of_work(now):
    messages = story.world(now).messages_a_day
    friday = now.date() - timedelta(days=3)
    week = [messages(friday - timedelta(days=4 - number)) for number in range(7)]
    assert min(week[:5]) > 10 * max(week[5:])
    assert 230 < sum(week[:5]) / 5 < 350
    assert messages(friday.replace(month=1, day=1)) < 75
