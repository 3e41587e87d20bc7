from collections import Counter
from datetime import UTC, date, datetime, timedelta
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
    for day in (20, 21):
        clock.set(datetime(2026, 10, day, 6, tzinfo=UTC))
        ids |= {one["name"]: one["id"] for one in visitor.items("/v1/licenses")}
    assert ids["Meeting 25 party"] == ids["Advanced Space Meetings"]


def test_a_subscription_is_renewed_under_other_ids_and_two_become_one(visit, now, clock):
    visitor = visit(story.world(now))
    seen = {}
    for day in (date(2026, 8, 20), date(2026, 8, 21), date(2026, 10, 10), date(2026, 10, 11)):
        clock.set(datetime(day.year, day.month, day.day, 6, tzinfo=UTC))
        listed = visitor.items("/v1/licenses")
        seen[day.month, day.day] = {
            name: {(one["id"], one["subscriptionId"]): one["totalUnits"] for one in listed if one["name"] == name}
            for name in ("Webex Room Kit", "Contact center Standard Agent")
        }
    assert [sorted(seen[8, day]["Webex Room Kit"].values()) for day in (20, 21)] == [[10, 14], [24]]
    before, after = (seen[10, day]["Contact center Standard Agent"] for day in (10, 11))
    assert [subscription for _, subscription in (*before, *after)] == ["Sub1000003", "Sub1000004"]
    assert {id_ for id_, _ in before}.isdisjoint({id_ for id_, _ in after})


def test_every_consumed_seat_has_a_holder_throughout(now):
    world = story.world(now)
    for days in range(0, 396, 9):
        moment = now - timedelta(days=days)
        for plan in story.licenses(now):
            if callable(plan.by_users):
                assert plan.by_users(moment) <= world.own.people(moment)


def test_polls_come_every_fifth_day_last_month_twice_a_day_then_daily_and_not_on_some(now):
    times = story.poll_times(13, now)
    assert 130 <= len(times) <= 165
    assert times == sorted(set(times))
    assert times[-1] - times[-2] == timedelta(minutes=5)
    assert times[-1] == now
    assert now - times[0] == pytest.approx(timedelta(days=396), abs=timedelta(days=2))
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert sum(gap > timedelta(days=5) for gap in gaps) == 2
    assert sum(gap > timedelta(days=2) for gap in gaps if gap < timedelta(days=5)) == 1
    by_day = Counter(at.date() for at in times)
    lately = [by_day[day] for day in (date(2026, 10, 1), date(2026, 11, 21), date(2026, 11, 22))]
    before = [by_day[date(2026, 9, 30) - timedelta(days=days)] for days in (0, 1, 2, 3, 4, 5, 300, 301)]
    assert (lately, before) == ([2, 1, 1], [1, 0, 0, 0, 0, 1, 1, 0])
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
