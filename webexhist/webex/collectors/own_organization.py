"""Which organization is the token's own: what Webex counts once a token hangs on it, and on no other.

Nothing guesses: where neither the token, nor Webex, nor an earlier answer says which one it is, none is.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from webexhist.errors import WebexhistError
from webexhist.snapshot import Collection, CollectionStatus, ListedBefore, Organization
from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.errors import BadAnswer, NotFound, NotPermitted
from webexhist.webex.api.json_values import identifier
from webexhist.webex.auth.scopes import Permission, Scope
from webexhist.webex.collectors.interface import Question
from webexhist.webex_ids import uuid_of

OWN_PEOPLE_READ = Scope(
    "spark:people_read",
    "which of several organizations is the token's own",
    "with several organizations, rooms, teams, roles and messages may be counted for none of them",
)
OWN_ORGANIZATION = Question(name="own organization", permission=Permission((OWN_PEOPLE_READ,)))
QUESTIONS = (OWN_ORGANIZATION,)

TOKEN_SUFFIX = re.compile(r"_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$", re.IGNORECASE)
"""Access tokens end in "_<cluster>_<UUID of the organization>"."""
NOT_COUNTED = "rooms, teams, roles and messages are not counted"


@dataclass(frozen=True, slots=True)
class Own:
    """What is known of the token's own organization."""

    organization: Organization | None
    """The one polled on which the token's own counts hang; None where that is not known, or it is not polled."""
    uuid: str = ""
    """Of the one that Webex told, now or before; empty where it never did."""
    failure: WebexhistError | None = None
    """Why it is not known."""

    def collection(self) -> Collection | None:
        """What the log says of it; None where it is known."""
        if self.organization is not None:
            return None
        if self.failure is None:
            text = f"{NOT_COUNTED}: they are of an organization that is not polled; add it to orgids"
            return Collection(OWN_ORGANIZATION.name, CollectionStatus.NOT_USED, 0, 0.0, text)
        is_refused = isinstance(self.failure, NotPermitted)
        status = CollectionStatus.NOT_PERMITTED if is_refused else CollectionStatus.FAILED
        return Collection(OWN_ORGANIZATION.name, status, 0, 0.0, f"{NOT_COUNTED}: {self.failure}")


@dataclass(frozen=True, slots=True)
class Candidates:
    """The organizations of which one may be the token's own."""

    polled: tuple[Organization, ...]
    listed: tuple[Organization, ...]
    """All that the token lists, polled or not."""
    before: ListedBefore
    is_one_chosen: bool
    """Whether a person chose a single one to be polled: all counts hang on that."""

    def own_unasked(self, token: Callable[[], str]) -> Own | None:
        """The token's own without asking Webex; None where that must be told."""
        if self.is_one_chosen and len(self.polled) == 1:
            return Own(self.polled[0], self.before.own)
        suffix = TOKEN_SUFFIX.search(token())
        if suffix and (uuid := suffix[1].lower()) in uuids(self.listed):
            return self.own_of(uuid)
        if not suffix and len(self.listed) == 1 and not self.are_fewer():
            return Own(self.polled[0], self.before.own)
        return None

    def are_fewer(self) -> bool:
        """Whether the token listed others before: the only one of now need not be its own."""
        return not uuids(self.listed).issuperset(self.before.ever)

    def own_asked(self, client: WebexClient) -> Own:
        """The token's own as Webex tells it, or told it before where its answer is none."""
        try:
            told = owner_organization(client)
            if told not in uuids(self.listed):
                raise BadAnswer("GET /v1/people/me named an organization that is not listed")
        except WebexhistError as error:
            return self.own_remembered(error)
        return self.own_of(told)

    def own_remembered(self, failure: WebexhistError) -> Own:
        """The token's own as Webex told it before; unknown for that reason where it did not, or lists it no more."""
        if self.before.own in uuids(self.listed):
            return self.own_of(self.before.own)
        return Own(None, self.before.own, failure)

    def own_of(self, uuid: str) -> Own:
        """The listed organization with that UUID, where it is polled."""
        return Own(next((one for one in self.polled if uuid_of(one.webex_id) == uuid), None), uuid)


def uuids(organizations: Iterable[Organization]) -> frozenset[str]:
    """How organizations are compared."""
    return frozenset(uuid_of(one.webex_id) for one in organizations)


def owner_organization(client: WebexClient) -> str:
    """The UUID of the organization of the token's owner.

    Raises:
        WebexError: Webex does not say it; `NotPermitted` where the owner is no person (a service app).
    """
    try:
        body = client.get("/v1/people/me")
    except NotFound as error:
        next_step = "the token's owner is no person: poll one organization by orgids, or log in as an administrator"
        raise NotPermitted(error.problem, next_step) from error
    webex_id = identifier(body.get("orgId")) if isinstance(body, dict) else None
    if webex_id is None:
        raise BadAnswer("GET /v1/people/me did not tell the organization of the token's owner")
    return uuid_of(webex_id)
