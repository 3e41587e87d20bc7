"""From the seed plugin to twelve failures and back: what becomes of the monitors of an agent that does as it does."""

from datetime import timedelta

import pytest
from played_agent import Monitor, PlayedAgent
from polling import NOON

from webexhist.agent.failure import PLUGIN_VERSION
from webexhist.agent.plugin_file import NAME
from webexhist.config import load_settings
from webexhist.simulator import LicensePlan, OrganizationPlan, Trouble, World
from webexhist.simulator.faults.switches import Status
from webexhist.status.agent import agent_status

ACME, LAB = f"{NAME}.py-webex acme", f"{NAME}.py-lab"
CFG = """\
[global_configurations]
access_token = "{access_token}"
base_url = {base_url}
state_dir = {state_dir}
[webex acme]
orgids = None
[lab]
use_custom_fields = False
"""
LICENSES = (
    LicensePlan("Suite", "EE", 250, 231, 0, "Sub1", "acme.webex.com"),
    LicensePlan("Calling", "BCSTD", 60, 40, 0, "Sub1"),
)


@pytest.mark.slow
def test_monitors_go_on_from_the_seed_plugin_through_twelve_failures(agent, simulated, tmp_path):
    polled = simulated(World(organizations=(OrganizationPlan(licenses=LICENSES),)))
    played = PlayedAgent(agent.folder)
    agent.cfg.parent.mkdir()
    agent.program.write_text("#!/usr/bin/python\nprint 1\n")
    agent.cfg.write_text(
        CFG.format(
            access_token=polled.server.access_token, base_url=polled.server.base_url, state_dir=tmp_path / "state"
        )
    )
    # What the server knows of a monitor of the seed: its version is 1, and its names have no units.
    played.monitors[ACME] = Monitor(1, {"People Count"}, {}, set())
    refused, taken = Trouble(Status(401), path="/v1/*"), tmp_path / "etc" / "webexhist.cfg"

    # Before a login works nothing is installed, so that the agent has no failure to count.
    polled.server.faults.troubles.append(refused)
    done = agent.command("plugin", "install", "--agent-dir", agent.folder, "--config", taken)
    assert (done.returncode, done.stdout.count("are now in")) == (1, 2)
    assert f"a poll with {tmp_path}/etc/webexhist-webex-acme.cfg failed" in done.stderr
    assert "webexhist login" in done.stderr
    assert agent.program.read_text() == "#!/usr/bin/python\nprint 1\n"

    # Then each instance is polled twice, and the first document has every name.
    polled.server.faults.troubles.remove(refused)
    printed = agent.install("--config", taken)
    assert printed.count("Polled twice") == 2
    played.start()
    played.poll()
    assert set(played.monitors) == {ACME, LAB}, "the monitor of before goes on under its name"
    first = played.monitors[LAB]
    assert (first.version, played.monitors[ACME].version) == (PLUGIN_VERSION, PLUGIN_VERSION)
    assert first.names == played.monitors[ACME].names
    assert {"People Count", "People Change", "Licenses", "Decisions Open", "Seconds Since Last Poll"} <= first.names
    assert (first.units["License Utilization"], first.values["License Utilization"]) == ("%", 87.4)
    assert first.children == {"Suite · acme.webex.com", "Calling"}

    # Polls add no name, take none away, and touch no folder: nothing is reloaded.
    played.poll()
    assert set(first.values) == first.names
    assert not played.is_reloaded()

    # Twelve failures are Down, each with its reason; then the agent leaves the plugin alone, and status says so.
    polled.server.faults.troubles.append(refused)
    for failures in range(1, 13):
        assert not played.leaves_alone(agent.program), failures
        played.poll()
        assert "webexhist login" in played.monitors[ACME].down
    runs = played.runs
    played.poll()
    assert (played.leaves_alone(agent.program), played.runs) == (True, runs)
    settings = load_settings({}, tmp_path / "etc" / "webexhist-lab.cfg", {})
    status = agent_status(agent.folder, settings, NOON, timedelta(minutes=15))
    assert status.state == "ignored by the agent, since it failed too often"
    assert "restart the agent" in status.to_do
    assert not played.is_reloaded()

    # Mended, and the agent restarted: the same monitors, names and rows.
    polled.server.faults.troubles.remove(refused)
    played.start()
    played.poll()
    assert [monitor.down for monitor in played.monitors.values()] == ["", ""]
    assert played.monitors[LAB] is first
    assert (set(first.values), first.children) == (first.names, {"Suite · acme.webex.com", "Calling"})
