"""A host clock at an end of the calendar, and a history that has reached it, stop nothing else."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from polling import NOON, collection_of, value_of

from webexhist.agent.document import plugin_document
from webexhist.metrics import Metric
from webexhist.simulator import Faults, partner_world
from webexhist.snapshot import ORDER, CollectionStatus
from webexhist.store.errors import NoLaterMomentError
from webexhist.store.times import LAST_SECOND

FIRST_MOMENT = datetime.min.replace(tzinfo=UTC)
LAST_MINUTE = datetime(9999, 12, 31, 23, 59, 30, tzinfo=UTC)


@pytest.mark.slow
@pytest.mark.parametrize(("shown", "shows_date"), [(FIRST_MOMENT, False), (LAST_MINUTE, True)])
def test_a_host_clock_at_an_end_of_the_calendar_stops_no_command(webexhist, simulated, shown, shows_date):
    polled = simulated(partner_world(NOON), Faults(date_header=shows_date))
    options = (f"--base-url={polled.server.base_url}", f"--state-dir={polled.folder}")
    token = f"--access-token={polled.server.access_token}"
    for now in (shown, NOON + timedelta(minutes=5), shown):
        webexhist.go_by(lambda now=now: now)
        document = webexhist("poll", *options, token).json
        assert document.get("status") != 0, document["msg"]
        webexhist("status", f"--database={polled.folder}/webexhist.db")
        polled.later(minutes=5)
    if shows_date:
        times = [at for (at,) in polled.stored("SELECT taken_at FROM snapshot")]
        assert all(abs(at - NOON.timestamp()) < 3_600 for at in times)


@pytest.mark.slow
def test_an_organization_whose_history_has_reached_its_end_stops_itself_alone(simulated):
    polled = simulated(partner_world(NOON))
    polled.polls()
    with closing(sqlite3.connect(polled.folder / "webexhist.db")) as database, database:
        database.execute(
            "UPDATE snapshot SET taken_at = ? WHERE organization_id ="
            " (SELECT id FROM organization WHERE name = 'Beta Example')",
            (LAST_SECOND,),
        )
    polled.later(minutes=5)
    acme, beta, gamma = polled.polls()
    assert [(each.number, value_of(each, Metric.PEOPLE)) for each in (acme, beta)] == [(2, 100), (1, None)]
    assert gamma.number == 2
    refusal = collection_of(beta, ORDER)
    assert refusal.status is CollectionStatus.FAILED
    assert "no moment is later: drop it" in refusal.error
    assert "Beta Example has a snapshot of 9999-12-31 23:59:59 UTC" in plugin_document((acme, beta, gamma))["msg"]
    with pytest.raises(NoLaterMomentError, match="no moment is later"):
        polled.polls(use_custom_fields="true", teams="T", orgids=beta.organization.webex_id)
