"""`webexhist subscription`, `price` and `note` as they are typed."""

import pytest
from histories import NASTY_NAME, license_of
from polling import NOON

SITE = license_of("Webex Meetings Suite", site="acme.webex.example")
EUROPE = license_of("Webex Meetings Suite", site="europe.webex.example", subscription="Sub2")
NASTY = license_of(NASTY_NAME + "\x1b[31m [bold]red[/bold]", subscription="Sub2")


@pytest.fixture(autouse=True)
def polled(poller):
    poller.poll("2026-10-01 06:00", {SITE: (250, 200), EUROPE: (100, 60), NASTY: (5, 5)})


def test_a_subscription_is_set_listed_and_removed(run):
    told = run(
        "subscription", "set", "Sub2", "--anniversary", "2027-03-15", "--allowance", "15", "--name", "Flex [EA]"
    )
    assert (told.code, told.stdout) == (0, "Sub2 renews on 15 March of every year.\n")
    (listed,) = run("subscription", "list", "--json").json
    assert {name: listed[name] for name in ("subscription", "name", "anniversary", "allowance")} == {
        "subscription": "Sub2",
        "name": "Flex [EA]",
        "anniversary": "2027-03-15",
        "allowance": 15,
    }
    assert "Flex [EA]" in run("subscription", "list").stdout
    assert run("subscription", "remove", "Sub2").code == 0
    assert run("subscription", "list").stdout == "No contract was entered: webexhist subscription set.\n"


def test_a_price_is_set_listed_and_removed(run):
    told = run("price", "set", "Webex Meetings Suite europe.webex.example", "1234.5", "--currency", "eur")
    assert (told.code, told.stdout) == (
        0,
        "Webex Meetings Suite · europe.webex.example: 1,234.50 EUR a unit and month.\n",
    )
    assert run("price", "list", "--json").json == [
        {
            "license": "Webex Meetings Suite",
            "site": "europe.webex.example",
            "subscription": "Sub2",
            "amount": "1234.50",
            "currency": "EUR",
            "organization": "Acme Example",
            "license_id": EUROPE.webex_id,
        }
    ]
    assert "1,234.50" in run("price", "list").stdout
    assert run("price", "remove", EUROPE.webex_id).code == 0
    assert run("price", "list", "--json").json == []


def test_an_ambiguous_license_lists_the_candidates_and_changes_nothing(run):
    refused = run("price", "set", "Webex Meetings Suite", "12.50")
    assert (refused.code, refused.stdout) == (2, "")
    assert refused.stderr == (
        "webexhist: 'Webex Meetings Suite' may be Webex Meetings Suite · acme.webex.example or Webex Meetings Suite ·"
        " europe.webex.example: add its site, subscription or organization, or give its id\n"
    )
    assert run("price", "list", "--json").json == []


@pytest.mark.parametrize("amount", ["twelve", "12,50", "-1", "1.234", "nan", "inf", "1e12"])
def test_only_amounts_of_money_are_prices(run, amount):
    refused = run("price", "set", SITE.webex_id, "--", amount)
    assert (refused.code, refused.stdout) == (2, "")
    assert refused.stderr == f"webexhist: {amount!r} is not an amount of money: write it with a period, like 12.50\n"
    assert run("price", "list", "--json").json == []


@pytest.mark.parametrize("currency", ["$", "DOLLAR", "U$D", "ÜSD"])
def test_a_currency_is_a_code(run, currency):
    refused = run("price", "set", SITE.webex_id, "12.50", "--currency", currency)
    assert (refused.code, refused.stderr) == (
        2,
        f"webexhist: {currency!r} is not a currency: write its ISO 4217 code, like USD\n",
    )


def test_notes_are_added_listed_and_removed(run):
    added = run("note", "add", "Branch [offices] move", "--on", "2026-10-20", "--license", SITE.webex_id, "--step")
    assert (added.code, added.stdout) == (0, "Note 1 on 2026-10-20, Webex Meetings Suite · acme.webex.example.\n")
    run.go_by(lambda: NOON)
    assert run("note", "add", "Today").stdout == "Note 2 on 2026-11-23.\n"
    first, second = run("note", "list", "--json").json
    assert first == {
        "note": 1,
        "day": "2026-10-20",
        "text": "Branch [offices] move",
        "license": "Webex Meetings Suite · acme.webex.example",
        "step": True,
    }
    assert (second["license"], second["step"]) == (None, False)
    assert "Branch [offices] move" in run("note", "list").stdout
    assert run("note", "remove", "1").stdout == "Note 1 is removed.\n"
    assert [note["note"] for note in run("note", "list", "--json").json] == [2]
    assert run("note", "remove", "1").code == 2


def test_an_empty_note_or_one_on_no_day_is_refused(run):
    assert run("note", "add", " ").stderr == "webexhist: the note is empty: write what happened\n"
    assert run("note", "add", "when", "--on", "2026-02-30").code == 2
    assert run("note", "list", "--json").json == []


def test_names_are_printed_as_they_are_but_move_no_cursor(run):
    run("price", "set", NASTY.webex_id, "1")
    printed = run("price", "list").stdout
    assert "\x1b" not in printed
    assert '<script>alert("x")</script> & Sons 🚀 [31m [bold]red[/bold]' in printed
