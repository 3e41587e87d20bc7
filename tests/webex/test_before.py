"""Organizations take turns: what time ran out for goes first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from webexhist.snapshot import Collection, CollectionStatus, LastPoll, Organization
from webexhist.webex.before import Before

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ACME, BETA, GAMMA, DELTA = (Organization(name.lower(), name) for name in ("Acme", "Beta", "Gamma", "Delta"))


def last_poll(out_of_time_since: datetime | None) -> LastPoll:
    run = Collection("people", CollectionStatus.OK, 1, 0.5, began_at=NOON)
    late = replace(run, status=CollectionStatus.OUT_OF_TIME, began_at=out_of_time_since)
    return LastPoll(NOON, (run,) if out_of_time_since is None else (run, late), None)


def test_those_that_wait_longest_are_asked_first_and_new_ones_with_those_that_were_done():
    before = Before(
        last={
            "acme": last_poll(None),
            "beta": last_poll(NOON),
            "gamma": last_poll(NOON - timedelta(minutes=5)),
        }
    )
    assert before.in_turn([ACME, BETA, GAMMA, DELTA]) == [GAMMA, BETA, ACME, DELTA]
