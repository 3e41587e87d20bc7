"""Days until licenses run out: read off the stored day, never worked out by a poll, left out where unknown."""

from datetime import UTC, date, datetime, timedelta

import pytest

from webexhist.agent.document import plugin_document
from webexhist.agent.running_out import DAYS_TO_RUN_OUT, DECISIONS_OPEN, first_to_run_out
from webexhist.snapshot import License, LicenseUsage, Organization
from webexhist.stored_snapshot import LicenseChange, ProductOutlook, StoredOutlook, StoredSnapshot

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
NEVER = None


def usage_of(name: str, purchased: int | None, assigned: int | None, counted: bool = True) -> LicenseUsage:
    return LicenseUsage(License(name, name, "MS", "Sub1", None, None, counted), purchased, assigned, assigned, 0)


def foreseen(purchased: int | None, limit: int | None, runs_out_on: date | None):
    """What was worked out of a product, without its name and licenses."""
    return purchased, limit, runs_out_on


def snapshot_of(
    *usages: LicenseUsage,
    day: date = TODAY,
    name: str = "Acme",
    listed: bool = True,
    is_of_now: bool = True,
    decisions: int = 3,
    **outlooks,
):
    """The outlooks are by the names of the licenses that are judged together, joined by an underscore."""
    return StoredSnapshot(
        Organization(f"id {name}", name),
        number=2,
        taken_at=NOW,
        day=NOW.date(),
        previous_at=NOW - timedelta(minutes=5),
        seconds=2.0,
        requests=36,
        counts=(),
        licenses=tuple(LicenseChange(usage, 0, 0, None) for usage in usages) if listed else None,
        appeared=(),
        vanished=(),
        collections=(),
        outlook=StoredOutlook(
            day,
            is_of_now,
            decisions,
            tuple(ProductOutlook(names, tuple(names.split("_")), *units) for names, units in outlooks.items()),
        )
        if outlooks
        else None,
    )


@pytest.mark.parametrize(
    ("runs_out_on", "days"),
    [
        (date(2026, 12, 3), 10),
        (TODAY, 0),
        (date(2026, 11, 22), 0),
        (date(2027, 11, 23), 365),
        (date(2027, 11, 24), 366),
        (date(2029, 1, 1), 366),
        (NEVER, 366),
    ],
)
def test_days_are_counted_to_the_stored_day_and_beyond_a_year_are_366(runs_out_on, days):
    snapshot = snapshot_of(usage_of("A", 100, 90), A=foreseen(100, 100, runs_out_on))
    assert first_to_run_out([snapshot]) == days


def test_the_document_has_the_first_of_all_and_each_license_its_own():
    snapshot = snapshot_of(
        usage_of("A", 100, 90),
        usage_of("B", 50, 40),
        A=foreseen(100, 100, date(2026, 12, 3)),
        B=foreseen(50, 50, NEVER),
    )
    printed = plugin_document([snapshot])
    assert printed[DAYS_TO_RUN_OUT] == 10
    assert {row["name"]: row[DAYS_TO_RUN_OUT] for row in printed["Licenses"]} == {"A": 10, "B": 366}
    assert printed["units"][DAYS_TO_RUN_OUT] == "days"


@pytest.mark.parametrize(
    ("usage", "limit"), [(usage_of("A", 100, 100), 100), (usage_of("A", 100, 118), 100), (usage_of("A", 0, 3), None)]
)
def test_what_is_used_up_already_has_0_days_whatever_was_expected(usage, limit):
    outlook = foreseen(usage.purchased, limit, date(2027, 5, 1))
    assert first_to_run_out([snapshot_of(usage, A=outlook)]) == 0


def test_under_a_growth_allowance_the_limit_is_what_may_be_assigned():
    outlook = foreseen(100, 120, date(2026, 12, 23))
    assert first_to_run_out([snapshot_of(usage_of("A", 100, 118), A=outlook)]) == 30
    assert first_to_run_out([snapshot_of(usage_of("A", 100, 120), A=outlook)]) == 0


@pytest.mark.parametrize(
    "snapshot",
    [
        snapshot_of(usage_of("A", 100, 90)),
        snapshot_of(usage_of("A", 100, 90), is_of_now=False, B=foreseen(100, 100, NEVER)),
        snapshot_of(usage_of("A", 100, None), A=foreseen(100, None, NEVER)),
        snapshot_of(usage_of("A", 100, 90), day=date(2026, 11, 21), A=foreseen(100, 100, NEVER)),
        snapshot_of(usage_of("A", 100, 90), day=date(2026, 11, 24), A=foreseen(100, 100, NEVER)),
        snapshot_of(usage_of("A", 100, 90), A=foreseen(90, 90, NEVER)),
        snapshot_of(usage_of("A", None, 90), A=foreseen(100, 100, NEVER)),
        snapshot_of(listed=False, A=foreseen(100, 100, NEVER)),
        snapshot_of(usage_of("A", -1, 90), usage_of("B", 0, 0), usage_of("C", 10, 1, counted=False)),
    ],
    ids=[
        "none stored", "a new license", "unknown use", "older than yesterday", "of the future", "another purchase",
        "unknown purchase", "unknown list", "nothing that has a limit",
    ],
)  # fmt: skip
def test_what_is_unknown_is_left_out(snapshot):
    assert first_to_run_out([snapshot]) is None
    assert DAYS_TO_RUN_OUT not in plugin_document([snapshot])


def test_what_is_not_judged_by_itself_makes_nothing_unknown():
    soon = foreseen(100, 100, date(2026, 12, 3))
    usages = (usage_of("A", 100, 90), usage_of("Active", 45, 300), usage_of("Former", 100, 40))
    printed = plugin_document([snapshot_of(*usages, A=soon, Active=foreseen(45, None, NEVER))])
    assert printed[DAYS_TO_RUN_OUT] == 10
    assert [row.get(DAYS_TO_RUN_OUT) for row in printed["Licenses"]] == [None, 10, None]


def test_licenses_that_are_judged_together_have_the_days_of_their_sum_and_none_of_their_own():
    snapshot = snapshot_of(usage_of("A", 60, 88), usage_of("B", 40, 0), A_B=foreseen(100, 100, date(2026, 12, 3)))
    document = plugin_document([snapshot])
    assert document[DAYS_TO_RUN_OUT] == 10
    assert [row.get(DAYS_TO_RUN_OUT) for row in document["Licenses"]] == [None, None]
    grown = snapshot_of(usage_of("A", 60, 88), usage_of("B", 50, 0), A_B=foreseen(100, 100, date(2026, 12, 3)))
    assert first_to_run_out([grown]) is None


def test_decisions_are_counted_over_organizations_and_unknown_where_those_of_one_are():
    known = snapshot_of(usage_of("A", 100, 90), A=foreseen(100, 100, NEVER))
    other = snapshot_of(usage_of("B", 10, 1), name="Beta", decisions=2, B=foreseen(10, 10, NEVER))
    assert plugin_document([known, other])[DECISIONS_OPEN] == 5
    assert DECISIONS_OPEN not in plugin_document([known, snapshot_of(usage_of("B", 10, 1), name="Beta")])


def test_yesterdays_day_stands_until_todays_is_worked_out():
    outlook = foreseen(100, 100, date(2026, 12, 3))
    assert first_to_run_out([snapshot_of(usage_of("A", 100, 90), day=date(2026, 11, 22), A=outlook)]) == 10


def test_of_several_organizations_one_unknown_part_makes_the_first_unknown_unless_one_has_run_out():
    soon = snapshot_of(usage_of("A", 100, 90), A=foreseen(100, 100, date(2026, 12, 3)))
    unknown = snapshot_of(usage_of("B", 10, 1), name="Beta")
    full = snapshot_of(usage_of("C", 10, 10), name="Gamma", C=foreseen(10, 10, TODAY))
    assert first_to_run_out([soon, unknown]) is None
    assert first_to_run_out([soon, unknown, full]) == 0


def test_an_outlook_is_of_today_if_the_day_the_purchase_and_what_it_rests_on_are_the_same():
    known = foreseen(100, 100, NEVER)
    assert snapshot_of(usage_of("A", 100, 90), A=known).has_outlook_of_today
    assert snapshot_of(usage_of("A", 100, 95), A=known).has_outlook_of_today
    assert snapshot_of(usage_of("A", None, 95), A=known).has_outlook_of_today
    assert not snapshot_of(usage_of("A", 120, 90), A=known).has_outlook_of_today
    assert not snapshot_of(usage_of("A", 100, 90), day=date(2026, 11, 22), A=known).has_outlook_of_today
    assert not snapshot_of(usage_of("A", 100, 90)).has_outlook_of_today
