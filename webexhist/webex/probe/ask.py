"""Asks each question once, and keeps what may be sent to somebody else."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from webexhist import __version__
from webexhist.config import Settings
from webexhist.webex.api.client import Services
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.errors import WebexError, error_for_status
from webexhist.webex.api.json_values import identifier, moment
from webexhist.webex.api.origins import sent_request
from webexhist.webex.api.paging import address
from webexhist.webex.api.timings import endpoint_of
from webexhist.webex.api.transport import Exchanged, Transport
from webexhist.webex.auth.tokens import Tokens
from webexhist.webex.probe.answers import (
    AnswerShape,
    body_of,
    content_type_of,
    items_of,
    kind_of_wait,
    links_of,
    no_answer,
    order_of,
)
from webexhist.webex.probe.questions import DAYS_BACK, QUESTIONS, Question, Service
from webexhist.webex.probe.shapes import shape_of
from webexhist.webex_ids import UUID, decoded_id, license_code, uuid_of

FORMAT = 1
UNAUTHORIZED = 401
SECONDS = 300.0
"""For all questions together."""
LICENSE_ID = re.compile(rf"[a-z]+://[^/]+/LICENSE/{UUID.pattern}:[A-Z0-9]{{1,8}}_.+")
"""What the id of a license says: the type code in it is Webex's. Of an id of any other form no code is kept."""
MOST_LICENSES = 2_000
LARGEST_BODY = 10 * 1024 * 1024
"""Bytes of an answer that is looked into: more than a page of a thousand messages of the greatest length."""
TOO_LARGE = "larger than any page"


@dataclass(frozen=True, slots=True)
class LicenseRow:
    """A row of the list of licenses, as far as it is nobody's business."""

    code: str
    subscription: str
    """A name made by chance for this probe, equal where the subscriptions are; empty where there is none."""
    site: str
    """Likewise."""
    total: str
    """The kind of its purchased units, as in a shape."""


@dataclass(frozen=True, slots=True)
class Probe:
    """All of it."""

    format: int
    webexhist: str
    asked_on: str
    """The day (UTC)."""
    answers: tuple[AnswerShape, ...]
    licenses: tuple[LicenseRow, ...]

    def as_json(self) -> dict[str, Any]:
        """Returns it as the file has it."""
        return asdict(self)


class HeldToken:
    """The access token as it is: a probe renews none."""

    warnings = ()

    def __init__(self, token: str) -> None:
        self.token = token

    def access_token(self) -> str:
        return self.token

    def renewed(self, rejected: str) -> str:
        return rejected


def probe(settings: Settings, clock: Callable[[], datetime]) -> Probe:
    """Asks all questions of the organization of the token, one after the other.

    A refusal is an answer. Nothing is renewed, nothing is stored, nothing is asked twice.

    Raises:
        Unauthorized: there is no token, or it is not accepted.
        WebexError: not even the first question was answered.
    """
    deadline = Deadline(SECONDS)
    token = Tokens(settings, clock, deadline.remaining).current().access_token
    services = Services.of(settings)
    with Transport(services.all, HeldToken(token), deadline, 1, clock) as transport:
        return Asking(transport, services, clock).ask()


class Asking:
    """What later questions take from earlier answers."""

    def __init__(self, transport: Transport, services: Services, clock: Callable[[], datetime]) -> None:
        self.transport = transport
        self.addresses = {
            Service.API: services.api,
            Service.IDENTITY: services.identity,
            Service.ANALYTICS: services.analytics,
        }
        self.clock = clock
        self.known = times_of(clock())
        self.event = ""
        self.first_pages: dict[str, list[str]] = {}
        self.licenses: tuple[LicenseRow, ...] = ()
        self.key = secrets.token_bytes(32)

    def ask(self) -> Probe:
        """Asks every question, one after the other. Raises the error of the first one: then nothing can be asked."""
        answers = tuple(map(self.shape_of_answer, QUESTIONS))
        return Probe(FORMAT, __version__, self.clock().date().isoformat(), answers, self.licenses)

    def shape_of_answer(self, question: Question) -> AnswerShape:
        """Asks one question; keeps shapes and counts of its answer, or the name of the error."""
        if missing := question.blanks - self.known.keys():
            return no_answer(question, f"not asked: no answer held {' and '.join(sorted(missing))}")
        path, parameters = question.filled(self.known)
        began = self.transport.deadline.time.now()
        try:
            answer = self.sent(address(self.addresses[question.service], path, parameters), path)
        except WebexError as error:
            if not self.first_pages:  # nothing was answered so far
                raise
            return no_answer(question, type(error).__name__)
        seconds = self.transport.deadline.time.now() - began
        if answer.status == UNAUTHORIZED and not self.first_pages:
            raise error_for_status(answer.status, f"GET {path}", None)
        if len(answer.content) > LARGEST_BODY:
            return no_answer(question, TOO_LARGE)
        body = body_of(answer)
        items = items_of(body)
        if answer.status == 200:
            self.learn(question.name, body, items)
        times = [at for item in items if (at := moment(item.get("created")))]
        ids = [str(item["id"]) for item in items if "id" in item]
        first_page = self.first_pages.setdefault(path, ids)
        server_now = self.transport.server_clock.now()
        now = self.clock()
        return AnswerShape(
            name=question.name,
            request=question.request,
            asks=question.asks,
            status=answer.status,
            problem="",
            seconds=round(seconds, 2),
            content_type=content_type_of(answer),
            clock_seconds=round((server_now - now).total_seconds()) if server_now else None,
            retry_after=kind_of_wait(answer.retry_after),
            links=tuple(links_of(answer.link, self.addresses[question.service])),
            items=len(items) if isinstance(body, dict) else None,
            distinct=len(set(ids)) if ids else None,
            first_at=first_page.index(ids[0]) if ids and ids[0] in first_page else None,
            order=order_of(times),
            oldest_days=(now - min(times)).days if times else None,
            has_event=self.event in ids if "{event}" in question.parameters.values() else None,
            shape=shape_of(body),
        )

    def sent(self, url: str, path: str) -> Exchanged:
        with self.transport.measures.call(endpoint_of(path)) as call:
            sent = sent_request(url, self.transport.origins)
            return self.transport.exchange_once(sent, self.transport.tokens.access_token(), f"GET {path}", call)

    def learn(self, name: str, body: Any, items: list[dict[str, Any]]) -> None:
        """Keeps what later questions need: an organization, a team, a room and the newest event."""
        if name == "me" and isinstance(body, dict):
            self.know_organization(body.get("orgId"))
        if not items:
            return
        if name == "organizations":
            self.know_organization(items[0].get("id"))
        elif name == "licenses":
            self.licenses = tuple(self.license_row(item) for item in items[:MOST_LICENSES])
        elif name in ("teams", "rooms"):
            self.know(name.removesuffix("s"), items[0].get("id"))
        elif name == "events":
            dated = [(at, str(item.get("id", ""))) for item in items if (at := moment(item.get("created")))]
            if dated:
                newest, self.event = max(dated)
                if newest.year > 1:  # else an hour before it is no time
                    self.known["event"] = as_asked(newest)
                    self.known["before_event"] = as_asked(newest - timedelta(hours=1))

    def know_organization(self, webex_id: object) -> None:
        """Keeps an organization's id, and its UUID where it has one."""
        uuid = uuid_of(known) if (known := identifier(webex_id)) else ""
        if known and UUID.fullmatch(uuid):
            self.known["org"], self.known["uuid"] = known, uuid
        elif "org" not in self.known:
            self.know("org", webex_id)

    def know(self, name: str, webex_id: object) -> None:
        """Keeps an id that a request can carry."""
        if known := identifier(webex_id):
            self.known[name] = known

    def license_row(self, item: Mapping[str, Any]) -> LicenseRow:
        """What a license is by its id and where it belongs, without its name."""
        webex_id = str(item.get("id", ""))
        total = shape_of({"totalUnits": item.get("totalUnits")}).get("totalUnits", {"null": 1})
        return LicenseRow(
            code=license_code(webex_id) if LICENSE_ID.fullmatch(decoded_id(webex_id)) else "",
            subscription=self.veiled(item.get("subscriptionId")),
            site=self.veiled(item.get("siteUrl")),
            total=next(iter(total)),
        )

    def veiled(self, text: object) -> str:
        """Eight characters for a text, the same for the same one; without this run's key nobody can find it again."""
        if not text:
            return ""
        return hmac.new(self.key, str(text).encode(errors="replace"), hashlib.sha256).hexdigest()[:8]


def times_of(now: datetime) -> dict[str, str]:
    """The times that questions name, as Webex takes them."""
    before = {days: now - timedelta(days=days) for days in DAYS_BACK}
    return (
        {"now": as_asked(now - timedelta(minutes=1))}
        | {f"days_ago_{days}": as_asked(at) for days, at in before.items()}
        | {f"date_ago_{days}": at.date().isoformat() for days, at in before.items()}
    )


def as_asked(at: datetime) -> str:
    """A time as Webex's parameters write it: UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
