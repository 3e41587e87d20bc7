"""`webexhist backfill messages`: what a person sees of it."""

import os
import subprocess
import sys
from datetime import timedelta

from polling import NOON

from webexhist.simulator import Trouble
from webexhist.simulator.faults.switches import Status


def run(polled, *arguments):
    own = polled.settings()
    return subprocess.run(
        [sys.executable, "-m", "webexhist", "backfill", "messages", *arguments],
        cwd=polled.folder,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(polled.folder),
            "WEBEXHIST_STATE_DIR": str(own.state_dir),
            "WEBEXHIST_BASE_URL": own.base_url,
            "WEBEXHIST_ACCESS_TOKEN": own.access_token,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_it_says_how_many_days_it_counted_and_how(simulated):
    polled = simulated()
    polled.server.faults.troubles.append(Trouble(Status(403), path="/v1/analytics/*"))
    polled.server.scripted.post_message(NOON - timedelta(days=2))
    polled.poll()
    result = run(polled, "--days", "5")
    assert (result.returncode, result.stdout, result.stderr) == (0, "6 of 6 days counted by events.\n", "")


def test_without_a_database_there_is_nothing_to_join_the_past_to(simulated):
    result = run(simulated())
    assert result.returncode == 1
    assert result.stderr.startswith("webexhist: there is no database ")
    assert "let webexhist poll make the first snapshot" in result.stderr
    assert len(result.stderr.splitlines()) == 1
