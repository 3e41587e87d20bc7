"""The pages as people meet them: on a screen, a phone, in the dark and on paper."""

import re
from itertools import pairwise

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]  # one browser, in one process
READOUT = ".readout"


def test_pages_open_from_the_file_without_a_message_or_a_request(open_page, folder, names):
    opened = open_page("index.html")
    for name in names:
        opened.go(name)
        assert opened.messages == [], name
        assert opened.requests == [(folder / name).as_uri()], name


def test_what_is_smuggled_into_a_page_does_not_run(open_page):
    opened = open_page("index.html")
    opened.page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'ran = true'}))"
    )
    assert opened.page.evaluate("'ran' in window") is False
    assert "Content Security Policy" in opened.messages[0]


def test_axe_finds_nothing_on_any_page_that_keeps_anybody_out(open_page, names, calling_page, mailed):
    opened = open_page("index.html")
    for name in (*(name for name in names if name != calling_page), mailed):
        opened.go(name)
        assert violations(opened.page) == [], name


def test_axe_finds_the_dark_pages_readable_too(open_page, calling_page):
    opened = open_page("index.html", color_scheme="dark")
    assert violations(opened.page) == []
    opened.go(calling_page)
    assert violations(opened.page) == []


def violations(page) -> list[tuple[str, str]]:
    """Rules of axe-core that a page breaks, each with the first element that does."""
    from axe_playwright_python.sync_playwright import Axe

    broken = Axe().run(page).response["violations"]
    return [(rule["id"], rule["nodes"][0]["html"]) for rule in broken]


@pytest.mark.parametrize("width", [390, 320])
def test_a_phone_needs_no_sideways_scrolling(open_page, names, mailed, width):
    opened = open_page("index.html", width=width)
    for name in (*names, mailed):
        opened.go(name)
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= width, name


def test_every_link_leads_to_a_page(open_page, folder):
    page = open_page("index.html").page
    page.get_by_role("link", name="Webex Calling - Professional").first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Webex Calling - Professional"
    page.get_by_role("link", name="Activity").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Activity"


def test_pointing_at_a_chart_shows_the_row_of_the_table(open_page, calling_page):
    page = open_page(calling_page).page
    box = page.locator(".pointer").bounding_box()
    page.mouse.move(box["x"] + box["width"] - 1, box["y"] + 50)
    readout = page.locator(READOUT).inner_text()
    assert readout == "31 Oct 2026: Assigned 197 · Lowest 195 · Highest 197 · Purchased 200 · Available 3"

    cells = page.locator("#days tbody tr").last.locator("th, td").all_text_contents()
    assert cells == ["31 Oct 2026", "197", "195", "197", "200", "3"]
    assert page.locator(".cursor").is_visible()

    page.mouse.move(0, 0)
    assert page.locator(READOUT).inner_text() == "Point at a day, or use the arrow keys"
    assert not page.locator(".cursor").is_visible()


def test_arrow_keys_walk_from_day_to_day_and_over_gaps(open_page, calling_page):
    page = open_page(calling_page).page
    slider = page.get_by_role("slider")
    slider.focus()
    assert page.locator(READOUT).inner_text().startswith("31 Oct 2026:")
    page.keyboard.press("ArrowLeft")
    assert page.locator(READOUT).inner_text().startswith("30 Oct 2026:")
    page.keyboard.press("Home")
    assert slider.get_attribute("aria-valuetext").startswith("1 Oct 2025:")
    page.keyboard.press("ArrowLeft")
    assert slider.get_attribute("aria-valuenow") == "0"
    page.keyboard.press("End")
    for _ in range(73):
        page.keyboard.press("ArrowLeft")
    assert page.locator(READOUT).inner_text().startswith("11 Aug 2026:")


def test_pointing_into_a_gap_shows_the_nearest_day(open_page, calling_page):
    page = open_page(calling_page).page
    box = page.locator(".pointer").bounding_box()
    fourteenth_of_august = 317.5 / int(page.locator("figure").get_attribute("data-length"))
    page.mouse.move(box["x"] + box["width"] * fourteenth_of_august, box["y"] + 50)
    assert page.locator(READOUT).inner_text().startswith("11 Aug 2026:")


def test_without_scripts_nothing_is_lost_but_pointing(open_page, calling_page):
    page = open_page(calling_page, java_script_enabled=False).page
    assert page.locator("figure svg path.line").count() == 1
    assert page.locator(".pointer").count() == 0
    page.locator("summary", has_text="By day").click()
    assert page.get_by_text("13 Sep 2026").is_visible()


def test_the_lines_of_a_chart_are_where_their_axis_says(open_page, calling_page):
    page = open_page(calling_page).page
    drawn = page.locator(".plot .line").evaluate(
        """path => {
            const box = path.getBBox(), onto = path.getScreenCTM();
            const across = (x) => onto.a * x + onto.e;
            return {left: across(box.x), right: across(box.x + box.width), top: onto.d * box.y + onto.f};
        }"""
    )
    plot = page.locator(".pointer").bounding_box()
    zero = page.locator(".plot .base").bounding_box()["y"]
    highest = page.locator(".plot .grid").last.bounding_box()["y"]
    assert page.locator(".plot .value").last.text_content() == "250"
    assert drawn["top"] == pytest.approx(zero + (highest - zero) * 197 / 250, abs=1)
    assert drawn["left"] == pytest.approx(plot["x"], abs=0.5)
    days_shown = int(page.locator("figure").get_attribute("data-length"))
    assert days_shown > 396, "the forecast lies ahead"
    assert drawn["right"] == pytest.approx(plot["x"] + plot["width"] * 396 / days_shown, abs=0.5)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_follow_the_color_scheme(open_page, scheme):
    page = open_page("index.html", color_scheme=scheme).page
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 23, 26)"}[scheme]


def test_paper_is_light_whatever_the_screen(open_page, calling_page):
    page = open_page(calling_page, color_scheme="dark").page
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(22, 25, 29)"


def sheets(page, paper: str) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=paper)))


@pytest.mark.parametrize(("paper", "of_index"), [("A4", 3), ("Letter", 3)])
def test_the_printed_report_has_the_sheets_it_should(open_page, mailed, calling_page, paper, of_index):
    opened = open_page(calling_page)
    assert sheets(opened.page, paper) == 1
    opened.go("index.html")
    assert sheets(opened.page, paper) == of_index
    opened.go(mailed)
    assert sheets(opened.page, paper) >= 12 + of_index, "every page begins on a sheet of its own"


def test_paper_repeats_the_heads_of_tables_and_cuts_no_row_or_chart(open_page, calling_page):
    page = open_page(calling_page).page
    page.emulate_media(media="print")
    style = "(element, name) => getComputedStyle(element)[name]"
    assert page.locator(".months thead").evaluate(style, "display") == "table-header-group"
    assert page.locator("tbody tr").first.evaluate(style, "breakInside") == "avoid"
    assert page.locator("figure").evaluate(style, "breakInside") == "avoid"


def test_paper_cuts_no_contract_but_one_with_the_plans_of_many_products(open_page):
    page = open_page("index.html").page
    page.emulate_media(media="print")
    styles = page.locator(".contracts tbody tr").evaluate_all(
        "these => these.map(each => getComputedStyle(each).breakInside)"
    )
    assert set(styles) == {"avoid"}


def test_dates_stay_in_one_line_and_what_stands_below_figures_too(open_page):
    page = open_page("index.html").page
    lines = page.locator(".contracts .date").evaluate_all("these => these.map(each => each.getClientRects().length)")
    assert set(lines) == {1}
    tops = page.locator(".five dd:not(:has(.amount + .amount)) > small").evaluate_all(
        "these => these.map(each => Math.round(each.getBoundingClientRect().top))"
    )
    assert max(tops) - min(tops) <= 1


def test_paper_leaves_out_what_only_a_screen_can_use(open_page, calling_page):
    page = open_page(calling_page).page
    for left_out in ("details.sql", "details.days", "nav", ".readout", ".pointer"):
        assert page.locator(left_out).first.is_visible(), left_out
    page.emulate_media(media="print")
    for left_out in ("details.sql", "details.days", "nav", ".readout", ".pointer"):
        assert not page.locator(left_out).first.is_visible(), left_out
    assert page.locator(".checksum").is_visible()


def test_labels_at_the_line_ends_do_not_cover_each_other(open_page, calling_page):
    page = open_page(calling_page).page
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        boxes = [label.bounding_box() for label in page.locator("text.end:not(.now), text.word").all()]
        boxes.sort(key=lambda box: box["y"])
        assert len(boxes) == 4
        for upper, lower in pairwise(boxes):
            assert upper["y"] + 0.6 * upper["height"] <= lower["y"], media


def test_sql_unfolds(open_page):
    page = open_page("index.html").page
    fold = page.locator("details.sql").first
    statement = fold.locator("pre").first
    assert not statement.is_visible()
    fold.locator("summary").click()
    assert statement.inner_text().startswith("-- Licenses\nSELECT license.webex_id, version.name")
