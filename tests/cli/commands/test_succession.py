"""`webexhist succession` as it is typed."""

import pytest
from histories import license_of
from polling import NOON

OLD = license_of("Webex Calling", subscription="Sub100")
ONE, TWO = license_of("Webex Calling", subscription="Sub200"), license_of("Webex Calling", subscription="Sub300")
ROOMS = license_of("Webex Room Kit")


@pytest.fixture(autouse=True)
def polled(poller, run):
    poller.poll("2026-09-30 06:00", {ROOMS: (10, 1), OLD: (500, 431)})
    poller.poll("2026-10-01 06:00", {ROOMS: (10, 1), ONE: (250, 200), TWO: (250, 231)})
    run.go_by(lambda: NOON)


def states(run):
    return {row["successor_subscription"]: row["state"] for row in run("succession", "list", "--json").json}


def test_proposals_are_listed_and_one_is_confirmed(run):
    assert states(run) == {"Sub200": "proposed", "Sub300": "proposed"}
    shown = run("succession", "list").stdout
    assert all(word in shown for word in ("Sub100", "Sub200", "Sub300", "2026-10-01", "2 of the same code and site"))
    done = run("succession", "confirm", "1", "--by", "Kim")
    assert done.stdout == "Succession 1 is joined: Webex Calling, continued by Webex Calling.\n"
    assert states(run) == {"Sub200": "joined", "Sub300": "rejected"}
    (first, _) = run("succession", "list", "--json").json
    assert (first["decided_by"], first["decided_at"]) == ("Kim", "2026-11-23 12:00:00+00:00")
    assert run("succession", "confirm", "1").line == "succession 1 is joined already: see webexhist succession list"
    assert run("succession", "unlink", "1").code == 0
    assert states(run) == {"Sub200": "rejected", "Sub300": "rejected"}


def test_a_proposal_is_rejected(run):
    assert run("succession", "reject", "2").stdout == (
        "Succession 2 is rejected: Webex Calling, continued by Webex Calling.\n"
    )
    assert states(run) == {"Sub200": "proposed", "Sub300": "rejected"}


def test_licenses_are_linked_by_their_subscriptions(run):
    assert run("succession", "link", "sub100", "sub300").stdout == (
        "Succession 2: Webex Calling is continued by Webex Calling.\n"
    )
    refused = run("succession", "link", "sub100", "sub200")
    assert (refused.code, refused.line) == (
        2,
        "Webex Calling is continued by another license: undo that first: webexhist succession list",
    )


def test_a_number_that_is_not_there_is_refused(run):
    assert run("succession", "confirm", "7").line == (
        "there is no succession 7: see webexhist succession list, or link the two licenses"
    )


@pytest.fixture
def chain(poller, run):
    """Four subscriptions one after the other, of the same license; the first one's year began in February 2026."""
    for number, day in enumerate(("2026-10-10", "2026-10-20", "2026-10-30", "2026-11-09"), start=1):
        poller.poll(
            f"{day} 06:00", {ROOMS: (10, 1), license_of("Webex Suite", subscription=f"Chain{number}"): (50, 40)}
        )
    run("contract", "set", "Chain1", "--kind", "ea", "--starts", "2026-02-01", "--term", "12")
    return {row["successor_subscription"]: row["number"] for row in run("succession", "list", "--json").json}


def contracts(run):
    listed = [each for each in run("contract", "list", "--json").json if each.get("starts")]
    return {each["subscription"]: (each["starts"], each["handed_from"]) for each in listed}


HANDED_ON = {
    "Chain1": ("2026-02-01", None),
    # Within one term it is the next one that is to begin, however often the subscription changes.
    "Chain2": ("2027-02-01", "Chain1"),
    "Chain3": ("2027-02-01", "Chain2"),
    "Chain4": ("2027-02-01", "Chain3"),
}


def test_a_contract_is_handed_on_along_a_chain_and_no_further_than_it_holds(run, chain):
    assert contracts(run) == HANDED_ON
    assert run("succession", "unlink", str(chain["Chain3"])).code == 0
    assert contracts(run) == {name: HANDED_ON[name] for name in ("Chain1", "Chain2")}
    assert run("succession", "link", "Chain2", "Chain3").code == 0
    assert contracts(run) == HANDED_ON


def test_what_a_person_confirmed_stays_where_a_chain_is_parted(run, chain):
    run("contract", "set", "Chain3", "--starts", "2026-10-30")
    run("succession", "unlink", str(chain["Chain2"]))
    # What is confirmed is its own, and goes on from there: its term has begun before the fourth one was seen.
    assert contracts(run) == {
        "Chain1": ("2026-02-01", None),
        "Chain3": ("2026-10-30", None),
        "Chain4": ("2027-10-30", "Chain3"),
    }
