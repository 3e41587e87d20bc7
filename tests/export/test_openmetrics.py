"""What Prometheus reads is what the snapshot holds, read back by Prometheus' own library."""

import math

import pytest
from last_snapshots import TAKEN, last_snapshot, used_license
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from prometheus_client.parser import text_string_to_metric_families as textfile_families

from webexhist.export.openmetrics import openmetrics
from webexhist.metrics import Metric
from webexhist.snapshot import Collection, CollectionStatus
from webexhist.stored_snapshot import CountChange


def samples(text, families=text_string_to_metric_families):
    """Every sample by its name and labels."""
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in families(text)
        for sample in family.samples
    }


def test_counts_have_their_organization_and_counters_their_running_total():
    people, messages, unknown = (
        CountChange(Metric.PEOPLE, 430, 2, None),
        CountChange(Metric.MESSAGES_CREATED, 9_000, 12, None),
        CountChange(Metric.ROOMS, None, None, None),
    )
    found = samples(
        openmetrics([last_snapshot(counts=[people, messages, unknown]), last_snapshot("beta", "Beta", [people])])
    )
    acme, beta = ("org_id", "acme"), ("org_id", "beta")
    assert found["webexhist_people", acme] == found["webexhist_people", beta] == 430
    assert found["webexhist_messages_created_total", acme] == 9_000
    assert not [key for key in found if key[0] == "webexhist_rooms"], "what is unknown has no sample"
    assert found["webexhist_snapshot_timestamp_seconds", acme] == TAKEN.timestamp()
    assert (found["webexhist_poll_seconds", acme], found["webexhist_poll_requests", acme]) == (2.5, 36)
    assert found["webexhist_organization_info", ("org", "Beta"), beta] == 1


def test_licenses_are_known_by_their_ids_and_named_once():
    licenses = (
        used_license("idA", 'Suite\u202e "Ä"\\\n\x1b[2J', 250, 231, 4),
        used_license("idB", "Calling", -1, 7),
        used_license("idC", "Messaging", None, None),
    )
    found = samples(openmetrics([last_snapshot(licenses=licenses)]))
    units = {
        (name.removeprefix("webexhist_license_"), dict(labels)["license_id"]): value
        for (name, *labels), value in found.items()
        if name.endswith("_units")
    }
    assert units == {
        ("purchased_units", "idA"): 250,
        ("purchased_units", "idB"): math.inf,
        ("assigned_units", "idA"): 231,
        ("assigned_units", "idB"): 7,
        ("assigned_to_users_units", "idA"): 227,
        ("assigned_to_users_units", "idB"): 7,
        ("assigned_to_workspaces_units", "idA"): 4,
        ("assigned_to_workspaces_units", "idB"): 0,
        ("assigned_to_workspaces_units", "idC"): 0,
    }
    names = {dict(labels)["license"] for (name, *labels) in found if name == "webexhist_license_info"}
    assert names == {'Suite "Ä"\\  [2J', "Calling", "Messaging"}


def test_a_collector_that_failed_says_so():
    runs = [
        Collection("people", CollectionStatus.OK, 1, 0.5),
        Collection("devices", CollectionStatus.FAILED, 1, 0.5, "503"),
    ]
    found = samples(openmetrics([last_snapshot(collections=runs)]))
    ok = {dict(labels)["collector"]: value for (name, *labels), value in found.items() if "collection_ok" in name}
    assert ok == {"people": 1, "devices": 0}


def test_an_unknown_list_of_licenses_has_no_sample():
    assert not [name for name, *_ in samples(openmetrics([last_snapshot(licenses=None)])) if "license" in name]


@pytest.mark.parametrize("families", [text_string_to_metric_families, textfile_families])
def test_both_of_prometheus_formats_read_it(families):
    text = openmetrics(
        [last_snapshot(counts=[CountChange(Metric.PEOPLE, 430, 2, None)], licenses=(used_license("a", "A", 1, 1),))]
    )
    assert text.endswith("# EOF\n")
    assert samples(text, families)["webexhist_people", ("org_id", "acme")] == 430
