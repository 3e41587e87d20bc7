"""The table of counts: one row each, and what follows from it."""

from webexhist.metrics import COUNTERS_OF_SOURCE, PLUGIN_CHANGES, PLUGIN_VALUES, Kind, Metric


def test_a_count_is_found_by_its_name_in_the_database():
    assert Metric("people") is Metric.PEOPLE


def test_only_what_is_counted_in_a_window_is_a_counter():
    counters = {metric for metric in Metric if metric.kind is Kind.COUNTER}
    assert counters == {metric for metrics in COUNTERS_OF_SOURCE.values() for metric in metrics}
    assert {source: len(metrics) for source, metrics in COUNTERS_OF_SOURCE.items()} == {
        "events": 6,
        "rooms": 1,
        "audit": 1,
    }


def test_counts_that_share_a_plugin_name_stand_in_for_each_other_the_upper_one_first():
    shared = (Metric.MESSAGES_CREATED, Metric.ROOM_MESSAGES_CREATED)
    assert [(name, metrics) for name, metrics in PLUGIN_VALUES.items() if len(metrics) > 1] == [
        ("Total Messages Exchanged", shared)
    ]
    assert PLUGIN_CHANGES["Messages Since Last Poll"] == shared


def test_people_read_words_and_not_names_of_columns():
    assert [metric for metric in Metric if not metric.words or "_" in metric.words] == []
    assert len({metric.words for metric in Metric}) == len(Metric)
