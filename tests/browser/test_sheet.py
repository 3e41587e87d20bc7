"""One sheet, whatever stands on it: the longest names, amounts of thirteen digits, more rows than it has room for."""

import re
import shutil
from datetime import datetime, timedelta

import pytest
from imported_histories import history, seats
from typed import Typed

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]
LONG = "Collaboration Flex 3.0 Enterprise Agreement for all Subsidiaries Worldwide including Cloud Connected Audio"
WIDER = """these => [...document.querySelectorAll(these)]
  .filter(each => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display != 'none')
  .map(each => each.textContent.trim())"""
"""What is wider than the place that it has."""
ARABIC = "ترخيص الاجتماعات العربية " * 6


@pytest.fixture(scope="module")
def crowded(sqlite_template, tmp_path_factory):
    """The sheet of a customer with 22 products and six subscriptions."""
    typed = Typed(tmp_path_factory.mktemp("crowded"), datetime.fromisoformat("2026-11-01T12:00:00+00:00"))
    shutil.copy(sqlite_template, typed.database)
    rows = [
        seats(
            99_000_000 + number,
            99_000_000 + number + (3_000 if number % 2 else -20),
            code=f"P{number}",
            name=f"{(LONG, ARABIC, 'Meetings')[number % 3]} {number}",
            subscription=f"Sub{number % 6}",
        )
        for number in range(22)
    ]
    organization = {"id": "11111111-2222-3333-4444-555555555555", "name": f"The Company of {LONG} and {ARABIC}"}
    lines = history(
        "2026-08-01 18:00",
        "2026-10-31 18:00",
        lambda _: rows,
        every=timedelta(days=3),
        organization=organization,
    )
    kinds, prices = ("ea", "named"), ("9234.56 --currency EUR", "9234.56 --currency USD", "9234.567 --currency KWD")
    typed.entered(
        lines,
        *(
            f"contract set Sub{number} --kind {kinds[number % 2]} --starts 2023-11-{15 + number} --term 36"
            f" --name '{LONG}'"
            for number in range(6)
        ),
        *(f"contract price Sub{number} {prices[number % 3]}" for number in range(6)),
        "report --month 2026-10 --out out",
    )
    return typed.folder / "out" / "executive.html"


def test_it_prints_on_one_sheet_of_either_paper_with_nothing_cut_off(chromium, crowded):
    page = chromium.new_page()
    page.goto(crowded.as_uri())
    for paper, width, height in (("A4", 210, 297), ("Letter", 215.9, 279.4)):
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=paper))) == 1
        # What the margins of the sheet leave, in the pixels of CSS.
        page.set_viewport_size({"width": round((width - 24) * 96 / 25.4), "height": round((height - 23) * 96 / 25.4)})
        page.emulate_media(media="print")
        sheet = page.locator("article")
        assert sheet.evaluate("each => each.scrollHeight <= each.clientHeight"), paper
        assert page.evaluate(WIDER, ".short td:not(.what)") == [], paper
    page.close()


def test_figures_of_thirteen_digits_stay_in_their_columns(chromium, crowded):
    for width, media in ((1280, "screen"), (703, "print"), (390, "screen")):
        page = chromium.new_page(viewport={"width": width, "height": 900})
        page.emulate_media(media=media)
        page.goto((crowded.parent / "index.html").as_uri())
        assert page.evaluate(WIDER, ".judged td, .five > div, .sums td") == [], (width, media)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.close()


def test_it_is_linked_from_the_index_and_fits_a_phone(chromium, crowded):
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    page.goto((crowded.parent / "index.html").as_uri())
    page.get_by_role("link", name="One sheet").click()
    assert page.url == crowded.as_uri()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()
