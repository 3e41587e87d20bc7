"""A review that has everything to tell: decisions, forecast, True Forward, money, changes and notes."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest
from histories import Poller, license_of
from reading import read
from telling import set_price, tell

from webexhist.months import Month
from webexhist.report.layouts import SINGLE_FILE
from webexhist.report.writer import write_report
from webexhist.review.checksum import checksum
from webexhist.reviewing import review_month
from webexhist.store.entered.contracts import Contract
from webexhist.store.entered.notes import add_note, add_step
from webexhist.store.names.licenses import find_license
from webexhist.store.opening.database import open_database
from webexhist.store.opening.history import reading

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
CALLING = license_of("Webex Calling - Professional")
AGENT = license_of("Contact Center Agent")
SPARE = license_of("Webex Events <b>spare</b>", subscription="Sub100002")
ROOMS = license_of("Webex Room Kit", subscription="Sub100002")


def write_history(poller: Poller) -> None:
    """A poll a day from 1 October 2025 to 31 October 2026.

    Calling: 100 purchased, 50 more on 1 May 2026; assigned 60, one more every fifth day, 139 at the end.
    Agent: 13 of 10 assigned. Events: 20 of 100 assigned. Room kits: 40 of 50 assigned, 45 until 14 October 2026.
    """
    begin = datetime(2025, 10, 1, 6, tzinfo=UTC)
    for day in range(396):
        when = begin + timedelta(days=day)
        poller.poll(
            when,
            {
                CALLING: (150 if when.date() >= date(2026, 5, 1) else 100, 60 + day // 5),
                AGENT: (10, 13),
                SPARE: (100, 20),
                ROOMS: (50, 45 if when.date() < date(2026, 10, 15) else 40),
            },
        )


def tell_everything(engine) -> None:
    flex = Contract("Sub100001", starts=date(2025, 12, 1), name="Flex 3.0 Example")
    tell(engine, [flex, Contract("Sub100002", starts=date(2025, 12, 15))])
    with reading(engine) as history:
        calling, spare = (find_license(history, license_.webex_id) for license_ in (CALLING, SPARE))
    set_price(engine, calling, Decimal("12.50"), "EUR")
    set_price(engine, spare, Decimal("2.00"), "EUR")
    add_note(engine, date(2026, 3, 2), "Offices <i>closed</i>")
    add_step(engine, date(2026, 5, 1), "50 units bought", calling)


@pytest.fixture(scope="module")
def entered(tmp_path_factory):
    engine = open_database(tmp_path_factory.mktemp("told") / "history.db")
    write_history(Poller(engine))
    tell_everything(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def folder(entered, tmp_path_factory) -> Path:
    return read(entered, write_report, tmp_path_factory.mktemp("report") / "out", now=NOW).index.parent


def seen(file: Path) -> str:
    """What a reader sees of a page."""
    text = re.sub(r"(?s)</?bdi>|<(style|script|svg).*?</\1>", "", file.read_text("utf-8"))
    text = re.sub(r'(?s)<details class="sql">.*?</details>', "", text)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())


def page_of(folder: Path, name: str) -> Path:
    (page,) = folder.glob(f"license-{name}-*.html")
    return page


def test_what_needs_a_decision_comes_first_and_the_most_urgent_first(folder):
    text = seen(folder / "index.html")
    decisions = text[text.index("What needs a decision") : text.index("Licenses Of")]
    assert decisions == (
        "What needs a decision"
        " over Contact Center Agent is over the allowance: 13 of 10 purchased units are assigned,"
        " 1 more than 20% over allows."
        f" {runs_out(decisions)}"
        f" {unused(decisions)} "
    )


def runs_out(text: str) -> str:
    """11 units are free, and 6 more are assigned every 30 days: 55 days, and 18 in 90, 7 of them missing."""
    (found,) = re.findall(r"runs out Webex Calling - Professional .*?\.", text)
    assert re.search(r"is likely to run out, [678] units short in 90 days: more than 19 in 20 within 90 days;", found)
    return found


def unused(text: str) -> str:
    """Of the 80 and 5 that nobody needed in twelve months some may be needed in the next."""
    (found,) = re.findall(r"unused purchase Webex Events <b>spare</b> .*\.", text)
    assert re.fullmatch(
        r"unused purchase Webex Events <b>spare</b> has 7\d units that nobody needed in twelve months,"
        r" nor will until 15 December 2027 with 9 in 10; renewal on 15 December 2026\."
        r" unused purchase Webex Room Kit has [34] units that nobody needed in twelve months,"
        r" nor will until 15 December 2027 with 9 in 10; renewal on 15 December 2026\.",
        found,
    )
    return found


def test_costs_never_count_a_missing_price_as_zero(folder):
    text = seen(folder / "index.html")
    assert "They cost 2,075.00 EUR a month, those not assigned 297.50 EUR." in text
    assert "No price is set for Contact Center Agent, Webex Room Kit. The costs leave them out." in text
    assert "1,875.00 EUR" in text and "200.00 EUR" in text and "0.00 EUR fine" not in text


def test_true_forward_is_told_for_every_subscription(folder):
    text = seen(folder / "index.html")
    assert "True Forward of Flex 3.0 Example Sub100001: measured on 31 Oct 2026, 0 days after" in text
    assert "Contact Center Agent 10 20% 12 13" in text
    assert "True Forward of Sub100002 measured on 14 Nov 2026, 14 days after the end of the month" in text


def test_the_bridge_leads_from_opening_to_closing(folder):
    text = seen(folder / "index.html")
    # 1 October is day 365: 60 + 73; the day before 60 + 72. 31 October is day 395: 60 + 79.
    assert "Webex Calling - Professional Sub100001 150 0 0 150 132 +7 0 139" in text
    assert "Webex Room Kit Sub100002 50 0 0 50 45 0 −5 40" in text
    assert "All 4 licenses 310 0 0 310 210 +7 −5 212" in text


def test_a_license_page_tells_what_lies_ahead(folder):
    text = seen(page_of(folder, "webex-calling-professional"))
    assert "1,875.00 EUR a month for all purchased units, 12.50 each; 137.50 for those not assigned." in text
    assert "None: no more than 139 were assigned at once in twelve months, and 2" in text
    assert re.search(
        r"All 150 units assigned: less than 1 in 20 before the renewal on 1 Dec 2026,"
        r" more than 19 in 20 within 90 days; 8 of 10: \d+ \w+ 202\d – \d+ \w+ 202\d, in the middle \d+ Dec 2026\.",
        text,
    )
    assert re.search(r"Rests on 396 days.*?\. Its ranges of the last year held \d+ of 12\.", text)


def test_notes_are_numbered_alike_on_every_page(folder):
    index = seen(folder / "index.html")
    assert "1 2 Mar 2026 Offices <i>closed</i> 2 1 May 2026 50 units bought Webex Calling - Professional" in index
    calling = page_of(folder, "webex-calling-professional")
    assert re.findall(r'<text class="flag"[^>]*>(\d)</text>', calling.read_text("utf-8")) == ["1", "2"]
    agent = page_of(folder, "contact-center-agent")
    assert re.findall(r'<text class="flag"[^>]*>(\d)</text>', agent.read_text("utf-8")) == ["1"]


def test_a_chart_shows_purchase_allowance_and_forecast(folder):
    text = page_of(folder, "webex-calling-professional").read_text("utf-8")
    for drawn in ("line", "ceiling", "ceiling ahead", "allowance", "fan", "inner-fan", "likely"):
        assert f'<path class="{drawn}" d="M' in text, drawn


def test_every_page_names_program_schema_and_checksum(folder, entered):
    figures = checksum(read(entered, review_month, Month(2026, 10), 13, NOW))
    for page in folder.glob("*.html"):
        text = seen(page)
        assert re.search(r"webexhist \d+\.\d+\.\d+, database schema \w+\. Checksum of the figures: ", text), page.name
        assert figures in text, page.name


def test_another_price_is_another_checksum(entered, poller, tmp_path):
    for day in range(1, 4):
        poller.poll(f"2026-10-0{day} 06:00", {CALLING: (10, 5)})

    def printed() -> str:
        index = read(poller.engine, write_report, tmp_path / "out", now=NOW).index
        return re.findall(r'class="checksum">([0-9a-f]{64})<', index.read_text("utf-8"))[0]

    before = printed()
    assert printed() == before
    with reading(poller.engine) as history:
        calling = find_license(history, CALLING.name)
    set_price(poller.engine, calling, Decimal("12.50"), "EUR")
    assert printed() != before


def test_a_decision_names_the_place_only_where_two_licenses_bear_the_name(poller, tmp_path):
    full, other = (license_of("Webex Meetings Suite", site=f"{place}.webex.example") for place in ("acme", "branch"))
    poller.poll("2026-10-01 06:00", {full: (10, 10), other: (10, 5), CALLING: (10, 10)})
    text = seen(read(poller.engine, write_report, tmp_path / "out", now=NOW).index)
    assert "Webex Meetings Suite (acme.webex.example · Sub100001) has run out: 10 of 10" in text
    assert "Webex Calling - Professional has run out: 10 of 10" in text


def test_all_of_it_goes_into_one_file(entered, tmp_path):
    text = seen(read(entered, write_report, tmp_path, layout=SINGLE_FILE, now=NOW).index)
    for words in ("What needs a decision", "True Forward of Sub100002", "What lies ahead", "Polls a day"):
        assert words in text
