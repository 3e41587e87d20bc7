"""What the collectors state about themselves: counts, permissions, scopes, and their order."""

from itertools import chain

import pytest

from webexhist.config import load_settings
from webexhist.metrics import COUNTERS_OF_SOURCE, Metric
from webexhist.simulator.auth.access import ALL_SCOPES
from webexhist.webex.collectors import all_collectors, all_questions, all_scopes, permission_of, wanted_scopes
from webexhist.webex.collectors.events import COMPLIANCE
from webexhist.webex.collectors.past import ANALYTICS
from webexhist.webex.collectors.people import IDENTITY
from webexhist.webex.collectors.rooms import MESSAGES_READ


def asked(**options):
    settings = load_settings(options, None, {})
    return [collector for collector in all_collectors() if collector.is_asked(settings)]


def test_licenses_are_asked_first_and_the_longest_chains_before_the_short_ones():
    names = [collector.name for collector in asked()]
    assert names[0] == "licenses"
    long, short = ["events", "teams", "people", "devices"], ["hybrid clusters", "hybrid connectors"]
    assert [name for name in names if name in (*long, *short)] == [*long, *short]


@pytest.mark.parametrize(
    ("source", "collectors"),
    [("auto", ["events"]), ("events", ["events"]), ("rooms", ["room messages"]), ("off", [])],
)
def test_the_setting_says_who_counts_messages(source, collectors):
    names = [collector.name for collector in asked(messages_source=source)]
    assert [name for name in names if name in ("events", "room messages")] == collectors


def test_every_count_is_counted_by_one_collector_at_a_time():
    counted = list(chain.from_iterable(collector.counts for collector in asked()))
    assert len(set(counted)) == len(counted)
    # The list of organizations comes before all collectors; messages in rooms are counted where events are refused.
    assert set(Metric) - set(counted) == {Metric.ORGANIZATIONS, Metric.ROOM_MESSAGES_CREATED}


def test_counters_of_one_window_belong_to_one_collector():
    families = {collector.counts for collector in all_collectors()}
    assert families >= set(COUNTERS_OF_SOURCE.values())


def test_every_collector_says_what_it_takes_to_be_answered():
    assert [collector.name for collector in all_collectors() if not collector.permission.scopes] == []
    assert permission_of("events").login == "webexhist login --compliance"
    assert permission_of("people check").login == "webexhist login --identity"
    assert [scope.name for scope in permission_of("room messages").scopes] == [
        "spark:rooms_read",
        "spark:messages_read",
    ]
    assert permission_of("tokens") is None


def test_one_name_in_the_log_takes_one_permission():
    names = {question.name for question in all_questions()}
    assert len({(question.name, question.permission) for question in all_questions()}) == len(names)


def test_exactly_the_scopes_wanted_are_asked_for():
    base, everything = wanted_scopes(), wanted_scopes(["--compliance", "--identity", "--analytics"])
    assert set(everything) - set(base) == {COMPLIANCE, IDENTITY, ANALYTICS}
    assert set(base) - set(everything) == {MESSAGES_READ}
    assert len({scope.name for scope in everything}) == len(everything)


def test_every_scope_is_one_that_webex_knows_and_says_what_it_is_for():
    for scope in all_scopes():
        assert scope.name in ALL_SCOPES
        assert scope.gives
        assert scope.without
