"""Two pollers of one organization: nothing is counted twice, and it is reported in one line."""

from datetime import timedelta

from polling import NOON, change_of

from webexhist.agent.message import message
from webexhist.metrics import Metric
from webexhist.simulator import partner_world

NOTICE = "another poller counts this too: one is enough"


def test_two_pollers_are_reported_by_each_of_them_until_one_ends(simulated):
    polled = simulated()
    database, other = str(polled.folder / "webexhist.db"), str(polled.folder / "other")
    noticed, messages = [], 0
    for whose in ("own", "own", "other", "own", "other", "other"):
        state_dir = {} if whose == "own" else {"state_dir": other, "database": database}
        polled.server.scripted.post_message(polled.clock() - timedelta(minutes=1))
        snapshot = polled.poll(**state_dir)
        messages += change_of(snapshot, Metric.MESSAGES_CREATED) or 0
        noticed.append(f"pollers: {NOTICE}" in message([snapshot]))
        polled.later(minutes=5)
    assert noticed == [False, False, True, True, True, False]
    assert messages == 5


def test_two_polls_of_one_moment_are_reported_even_where_they_share_their_folder(simulated):
    polled = simulated()
    assert NOTICE not in message([polled.poll()])
    assert NOTICE in message([polled.poll()])
    polled.later(minutes=5)
    assert NOTICE not in message([polled.poll()])


def test_of_a_fleet_it_is_one_line_too(simulated):
    polled = simulated(partner_world(NOON))
    polled.polls()
    polled.later(minutes=5)
    other = {"state_dir": str(polled.folder / "other"), "database": str(polled.folder / "webexhist.db")}
    text = message(polled.polls(**other))
    assert text.split("; ")[1] == f"pollers (3 of 3 organizations): {NOTICE}"
    assert text.count(NOTICE) == 1


def test_what_cannot_be_kept_accuses_nobody(simulated):
    polled = simulated()
    polled.poll()
    polled.later(minutes=5)
    (polled.folder / "poller").write_text("something else")
    assert NOTICE not in message([polled.poll()])
