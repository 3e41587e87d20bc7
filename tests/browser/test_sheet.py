"""One sheet, whatever stands on it: the longest names, amounts of eleven digits, more rows than it has room for."""

import re
import shutil
from datetime import datetime, timedelta

import pytest
from imported_histories import history, seats
from typed import Typed

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]
LONG = "Collaboration Flex 3.0 Enterprise Agreement for all Subsidiaries Worldwide including Cloud Connected Audio"
ARABIC = "ترخيص الاجتماعات العربية " * 6


@pytest.fixture(scope="module")
def crowded(sqlite_template, tmp_path_factory):
    """The sheet of a customer with 22 products and six subscriptions."""
    typed = Typed(tmp_path_factory.mktemp("crowded"), datetime.fromisoformat("2026-11-01T12:00:00+00:00"))
    shutil.copy(sqlite_template, typed.database)
    rows = [
        seats(
            1_000_000 + number,
            1_000_000 + number + (3_000 if number % 2 else -20),
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
    kinds, prices = ("ea", "named"), ("1234.56 --currency EUR", "1234.56 --currency USD", "1234.567 --currency KWD")
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
    page.close()


def test_it_is_linked_from_the_index_and_fits_a_phone(chromium, crowded):
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    page.goto((crowded.parent / "index.html").as_uri())
    page.get_by_role("link", name="One sheet").click()
    assert page.url == crowded.as_uri()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()
