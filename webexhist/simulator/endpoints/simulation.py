"""What all endpoints use: the world, its events, the tokens, the faults and the clock."""

from datetime import datetime

from webexhist.simulator.auth.access import Demand, Token
from webexhist.simulator.auth.device_grants import DeviceGrants
from webexhist.simulator.auth.grants import Grants
from webexhist.simulator.endpoints.call import Call
from webexhist.simulator.endpoints.records import Records
from webexhist.simulator.faults.switches import Faults
from webexhist.simulator.http.exchange import REFUSED, UNAUTHENTICATED, Refusal, Request
from webexhist.simulator.http.paging import page_size
from webexhist.simulator.world.activity import Activity
from webexhist.simulator.world.amounts import amount_at
from webexhist.simulator.world.ids import decode
from webexhist.simulator.world.plans import OrganizationPlan, World, organization_uuid
from webexhist.simulator.world.scripted_events import ScriptedEvents
from webexhist.simulator.world.seats import Seats, seats_of
from webexhist.simulator.world.times import Clock

ACCESS_TOKEN = f"c3ludGhldGljIGFjY2VzcyB0b2tlbg_P0A1_{organization_uuid(0)}"
"""A token that is valid from the start: of a full administrator and compliance officer, with every scope."""


class Simulation:
    """The state of one simulated service."""

    def __init__(self, world: World, clock: Clock, faults: Faults) -> None:
        self.world = world
        self.faults = faults
        self.scripted = ScriptedEvents()
        self.activity = Activity(world, self.scripted)
        self.records = Records(self.activity, self.scripted, world.own.domain)
        self.tokens = {ACCESS_TOKEN: Token(ACCESS_TOKEN)}
        self.grants = Grants(self.issue)
        self.device_grants = DeviceGrants(self.grants)
        self._clock = clock

    def now(self) -> datetime:
        """Returns the time on the clock of the service, with its skew."""
        return self._clock() + self.faults.clock_skew

    def authenticate(self, request: Request) -> Token:
        """Returns the token of a request. Without a valid one the request is refused with 401."""
        token = self.tokens.get(request.authorization.removeprefix("Bearer "))
        if token is None or (token.expires_ms is not None and token.expires_ms <= request.now_ms):
            raise Refusal(401, UNAUTHENTICATED)
        return token

    def admit(self, token: Token, demand: Demand) -> None:
        """Refuses the request with 403 if the token may not do it. Like Webex, it does not say why."""
        if not demand.is_met_by(token, pro_pack=self.world.own.pro_pack):
            raise Refusal(403, REFUSED)

    def organization(self, call: Call, parameter: str = "orgId") -> int:
        """Returns the organization of a request: the one of the token if the request names none."""
        public_id = call.request.query.get(parameter, "")
        return self.organization_with_id(call, public_id) if public_id else self.checked(call, 0)

    def organization_with_id(self, call: Call, public_id: str) -> int:
        """Returns the organization with an id, in any of the forms of ids."""
        try:
            key = decode(public_id)[1]
        except ValueError:
            key = ""
        for number in range(len(self.world.organizations)):
            if organization_uuid(number) in (key, public_id):
                return self.checked(call, number)
        raise Refusal(403, REFUSED)

    def checked(self, call: Call, number: int) -> int:
        """Returns the same number. The request is refused with 403 if the token may not read that organization."""
        if not call.token.manages(number) or not self.world.organizations[number].permitted:
            raise Refusal(403, REFUSED)
        return number

    def plan(self, organization: int) -> OrganizationPlan:
        """Returns the plan of an organization."""
        return self.world.organizations[organization]

    def people(self, organization: int, moment: datetime) -> int:
        """Returns how many people an organization has."""
        return amount_at(self.plan(organization).people, moment)

    def seats(self, organization: int, moment: datetime) -> list[Seats]:
        """Returns the licenses of an organization."""
        return seats_of(organization, self.plan(organization), moment)

    def page_size(self, call: Call, *, default: int, limit: int, name: str = "max") -> int:
        """Returns how many items a page has."""
        return page_size(call.request, self.faults, default=default, limit=limit, name=name)

    def issue(self, token: Token) -> str:
        """Makes a token valid. Returns its text."""
        self.tokens[token.value] = token
        return token.value
