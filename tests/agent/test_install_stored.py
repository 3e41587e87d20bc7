"""A timer polls, and the plugin shows what the timer stored."""

from datetime import UTC, datetime, timedelta

import pytest


@pytest.mark.slow
def test_the_plugin_shows_what_a_timer_stored_and_asks_nobody(agent, configuration, polled):
    agent.install("--config", configuration, "--stored", "--max-age", "600")
    before = agent.run()
    assert before["status"] == 0
    assert "the last snapshot is of 2026-11-23 10:00 UTC, more than 600 s ago" in before["msg"]
    assert len(polled.server.requests) == 0

    timer = agent.command("poll", "--quiet", "--config", configuration)
    assert (timer.returncode, timer.stdout, timer.stderr) == (0, "", "")
    asked = len(polled.server.requests)
    shown = agent.run()
    assert (shown["Admin - Org Count"], "status" in shown) == (1, False)
    assert agent.run_imported() == shown
    assert len(polled.server.requests) == asked


@pytest.mark.slow
def test_what_the_timer_stored_is_down_when_it_is_too_old(agent, configuration, polled):
    agent.install("--config", configuration, "--stored", "--max-age", "600")
    polled.clock.set(datetime.now(UTC) - timedelta(seconds=601))
    polled.poll(state_dir=str(polled.folder / "state"))
    for document in (agent.run(), agent.run_imported()):
        assert document["status"] == 0
        assert "more than 600 s ago: see why nothing polls: webexhist status" in document["msg"]
