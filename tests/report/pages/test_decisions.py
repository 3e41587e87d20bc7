"""A review that has everything to show: decisions, forecast, True Forward, money, changes and notes."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from entering import enter, set_price
from histories import Poller, license_of
from reading import read
from shown_text import shown

from webexhist.contract_kinds import ContractKind
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
SPARE = license_of("Webex Suite <b>spare</b>", subscription="Sub100002")
ROOMS = license_of("Webex Room Kit", subscription="Sub100002")


def write_history(poller: Poller) -> None:
    """A poll a day from 1 October 2025 to 31 October 2026.

    Calling: 100 purchased, 50 more on 1 May 2026; assigned 60, one more every fifth day, 139 at the end.
    Agent: 13 of 10 assigned. Spare: 20 of 100 assigned. Room kits: 40 of 50 assigned, 45 until 14 October 2026.
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


def enter_everything(engine) -> None:
    flex = Contract("Sub100001", ContractKind.EA, date(2025, 12, 1), 36, name="Flex 3.0 Example")
    enter(engine, [flex, Contract("Sub100002", ContractKind.NAMED, date(2025, 12, 15), 12)])
    with reading(engine) as history:
        calling, spare = (find_license(history, license_.webex_id) for license_ in (CALLING, SPARE))
    set_price(engine, calling, Decimal("12.50"), "EUR")
    set_price(engine, spare, Decimal("2.00"), "EUR")
    add_note(engine, date(2026, 3, 2), "Offices <i>closed</i>")
    add_step(engine, date(2026, 5, 1), "50 units bought", calling)


@pytest.fixture(scope="module")
def entered(tmp_path_factory):
    engine = open_database(tmp_path_factory.mktemp("entered") / "history.db")
    write_history(Poller(engine))
    enter_everything(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def folder(entered, tmp_path_factory) -> Path:
    return read(entered, write_report, tmp_path_factory.mktemp("report") / "out", now=NOW).index.parent


def page_of(folder: Path, name: str) -> Path:
    (page,) = folder.glob(f"license-{name}-*.html")
    return page


def test_what_needs_a_decision_comes_first_and_the_most_urgent_first(folder):
    text = shown(folder / "index.html")
    decisions = text[text.index("What needs a decision") : text.index("Licenses Of")]
    # Of 13 assigned 12 are allowed: over since the first day, and so on the last day of the eleventh month.
    assert (
        "over Contact Center Agent is over the allowance by 1 unit: 13 of 10 purchased units are assigned,"
        " 3 above the purchase, of which 20% allows 2. no price · no day · open · 02f1766fa9"
        " true forward Contact Center Agent was over the allowance by 1 unit on 31 October 2026, with 13 of 10"
        " purchased units assigned, 3 above the purchase: a True Forward is due on 1 December 2026; your agreement"
        " decides which of both is invoiced. no price · due 1 Dec 2026 · open · 02f2ef49cc"
    ) in decisions
    # Of the 80 that are available some may be needed in the next term; 5 % stay on top of what suffices.
    (spare,) = re.findall(
        r"renewal Webex Suite <b>spare</b> renews on 15 December 2026 in Sub100002: reduce by (\d+) units;", decisions
    )
    assert 70 <= int(spare) <= 79
    assert f" −{int(spare) * 24:,}.00 EUR a year · due 31 Oct 2026 · open" in decisions


def test_costs_never_count_a_missing_price_as_zero(folder):
    text = shown(folder / "index.html")
    of_it = "297.50 EUR of it for units that nobody needed in the last four weeks"
    assert f"They cost 2,075.00 EUR a month, {of_it}." in text
    assert "No price is set for Contact Center Agent, Webex Room Kit. The costs leave them out." in text
    assert "1,875.00 EUR" in text and "200.00 EUR" in text and "0.00 EUR fine" not in text


def test_true_forward_is_shown_as_an_account_of_every_agreement(folder):
    text = shown(folder / "index.html")
    assert "True Forward of Flex 3.0 Example Sub100001: measured next on 31 Oct 2027, 365 days after the end" in text
    # The result first, then limit, purchase, allowance and assigned, and what was measured last.
    assert re.search("Contact Center Agent Sub100001 likely 1 over over: .* 12 10 20% 13 1 over", text)
    assert re.search("Webex Calling - Professional Sub100001 likely .* 180 150 20% 139 within", text)
    assert "True Forward of Sub100002" not in text


def test_the_bridge_leads_from_opening_to_closing(folder):
    text = shown(folder / "index.html")
    # 1 October is day 365: 60 + 73; the day before 60 + 72. 31 October is day 395: 60 + 79.
    assert "Webex Calling - Professional Sub100001 150 0 0 150 132 +7 0 139" in text
    assert "Webex Room Kit Sub100002 50 0 0 50 45 0 −5 40" in text
    assert "All 4 licenses 310 0 0 310 210 +7 −5 212" in text


def test_a_license_page_shows_what_lies_ahead(folder):
    text = shown(page_of(folder, "webex-calling-professional"))
    assert (
        "1,875.00 EUR a month for all purchased units, 12.50 each; 137.50 for those that nobody needed in the last"
        " four weeks." in text
    )
    assert "True Forward Measured on 31 Oct 2027, in 365 days:" in text
    assert "Last measured on 31 Oct 2026 with 139 units assigned, of 180 within the allowance." in text
    assert "Renewal None within 120 days." in text
    # 41 are left of 180, a fifth of one a day: 205 days.
    assert re.search(
        r"All 180 units of purchase and allowance assigned: [^;]*before the renewal on 1 Dec 2028,"
        r" less than 1 in 20 within 90 days; 8 of 10: \d+ \w+ 2027 – \d+ \w+ 2027, in the middle \d+ May 2027\.",
        text,
    )
    assert re.search(r"Rests on 396 days.*?\. Its ranges of the last year held \d+ of 12\.", text)


def test_notes_are_numbered_alike_on_every_page(folder):
    index = shown(folder / "index.html")
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
        text = shown(page)
        versions = r"webexhist \d+\.\d+\.\d+, database schema [\w.]+\. Checksum of the figures: "
        assert re.search(versions, text), page.name
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
    full, other = (
        replace(license_of("Webex Meetings Suite", subscription=subscription), code=code)
        for subscription, code in (("Sub100001", "EE"), ("Sub100002", "MC"))
    )
    poller.poll("2026-10-01 06:00", {full: (10, 10), other: (10, 5), CALLING: (10, 10)})
    text = shown(read(poller.engine, write_report, tmp_path / "out", now=NOW).index)
    assert "Webex Meetings Suite (Sub100001) has run out: 10 of 10" in text
    assert "Webex Calling - Professional has run out: 10 of 10" in text


@pytest.mark.parametrize(
    ("first", "said"),
    [
        ({}, ": not known how many units were assigned."),
        ({CALLING: (None, 139)}, " with 139 units assigned, not known of how many allowed."),
        ({CALLING: (150, 139)}, " with 139 units assigned, of 180 within the allowance."),
    ],
)
def test_a_measurement_of_which_polls_knew_not_all_is_told_as_far_as_they_did(poller, tmp_path, first, said):
    """Also where the first poll came after it: the agreement began a year before, the day is 30 September."""
    poller.poll("2026-09-30 06:00", first)
    poller.poll("2026-10-02 06:00", {CALLING: (150, 140)})
    enter(poller.engine, [Contract("Sub100001", ContractKind.EA, date(2025, 11, 1), 36)])
    index = read(poller.engine, write_report, tmp_path / "out", now=NOW).index
    assert f"Last measured on 30 Sep 2026{said}" in shown(page_of(index.parent, "webex-calling-professional"))


def test_all_of_it_goes_into_one_file(entered, tmp_path):
    text = shown(read(entered, write_report, tmp_path, layout=SINGLE_FILE, now=NOW).index)
    for words in ("What needs a decision", "True Forward of Flex 3.0", "What lies ahead", "Polls a day"):
        assert words in text
