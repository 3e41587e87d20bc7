"""Renewals of which nothing can be proposed: the terminal, monitors and mails say what the page says."""

from datetime import UTC, datetime

import pytest
from customer_cases import database, renewal_on_thin_data

from webexhist.digesting import due_digest
from webexhist.export.digest_text import body, message
from webexhist.store.opening.database import open_existing
from webexhist.store.opening.history import reading

THIN = "thin"
CASES = {THIN: renewal_on_thin_data()}
SAID = (
    "Webex Calling - Professional renews on 20 December 2026 in Sub1-thin, and there is no proposal: only 21 of the"
    " last 90 days are known. The last day for notice is 5 November 2026, as 45 days are assumed."
)


@pytest.fixture(scope="module")
def typed(sqlite_template, tmp_path_factory):
    return database(sqlite_template, tmp_path_factory.mktemp("unplanned"), CASES)


def in_one_line(text):
    return " ".join(text.split())


def test_the_list_says_what_cannot_be_decided_and_programs_read_decisions_alone(typed):
    for when in (("--month", "2026-10"), ("--on", "2026-10-31")):
        assert in_one_line(typed("decisions", *when).stdout) == f"Nothing needs a decision. {SAID}"
        assert typed("decisions", *when, "--json").json == []


def test_monitors_hear_of_it_where_the_notice_does_not_wait_for_the_next_review(typed):
    done = typed("check", "--on", "2026-10-31")
    assert (done.code, done.stdout.partition(" | ")[0]) == (1, f"WEBEXHIST WARNING - {SAID}")
    assert typed("check", "--on", "2026-10-01").code == 0  # 35 days before


def test_the_months_digest_says_it(typed):
    with reading(open_existing(str(typed.database))) as history:
        due = due_digest(history, "anna", datetime(2026, 11, 1, 6, tzinfo=UTC), again=False)
    assert f"No decision at the end of October 2026. {SAID} What was accepted" in in_one_line(body(due, None))
    assert message(due) == f"- no proposal: {SAID}"
