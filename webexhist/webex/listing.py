"""Which organizations a poll is about: those that the token lists, now or the last time it could."""

from dataclasses import dataclass

from webexhist.config import Settings
from webexhist.license_lists import is_less_than_half
from webexhist.metrics import Metric
from webexhist.snapshot import Count, ListedBefore, Organization
from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.errors import BadAnswer, NotPermitted, Unauthorized, Unreachable, WebexError
from webexhist.webex.collectors.interface import Gathered
from webexhist.webex.collectors.lists import confirmed
from webexhist.webex.collectors.organizations import (
    list_organizations,
    monitored_of,
    not_visible,
)
from webexhist.webex.collectors.own_organization import Candidates
from webexhist.webex_ids import uuid_of


@dataclass(frozen=True, slots=True)
class Listing:
    """The organizations that a poll is about."""

    polled: tuple[Organization, ...]
    listed: tuple[Organization, ...]
    """All that the token lists, now or the last time it could."""
    visible: tuple[Organization, ...] | None
    """All that the token lists; None where it could not list them now."""
    gathered: Gathered
    """Their count."""


def candidates(
    polled: tuple[Organization, ...], listed: tuple[Organization, ...], settings: Settings, before: ListedBefore
) -> Candidates:
    """Those of which one may be the token's own."""
    chosen = {uuid_of(webex_id) for webex_id in settings.monitored_organizations}
    return Candidates(polled, listed, before, is_one_chosen=len(chosen) == 1)


def list_known(client: WebexClient, settings: Settings, listed: tuple[Organization, ...]) -> Listing:
    """The organizations to poll: those that the token lists now, or that it `listed` the last time it could.

    Raises:
        WebexError: they are not listed and never were, the token is refused altogether, or Webex answers nothing.
    """
    try:
        visible = visible_now(client, listed)
    except Unauthorized:
        raise
    except WebexError as error:
        if isinstance(error, Unreachable) and not client.transport.is_answered:
            raise
        return list_remembered(settings, listed, error)
    return listing_of(settings, visible, visible, None)


def list_remembered(settings: Settings, listed: tuple[Organization, ...], failure: WebexError) -> Listing:
    """Those that the token `listed` the last time it could, where `failure` keeps it from that; raises it without."""
    if not listed:
        raise failure
    return listing_of(settings, listed, None, failure)


def listing_of(
    settings: Settings,
    known: tuple[Organization, ...],
    visible: tuple[Organization, ...] | None,
    failure: WebexError | None,
) -> Listing:
    """Those of the `known` that are to be polled. Raises NotPermitted where that is none of them."""
    monitored = settings.monitored_organizations
    organizations = monitored_of(known, monitored)
    unseen = not_visible(known, monitored)
    if not organizations:
        raise NotPermitted("the token lists none of orgids", "correct orgids, or authorize as their administrator")
    if unseen and failure is None:
        failure = NotPermitted(
            f"the token does not list {len(unseen)} of orgids, {unseen[0]}",
            "correct orgids, or authorize as its administrator",
        )
    count = Count(Metric.ORGANIZATIONS, None if visible is None else len(organizations))
    return Listing(organizations, known, visible, Gathered((count,), failure=failure))


def visible_now(client: WebexClient, listed: tuple[Organization, ...]) -> tuple[Organization, ...]:
    """The organizations that the token lists; asked twice where these are less than half of the last ones.

    Raises:
        NotPermitted: it never listed one.
        BadAnswer: it lists none, and did before.
    """
    visible = confirmed(
        client, lambda: list_organizations(client), lambda found: is_less_than_half(len(found), len(listed))
    )
    if not visible and listed:
        raise BadAnswer("GET /v1/organizations lists none", "those of the list before are polled")
    if not visible:
        raise NotPermitted("the token sees no organization", "authorize as an administrator: webexhist login")
    return visible
