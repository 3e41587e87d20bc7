"""From a request to its answer: faults, then the token, then the endpoint, then the page it gives."""

import itertools
import json
from collections.abc import Callable
from dataclasses import replace

from webexhist.simulator.endpoints.call import Call
from webexhist.simulator.endpoints.routes import route_for
from webexhist.simulator.endpoints.simulation import Simulation
from webexhist.simulator.faults.counters import Bucket, HitCounter
from webexhist.simulator.faults.switches import Body, Effect, Redirect, Status, TooLarge, TruncatedJson
from webexhist.simulator.http.distortions import distorted
from webexhist.simulator.http.exchange import NOT_FOUND, Answer, Page, Refusal, Reply, Request
from webexhist.simulator.http.paging import Pager

_SCIM = "/identity/scim/"
_GATEWAY_PAGE = b"<html><head><title>Error</title></head><body><h1>Service unavailable</h1></body></html>"


class Service:
    """Answers requests about one simulation."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self._pager = Pager(simulation.faults)
        self._tracking_numbers = itertools.count(1)
        self._hits = HitCounter()
        self._bucket = Bucket()
        grants, device_grants = simulation.grants, simulation.device_grants
        self._open_doors: dict[tuple[str, str], Callable[[Request], Reply]] = {
            ("GET", "/v1/authorize"): grants.authorize,
            ("POST", "/v1/access_token"): grants.access_token,
            ("POST", "/v1/device/authorize"): device_grants.authorize,
            ("POST", "/v1/device/token"): device_grants.token,
        }
        """What is answered without a token: the ways to get one."""

    def tracking_id(self) -> str:
        """A number for an exchange, by which support would find it."""
        return f"ROUTER_{next(self._tracking_numbers):08X}-1C2D-01BB-7C3F-AC12D9227C3F"

    def effect_on(self, request: Request) -> Effect | None:
        """What befalls a request, None for nothing."""
        faults = self.simulation.faults
        if faults.rate_limit is not None and not self._bucket.admits(faults.rate_limit):
            return Status(429, faults.rate_limit.retry_after)
        for trouble in faults.troubles:
            if trouble.concerns(request.path, request.moment) and self._hits.hit(trouble):
                return trouble.effect
        return None

    def answer(self, request: Request, tracking_id: str, effect: Effect | None) -> Answer:
        """What the client gets, ready to be sent."""
        try:
            answer = self._disturbed(request, effect) or self._right(request)
        except Refusal as refusal:
            answer = _scim_error(refusal) if request.path.startswith(_SCIM) else _error(refusal, tracking_id)
        if isinstance(effect, TruncatedJson):
            return replace(answer, content=answer.content[: len(answer.content) // 2])
        return answer

    def _disturbed(self, request: Request, effect: Effect | None) -> Answer | None:
        """The answer that an effect puts in place of the right one."""
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

    def _right(self, request: Request) -> Answer:
        open_door = self._open_doors.get((request.method, request.path))
        if open_door is not None:
            return self._as_answer(request, open_door(request))
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
        if not isinstance(reply, Page):
            return Answer(_encoded(reply))
        page, headers = self._pager.prepare(request, reply)
        return Answer(_encoded(distorted(page, self.simulation.faults.data)), headers=headers)


def _error(refusal: Refusal, tracking_id: str) -> Answer:
    body = {
        "message": refusal.message,
        "errors": [{"description": refusal.message}],
        "trackingId": tracking_id,
    }
    return Answer(_encoded(body), refusal.status, _retry_after(refusal.retry_after))


def _scim_error(refusal: Refusal) -> Answer:
    """The form that RFC 7644, section 3.12, gives an error."""
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
