"""The simulated service in a thread of this process."""

import threading
from types import TracebackType
from typing import Self

from webexhist.simulator.auth.access import Token
from webexhist.simulator.auth.device_grants import DeviceGrants
from webexhist.simulator.auth.grants import Grants
from webexhist.simulator.endpoints.simulation import ACCESS_TOKEN, Simulation
from webexhist.simulator.faults.delays import Delays
from webexhist.simulator.faults.switches import Faults
from webexhist.simulator.http.request_log import RequestLog
from webexhist.simulator.server import SimulatedServer
from webexhist.simulator.service import Service
from webexhist.simulator.world.plans import World
from webexhist.simulator.world.scripted_events import ScriptedEvents
from webexhist.simulator.world.times import Clock, system_clock


class SimulatedWebex:
    """A Webex service that runs during a `with` block, in a thread of this process."""

    def __init__(
        self,
        world: World | None = None,
        clock: Clock = system_clock,
        faults: Faults | None = None,
        *,
        port: int = 0,
        delays: Delays | None = None,
    ) -> None:
        self.world = World() if world is None else world
        self.faults = Faults() if faults is None else faults
        """The switches for faults. They can be changed while the service runs."""
        self.simulation = Simulation(self.world, clock, self.faults)
        self.requests = RequestLog()
        """The requests that came."""
        self.access_token = ACCESS_TOKEN
        """The token of a full administrator and compliance officer, with every scope."""
        service = Service(self.simulation, delays or Delays())
        self._server = SimulatedServer(service, self.requests, port)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def base_url(self) -> str:
        """The address of the service, for the API, the identity service and analytics."""
        return self._server.base_url

    @property
    def scripted(self) -> ScriptedEvents:
        """Adds messages, changes of membership, admin audit events and other events."""
        return self.simulation.scripted

    @property
    def grants(self) -> Grants:
        """The settings of authorization: the integration, the consent, the renewal of tokens."""
        return self.simulation.grants

    @property
    def device_grants(self) -> DeviceGrants:
        """The devices that wait for the consent of a person."""
        return self.simulation.device_grants

    def issue(self, token: Token) -> str:
        """Makes a token valid. Returns its text."""
        return self.simulation.issue(token)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()
        self._thread.join()
