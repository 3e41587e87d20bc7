"""Devices."""

from collections.abc import Iterator

from webexhist.metrics import Metric
from webexhist.webex.api.client import LARGEST_PAGE, WebexClient
from webexhist.webex.api.items import Page
from webexhist.webex.api.json_values import identified
from webexhist.webex.auth.scopes import ANY_ADMINISTRATOR, Permission, Scope
from webexhist.webex.collectors.interface import Collector, Gathered, Target
from webexhist.webex.collectors.lists import length

DEVICES_READ = Scope("spark-admin:devices_read", "the number of devices", "no count of devices")


def collect_devices(client: WebexClient, target: Target) -> Gathered:
    """The number of devices."""
    expected = target.expected(Metric.DEVICES) or 0

    def pages() -> Iterator[Page]:
        organization = target.organization.webex_id
        return client.pages_by_offset("/v1/devices", "start", LARGEST_PAGE, expected, identified, orgId=organization)

    return length(client, target, Metric.DEVICES, pages)


DEVICES = Collector(
    name="devices",
    permission=Permission((DEVICES_READ,), ANY_ADMINISTRATOR),
    collect=collect_devices,
    counts=(Metric.DEVICES,),
    place=70,
)
COLLECTORS = (DEVICES,)
