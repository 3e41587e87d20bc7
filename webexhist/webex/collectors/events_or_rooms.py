"""Messages by the organization's events where they are permitted, else in the token owner's rooms."""

from dataclasses import replace

from webexhist.config import Settings
from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.errors import NotPermitted
from webexhist.webex.collectors.events import EVENTS
from webexhist.webex.collectors.interface import Gathered, Target
from webexhist.webex.collectors.rooms import ROOM_MESSAGES


def collect_events_or_room_messages(client: WebexClient, target: Target) -> Gathered:
    """Where events are not permitted, all that only events know is unknown, and said to be."""
    try:
        return EVENTS.collect(client, target)
    except NotPermitted as refusal:
        in_rooms = ROOM_MESSAGES.collect(client, target)
        reason = NotPermitted(f"{refusal.problem}, messages are counted in the owner's rooms", refusal.next_step)
        return replace(in_rooms, counts=in_rooms.counts + EVENTS.unknown(), failure=in_rooms.failure or reason)


def is_the_source_of_messages_open(settings: Settings) -> bool:
    """Whether the settings leave it to Webex's answer how messages are counted."""
    return settings.messages_source == "auto"


EVENTS_OR_ROOM_MESSAGES = replace(
    EVENTS, collect=collect_events_or_room_messages, is_asked=is_the_source_of_messages_open
)
COLLECTORS = (EVENTS_OR_ROOM_MESSAGES,)
