"""The simulated service in a process of its own, so that the service and its client each have a processor."""

import contextlib
import multiprocessing
import signal
from collections import Counter
from datetime import datetime
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self

from webexhist.simulator.endpoints.simulation import ACCESS_TOKEN
from webexhist.simulator.faults.switches import Faults
from webexhist.simulator.http.request_log import LoggedRequest
from webexhist.simulator.thread import SimulatedWebex
from webexhist.simulator.world.plans import World
from webexhist.simulator.world.times import Clock, from_ms, to_ms

_CONTEXT = multiprocessing.get_context("spawn")
_STARTUP_SECONDS = 30.0


class SharedClock:
    """A clock that stands still until it is moved. It shows the same time in every process that it is passed to."""

    def __init__(self, start: datetime) -> None:
        self._ms = _CONTEXT.Value("q", to_ms(start), lock=False)  # one word of memory needs no lock

    def __call__(self) -> datetime:
        """Returns the time that the clock shows, in whole milliseconds."""
        return from_ms(self._ms.value)

    def set(self, moment: datetime) -> None:
        """Sets the clock to `moment`, which may be earlier than now."""
        self._ms.value = to_ms(moment)


class SimulatedWebexProcess:
    """A Webex service that runs during a `with` block, in a process of its own.

    World, clock and faults are copied there at the start. So the clock must be a `SharedClock` or the clock of the
    system, and a fault that comes and goes needs `since` and `until`.
    """

    def __init__(self, world: World, clock: Clock, faults: Faults | None = None) -> None:
        self.access_token = ACCESS_TOKEN
        self._clock = clock
        """Kept, because its memory is shared with the other process."""
        self._line, far_end = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(
            target=_serve, args=(far_end, world, clock, faults or Faults()), daemon=True, name="simulated-webex"
        )

    def __enter__(self) -> Self:
        self._process.start()
        if not self._line.poll(_STARTUP_SECONDS):
            raise RuntimeError("the simulated service did not start")
        self.base_url: str = self._line.recv()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(BrokenPipeError):  # if it has ended by itself
            self._line.send("stop")
        self._process.join()

    @property
    def process_id(self) -> int | None:
        """The id of the process; None before it is started."""
        return self._process.pid

    def requests(self) -> tuple[LoggedRequest, ...]:
        """Returns the requests since the start or since the last call."""
        self._line.send("requests")
        entries: tuple[LoggedRequest, ...] = self._line.recv()
        return entries

    def requests_by_path(self) -> Counter[str]:
        """Returns how many of them each path got."""
        return Counter(entry.path for entry in self.requests())


def _serve(line: Connection, world: World, clock: Clock, faults: Faults) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then sends "stop"
    with SimulatedWebex(world, clock, faults) as webex:
        line.send(webex.base_url)
        while _next_order(line) == "requests":
            line.send(webex.requests.entries)
            webex.requests.clear()


def _next_order(line: Connection) -> str:
    """Returns what the parent sent; "stop" if the parent has ended."""
    try:
        order: str = line.recv()
    except EOFError:
        return "stop"
    return order
