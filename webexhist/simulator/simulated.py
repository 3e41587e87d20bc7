"""The simulated Webex service behind real HTTP on loopback."""

import threading
from types import TracebackType
from typing import Self

from webexhist.simulator.auth.access import Token
from webexhist.simulator.auth.device_grants import DeviceGrants
from webexhist.simulator.auth.grants import Grants
from webexhist.simulator.endpoints.simulation import ACCESS_TOKEN, Simulation
from webexhist.simulator.faults.switches import Faults
from webexhist.simulator.http.request_log import RequestLog
from webexhist.simulator.server import SimulatedServer
from webexhist.simulator.service import Service
from webexhist.simulator.world.plans import World
from webexhist.simulator.world.scripted_events import ScriptedEvents
from webexhist.simulator.world.times import Clock, system_clock


class SimulatedWebex:
    """A Webex service that lives as long as its `with` block, in a thread of this process."""

    def __init__(self, world: World | None = None, clock: Clock = system_clock, faults: Faults | None = None) -> None:
        self.world = World() if world is None else world
        self.faults = Faults() if faults is None else faults
        """The switches; they may be turned while the service runs."""
        self.simulation = Simulation(self.world, clock, self.faults)
        self.requests = RequestLog()
        self.access_token = ACCESS_TOKEN
        """A full administrator's and compliance officer's, with every scope."""
        self._server = SimulatedServer(Service(self.simulation), self.requests)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def base_url(self) -> str:
        """Where the service listens; the API, identity and analytics services are all there."""
        return self._server.base_url

    @property
    def scripted(self) -> ScriptedEvents:
        """Makes things happen: messages, changes of membership, any event, administrators' acts."""
        return self.simulation.scripted

    @property
    def grants(self) -> Grants:
        """How codes and refresh tokens become access tokens: the integration, the consent, the rotation."""
        return self.simulation.grants

    @property
    def device_grants(self) -> DeviceGrants:
        """The devices that wait for a person to agree."""
        return self.simulation.device_grants

    def issue(self, token: Token) -> str:
        """Makes a token valid, with the roles, scopes and end it names; gives its text."""
        return self.simulation.issue(token)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()
        self._thread.join()
