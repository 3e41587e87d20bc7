from datetime import timedelta
from pathlib import Path

import pytest
import requests

from webexhist.simulator import Faults, SharedClock, SimulatedWebexProcess, Trouble, World, sized_world
from webexhist.simulator.faults.switches import Status

MEGABYTE = 1024


def peak_of(process_id):
    """The most memory a process ever held, in kB."""
    status = Path(f"/proc/{process_id}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))


@pytest.fixture
def ask():
    """Sends a request to a service and returns the answer."""
    with requests.Session() as session:

        def ask(webex, path, **parameters):
            query = {name.rstrip("_"): value for name, value in parameters.items()}
            headers = {"Authorization": f"Bearer {webex.access_token}"}
            return session.get(f"{webex.base_url}{path}", params=query, headers=headers, timeout=60)

        yield ask


def test_a_service_in_another_process_shows_the_same_clock_and_counts_requests(now, ask):
    clock = SharedClock(now)
    faults = Faults(troubles=[Trouble(Status(403), path="/v1/teams", since=now + timedelta(hours=1))])
    with SimulatedWebexProcess(sized_world(now), clock, faults) as webex:
        first = ask(webex, "/v1/licenses").headers["Date"]
        assert ask(webex, "/v1/teams").status_code == 200
        clock.set(now + timedelta(hours=1))
        assert ask(webex, "/v1/licenses").headers["Date"] != first
        assert ask(webex, "/v1/teams").status_code == 403
        assert webex.requests_by_path() == {"/v1/licenses": 2, "/v1/teams": 2}
        assert webex.requests_by_path() == {}
        base_url = webex.base_url
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{base_url}/v1/roles", timeout=60)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc to see another process's memory")
def test_memory_does_not_grow_with_people_and_messages(now, ask, iso):
    def peak(world: World, rooms: int):
        with SimulatedWebexProcess(world, SharedClock(now)) as webex:
            address, parameters = "/v1/people", {"max": 1000}
            people = 0
            while address:
                answer = ask(webex, address, **parameters)
                people += len(answer.json()["items"])
                address = answer.links.get("next", {}).get("url", "").removeprefix(webex.base_url)
                parameters = {}
            ask(webex, "/v1/events", max=1000, from_=iso(now - timedelta(days=1)))
            ask(webex, "/v1/events", max=1000, from_=iso(now - timedelta(days=89)))
            listed = ask(webex, "/v1/rooms", max=1000, sortBy="lastactivity").json()["items"]
            ask(webex, "/v1/messages", max=1000, roomId=listed[0]["id"])
            assert (people, len(listed)) == (world.own.people, rooms)
            return peak_of(webex.process_id)

    small = peak(sized_world(now, people=1_000, rooms=500, messages=1_000_000), 500)
    large = peak(sized_world(now, people=25_000, rooms=500, messages=10_000_000), 500)
    assert large - small < 4 * MEGABYTE
