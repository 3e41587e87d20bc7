"""No label of a chart stands on a line, a band, hatching or another label, whatever the history is like.

Charts of made-up histories are looked at as they are drawn: at every point of a label's letters the browser says what
lies there.
"""

import random
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from imported_histories import Row, history, seats
from typed import Typed

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]
FIRST, LAST = datetime.fromisoformat("2025-10-01T18:00:00+00:00"), "2026-10-31 18:00"
LICENSES = 36
WIDEST = "DejaVu Sans"
"""Of the fonts that a page may be shown in."""
SIZES = (8, 30, 240, 1_900, 25_000, 900_000, 7_654_321)

SHAPES: dict[str, Callable[[random.Random, float], float]] = {
    "at rest": lambda chance, year: 0.6,
    "rising": lambda chance, year: 0.4 + 0.5 * year,
    "rising over its limit": lambda chance, year: 0.6 + 0.5 * year,
    "falling": lambda chance, year: 0.9 - 0.6 * year,
    "near nothing": lambda chance, year: 0.02 + 0.02 * year,
    "full": lambda chance, year: 1.0,
    "anything": lambda chance, year: chance.uniform(0, 1),
    "a step down": lambda chance, year: 0.9 if year < 0.7 else 0.3,
    "a late step up": lambda chance, year: 0.5 if year < 0.97 else 0.95,
    "restless": lambda chance, year: 0.7 + 0.1 * chance.uniform(-1, 1),
    "just below": lambda chance, year: 0.96 + 0.02 * chance.uniform(-1, 1),
    "far above": lambda chance, year: 1.7 + 0.1 * year,
}

MET = """() => {
    const met = [];
    const letters = (text) => {
        const range = document.createRange();
        range.selectNodeContents(text);
        const box = range.getBoundingClientRect(), cut = 0.2 * box.height;
        return {left: box.left + 1, right: box.right - 1, top: box.top + cut, bottom: box.bottom - cut};
    };
    const isSeen = (text) => text.getClientRects().length && getComputedStyle(text).display !== "none";
    const drawn = "path, line.flag, line.measurement, line.leader, rect:not(.month), circle.now";
    for (const plot of document.querySelectorAll(".plot")) {
        plot.scrollIntoView({block: "center"});
        const texts = [...plot.querySelectorAll("text")].filter(isSeen);
        const boxes = texts.map(letters);
        texts.forEach((text, one) => {
            const box = boxes[one], says = `${text.getAttribute("class")} "${text.textContent}"`;
            if (box.right > document.documentElement.clientWidth || box.left < 0) met.push(`${says} leaves the page`);
            for (let other = one + 1; other < texts.length; other++) {
                const to = boxes[other];
                if (box.left < to.right && to.left < box.right && box.top < to.bottom && to.top < box.bottom)
                    met.push(`${says} on "${texts[other].textContent}"`);
            }
            if (text.matches(".value, .time, .year, text.flag")) return;
            const found = new Set();
            for (let x = box.left; x <= box.right; x++)
                for (let y = box.top; y <= box.bottom; y++)
                    for (const element of document.elementsFromPoint(x, y))
                        if (plot.contains(element) && element.matches(drawn))
                            found.add(element.getAttribute("class"));
            for (const what of found) met.push(`${says} on ${what || "hatching"}`);
        });
    }
    return met;
}"""


def made_up(number: int) -> Callable[[datetime], Row | None]:
    """A license: how much is purchased, what is assigned of it day by day, and when it is not known or not listed."""
    chance = random.Random(number)
    size, shape = SIZES[number % len(SIZES)], list(SHAPES.values())[number % len(SHAPES)]
    levels = sorted(chance.sample(range(20, 390), chance.choice((0, 0, 1, 2, 4))))
    purchased = [max(1, round(size * chance.uniform(0.6, 1.1))) for _ in levels] + [size]
    unknown = range(begin := chance.choice((400, 200, 380)), begin + chance.choice((12, 60)))
    listed_from = chance.choice((0, 0, 0, 150, 380))

    def row(at: datetime) -> Row | None:
        day = (at - FIRST).days
        if day < listed_from:
            return None
        assigned = None if day in unknown else max(0, round(size * shape(chance, day / 395)))
        return seats(
            purchased[sum(level <= day for level in levels)],
            assigned,
            code=f"P{number}",
            name=f"Product {number}",
            subscription=f"Sub{number % 4}",
        )

    return row


@pytest.fixture(scope="module")
def folder(sqlite_template, tmp_path_factory):
    """A report of many licenses, no two alike; half of them under agreements, one measured soon, one long ago."""
    typed = Typed(tmp_path_factory.mktemp("labels"), datetime.fromisoformat("2026-11-01T12:00:00+00:00"))
    shutil.copy(sqlite_template, typed.database)
    licenses = [made_up(number) for number in range(LICENSES)]

    def rows(at: datetime) -> list[Row]:
        return [row for license_ in licenses if (row := license_(at)) is not None]

    typed.entered(
        history(f"{FIRST:%Y-%m-%d %H:%M}", LAST, rows, every=timedelta(hours=12)),
        "contract set Sub0 --kind ea --starts 2024-01-15 --term 36",
        "contract set Sub1 --kind ea --starts 2024-10-20 --term 36 --allowance 40",
        "contract set Sub2 --kind named --starts 2023-12-20 --term 36",
        "note add first --on 2026-05-04",
        "note add second --on 2026-05-09",
        "note add third --on 2026-09-20",
        "note add fourth --on 2026-10-28",
        "report --month 2026-10 --out out",
    )
    return typed.folder / "out"


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("width", "media", "font"),
    [
        (390, "screen", WIDEST),
        (390, "screen", None),
        (768, "screen", WIDEST),
        (1280, "screen", None),
        (703, "print", WIDEST),
        (703, "print", None),
    ],
)
def test_no_label_meets_what_is_drawn(chromium, folder, width, media, font):
    page = chromium.new_page(viewport={"width": width, "height": 900}, bypass_csp=True)
    page.emulate_media(media=media)
    met, labels = [], 0
    for file in sorted(folder.glob("license-product-*.html")):
        page.goto(file.as_uri())
        if font:
            page.add_style_tag(content=f'body {{ font-family: "{font}" !important; }}')
        labels += page.locator("text.now").count()
        met += [f"{file.name}: {what}" for what in page.evaluate(MET)]
    page.close()
    assert labels > LICENSES / 2, "the others are not known today, or not forecast"
    assert not met, "\n".join(met)


def test_what_a_chart_says_is_looked_at(chromium, folder):
    """The look itself: a label that is moved onto its line is noticed."""
    page = chromium.new_page()
    page.goto(next(folder.glob("license-product-1-*.html")).as_uri())
    page.evaluate(
        "document.querySelector('text.now').setAttribute('y', document.querySelector('circle').getAttribute('cy'))"
    )
    assert page.evaluate(MET)
    page.close()
