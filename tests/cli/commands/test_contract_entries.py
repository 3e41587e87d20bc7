"""`webexhist contract price`, `order` and `settle` as they are typed, and all of it as a spreadsheet."""

import pytest
from histories import Poller, license_of
from polling import NOON

from webexhist.snapshot import Organization

SITE = license_of("Webex Meetings Suite", site="acme.webex.example")
EUROPE = license_of("Webex Meetings Suite", site="europe.webex.example", subscription="Sub2")
CALLING = license_of("Webex Calling", subscription="Sub2")
FIRST = "Webex Meetings Suite · europe.webex.example"


@pytest.fixture(autouse=True)
def polled(poller):
    poller.poll("2026-10-01 06:00", {SITE: (250, 200), EUROPE: (100, 60), CALLING: (50, 20)})


def entries(run):
    return [
        tuple(
            row[name] for name in ("number", "entry", "subscription", "license", "day", "units", "amount", "currency")
        )
        for row in run("contract", "list", "--json").json
        if row["entry"]
    ]


def test_the_first_price_holds_from_the_beginning_and_a_later_one_from_its_day(run):
    assert run("contract", "price", "europe.webex.example", "10", "--currency", "eur").stdout == (
        f"{FIRST}: price – → 10.00 EUR\n"
    )
    refused = run("contract", "price", "europe.webex.example", "12")
    assert (refused.code, refused.line) == (
        2,
        f"{FIRST} has a price already: say from which day on this one holds (--from), or forget that one: webexhist"
        " contract remove 1",
    )
    # The currency is the one before.
    assert run("contract", "price", "europe.webex.example", "1234.5", "--from", "2026-07-01").stdout == (
        f"{FIRST}: price from 2026-07-01 – → 1,234.50 EUR\n"
    )
    assert run("contract", "price", "europe.webex.example", "12", "--from", "2026-07-01").stdout == (
        f"{FIRST}: price from 2026-07-01 1,234.50 EUR → 12.00 EUR\n"
    )
    assert run("contract", "price", EUROPE.webex_id, "10").stdout == "Nothing is changed: that was entered before.\n"
    assert entries(run) == [
        (1, "price", None, FIRST, None, None, "10.00", "EUR"),
        (2, "price", None, FIRST, "2026-07-01", None, "12.00", "EUR"),
    ]
    assert run("contract", "remove", "1").stdout == "1 is removed.\n"
    assert run("contract", "remove", "1").line == (
        "there is no price, order or settlement 1: see webexhist contract list"
    )
    assert [entry[0] for entry in entries(run)] == [2]
    # What holds from July on is no reason to take another one for all the time before.
    refused = run("contract", "price", "europe.webex.example", "9")
    assert (refused.code, refused.line.rpartition(": ")[2]) == (2, "webexhist contract remove 2")
    assert [entry[0] for entry in entries(run)] == [2]


def test_a_subscription_is_priced_by_the_seat_whatever_it_holds(run):
    assert run("contract", "price", "sub2", "20").stdout == "Sub2: price – → 20.00 USD\n"
    assert run("contract", "price", "Webex Calling", "5").stdout == "Webex Calling: price – → 5.00 USD\n"
    assert entries(run) == [
        (1, "price", "Sub2", None, None, None, "20.00", "USD"),
        (2, "price", None, "Webex Calling", None, None, "5.00", "USD"),
    ]


@pytest.mark.parametrize(
    ("currency", "amount", "shown"),
    [
        ("JPY", "1250", "1,250 JPY"),
        ("KWD", "1.250", "1.250 KWD"),
        ("KWD", "1.25", "1.250 KWD"),
        ("EUR", "1250.5", "1,250.50 EUR"),
        ("CLF", "0.0125", "0.0125 CLF"),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency(run, currency, amount, shown):
    assert run("contract", "price", "Webex Calling", amount, "--currency", currency).stdout.endswith(f"→ {shown}\n")
    assert shown in run("contract", "list").stdout.replace("1250", "1,250")


@pytest.mark.parametrize(
    ("amount", "currency", "line"),
    [
        ("12.50", "JPY", "'12.50' is no amount of JPY: that has no decimals: write it like 1250"),
        ("1.2345", "KWD", "'1.2345' is no amount of KWD: that has 3 decimals: write it like 1.250"),
        ("1.234", "EUR", "'1.234' is no amount of EUR: that has 2 decimals: write it like 12.50"),
        ("12,50", "EUR", "'12,50' is not an amount of money: write it with a period, like 12.50"),
        ("nan", "EUR", "'nan' is not an amount of money: write it with a period, like 12.50"),
        ("1e12", "EUR", "'1e12' is not an amount of money: write it with a period, like 12.50"),
        ("-1", "EUR", "'-1' is not an amount of money: write it with a period, like 12.50"),
        ("12.50", "$", "'$' is not a currency: write its ISO 4217 code, like USD"),
        ("12.50", "ÜSD", "'ÜSD' is not a currency: write its ISO 4217 code, like USD"),
    ],
)
def test_what_is_no_amount_of_a_currency_is_refused(run, amount, currency, line):
    refused = run("contract", "price", "Webex Calling", "--currency", currency, "--", amount)
    assert (refused.code, refused.stdout, refused.line) == (2, "", line)
    assert entries(run) == []


def test_orders_and_settlements_are_entered_again_by_their_day(run):
    run.go_by(lambda: NOON)
    assert run("contract", "order", "Webex Calling", "60", "--from", "2026-10-01").stdout == (
        "Webex Calling: order from 2026-10-01 – → 60 units\n"
    )
    assert run("contract", "order", "Webex Calling", "70", "--from", "2026-10-01").stdout == (
        "Webex Calling: order from 2026-10-01 60 units → 70 units\n"
    )
    assert run("contract", "order", "Webex Calling", "1", "--from", "2027-10-01").code == 0
    assert run("contract", "settle", "sub2", "--on", "2026-11-10", "--units", "4").stdout == (
        "Sub2: settlement on 2026-11-10 – → 4 units\n"
    )
    alone = run("contract", "settle", "Sub2", "--on", "2026-11-10", "--units", "4", "--currency", "EUR")
    assert (alone.code, alone.stdout) == (2, "")
    assert alone.line.startswith("there is no amount in that currency")
    unsaid = run("contract", "settle", "Sub2", "--on", "2026-11-10", "--units", "4", "--amount", "48")
    assert unsaid.line == "nothing says in which currency Sub2 is paid: add --currency, like EUR"
    run("contract", "price", "Webex Calling", "12", "--currency", "EUR")
    paid = run("contract", "settle", "Sub2", "--on", "2026-11-10", "--units", "10", "--amount", "480", "--by", "Anna")
    assert paid.stdout == "Sub2: settlement on 2026-11-10 4 units → 10 units, 480.00 EUR\n"
    assert entries(run) == [
        (4, "price", None, "Webex Calling", None, None, "12.00", "EUR"),
        (1, "order", None, "Webex Calling", "2026-10-01", 70, None, None),
        (2, "order", None, "Webex Calling", "2027-10-01", 1, None, None),
        (3, "settlement", "Sub2", None, "2026-11-10", 10, "480.00", "EUR"),
    ]
    listed = run("contract", "list", "--json").json[-1]
    assert (listed["entered_at"], listed["entered_by"]) == ("2026-11-23 12:00:00", "Anna")
    assert run("contract", "remove", "3").code == 0
    assert [entry[0] for entry in entries(run)] == [4, 1, 2]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["order", "Webex Fax", "3", "--from", "2026-10-01"], "there is no license 'Webex Fax'"),
        (["settle", "Sub7", "--on", "2026-10-01", "--units", "3"], "there is no subscription Sub7"),
        (["price", "Webex Meetings Suite", "3"], "'Webex Meetings Suite' may be "),
    ],
)
def test_what_is_not_there_has_no_entry(run, words, line):
    refused = run("contract", *words)
    assert (refused.code, refused.stdout) == (2, "")
    assert refused.line.startswith(line)


def test_every_term_of_a_contract_is_entered_and_kept(run, monkeypatch):
    terms = [
        *("--kind", "ea", "--starts", "2028-02-29", "--term", "36", "--renews", "auto", "--notice", "30"),
        *("--allowance", "12.5", "--minimum", "250", "--judged-on", "2028-12-31", "--billed-above", "purchased"),
    ]
    assert run("contract", "set", "Sub2", *terms).stdout == (
        "Sub2: kind – → ea\nSub2: starts – → 2028-02-29\nSub2: term – → 36\nSub2: allowance – → 12.5\n"
        "Sub2: renews – → auto\nSub2: notice – → 30\nSub2: minimum – → 250\nSub2: judged on – → 2028-12-31\n"
        "Sub2: billed above – → purchased\n"
    )
    assert run("contract", "set", "Sub2", "--renews", "no").stdout == "Sub2: renews auto → no\n"
    assert run("contract", "set", "Sub2", *terms[:-6], "--renews", "no").stdout == (
        "Nothing is changed: that was entered before.\n"
    )
    monkeypatch.setenv("COLUMNS", "80")
    lines = run("contract", "list").stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert "allowance 12.5%" in " ".join(" ".join(lines).split())


@pytest.mark.parametrize("percent", ["-1", "12.345", "1001", "much", "nan"])
def test_what_is_no_percentage_is_refused(run, percent):
    refused = run("contract", "set", "Sub2", f"--allowance={percent}")
    assert (refused.code, refused.line) == (2, f"{percent!r} is no growth allowance: write percent, like 15 or 12.5")


def test_everything_goes_out_to_a_spreadsheet_and_comes_in_again(run, poller, tmp_path):
    """A second organization has a license of the same id, as histories that were made elsewhere may."""
    run("contract", "set", "Sub2", "--kind", "suite-ea", "--allowance", "12.5", "--notice", "30", "--renews", "no")
    run("contract", "price", "Sub2", "20", "--currency", "JPY")
    run("contract", "price", "Sub2", "22", "--from", "2026-10-01")
    run("contract", "price", "Webex Calling", "1.250", "--currency", "KWD")
    run("contract", "order", "Webex Calling", "60", "--from", "2026-10-01")
    run("contract", "settle", "Sub2", "--on", "2026-11-10", "--units", "4", "--amount", "480", "--currency", "JPY")
    run("contract", "set", "--not-counted", SITE.webex_id)
    file = tmp_path / "contracts.csv"
    assert run("contract", "export", file).stdout == f"{file}: 7 lines.\n"
    before, listed = file.read_text("utf-8-sig"), entries(run)
    unchanged = run("contract", "import", file)
    assert unchanged.stdout == "Nothing is changed: that was entered before.\n7 lines read, 0 things changed.\n"
    assert run("contract", "export").stdout == before
    for subject in ("Sub2", SITE.webex_id, *(str(entry[0]) for entry in listed)):
        assert run("contract", "remove", subject).code == 0
    assert run("contract", "list", "--json").json == []
    assert run("contract", "import", file).stdout.endswith("7 lines read, 10 things changed.\n")
    assert {entry[1:] for entry in entries(run)} == {entry[1:] for entry in listed}
    Poller(poller.engine, Organization("other", "Other")).poll("2026-10-01 06:00", {CALLING: (7, 7)})
    assert run("contract", "import", file).stdout.endswith("7 lines read, 0 things changed.\n")
    file.write_text(f"license_id,entry,units,day\n{CALLING.webex_id},order,5,2026-11-01\n")
    assert run("contract", "import", file).line.startswith(f"line 2: {CALLING.webex_id!r} may be ")


def test_a_price_list_that_lacks_its_day_is_refused_whole_with_its_line(run, tmp_path):
    run("contract", "price", "Sub2", "20")
    file = tmp_path / "prices.csv"
    file.write_text("subscription,entry,amount,currency\nSub100001,price,9,EUR\nSub2,price,21,USD\n")
    refused = run("contract", "import", file)
    assert refused.line.startswith("line 3: Sub2 has a price already: say from which day on")
    assert [entry[2] for entry in entries(run)] == ["Sub2"]


def test_what_stays_when_the_terms_of_a_subscription_are_forgotten_is_said(run):
    run("contract", "set", "Sub2", "--kind", "ea")
    run("contract", "price", "Sub100001", "9")
    run("contract", "price", "Sub2", "20")
    run("contract", "settle", "Sub2", "--on", "2026-11-10", "--units", "4")
    assert run("contract", "remove", "sub2").stdout == (
        "sub2: nothing is entered any more but what has a number in the list: 2, 3.\n"
    )
    assert [entry[0] for entry in entries(run)] == [1, 2, 3]


def test_a_change_beneath_is_found_and_named(run, poller):
    run("contract", "price", "Sub2", "20")
    run("contract", "order", "Webex Calling", "60", "--from", "2026-10-01")
    run("contract", "settle", "Sub2", "--on", "2026-11-10", "--units", "4")
    assert run("db", "check").code == 0
    for table, column in (("price", "amount"), ("purchase_order", "units"), ("settlement", "units")):
        with poller.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE {table} SET {column} = {column} + 1")
        assert [found["table"] for found in run("db", "check", "--json").json] == [table]
        with poller.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE {table} SET {column} = {column} - 1")
    assert run("db", "check").code == 0
