"""One collector at work for one organization: what it brings, and how it fares."""

import logging
from dataclasses import dataclass

from webexhist.errors import WebexhistError
from webexhist.snapshot import Collection, CollectionStatus, Organization
from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.errors import NotPermitted, OutOfTime
from webexhist.webex.collectors.interface import Collector, Gathered, Target
from webexhist.webex.holding import with_lasting_reason

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one collector brought for one organization, and how it fared."""

    organization: Organization
    gathered: Gathered
    collection: Collection


def attempt(collector: Collector, client: WebexClient, target: Target) -> Attempt:
    """Runs one collector; whatever Webex does, the others go on."""
    started = client.time.now()
    try:
        gathered = collector.collect(client, target)
    except WebexhistError as error:
        gathered = collector.gathers_nothing(target, error)
    gathered = with_lasting_reason(collector, gathered, client, target)
    collection = collection_of(collector.name, client, gathered, started)
    return Attempt(target.organization, gathered, collection)


def collection_of(name: str, client: WebexClient, gathered: Gathered, started: float) -> Collection:
    """How a collector fared, by what it gathered."""
    return Collection(
        name,
        status_of(gathered),
        client.requests,
        round(client.time.now() - started, 3),
        str(gathered.failure) if gathered.failure else None,
    )


def status_of(gathered: Gathered) -> CollectionStatus:
    """How a collector ended, by what kept it from ending well."""
    match gathered.failure:
        case None:
            return CollectionStatus.OK
        case NotPermitted():
            return CollectionStatus.NOT_PERMITTED
        case OutOfTime():
            return CollectionStatus.OUT_OF_TIME
        case _:
            return CollectionStatus.FAILED


def log(attempts: list[Attempt]) -> None:
    """One line for every collector and organization."""
    for one in attempts:
        collection = one.collection
        took = f"{collection.requests} requests in {collection.seconds or 0:.3f} s"
        text = f"{collection.collector} of {one.organization.name}: {took}"
        if collection.status.is_notable:
            LOG.warning("%s, %s: %s", text, collection.status, collection.error)
        else:
            LOG.info("%s", text)
