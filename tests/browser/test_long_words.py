"""A text of others without a space in it goes on in the next line, wherever it stands, and widens no page."""

import pytest
from imported_histories import history, seats
from typed import Typed

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

LONG = "W" * 300
JOINED = "ำ" * 60 + "क\u094d" * 60 + "\u1100" * 60 + "👩\u200d" * 40
"""Lines end between clusters of characters, of which each of these would be one."""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Names, notes, reasons and errors of 300 letters that are one word."""

    def rows(at):
        return [
            seats(100, 104, name=LONG, subscription=LONG[:200], site=LONG),
            seats(10, 12, name=LONG, subscription=LONG[:150]),  # told from the first by its place
            seats(10, 9, name="Suite", code="EE"),
            seats(10, 12, name=JOINED, code="MS"),
        ]

    failed = [{"collector": "rooms", "status": "failed", "error": LONG}]
    typed = Typed(tmp_path_factory.mktemp("long"))
    organization = {"id": "11111111-2222-3333-4444-555555555555", "name": LONG}
    typed.entered(
        history("2026-10-01", "2026-10-31 18:00", rows, organization=organization, collections=failed),
        f"contract set {LONG[:200]} --kind ea --starts 2025-11-15 --term 36 --name {LONG}",
        f"note add {LONG} --on 2026-10-10",
        f"note add {LONG} --on 2026-10-12 --license Suite",
        f"note add {JOINED} --on 2026-10-14",
        f'db void --snapshot "2026-10-05 06:00" --note {LONG} --by {LONG[:100]}',
    )
    out = typed.folder / "report"
    assert typed("report", "--month", "2026-10", "--out", out).code == 0
    return sorted(out.glob("*.html"))


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_no_page_is_wider_than_its_window(chromium, told, width):
    page = chromium.new_context(viewport={"width": width, "height": 900}).new_page()
    wide = []
    for file in told:
        page.goto(file.as_uri())
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(file.name)
    page.context.close()
    assert len(told) > 4
    assert wide == []
