"""A timer polls, and the plugin shows what the timer stored."""


def test_the_plugin_shows_what_a_timer_stored_and_asks_nobody(agent, configuration, polled):
    agent.install("--config", configuration, "--stored", "--max-age", "600")
    before = agent.run()
    assert before["status"] == 0
    assert "there is no database" in before["msg"]
    assert len(polled.server.requests) == 0

    timer = agent.command("poll", "--quiet", "--config", configuration)
    assert (timer.returncode, timer.stdout, timer.stderr) == (0, "", "")
    asked = len(polled.server.requests)
    shown = agent.run()
    assert (shown["Admin - Org Count"], "status" in shown) == (1, False)
    assert agent.run_imported() == shown
    assert len(polled.server.requests) == asked


def test_what_the_timer_stored_is_down_when_it_is_too_old(agent, configuration):
    agent.install("--config", configuration, "--stored")
    agent.change_program("'--max-age', '900'", "'--max-age', '1'")
    assert agent.command("poll", "--quiet", "--config", configuration).returncode == 0
    document = agent.run()
    while "status" not in document:
        document = agent.run()
    assert document["status"] == 0
    assert "more than 1 s ago: see why nothing polls: webexhist status" in document["msg"]
