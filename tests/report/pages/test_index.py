"""The page to decide from, as it is written."""

import re

from histories import Poller, license_of
from shown_text import shown

from webexhist.snapshot import Organization

SUBSCRIPTIONS = [f"Sub{number}" for number in range(8)]
TERMS = ("--kind", "ea", "--starts", "2024-12-01", "--term", "36", "--judged-on", "2025-12-01")


def test_what_is_due_on_one_day_is_named_in_one_order_whenever_it_is_written(
    poller, webexhist, tmp_path, monkeypatch
):
    monkeypatch.setenv("WEBEXHIST_DATABASE", str(poller.engine.url.database))
    poller.poll(
        "2026-10-31 06:00", {license_of(f"Webex {each}", subscription=each): (100, 80) for each in SUBSCRIPTIONS}
    )
    for each in SUBSCRIPTIONS:
        webexhist("contract", "set", each, *TERMS)
    webexhist("report", "--month", "2026-10", "--out", tmp_path / "out")
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    due = re.findall(r'<td class="words" data-label="Next">(.*?)</td>', page)
    assert [re.findall(r"<small>([^<]*)</small>", each) for each in due] == [
        ["measurement day", "anniversary"] for _ in SUBSCRIPTIONS
    ]


def test_what_is_not_polled_any_more_is_decided_on_the_page_of_the_only_one_that_is(poller, webexhist, tmp_path):
    database = ("--database", poller.engine.url.database)
    beta = Poller(poller.engine, Organization("beta", "Beta Example"))
    for day in range(1, 10):
        beta.poll(f"2026-09-{day:02} 06:00", {license_of("Webex Suite"): (10, 5)})
    for day in range(1, 32):
        poller.poll(f"2026-10-{day:02} 18:00", {license_of("Webex Suite"): (10, 5)})
    (decision,) = webexhist("decisions", "--month", "2026-10", "--json", *database).json
    assert decision["kind"] == "not_polled"
    webexhist("report", "--month", "2026-10", "--out", tmp_path / "out", *database)
    index, executive = (shown(tmp_path / "out" / f"{name}.html") for name in ("index", "executive"))
    for page in (index, executive):
        assert "Decisions open 1 1 of what is not polled" in page
        assert "Nothing." not in page
    assert f"What needs a decision not polled {decision['sentence']}" in index
    assert "What needs a decision 1 decision on the first page ." in executive
    alone = ("--org", "Acme Example", "--out", tmp_path / "alone")
    webexhist("report", "--month", "2026-10", *alone, *database)
    assert "Decisions open 0 " in shown(tmp_path / "alone" / "index.html")
