"""A service with more of everything than fits on a page, and two clients that nobody here wrote."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import pytest
import requests
from requests.adapters import HTTPAdapter

from webexhist.simulator import SimulatedWebex, VirtualClock, World, sized_world

# The clients take seconds to import: only the process that runs these tests does, not every one that collects them.
if TYPE_CHECKING:
    import webexpythonsdk
    import wxc_sdk

# Read when wxc_sdk is imported: fields and values it does not know become errors.
os.environ["API_MODEL_ALLOW_EXTRA"] = "forbid"

NOW = datetime(2026, 11, 23, 15, 5, tzinfo=UTC)
REAL_HOST = "https://webexapis.com"


class ToLoopback(HTTPAdapter):
    """Sends requests for the real host to the simulated one: wxc_sdk has addresses outside of /v1 built in."""

    def __init__(self, base_url: str) -> None:
        super().__init__()
        self._host = urlsplit(base_url).netloc

    def send(self, request: requests.PreparedRequest, **options: object) -> requests.Response:
        request.url = urlunsplit(urlsplit(request.url)._replace(scheme="http", netloc=self._host))
        return super().send(request, **options)


@pytest.fixture(scope="package")
def world() -> World:
    return sized_world(
        NOW,
        people=230,
        rooms=45,
        teams=12,
        memberships_per_team=27,
        messages=3_000,
        devices=31,
        workspaces=26,
        audit_events=520,
    )


@pytest.fixture(scope="package")
def webex(world: World) -> Iterator[SimulatedWebex]:
    with SimulatedWebex(world, VirtualClock(NOW)) as service:
        yield service


@pytest.fixture(scope="package")
def python_sdk(webex: SimulatedWebex) -> "webexpythonsdk.WebexAPI":
    import webexpythonsdk

    return webexpythonsdk.WebexAPI(
        access_token=webex.access_token, base_url=f"{webex.base_url}/v1/", wait_on_rate_limit=False
    )


@pytest.fixture(scope="package")
def client_with(webex: SimulatedWebex) -> Iterator[Callable[[str], "wxc_sdk.WebexSimpleApi"]]:
    """Makes clients of wxc_sdk that bear a token."""
    import wxc_sdk

    with ExitStack() as clients:

        def client(token: str) -> "wxc_sdk.WebexSimpleApi":
            api = clients.enter_context(wxc_sdk.WebexSimpleApi(tokens=token))
            api.session.BASE = f"{webex.base_url}/v1"
            api.session.mount(REAL_HOST, ToLoopback(webex.base_url))
            return api

        yield client


@pytest.fixture(scope="package")
def calling_sdk(client_with, webex: SimulatedWebex) -> "wxc_sdk.WebexSimpleApi":
    return client_with(webex.access_token)
