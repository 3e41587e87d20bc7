"""The plain re-count that the replaced plugin makes: every list in turn, every message of every room."""

import time
from collections import Counter
from collections.abc import Iterator

import requests

from webexhist.simulator import SimulatedWebexProcess
from webexhist.webex.api.paging import next_address


def requests_of_a_recount(people: int) -> int:
    """The messages' pages for each room, five hundred messages by two hundred, and a page of each other list."""
    rooms, teams = people * 2 // 25, max(2, people // 125)
    others = people // 100 + people * 3 // 2500 + people * 22 // 25000 + rooms // 100
    return 3 * rooms + 2 * teams + others


def count_again(webex: SimulatedWebexProcess) -> tuple[Counter[str], float]:
    """Every list serially, every message of every room, over one connection: requests by path, and seconds."""
    webex.requests_by_path()
    began = time.perf_counter()
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {webex.access_token}"
        (organization,) = whole_list(session, f"{webex.base_url}/v1/organizations")
        of_it = f"orgId={organization['id']}"
        for path in ("licenses", "hybrid/clusters", "hybrid/connectors"):
            list(whole_list(session, f"{webex.base_url}/v1/{path}?{of_it}"))
        for path in ("people", "devices", "workspaces"):
            list(whole_list(session, f"{webex.base_url}/v1/{path}?{of_it}&max=100"))
        list(whole_list(session, f"{webex.base_url}/v1/roles"))
        list(whole_list(session, f"{webex.base_url}/v1/resourceGroup/memberships?max=100"))
        for team in whole_list(session, f"{webex.base_url}/v1/teams?max=100"):
            list(whole_list(session, f"{webex.base_url}/v1/team/memberships?teamId={team['id']}&max=100"))
        for room in whole_list(session, f"{webex.base_url}/v1/rooms?max=100"):
            for _message in whole_list(session, f"{webex.base_url}/v1/messages?roomId={room['id']}&max=200"):
                pass
    return webex.requests_by_path(), time.perf_counter() - began


def whole_list(session: requests.Session, url: str) -> Iterator[dict[str, str]]:
    """Every item of a list, page after page."""
    following: str | None = url
    while following:
        answer = session.get(following, timeout=60)
        answer.raise_for_status()
        yield from answer.json()["items"]
        following = next_address(answer.headers.get("Link", ""), following)
