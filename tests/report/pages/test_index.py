"""The page to decide from, as it is written."""

import re

from histories import license_of

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
