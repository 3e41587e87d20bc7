"""`webexhist probe`: what the file says of an organization, what it does not, and a service that answers alike."""

import json
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from webexhist.config import load_settings
from webexhist.simulator import (
    Body,
    DataFault,
    EventOrder,
    Faults,
    LicensePlan,
    OrganizationPlan,
    PagingFault,
    SimulatedWebex,
    Status,
    Token,
    Trouble,
    VirtualClock,
    World,
)
from webexhist.simulator.like import UnreadableProbe, likeness
from webexhist.webex.probe.answers import links_of
from webexhist.webex.probe.ask import probe
from webexhist.webex.probe.questions import QUESTIONS

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
PLANTED = ("Xyzzy", "xyzzy", "Plugh", "plugh")
WORLD = World(
    organizations=(
        OrganizationPlan(
            name="Xyzzy Incorporated",
            domain="xyzzy.example",
            people=1_204,
            devices=31,
            workspaces=7,
            licenses=(
                LicensePlan(
                    "Webex Meetings Suite",
                    "EE",
                    4_000,
                    by_users=3_000,
                    subscription="SubPlugh1",
                    site_url="xyzzy.webex.com",
                ),
                LicensePlan("Plugh Calling", "BCSTD", 250, by_users=9, subscription="SubPlugh1"),
                LicensePlan("Basic Messaging", "FMS", -1, by_users=5),
            ),
        ),
    ),
    rooms=17,
    teams=3,
    messages_a_day=lambda day: 4,
)
FAULTS = Faults(
    clock_skew=timedelta(minutes=3),
    troubles=[Trouble(Status(403), path="/v1/roles")],
    data={DataFault.CONSUMED_BY_NULL, DataFault.BOOLEANS_AS_STRINGS},
    page_limits={"/v1/people": 500},
    event_order=EventOrder.OLDEST_FIRST,
    from_inclusive=False,
    to_inclusive=True,
)


@pytest.fixture(scope="module")
def service():
    with SimulatedWebex(WORLD, VirtualClock(NOW), FAULTS) as running:
        yield running


@pytest.fixture
def asked(webexhist, monkeypatch, service):
    """The command in a folder of its own, with the settings of the service."""
    monkeypatch.setenv("WEBEXHIST_BASE_URL", service.base_url)
    monkeypatch.setenv("WEBEXHIST_ACCESS_TOKEN", service.access_token)
    return webexhist


@pytest.fixture(scope="module")
def probed(service):
    """The file of that service."""
    settings = load_settings({"base_url": service.base_url, "access_token": service.access_token}, environment={})
    return json.dumps(probe(settings, lambda: NOW).as_json())


@pytest.fixture
def written(probed):
    """What the file says."""
    return json.loads(probed)


def answers_of(written):
    return {answer["name"]: answer for answer in written["answers"]}


def test_it_prints_every_request_first_shows_the_file_and_writes_what_it_showed(asked, tmp_path, service):
    file = tmp_path / "probe.json"
    before = len(service.requests)
    done = asked("probe", "--out", file, "--yes")
    lines = done.stdout.splitlines()
    assert lines[0] == f"These {len(QUESTIONS)} requests will be sent to {service.base_url}, each once:"
    assert lines[1 : len(QUESTIONS) + 1] == [f"  {question.request}" for question in QUESTIONS]
    assert file.read_text() in done.stdout
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    assert len(service.requests) - before <= len(QUESTIONS)


def test_nothing_of_anybody_is_in_it(asked, tmp_path, service):
    done = asked("probe", "--out", tmp_path / "probe.json", "--yes")
    text = (tmp_path / "probe.json").read_text()
    headers = {"Authorization": f"Bearer {service.access_token}"}
    people = requests.get(f"{service.base_url}/v1/people?max=500", headers=headers, timeout=20).json()["items"]
    licenses = requests.get(f"{service.base_url}/v1/licenses", headers=headers, timeout=20).json()["items"]
    secrets = {service.access_token, *PLANTED}
    for item in (*people, *licenses):
        secrets |= {item["id"], item.get("displayName", "xyzzy"), *item.get("emails", ())}
    assert not [secret for secret in secrets if secret in text or secret in done.stdout]
    assert "3000" not in text, "how many seats are assigned"


ODD_ITEM = {
    "xyzzy@plugh.example": 1,
    "Xyzzy": {"Plugh": ["Xyzzy", {"xyzzy": "Plugh"}]},
    "id": "xyzzy/../plugh?Xyzzy#",
    "created": "0001-01-01T00:00:00Z",
    "subscriptionId": {"Xyzzy": 1},
    "totalUnits": {"Plugh": 1},
}
ODD_BODIES = {
    "/v1/organizations": json.dumps({"items": [ODD_ITEM]}),
    "/v1/people/me": json.dumps({"orgId": ["Xyzzy"], "Plugh": {}}),
    "/v1/licenses": json.dumps({"items": [ODD_ITEM, ODD_ITEM | {"id": "plugh:xyzzy_1"}]}),
    "/v1/people": '{"items":' * 2_000 + "1" + "}" * 2_000,
    "/v1/rooms": "[" + "{}," * 4_000_000 + "{}]",
    "/v1/teams": '{"items": [{"id": "\\ud800Xyzzy"}], "totalResults": 15551234567}',
    "/v1/events": json.dumps({"items": [ODD_ITEM] * 3}),
    "/v1/locations": "Bearer Xyzzy",
    "/v1/guests/count": "7" * 5_000,
}


def test_nothing_of_anybody_is_in_it_whatever_is_answered(asked, tmp_path, monkeypatch):
    troubles = [Trouble(Body(content.encode()), path=path) for path, content in ODD_BODIES.items()]
    troubles += [Trouble(Status(401), path="/v1/places"), Trouble(Status(500, retry_after="Xyzzy"), path="/v1/roles")]
    with SimulatedWebex(WORLD, VirtualClock(NOW), Faults(troubles=troubles)) as odd:
        monkeypatch.setenv("WEBEXHIST_BASE_URL", odd.base_url)
        done = asked("probe", "--out", tmp_path / "odd.json", "--yes")
        assert (done.code, len(odd.requests) <= len(QUESTIONS)) == (0, True)
    text = (tmp_path / "odd.json").read_text()
    assert not [planted for planted in PLANTED if planted.lower() in (text + done.stdout).lower()]
    written = json.loads(text)
    answers = answers_of(written)
    assert (answers["rooms"]["status"], answers["rooms"]["problem"]) == (None, "larger than any page")
    assert [answers[name]["status"] for name in ("places", "roles", "locations")] == [401, 500, 200]
    assert answers["identities"]["problem"] == "not asked: no answer held uuid"
    assert [(row["code"], row["total"]) for row in written["licenses"]] == [("", "object"), ("", "object")]


def test_links_are_shown_by_webex_s_words_alone():
    odd = (
        '<https://[xyzzy>; rel="next xyzzy", <https://a.example/x?Plugh=1&max=2>; rel=prev, '
        + 9 * "<x>; title=xyzzy,"
    )
    assert list(links_of(odd, "https://a.example"))[:3] == [
        "next: another host, no parameters",
        "prev: the same host, another max",
        "another relation: another host, no parameters",
    ]
    assert len(list(links_of(odd, "https://a.example"))) == 6


def test_it_shows_what_no_document_says(written):
    answers = answers_of(written)
    people = answers["people"]
    assert (people["status"], people["items"], people["distinct"]) == (200, 500, 500)
    assert people["shape"]["items[].invitePending"].keys() <= {'"true"', '"false"'}
    assert answers["identities"]["shape"]["totalResults"] == {"1204": 1}
    assert answers["roles"]["status"] == 403
    assert (answers["places"]["status"], answers["places"]["shape"]["message"]) == (404, {"text": 1})
    assert answers["the second device"]["first_at"] == 1, "start is obeyed"
    assert (answers["events"]["order"], answers["events"]["items"]) == ("oldest first", answers["events"]["distinct"])
    assert answers["events from the newest on"]["has_event"] is False
    assert answers["events up to the newest"]["has_event"] is True
    assert [answers[f"events of {days} days ago"]["status"] for days in (89, 91, 370)] == [200, 403, 403]
    assert answers["licenses"]["shape"]["items[].consumedByUsers"] == {"null": 3}
    codes = [(row["code"], row["total"], bool(row["site"])) for row in written["licenses"]]
    assert codes == [
        ("EE", "number of 4 digits", True),
        ("BCSTD", "number of 3 digits", False),
        ("FMS", "negative number of 1 digit", False),
    ]
    assert written["licenses"][0]["subscription"] == written["licenses"][1]["subscription"] != ""
    assert written["licenses"][2]["subscription"] == ""


def test_a_service_can_answer_alike(written):
    like = likeness(written)
    faults, world = like.faults(), like.world(NOW)
    assert (faults.page_limits, faults.event_order) == (FAULTS.page_limits, FAULTS.event_order)
    assert (faults.from_inclusive, faults.to_inclusive) == (False, True)
    assert (faults.data, faults.paging) == (FAULTS.data, set())
    assert Trouble(Status(403), path="/v1/roles") in faults.troubles
    own = world.own
    assert (own.people, own.devices, own.workspaces, world.rooms, world.teams) == (1_204, 31, 7, 17, 3)
    assert [(row.code, row.total, row.by_users) for row in own.licenses] == [
        ("EE", 5_000, 4_000),
        ("BCSTD", 500, 400),
        ("FMS", -1, 0),
    ]


def test_a_service_without_any_link_is_known(written):
    for answer in written["answers"]:
        answer["links"] = []
    assert likeness(written).faults().paging == {PagingFault.NO_LINK}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no JSON",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b"[]",
        b"{}",
        b'{"format": 2, "answers": [], "licenses": []}',
        b'{"format": true, "answers": [], "licenses": []}',
        b'{"format": 1, "answers": 3}',
        b'{"format": 1, "answers": [], "licenses": [%s null]}' % (5_000 * b"null,"),
    ],
)
@pytest.mark.usefixtures("garbage_waits")
def test_a_file_that_is_no_probes_is_reported(webexhist, tmp_path, content):
    (tmp_path / "probe.json").write_bytes(content)
    done = webexhist("demo", "--like", tmp_path / "probe.json", "--out", tmp_path / "demo")
    assert done.code == 1
    assert done.line.startswith(f"cannot use {tmp_path / 'probe.json'}: ")
    assert not (tmp_path / "demo").exists()


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("answers", 0, "items"), -1),
        (("answers", 0, "items"), 10**9),
        (("answers", 0, "items"), float("inf")),
        (("answers", 0, "items"), "7"),
        (("answers", 0, "status"), 99_999),
        (("answers", 0, "clock_seconds"), 10**15),
        (("answers", 0, "shape"), {"": 5}),
        (("answers", 0, "shape"), []),
        (("answers", 0, "links"), 5),
        (("answers", 0), None),
        (("licenses", 0, "code"), "\ud800"),
        (("licenses", 0, "code"), ["EE"]),
        (("licenses", 0, "site"), "a/b"),
        (("licenses", 0, "subscription"), "x" * 1_000),
        (("licenses",), {"a": 1}),
    ],
)
def test_a_file_that_says_what_cannot_be_is_refused(probed, where, value):
    written = json.loads(probed)
    held = written
    for part in where[:-1]:
        held = held[part]
    held[where[-1]] = value
    with pytest.raises(UnreadableProbe, match=r"^this is no file of a probe$"):
        likeness(written)


def test_what_is_no_file_to_be_read_is_refused(webexhist, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").touch()
    os.truncate(tmp_path / "large", 20_000_000)
    for name, reason in (
        ("pipe", "no regular file"),
        ("large", "larger than"),
        ("", "s a directory"),
        ("none", "No such"),
    ):
        done = webexhist("demo", "--like", tmp_path / name, "--out", tmp_path / "demo")
        assert (done.code, reason.lower() in done.line.lower()) == (1, True), done.line


def test_a_list_of_short_pages_is_shorter_than_the_true_one(probed):
    written = json.loads(probed)
    people = answers_of(written)["people"]
    people["items"] = 3
    assert people["links"]
    assert likeness(written).world(NOW).own.people == 300


def test_a_token_that_may_not_list_organizations_asks_for_its_own(service):
    token = service.issue(Token("reads-licenses", scopes=frozenset({"spark-admin:licenses_read"})))
    settings = load_settings({"base_url": service.base_url, "access_token": token}, environment={})
    found = probe(settings, lambda: NOW).as_json()
    statuses = {name: answer["status"] for name, answer in answers_of(found).items()}
    assert (statuses["organizations"], statuses["licenses"], statuses["people"]) == (403, 200, 403)
    assert [row["code"] for row in found["licenses"]] == ["EE", "BCSTD", "FMS"]
    assert answers_of(found)["identities"]["problem"] == "not asked: no answer held uuid"


def test_without_consent_nothing_is_asked_or_written(asked, tmp_path, service):
    before = len(service.requests)
    done = asked("probe", "--out", tmp_path / "probe.json")
    assert (done.code, len(service.requests)) == (1, before)
    assert not (tmp_path / "probe.json").exists()


def test_a_file_that_is_there_is_kept(asked, tmp_path):
    file = tmp_path / "probe.json"
    file.write_text("mine")
    done = asked("probe", "--out", file, "--yes")
    assert (done.code, done.line) == (1, f"{file} is there already: choose another file with --out")
    assert file.read_text() == "mine"


def test_a_token_that_is_not_accepted_is_reported_at_once(asked, tmp_path, monkeypatch):
    monkeypatch.setenv("WEBEXHIST_ACCESS_TOKEN", "wrong")
    done = asked("probe", "--out", tmp_path / "probe.json", "--yes")
    assert (done.code, "the token is not accepted" in done.line) == (1, True)
    assert not (tmp_path / "probe.json").exists()


def test_a_service_that_is_not_there_is_reported(asked, tmp_path, monkeypatch, unused_port):
    monkeypatch.setenv("WEBEXHIST_BASE_URL", f"http://127.0.0.1:{unused_port}")
    done = asked("probe", "--out", tmp_path / "probe.json", "--yes")
    assert done.code == 1
    assert done.stderr.count("\n") == 1


def test_the_docs_say_how_many_requests_there_are():
    page = Path(__file__).parents[3] / "docs" / "probe.md"
    assert f"the {len(QUESTIONS)} requests" in page.read_text()
