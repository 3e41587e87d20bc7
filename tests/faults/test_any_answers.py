"""A whole poll of a service that answers anything at all."""

import json
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from json_bodies import IDS, LEAVES, items, sent
from polling import NOON, Polled

from webexhist.agent.document import plugin_document
from webexhist.agent.failure import failure_document
from webexhist.errors import WebexhistError
from webexhist.metrics import PLUGIN_VALUES
from webexhist.simulator import SimulatedWebex, Trouble, VirtualClock, World
from webexhist.simulator.faults.switches import Body
from webexhist.store.opening.database import open_database

WORDS = st.sampled_from(["messages", "created", "2026-11-23T12:01:00Z"]) | LEAVES
LISTS = (
    "/v1/people",
    "/v1/devices",
    "/v1/workspaces",
    "/v1/roles",
    "/v1/rooms",
    "/v1/messages",
    "/v1/teams",
    "/v1/team/memberships",
    "/v1/hybrid/clusters",
    "/v1/hybrid/connectors",
    "/v1/resourceGroup/memberships/v2",
    "/v1/adminAudit/events",
)
EVERYTHING = st.fixed_dictionaries(
    {},
    optional={
        "/v1/organizations": items(id=IDS, displayName=LEAVES),
        "/v1/people/me": st.fixed_dictionaries({"orgId": IDS}).map(sent) | items(id=IDS),
        "/v1/licenses": items(id=IDS, name=LEAVES, totalUnits=LEAVES, consumedUnits=LEAVES, subscriptionId=LEAVES),
        "/v1/events": items(id=IDS, resource=WORDS, type=WORDS, created=WORDS),
        "/identity/*": items(totalResults=LEAVES),
        **dict.fromkeys(LISTS, items(id=IDS, name=LEAVES)),
    },
)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    file = tmp_path_factory.mktemp("template") / "webexhist.db"
    open_database(file).dispose()
    return file


@pytest.mark.parametrize("examples", [5, pytest.param(100, marks=pytest.mark.slow)])
def test_whatever_a_whole_poll_is_answered_there_is_one_valid_document(template, examples):
    @given(EVERYTHING, EVERYTHING)
    @settings(max_examples=examples)
    def search(first, second):
        clock = VirtualClock(NOON)
        with SimulatedWebex(World(), clock) as server, tempfile.TemporaryDirectory() as folder:
            shutil.copy(template, folder)
            polled = Polled(server, clock, Path(folder))
            for bodies in (first, second):
                server.faults.troubles[:] = [Trouble(Body(content), path) for path, content in bodies.items()]
                check_document(polled)
                polled.later(minutes=5)

    search()


def check_document(polled):
    try:
        document = plugin_document(polled.polls(logging="false", messages_source="auto"))
    except WebexhistError as error:
        assert str(error).isprintable()
        document = failure_document(error)
    again = json.loads(json.dumps(document))
    assert again == document
    assert document["msg"].isprintable()
    assert len({row["name"] for row in document.get("Licenses", [])}) == len(document.get("Licenses", []))
    figures = [value for name, value in document.items() if name in PLUGIN_VALUES]
    assert all(isinstance(value, int) and value >= 0 for value in figures)
