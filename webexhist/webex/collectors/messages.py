"""Where messages are counted: in the organization's events, or in the rooms of the token's owner."""

from dataclasses import replace

from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.errors import NotPermitted
from webexhist.webex.collectors.events import EVENTS, collect_events
from webexhist.webex.collectors.interface import Collector, Gathered, Target


def message_collectors(source: str, room_messages: Collector) -> tuple[Collector, ...]:
    """The collectors for the setting `messages_source`."""
    return {
        "auto": (events_else_rooms(room_messages),),
        "events": (EVENTS,),
        "rooms": (room_messages,),
        "off": (),
    }[source]


def events_else_rooms(room_messages: Collector) -> Collector:
    """Events where they are permitted, else the rooms; then all that only events tell is unknown, and said to be."""

    def collect_events_else_rooms(client: WebexClient, target: Target) -> Gathered:
        try:
            return collect_events(client, target)
        except NotPermitted as refusal:
            walked = room_messages.collect(client, target)
            told = NotPermitted(f"{refusal.problem}, messages are counted in the owner's rooms", refusal.next_step)
            return replace(walked, counts=walked.counts + EVENTS.unknown(), failure=walked.failure or told)

    return replace(EVENTS, collect=collect_events_else_rooms)
