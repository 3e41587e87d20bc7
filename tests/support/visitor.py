"""Simulated services, and a plain client that takes nothing for granted but HTTP."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from webexhist.simulator import Faults, SimulatedWebex, VirtualClock, World
from webexhist.simulator.faults.delays import Delays

MOST_PAGES = 400


class Visitor:
    """Asks a service as somebody with a browser's patience and no knowledge of Webex would."""

    def __init__(self, webex: SimulatedWebex, clock: VirtualClock) -> None:
        self.webex = webex
        self.clock = clock
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {webex.access_token}"

    def get(self, path: str, **parameters: Any) -> requests.Response:
        """One answer; `from_` stands for the parameter `from`."""
        query = {name.rstrip("_"): value for name, value in parameters.items()}
        return self.session.get(f"{self.webex.base_url}{path}", params=query, timeout=60, allow_redirects=False)

    def pages(self, path: str, **parameters: Any) -> Iterator[requests.Response]:
        """Every page, by the next links exactly as they were given."""
        answer = self.get(path, **parameters)
        for _ in range(MOST_PAGES):
            assert answer.status_code == 200, answer.text
            yield answer
            if "next" not in answer.links:
                return
            answer = self.session.get(answer.links["next"]["url"], timeout=60)
        raise AssertionError(f"{path} has no end")

    def items(self, path: str, key: str = "items", **parameters: Any) -> list[dict[str, Any]]:
        """Every item of every page."""
        return [item for answer in self.pages(path, **parameters) for item in answer.json()[key]]

    def ids(self, path: str, **parameters: Any) -> list[str]:
        """The ids of every item of every page."""
        return [item["id"] for item in self.items(path, **parameters)]


@pytest.fixture
def now() -> datetime:
    """A Monday afternoon: what the clock shows at first."""
    return datetime(2026, 11, 23, 15, 5, tzinfo=UTC)


@pytest.fixture
def clock(now: datetime) -> VirtualClock:
    return VirtualClock(now)


@pytest.fixture
def visit(clock: VirtualClock) -> Iterator[Callable[..., Visitor]]:
    """Starts a service with a world and faults and returns a visitor of it; both end with the test."""
    with ExitStack() as open_things:

        def start(world: World | None = None, faults: Faults | None = None, delays: Delays | None = None) -> Visitor:
            webex = open_things.enter_context(SimulatedWebex(world, clock, faults, delays=delays))
            visitor = Visitor(webex, clock)
            open_things.callback(visitor.session.close)
            return visitor

        yield start


@pytest.fixture
def iso() -> Callable[[datetime], str]:
    """Writes a time as the API wants it."""
    return lambda moment: moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
