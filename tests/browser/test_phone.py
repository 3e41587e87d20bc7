"""Sixty licenses on a phone: short enough to be read, with nothing lost."""

import re
import shutil
from datetime import datetime, timedelta

import pytest
from imported_histories import Row, history, seats
from typed import Typed

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]
PHONE = {"width": 390, "height": 844}
LONG = "Webex Calling Professional for Knowledge Workers of the International Department of Telecommunications"


@pytest.fixture(scope="module")
def index(sqlite_template, tmp_path_factory):
    """The index of a customer with 40 products, 20 of which stand on two sites, and a decision on each."""
    typed = Typed(tmp_path_factory.mktemp("sixty"), datetime.fromisoformat("2026-11-01T12:00:00+00:00"))
    shutil.copy(sqlite_template, typed.database)

    def rows(at: datetime) -> list[Row]:
        return [
            seats(
                100,
                (115, 60)[number % 2] - at.month,
                code=f"P{number % 40}",
                name=f"{LONG if number % 40 == 7 else 'Webex Product'} {number % 40}",
                subscription=f"Sub{number % 5}",
                site=f"site{number}.webex.com",
            )
            for number in range(60)
        ]

    lines = history("2026-08-01 18:00", "2026-10-31 18:00", rows, every=timedelta(days=3))
    kinds = ("ea", "named", "named", "suite-ea")
    typed.entered(
        lines,
        *(
            f"contract set Sub{number} --kind {kind} --starts 2023-12-20 --term 36"
            for number, kind in enumerate(kinds)
        ),
        "contract price Sub1 1234.56 --currency EUR",
        "report --month 2026-10 --out out",
    )
    return typed.folder / "out" / "index.html"


def sheets(page) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))


def test_it_is_at_most_fourteen_screens_high_and_its_long_parts_unfold(chromium, index):
    page = chromium.new_page(viewport=PHONE)
    page.goto(index.as_uri())
    assert page.evaluate("document.documentElement.scrollHeight") <= 12_000
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    decisions = page.locator(".decisions li")
    assert decisions.count() > 30
    assert [each.is_visible() for each in decisions.all()].count(True) == 10
    page.get_by_text("more decisions").click()
    assert all(each.is_visible() for each in decisions.all())
    page.close()


def test_a_wide_screen_and_paper_have_nothing_folded(chromium, index):
    page = chromium.new_page()
    page.goto(index.as_uri())
    assert page.locator("details.more:not([open])").count() == 0
    assert page.locator("details.more > summary").first.is_hidden()
    printed = sheets(page)
    page.set_viewport_size(PHONE)
    page.reload()
    assert page.locator("details.more[open]").count() == 0
    assert sheets(page) == printed
    page.set_viewport_size({"width": 900, "height": 1200})
    page.reload()
    assert page.locator("details.more[open]").count() == 0
    assert page.evaluate("document.documentElement.scrollHeight") <= 12_000
    page.close()


def test_without_scripts_everything_stands_open(chromium, index):
    page = chromium.new_page(viewport=PHONE, java_script_enabled=False)
    page.goto(index.as_uri())
    assert page.locator(".decisions li").last.is_visible()
    assert page.locator(".bridge").is_visible()
    page.close()


def test_the_one_sheet_needs_no_scrolling_inside_of_its_tables(chromium, index):
    page = chromium.new_page(viewport=PHONE)
    page.goto((index.parent / "executive.html").as_uri())
    assert page.locator(".short").count() == 3
    wider = page.locator(".wide").evaluate_all("these => these.filter(each => each.scrollWidth > each.clientWidth)")
    assert wider == []
    assert page.locator(".short tbody td[data-label='Due']").first.is_visible()
    page.close()


def test_a_command_to_copy_breaks_in_no_option_and_no_money_is_without_its_span(chromium, index):
    page = chromium.new_page(viewport=PHONE)
    page.goto(index.as_uri())
    options = page.locator(".ready .unbroken")
    assert options.first.inner_text() == "--kind"
    assert options.evaluate_all("these => these.every(each => each.getClientRects().length === 1)")
    ready = page.locator(".ready").text_content()
    assert ready == "webexhist contract set Sub4 --kind KIND --starts YYYY-MM-DD --term MONTHS\n"
    label = page.locator(".judged td.cost").first.evaluate("each => getComputedStyle(each, '::before').content")
    assert "Cost a month" in label
    page.close()


@pytest.fixture(scope="module")
def reviews(sqlite_template, tmp_path_factory):
    """The page over three months of two customers."""
    typed = Typed(tmp_path_factory.mktemp("reviews"), datetime.fromisoformat("2026-11-01T12:00:00+00:00"))
    shutil.copy(sqlite_template, typed.database)
    customers = [
        {"id": f"{number}1111111-2222-3333-4444-555555555555", "name": f"Customer {number}"} for number in (1, 2)
    ]
    lines = [
        line
        for customer in customers
        for line in history(
            "2026-08-02 18:00",
            "2026-10-31 18:00",
            lambda _: [seats(100, 60)],
            every=timedelta(days=3),
            organization=customer,
        )
    ]
    typed.entered(lines, "report --month all --out out")
    return typed.folder / "out" / "index.html"


def test_the_page_over_months_names_each_customer_below_the_other_and_fits_a_phone(chromium, reviews):
    page = chromium.new_page()
    page.goto(reviews.as_uri())
    names = page.locator(".reviews .organization")
    assert names.all_inner_texts() == ["Customer 1", "Customer 2"] * 3
    left = "these => these.map(each => { const words = document.createRange(); words.selectNodeContents(each);"
    assert len(set(names.evaluate_all(f"{left} return words.getBoundingClientRect().left; }})"))) == 1
    page.set_viewport_size(PHONE)
    assert page.locator(".wide").evaluate("each => each.scrollWidth <= each.clientWidth")
    assert page.evaluate("document.documentElement.scrollHeight") <= 1_500
    page.close()
