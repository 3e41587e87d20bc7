"""From a request to its answer: first faults, then the token, the endpoint, and the page that it returns."""

import itertools
import json
from collections.abc import Callable
from dataclasses import replace

from webexhist.simulator.endpoints.call import Call
from webexhist.simulator.endpoints.routes import route_for
from webexhist.simulator.endpoints.simulation import Simulation
from webexhist.simulator.faults.counters import HitCounter, RateLimiter
from webexhist.simulator.faults.delays import Delays
from webexhist.simulator.faults.switches import Body, Effect, Redirect, Status, TooLarge, TruncatedJson
from webexhist.simulator.http.distortions import distorted
from webexhist.simulator.http.exchange import NOT_FOUND, Answer, Page, Refusal, Reply, Request, Standing
from webexhist.simulator.http.paging import Pager
from webexhist.simulator.http.standing_pages import StandingPages

_SCIM = "/identity/scim/"
_GATEWAY_PAGE = b"<html><head><title>Error</title></head><body><h1>Service unavailable</h1></body></html>"


class Service:
    """Answers requests about one simulation."""

    def __init__(self, simulation: Simulation, delays: Delays) -> None:
        self.simulation = simulation
        self.delays = delays
        self._pager = Pager(simulation.faults)
        self._standing = StandingPages(simulation.faults)
        self._tracking_numbers = itertools.count(1)
        self._hits = HitCounter()
        self._limiter = RateLimiter(delays)
        grants, device_grants = simulation.grants, simulation.device_grants
        self._without_token: dict[tuple[str, str], Callable[[Request], Reply]] = {
            ("GET", "/v1/authorize"): grants.authorize,
            ("POST", "/v1/access_token"): grants.access_token,
            ("POST", "/v1/device/authorize"): device_grants.authorize,
            ("POST", "/v1/device/token"): device_grants.token,
        }
        """What is answered without a token: the requests for one."""

    def tracking_id(self) -> str:
        """Returns a new number for a request and its answer."""
        return f"ROUTER_{next(self._tracking_numbers):08X}-1C2D-01BB-7C3F-AC12D9227C3F"

    def effect_on(self, request: Request) -> Effect | None:
        """Returns the effect that hits a request; None for none."""
        faults = self.simulation.faults
        exceeded = self._limiter.exceeded(request.path, faults.rate_limits)
        if exceeded:
            return Status(429, exceeded.retry_after)
        for trouble in faults.troubles:
            if trouble.matches(request.path, request.moment) and self._hits.hit(trouble):
                return trouble.effect
        return None

    def answer(self, request: Request, tracking_id: str, effect: Effect | None) -> Answer:
        """Returns the answer to a request, ready to be sent."""
        try:
            answer = self._faulty(request, effect) or self._correct(request)
        except Refusal as refusal:
            answer = _scim_error(refusal) if request.path.startswith(_SCIM) else _error(refusal, tracking_id)
        if isinstance(effect, TruncatedJson):
            return replace(answer, content=answer.content[: len(answer.content) // 2])
        return answer

    def _faulty(self, request: Request, effect: Effect | None) -> Answer | None:
        """Returns the answer that an effect sends instead of the correct one; None for the correct one."""
        if isinstance(effect, Status):
            if effect.html:
                return Answer(_GATEWAY_PAGE, effect.code, _retry_after(effect.retry_after), "text/html")
            raise Refusal(effect.code, f"Simulated status {effect.code}.", retry_after=effect.retry_after)
        if isinstance(effect, TooLarge) and request.whole_number("max", 0) > effect.limit:
            return Answer(_GATEWAY_PAGE, 504, content_type="text/html")
        if isinstance(effect, Body):
            return Answer(effect.content, effect.status, content_type=effect.content_type)
        if isinstance(effect, Redirect):
            return Answer(b"", effect.code, {"Location": effect.location})
        return None

    def _correct(self, request: Request) -> Answer:
        grant = self._without_token.get((request.method, request.path))
        if grant is not None:
            return self._as_answer(request, grant(request))
        token = self.simulation.authenticate(request)
        found = route_for(request.path)
        if found is None:
            raise Refusal(404, NOT_FOUND)
        route, groups = found
        if request.method != "GET":
            raise Refusal(405, "The method is not supported for this request.")
        self.simulation.admit(token, route.demand)
        return self._as_answer(request, route.endpoint(self.simulation, Call(request, token, groups)))

    def _as_answer(self, request: Request, reply: Reply) -> Answer:
        if isinstance(reply, Answer):
            return reply
        if isinstance(reply, Standing):
            return self._standing.answer(request, reply, lambda page: self._with_page(request, page))
        return self._with_page(request, reply) if isinstance(reply, Page) else Answer(_encoded(reply))

    def _with_page(self, request: Request, page: Page) -> Answer:
        page, headers = self._pager.prepare(request, page)
        return Answer(_encoded(distorted(page, self.simulation.faults.data)), headers=headers)


def _error(refusal: Refusal, tracking_id: str) -> Answer:
    body = {
        "message": refusal.message,
        "errors": [{"description": refusal.message}],
        "trackingId": tracking_id,
    }
    return Answer(_encoded(body), refusal.status, _retry_after(refusal.retry_after))


def _scim_error(refusal: Refusal) -> Answer:
    """Returns an error in the form of RFC 7644, section 3.12."""
    body = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": str(refusal.status),
        "details": refusal.message,
    }
    typed = {"scimType": refusal.scim_type} if refusal.scim_type else {}
    return Answer(_encoded(body | typed), refusal.status, _retry_after(refusal.retry_after))


def _retry_after(value: str | None) -> dict[str, str]:
    return {} if value is None else {"Retry-After": value}


def _encoded(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
